#!/usr/bin/env bash
# Run test programs, as many at once as there are processors, and sum their closing lines in the order given.
# A program that crashes, or ends without `N passed, N failed`, counts as one failure.
# Usage: tests/run.sh PROGRAM...      JOBS=N runs so many at once
set -u
jobs=${JOBS:-$(nproc)}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
run_one() { # run_one NUMBER PROGRAM
    local start
    start=$(date +%s.%N)
    "$2" >"$dir/$1.out" 2>&1
    echo "$?" >"$dir/$1.status"
    awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }' >"$dir/$1.took"
}
number=0
for program in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do wait -n; done
    run_one $number "$program" </dev/null &
    number=$((number + 1))
done
wait
passed=0 failed=0 skipped=0 number=0
for program in "$@"; do
    out=$(cat "$dir/$number.out")
    status=$(cat "$dir/$number.status")
    last=$(printf '%s\n' "$out" | tail -n 1)
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
        p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[4]:-0}
        if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    else
        p=0 f=1 s=0
        last="no closing line, exit status $status"
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    if [ "$f" -ne 0 ]; then printf '%s\n' "$out" | tail -n 60; fi
    printf '%-28s %6ss  %s\n' "$(basename "$program")" "$(cat "$dir/$number.took")" "$last"
    printf '%s\n' "$out" | grep '^skipped: ' | sort | uniq -c | sed 's/^ *\([0-9]*\) /    \1 x /'
    number=$((number + 1))
done
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -gt 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ] && [ "$((passed + skipped))" -gt 0 ]
