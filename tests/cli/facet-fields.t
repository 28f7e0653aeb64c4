#!/usr/bin/env bash
# facet: the values of a field over the matches.
. "$(dirname "$0")/lib.sh"
sample news

t newsq facet source -d news 'putin kim' <<'EOF'
4	Meridian Wire
3	Harbour Gazette
3	Pacific Daily
3	The Baltic Ledger
2	The Capitol Record
1	The Northern Courier
! note: read as putin AND kim; for the phrase type '"putin kim"'
= 0
EOF
t newsq facet -d news source <<'EOF'
28	Meridian Wire
19	Harbour Gazette
17	The Northern Courier
12	Orbit & Atom
11	Pacific Daily
9	Ledger Street
9	The Capitol Record
8	Stadium Sheet
6	The Baltic Ledger
5	Correo del Sur
! 10 of 13; -n all shows the rest
= 0
EOF
for f in section author lang year month day tag; do
    n=$(newsq facet -q -d news $f -n all | awk -F'\t' '{ n += $1 } END { print n + 0 }')
    ok "facet $f counts something" [ "$n" -gt 0 ]
done
t newsq facet lang -d news <<'EOF'
119	en
5	es
5	fr
4	de
4	ru
= 0
EOF
t newsq facet year -d news 'kim putin' -n all <<'EOF'
15	2023
1	2024
! note: read as kim AND putin; for the phrase type '"kim putin"'
= 0
EOF
t newsq facet month -d news 'kim putin' -n 3 <<'EOF'
13	2023-09
1	2023-10
1	2024-06
! note: read as kim AND putin; for the phrase type '"kim putin"'
! note: 1 of 16 articles have no month
= 0
EOF
t newsq facet day -d news '"armored train"' -n 3 <<'EOF'
3	2023-09-14
2	2023-09-13
1	2023-09-05
! note: 1 of 12 articles have no day
= 0
EOF
t newsq facet author -d news train -n 3 <<'EOF'
4	Meridian Wire
3	Moscow Bureau
3	Seoul Bureau
! note: 6 of 25 articles have no author
= 0
EOF
t newsq facet tag -d news train --min 5 <<'EOF'
10	north korea
8	russia
! note: 4 of 25 articles have no tag
= 0
EOF
t newsq facet section -d news train --format jsonl -n 2 <<'EOF'
{"type":"facet","field":"section","value":"World","count":12}
{"type":"facet","field":"section","value":"Asia","count":6}
{"type":"end","version":1,"total":25,"exact":true,"query":"train","uuid":"UUID","revision":1}
= 0
EOF
t newsq facet source -d news train --format json -n 1 <<'EOF'
{"items":[
{"type":"facet","field":"source","value":"Meridian Wire","count":6}
],"version":1,"total":25,"exact":true,"query":"train","uuid":"UUID","revision":1}
= 0
EOF
t newsq facet source -d news train --since 2023-09 --until 2023-09 <<'EOF'
3	Harbour Gazette
3	Meridian Wire
3	Pacific Daily
2	The Baltic Ledger
1	The Northern Courier
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t newsq facet source -d news nosuchword <<'EOF'
= 1
EOF
t newsq facet -d news <<'EOF'
! newsq: which field is to be counted?
! hint: facets are source, lang, author, section, tag, person, org, place, misc, entity, year, month, day
= 2
EOF
t newsq facet titel -d news <<'EOF'
! newsq: no facet 'titel'
! hint: facets are source, lang, author, section, tag, person, org, place, misc, entity, year, month, day
= 2
EOF
t newsq facet title -d news <<'EOF'
! newsq: no facet 'title'
! hint: facets are source, lang, author, section, tag, person, org, place, misc, entity, year, month, day
= 2
EOF
# the counts are those of a search for each value
newsq facet -q -d news source train -n all | while IFS=$'\t' read -r n v; do
    [ "$(newsq count -d news "train source:=\"$v\"")" = "$n" ] || echo "$v"
done >wrong
is "counts of sources" '' "$(cat wrong)"
newsq facet -q -d news year train -n all | while IFS=$'\t' read -r n v; do
    [ "$(newsq count -q -d news "train date:$v")" = "$n" ] || echo "$v"
done >wrong
is "counts of years" '' "$(cat wrong)"
# two indexes add up
newsdex add -q -d again --id-prefix two- "$corpora/news.jsonl"
is "two indexes" "$(newsq facet -q -d news source -n all | awk -F'\t' '{ print 2 * $1 "\t" $2 }')" "$(newsq facet -q -d news -d again source -n all)"
finish
