#!/usr/bin/env bash
# Run test programs one after another and sum their closing lines.
# A program that crashes, or ends without `N passed, N failed`, counts as one failure.
# Usage: tests/run.sh PROGRAM...
set -u
passed=0 failed=0 skipped=0
for program in "$@"; do
    start=$(date +%s.%N)
    out=$("$program" 2>&1)
    status=$?
    took=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
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
    printf '%-28s %6ss  %s\n' "$(basename "$program")" "$took" "$last"
    printf '%s\n' "$out" | grep '^skipped: ' | sort | uniq -c | sed 's/^ *\([0-9]*\) /    \1 x /'
done
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -gt 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ] && [ "$((passed + skipped))" -gt 0 ]
