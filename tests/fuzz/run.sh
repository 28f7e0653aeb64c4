#!/usr/bin/env bash
# Replay the seed corpus of every fuzz target, or fuzz each for some seconds.
# Usage: tests/fuzz/run.sh replay PROGRAM...  |  tests/fuzz/run.sh fuzz SECONDS PROGRAM...
set -u
cd "$(dirname "$0")/../.." || exit 2
what=$1 passed=0 failed=0
shift
if [ "$what" = fuzz ]; then
    seconds=$1
    shift
fi
for program in "$@"; do
    name=$(basename "$program")
    seeds=tests/fuzz/seed/${name#fuzz_}
    if [ "$what" = replay ]; then
        out=$("$program" "$seeds" 2>&1)
        status=$?
    else
        mkdir -p "build/fuzz/corpus/$name"
        out=$("$program" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 \
            -artifact_prefix="build/fuzz/$name-" "build/fuzz/corpus/$name" "$seeds" 2>&1)
        status=$?
    fi
    if [ $status -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n' "$out" | tail -n 30
    fi
    echo "$name: $(printf '%s\n' "$out" | tail -n 1)"
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
