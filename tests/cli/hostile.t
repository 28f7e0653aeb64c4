#!/usr/bin/env bash
# Queries that are meant to hurt: each is answered or refused within a second of processor time and 256 MiB.
. "$(dirname "$0")/lib.sh"
shopt -s lastpipe # h counts in this shell
sample news
index=news
if [ -n "$shared" ] && [ -r "$shared/news/open.jsonl.gz" ]; then
    newsdex add -q -j 1 -d open "$shared/news/open.jsonl.gz" && index=open
fi

repeat() { # repeat N TEXT
    awk -v n="$1" -v t="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", t }'
}
series() { # series N FORMAT BETWEEN: FORMAT with two letters for each number
    awk -v n="$1" -v f="$2" -v b="$3" 'BEGIN {
        for (i = 0; i < n; i++) printf("%s" f, i ? b : "", sprintf("%c%c", 97 + i % 26, 97 + int(i / 26) % 26))
    }'
}
# A sanitizer's own tables are larger than what is allowed here: under one the answers count, and that they come.
limits='ulimit -t 1 -v 262144'
[ "$sanitized" ] && limits='ulimit -t 30'
h() { # h NAME STATUS...: the query of standard input ends with one of these
    local name=$1 line=${BASH_LINENO[0]} status same=0 want
    shift
    cat >query
    (
        eval "$limits"
        exec "$bin/newsq" count -d "$index" -f query
    ) >"$lib_dir/out" 2>"$lib_dir/err"
    status=$?
    for want; do [ "$status" = "$want" ] && same=1; done
    lib_result "$name" "$same" "$line" "status $*" "status $status: $(head -c 200 "$lib_dir/err")"
}

{ repeat 10000 '('; printf a; repeat 10000 ')'; } | h '10,000 brackets' 2
repeat 10000 '(' | h '10,000 brackets that stay open' 2
repeat 10000 'NOT ' | h '10,000 NOT' 2
repeat 200000 'word ' | h '1 MB of words' 2
repeat 1000000 a | h 'a word of 1 MB' 1
{ printf '"'; repeat 200000 'word '; printf '"'; } | h 'a phrase of 1 MB' 2
series 500 '%s*' ' OR ' | h '500 wildcards' 0 2
series 500 '*%se' ' OR ' | h '500 leading wildcards' 0 2
{ printf '('; series 500 '*%se' ' OR '; printf ') w/5 the'; } | h '500 leading wildcards near a word' 0 2
series 120 'abc%sdef~2' ' OR ' | h '120 misspellings' 0 1
echo '* w/5 *' | h 'all near all' 2
echo '"* * *"' | h 'a phrase of gaps' 2
{ repeat 60 'a*'; printf b; } | h 'a pattern of 60 wildcards' 1
{ repeat 60 '*a'; printf b; } | h 'a pattern of 60 wildcards, the other way' 1
series 10000 'w%s' ' OR ' | h 'OR of 10,000' 0 1
{ printf '('; awk 'BEGIN { for (i = 0; i < 10000; i++) printf "%sw%d", i ? " OR " : "", i }'; printf ') w/5 the'; } |
    h 'OR of 10,000 near a word' 0 1 2
repeat 10000 'the w/5 ' | h 'a distance of 10,000 words' 2
echo 'the w/1000 the w/1000 the w/1000 of w/1000 a' | h 'far and frequent' 0
echo '(((the w/100 of) w/100 (a w/100 and)) w/100 ((to w/100 in) w/100 (the w/100 that)))' | h 'nested, far, frequent' 0
{ repeat 100 '('; printf the; awk 'BEGIN { for (i = 0; i < 100; i++) printf " NOT w/5 w%d)", i }'; } |
    h '100 NOT w/5, one in another' 0
{ repeat 60 'the NOT w/5 ('; printf of; repeat 60 ')'; } | h '60 NOT w/5 to the right' 0
{ repeat 30 '('; printf the; awk 'BEGIN { for (i = 0; i < 30; i++) printf " NOT w/5 (w%d AND x%d))", i, i }'; } |
    h '30 NOT w/5 of two each' 2
{ printf '('; series 140 'a%s' ' AND '; printf ') w/5 ('; series 140 'b%s' ' AND '; printf ')'; } |
    h '140 words near 140 words' 1
{ printf 'the NOT w/5 any(20,'; series 40 'a%s' ','; printf ')'; } | h 'none of any 20 of 40 near' 2
finish
