#!/usr/bin/env bash
# All of `make check`, part by part, with seconds; ends with the sum of all closing lines.
set -u
cd "$(dirname "$0")/.." || exit 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0 parts=
part() { # part NAME COMMAND...: run it; a part without a closing line counts as one test
    local name=$1 start status p f s last
    shift
    echo "== $name"
    start=$SECONDS
    "$@" >"$log" 2>&1
    status=$?
    last=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) # make may have a word after it
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
        p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[4]:-0}
        cat "$log"
    else
        p=0 f=0 s=0
        if [ "$status" -eq 0 ]; then p=1; fi
        tail -n 40 "$log"
    fi
    if [ "$status" -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    parts+=$(printf '%-22s %4d s  %d passed, %d failed' "$name" $((SECONDS - start)) "$p" "$f")$'\n'
}
make=(make -s -j2)
part "build (gcc)" "${make[@]}" all
part "lint" make -s lint
part "unit" "${make[@]}" unit
part "command line" make -s cli
part "oracle, small" env ND_BIN=build/gcc make -s oracle-small
part "fault, small" make -s fault-small
part "build (sanitizers)" make -s san-build
part "fuzz seeds (sanitizers)" make -s san-fuzz-replay
part "unit (sanitizers)" make -s san-unit
# looking for leaks doubles the time of a short command: here units and valgrind do, `make san` does for all
part "cli (sanitizers)" env ASAN_OPTIONS=detect_leaks=0 make -s san-cli
part "build (clang)" make -s clang
part "valgrind" make -s valgrind
echo "== seconds"
printf '%s' "$parts"
echo "$SECONDS s in all"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -gt 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
