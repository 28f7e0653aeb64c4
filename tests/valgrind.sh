#!/usr/bin/env bash
# Ten command lines under valgrind; any error or leak fails. Ends `N passed, N failed`.
set -u
cd "$(dirname "$0")/.." || exit 2
bin=${ND_BIN:-build/gcc}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
run() { # run STATUS COMMAND...
    local want=$1 got
    shift
    valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
        "$@" >"$dir/out" 2>"$dir/err" </dev/null
    got=$?
    if [ "$got" -eq "$want" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "status $got, not $want: $*"
        tail -n 30 "$dir/err"
    fi
}
run 0 "$bin/newsdex" add -q -d "$dir/index" corpora/news.jsonl
run 0 "$bin/newsdex" info -d "$dir/index"
run 0 "$bin/newsdex" convert corpora/text
run 0 "$bin/newsq" -d "$dir/index" '"armored train"'
run 0 "$bin/newsq" count -d "$dir/index" 'train OR summit'
run 0 "$bin/newsq" -d "$dir/index" --format jsonl -n all 'price w/5 international'
run 0 "$bin/newsq" facet source -d "$dir/index" 'date:2023'
run 0 "$bin/newsq" explain -d "$dir/index" 'title:kim -"crash"~2'
run 1 "$bin/newsq" -d "$dir/index" 'zzyzx'
run 2 "$bin/newsq" -d "$dir/index" 'sorce:kim'
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
