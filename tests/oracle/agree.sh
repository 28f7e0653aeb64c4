#!/usr/bin/env bash
# Compare the index with the brute-force scan: articles in one segment, in segments of very different size, in
# another order, beside deleted ones, and in two indexes.
# Usage: ND_BIN=build/gcc tests/oracle/agree.sh small|full      SEED=N replays a run, COUNT=N queries per type
# small: the sample articles, gold queries, and 300 articles of the shared data where they are; full: all of them.
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${ND_BIN:-build/gcc}
shared=${ND_SHARED:-../shared}
mode=${1:-small}
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
types=word,exact,phrase,slop,star,wild,fuzzy,boolean,field,date,near,pre,phrase-near,same,notnear,nested,spread,law,mix
types=${TYPES:-$types,name,anyone,name-near,case,quoted,verbatim,count,wider}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
thin=1
echo "SEED=$seed"

ok() { # ok NAME COMMAND...: one test, passed if the command is
    local name=$1
    shift
    if "$@" >"$work/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $name"
        head -n 20 "$work/out"
    fi
}

skip() { # skip REASON
    skipped=$((skipped + 1))
    echo "skipped: $1"
}

add() { # add DIR FILE: a segment of its own
    ok "add $2" "$bin/newsdex" add -q -j 1 -d "$1" "$2"
}

count_is() { # count_is N DIR...: that many articles are there
    local n=$1
    shift
    [ "$("$bin/newsq" count "${@/#/--index=}")" = "$n" ]
}

answers() { # answers WANT [IDS] DIR...: ask for what WANT says and compare; IDS: a file, those that are there
    local want=$1 ids=
    local -a spans=()
    shift
    [ -f "$1" ] && ids=$1 && shift
    [[ $want == *.places ]] && spans=(--spans)
    cut -f1 "$want" | "$bin/newsq" batch "${@/#/--index=}" -n all --no-snippets "${spans[@]}" |
        "$bin/oracle" compare "$want" /dev/stdin ${ids:+"$ids"} >"$want.out"
}

ask() { # ask NAME PART [IDS] DIR...: compare the answers of an index, or of several together
    local name=$1 part=$2 kind last
    shift 2
    for kind in ids places; do answers "$work/$part.$kind" "$@" & done
    wait
    for kind in ids places; do
        last=$(tail -n 1 "$work/$part.$kind.out")
        echo "$name, $kind: $(tail -n 2 "$work/$part.$kind.out" | head -n 1); $last"
        sed '$d' "$work/$part.$kind.out" | sed '$d'
        if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
            passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
        else
            failed=$((failed + 1))
        fi
    done
}

draw() { # draw COUNT: so many queries of each type, half of the types in each of two processes
    local n=$(($(tr ',' '\n' <<<"$types" | wc -l) / 2)) half
    for half in 1 2; do
        "$bin/oracle" generate "$work/tagged.jsonl" \
            "$([ $half = 1 ] && cut -d, -f"1-$n" <<<"$types" || cut -d, -f"$((n + 1))-" <<<"$types")" "$1" $((seed + half)) \
            "$work/one.names" "$work/parts.names" "$work/mixed.names" "$work/dead.names" "$work/some.names" \
            "$work/left.names,$work/right.names" >"$work/want.$half" || : >"$work/want.$half" &
    done
    wait
    cat "$work/want.1" "$work/want.2" >"$work/want"
    awk -v ids="$work/all.ids" -v places="$work/all.places" '{ print >(/\036/ ? places : ids) }' "$work/want"
    for half in ids places; do awk "NR % $thin == 0" "$work/all.$half" >"$work/some.$half"; done
    [ -s "$work/want.1" ] && [ -s "$work/want.2" ]
}

tag() { # tag FILE DIR: the articles, where names stand in them, and the languages that their words told the index
    local lang
    "$bin/newsq" facet -q -n all -d "$2" lang '*' | cut -f2 | while read -r lang; do
        "$bin/newsq" -q -l -n all -d "$2" "lang:$lang" | sed "s/\$/\t$lang/"
    done >"$work/langs"
    "$bin/newsdex" tag -q "$1" | awk -F'\t' 'NR == FNR { lang[$1] = $2; next }
        !/"lang":"/ { id = substr($0, 8); sub(/".*/, "", id); if (id in lang) sub(/",/, "\",\"lang\":\"" lang[id] "\",") }
        { print }' "$work/langs" - >"$work/tagged.jsonl"
}

names() { # names FILE DIR: the names of an index, and which ids mean them
    "$bin/newsdex" entities export -q -d "$2" --format jsonl >"$1"
}

same_records() { # what convert prints reads back as itself, its origin apart
    "$bin/newsdex" convert -q "$1" | sed 's/,"origin":.*$//' >"$work/again" &&
        sed 's/,"origin":.*$//' "$1" | cmp - "$work/again"
}

agree() { # agree NAME FILE COUNT [HEAD]: all layouts of the articles in FILE, or of the first HEAD
    local name=$1 all="$work/$1.jsonl" n
    "$bin/newsdex" convert -q "$2" >"$work/all.jsonl"
    head -n "${4:-1000000000}" "$work/all.jsonl" >"$all"
    n=$(wc -l <"$all")
    echo "== $name: $n articles"
    ok "$name reads back" same_records "$all"
    head -n 1 "$all" >"$work/a.jsonl"
    sed -n 2,41p "$all" >"$work/b.jsonl"
    sed -n '42,$p' "$all" >"$work/c.jsonl"
    head -n 41 "$all" >"$work/ab.jsonl"
    awk -v seed="$seed" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' "$all" | sort | cut -f2- >"$work/mixed.jsonl"
    head -n $((n / 3)) "$work/mixed.jsonl" >"$work/m1.jsonl"
    sed -n "$((n / 3 + 1)),\$p" "$work/mixed.jsonl" >"$work/m2.jsonl"
    sed 's/^{"id":"\([^"]*\)".*/\1/' "$work/m1.jsonl" >"$work/m1.ids"
    add "$work/$name-one" "$all"
    for part in c a b; do add "$work/$name-parts" "$work/$part.jsonl"; done
    for part in m1 m2; do add "$work/$name-mixed" "$work/$part.jsonl"; done
    add "$work/$name-some" "$work/m1.jsonl"
    # articles that came and went, between the others
    head -n 150 "$work/mixed.jsonl" | "$bin/newsdex" convert -q --id-prefix gone- - >"$work/gone.jsonl"
    awk 'NR == FNR { gone[n++] = $0; next } { print } k < n && FNR % 2 == 1 { print gone[k++] } END { while (k < n) print gone[k++] }' \
        "$work/gone.jsonl" "$work/m1.jsonl" >"$work/with.jsonl"
    add "$work/$name-dead" "$work/with.jsonl"
    add "$work/$name-dead" "$work/m2.jsonl"
    sed 's/^{"id":"\([^"]*\)".*/\1/' "$work/gone.jsonl" >"$work/gone.ids"
    ok "delete" "$bin/newsdex" delete -q -y -d "$work/$name-dead" --ids "$work/gone.ids"
    add "$work/$name-left" "$work/ab.jsonl"
    add "$work/$name-right" "$work/c.jsonl"
    ok "$name-one has all" count_is "$n" "$work/$name-one"
    ok "$name-parts has all" count_is "$n" "$work/$name-parts"
    ok "$name-mixed has all" count_is "$n" "$work/$name-mixed"
    ok "$name-dead has all" count_is "$n" "$work/$name-dead"
    ok "$name-left and -right have all" count_is "$n" "$work/$name-left" "$work/$name-right"
    for part in one parts mixed dead some left right; do ok "names" names "$work/$part.names" "$work/$name-$part"; done
    ok "tag" tag "$all" "$work/$name-one"
    ok "draw" draw "$3"
    echo "$(wc -l <"$work/want") queries, $(wc -l <"$work/all.places") of them with places; of the layouts marked *, one in $thin"
    ask "one segment" all "$work/$name-one"
    ask "three segments" all "$work/$name-parts"
    ask "with deleted ones" all "$work/$name-dead"
    ok "merge" "$bin/newsdex" merge -q -d "$work/$name-dead"
    ask "merged*" some "$work/$name-dead"
    ask "a third of them*" some "$work/m1.ids" "$work/$name-some"
    ask "another order*" some "$work/$name-mixed" # a third of them and the others
    ask "two indexes*" some "$work/$name-left" "$work/$name-right"
}

case $mode in
small)
    thin=3
    agree sample corpora/news.jsonl "${COUNT:-18}"
    if [ -r "$shared/data/news/open.jsonl.gz" ]; then
        agree slice "$shared/data/news/open.jsonl.gz" "${COUNT:-18}" 300
    else
        skip "no open.jsonl.gz"
    fi
    out=$(tests/oracle/gold.sh "$work/sample-parts")
    last=$(printf '%s\n' "$out" | tail -n 1)
    echo "gold queries: $last"
    printf '%s\n' "$out" | sed '$d'
    if [[ $last =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    else
        failed=$((failed + 1))
    fi
    ;;
full)
    thin=4
    if [ -r "$shared/data/news/open.jsonl.gz" ]; then
        agree open "$shared/data/news/open.jsonl.gz" "${COUNT:-700}"
    else
        skip "no open.jsonl.gz"
        agree sample corpora/news.jsonl "${COUNT:-700}"
    fi
    ;;
*)
    echo "usage: tests/oracle/agree.sh small|full" >&2
    exit 2
    ;;
esac
[ "$failed" -gt 0 ] && echo "SEED=$seed tests/oracle/agree.sh $mode shows it again"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" -gt 0 ] && printf ', %d skipped' "$skipped"
printf '\n'
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
