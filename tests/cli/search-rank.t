#!/usr/bin/env bash
# search: the order by score and what it is made of; spans; what is said where nothing matches; explain --run.
. "$(dirname "$0")/lib.sh"
sample news
num() { sed -n "s/.*\"$1\":\(-\{0,1\}[0-9.]*\).*/\1/p"; } # num KEY: its numbers, a line each

# why: the parts add up to the score that search shows
adds_up() { # adds_up QUERY OPTION...
    local query=$1 id score
    shift
    newsq -q -d news --format jsonl --no-snippets -n 5 "$@" "$query" >hits || return 1
    grep -q '"type":"hit"' hits || return 1
    grep '"hit"' hits | while IFS= read -r hit; do
        id=$(sed 's/.*"id":"\([^"]*\)".*/\1/' <<<"$hit")
        score=$(num score <<<"$hit" | head -n 1)
        newsq -q why -d news "$@" --format jsonl "$id" "$query" >why || return 1
        {
            grep '"type":"term"' why | sed 's/.*"score":\([0-9.]*\),"body_part":\([-0-9.]*\),"lead_part":\([-0-9.]*\),"title_part":\([-0-9.]*\).*/t \1 \2 \3 \4/'
            grep '"type":"score"' why | sed 's/.*"score":\([0-9.]*\),"words":\([0-9.]*\),"closeness":\([0-9.]*\),"recency":\([-0-9.]*\).*/s \1 \2 \3 \4/'
        } | awk -v shown="$score" '
            function near(a, b) { return a - b < 2e-6 && b - a < 2e-6 }
            $1 == "t" { sum += $2; if (!near($2, $3 + $4 + $5)) bad = 1 }
            $1 == "s" { seen = 1; words = $3; if (!near($2, $3 + $4 + $5) || !near($2, shown)) bad = 1 }
            END { exit bad || !seen || !near(sum, words) }' || return 1
    done
}
ok "parts of a word" adds_up walrus
ok "parts of two words" adds_up 'kim AND putin'
ok "parts of alternatives" adds_up 'walrus OR dumplings OR "armored train"'
ok "parts of a phrase and a name" adds_up '"armored train" person:kim'
ok "parts of a pattern" adds_up 'summit* AND kim'
ok "parts with boost" adds_up 'boost(3, kim) AND title:putin'
ok "parts with any" adds_up 'any(2, kim, putin, train)'
ok "parts with age" adds_up 'kim AND putin' --recency 60d
ok "parts of a proximity" adds_up 'kim w/10 putin AND -walrus'

# closeness: neighbours before the same words far apart; a phrase asks for it and gets nothing more
{
    pad=$(printf 'filler%s ' $(seq 40))
    printf '{"id":"far","title":"one","body":"mongoose %s lantern %s"}\n' "$pad" "$pad"
    printf '{"id":"near","title":"one","body":"mongoose lantern %s %s"}\n' "$pad" "$pad"
    printf '{"id":"title","title":"lantern","body":"%s %s one"}\n' "$pad" "$pad"
    printf '{"id":"body","title":"one","body":"lantern %s %s"}\n' "$pad" "$pad"
    printf '{"id":"lead","title":"one","lead":"lantern","body":"%s %s"}\n' "$pad" "$pad"
} >close.jsonl
newsdex add -q -d close close.jsonl
is "neighbours come first" "near far" "$(newsq -q -l -d close mongoose lantern | tr '\n' ' ' | sed 's/ $//')"
is "title before lead before body" "title lead" "$(newsq -q -l -d close 'lantern NOT mongoose' | head -n 2 | tr '\n' ' ' | sed 's/ $//')"
newsq -q why -d close near mongoose lantern >near
newsq -q why -d close far mongoose lantern >far
ok "closeness is told" grep -q 'closeness: the words stand near each other' near
ok "and none where they are far apart" [ "$(grep -c closeness far)" -eq 0 ]
newsq -q why -d close near '"mongoose lantern"' >phrase
ok "a phrase is no pair" [ "$(grep -c closeness phrase)" -eq 0 ]
newsq -q why -d close lead lantern >lead
ok "the lead is told" grep -q '1 in the lead (+' lead

# age
printf '{"id":"old","title":"comet comet","body":"comet","date":"2020-01-01"}\n{"id":"new","title":"x","body":"comet","date":"2024-01-01"}\n{"id":"none","title":"comet","body":"comet"}\n' >age.jsonl
newsdex add -q -d age age.jsonl
is "without --recency the better fit" old "$(newsq -q -l -d age comet | head -n 1)"
is "with it the newer; undated last" "new old none" "$(newsq -q -l -d age --recency 1y comet | tr '\n' ' ' | sed 's/ $//')"
is "a very long half-life changes nothing" old "$(newsq -q -l -d age --recency 900y comet | head -n 1)"
for bad in 0d x 5 -3d 5q 999999999999y; do
    newsq -q -l -d age --recency "$bad" comet >out 2>err
    ok "half-life '$bad' is refused" [ $? -eq 2 ]
done

# page by page
for q in 'kim putin' 'kim OR putin OR train' 'any(2, kim, putin, russia)'; do
    newsq -q -d news --format csv --columns id,score -n all "$q" >all
    for at in 0 3 6 9; do
        newsq -q -d news --format csv --columns id,score -n 3 --offset $at "$q" | tail -n +2
    done >pages
    ok "pages of '$q' are the list" cmp <(sed 1d all | head -n "$(wc -l <pages)") pages
done

# spans
newsq -q -d news --format jsonl --spans -n 3 'kim w/5 putin' >spans
ok "every hit has spans" [ "$(grep -c '"spans":\[{"field":"' spans)" -eq 3 ]
newsq -q -d news --format jsonl --spans --no-snippets -n 1 'source:pacific' >spans
ok "no words, no spans" grep -q '"spans":\[\]' spans
printf '{"id":"a","title":"Grün deal","body":"Über the grün deal.\\n\\nNo deal here: grün, deals and DEAL-makers."}\n' >utf.jsonl
newsdex add -q -d utf utf.jsonl
is "bytes of the stored text, by field" '"spans":[{"field":"title","start":6,"end":10},{"field":"body","start":16,"end":20},{"field":"body","start":26,"end":30},{"field":"body","start":44,"end":49},{"field":"body","start":54,"end":58}]' \
    "$(newsq -q -d utf --format jsonl --spans deal | grep -o '"spans":\[[^]]*\]')"
is "a phrase is one span" '"spans":[{"field":"title","start":0,"end":10},{"field":"body","start":10,"end":20}]' \
    "$(newsq -q -d utf --format jsonl --spans '"grün deal"' | grep -o '"spans":\[[^]]*\]')"
is "marks of the title" '"title_marks":[[6,10]]' "$(newsq -q -d utf --format jsonl deal | grep -o '"title_marks":\[[^]]*\]\]')"
is "and in colours" $'\033[1mGrün \033[0m\033[1;31mdeal\033[0m' "$(newsq -q -d utf --color always deal | head -n 1 | sed 's/^1\. //')"
t newsq -d news --spans kim <<'EOF'
! newsq: --spans is of json and jsonl
! hint: add --format jsonl
= 2
EOF

# nothing matches
t newsq -d news '"train armored" AND source:baltic' <<'EOF'
! nothing matches; by itself each part has:
!        0  "train armored"
!        6  source:"baltic"
! what would match:
!        2  with "train" AND "armored"
!        6  without "train armored"
= 1
EOF
t newsq -d news 'walruss' <<'EOF'
! nothing matches
! what would match:
!        1  did you mean walrus
= 1
EOF
t newsq -d news 'train w/2 dumplings' <<'EOF'
! nothing matches; by itself each part has:
!       25  train
!        4  dumplings
! what would match:
!        4  with train AND dumplings
= 1
EOF
t newsq -d news 'title:dumplings' <<'EOF'
! nothing matches
! what would match:
!        4  with dumplings
= 1
EOF
t newsq -d news 'kim AND zqzqzq AND date:1950' <<'EOF'
! note: articles without a date are in no range of dates: the index has 1
! nothing matches; by itself each part has:
!       20  kim
!        0  zqzqzq
!        0  date:1950-01-01..1950-12-31
= 1
EOF
t newsq -q -d news 'walruss' <<'EOF'
= 1
EOF
newsq -d news --format jsonl walruss >out 2>err
ok "machine formats say nothing" [ ! -s err ]

# explain --run
newsq explain --run -d news 'kim AND putin' | sed -E 's/ +[0-9]+\.[0-9]+  /  MS  /; s/[0-9.]+ ms/N ms/' >run
ok "counts beside estimates" grep -qE '^ +[0-9]+ +[0-9]+  MS +Zkim' run
is "the count of the whole" "counted: $(newsq count -q -d news 'kim AND putin') in N ms" "$(grep '^counted' run)"
is "words are those looked for" "words: kim putin shoigu" "$(newsq explain -d news 'kim w/5 (putin OR shoigu)' | sed -n 2p)"
finish
