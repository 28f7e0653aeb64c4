#!/usr/bin/env bash
# The gold queries of corpora/gold/queries.case on an index of corpora/news.jsonl: tree and ids of each.
# Queries of entities are left out where the index has none.
# Usage: ND_BIN=build/gcc tests/oracle/gold.sh DIR
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${ND_BIN:-build/gcc}
dir=${1:?which index?}
passed=0 failed=0 left=0

is() { # is WHAT QUERY WANT GOT
    if [ "$3" = "$4" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'query: %s\n  %s wanted: %s\n  %s found:  %s\n' "$2" "$1" "$3" "$1" "$4"
    fi
}

block() { # block QUERY TREE IDS
    local got tree
    if [[ $1 =~ (person|org|place|misc|entity): ]]; then
        left=$((left + 1))
        return
    fi
    got=$(printf '%s' "$1" | "$bin/newsq" -q -l -d "$dir" -f - 2>&1 | LC_ALL=C sort | tr '\n' ' ')
    got=${got% }
    is ids "$1" "$3" "${got:--}"
    tree=$(printf '%s' "$1" | "$bin/newsq" explain -q -d "$dir" -f - |
        awk '/^tree:/ { on = 1; next } /^$/ { on = 0 } on' | tr -s ' \n' ' ')
    is tree "$1" "$2" "${tree% }"
}

query='' tree=''
while IFS= read -r line; do
    if [ -z "$line" ] || [[ $line == '#'* ]]; then
        query='' tree=''
    elif [ -z "$query" ]; then
        query=$line
    elif [ -z "$tree" ]; then
        tree=$line
    else
        block "$query" "$tree" "$line"
        query='' tree=''
    fi
done <corpora/gold/queries.case
echo "$left queries of entities left out"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
