#!/usr/bin/env bash
# terms, related, like, compare, hist --by: each number against a count made another way.
. "$(dirname "$0")/lib.sh"
newsdex add -q -j 1 -d news "$corpora/news.jsonl"
g2() { awk -v a="$1" -v n="$2" -v b="$3" -v m="$4" 'BEGIN {
    ea = n * (a + b) / (n + m); eb = m * (a + b) / (n + m)
    g = 2 * ((a ? a * log(a / ea) : 0) + (b ? b * log(b / eb) : 0)); printf "%.1f", g }'; }
# places WORD [QUERY]: how often a word occurs, in the articles that match: lines of kwic
places() {
    newsq -q -d news "${2:-length:1..}" -n all -l >in
    newsq kwic -q -d news -n all "=$1" --format jsonl | grep -o '"id":"[^"]*"' | cut -d'"' -f4 | grep -cxFf in
}

t newsq terms -d news '"armored train"' -n 6 <<'EOF'
score	count	articles	index	word
184.6	58	12	76	kim
97.0	36	12	55	putin
80.9	33	12	55	korea
64.2	20	12	26	train
56.0	46	10	134	mr
51.1	33	12	81	russia
= 0
EOF
t newsq terms -d news 'atomic OR walrus' -n 2 --format jsonl <<'EOF'
{"type":"term","score":24.6,"count":4,"articles":1,"index":7,"word":"particle"}
{"type":"term","score":17.0,"count":2,"articles":1,"index":2,"word":"bulletproof"}
{"type":"end","version":1,"total":2,"exact":true,"query":"atomic OR walrus","uuid":"UUID","revision":1}
= 0
EOF
t newsq terms -d news train -n 2 --format csv --min 4 <<'EOF'
score,count,articles,index,word
148.0,64,15,76,kim
85.0,26,18,26,train
= 0
EOF
t newsq terms -d news walruses <<'EOF'
score	count	articles	index	word
19.8	2	1	2	bulletproof
19.8	2	1	2	vest
18.5	6	1	76	kim
16.0	2	1	3	surprise
14.3	2	1	4	drones
11.5	2	1	7	eastern
9.9	1	1	1	aquarium
9.9	1	1	1	artyom
9.9	1	1	1	attache
9.9	1	1	1	beluga
9.9	1	1	1	dolphins
9.9	1	1	1	drone
9.9	1	1	1	illegal
9.9	1	1	1	openly
9.9	1	1	1	perform
9.9	1	1	1	presents
9.9	1	1	1	reconnaissance
9.9	1	1	1	rifle
9.9	1	1	1	rockets
9.9	1	1	1	russky
= 0
EOF
t newsq terms -d news <<'EOF'
! newsq: no query
! hint: newsq terms -d DIR 'QUERY'; the single quotes keep the shell's hands off
= 2
EOF
rows=15
[ "$sanitized" ] && rows=4
newsq terms -q -d news 'putin' -n $rows --format csv | sed 1d >rows
is "as many terms as asked for" $rows "$(wc -l <rows)"
while IFS=, read -r score count articles index word; do
    [ "$(newsq count -q -d news "putin =$word")" = "$articles" ] || echo "articles of $word"
    [ "$(places "$word" putin)" = "$count" ] || echo "count of $word: $count"
    [ "$(places "$word")" = "$index" ] || echo "index of $word: $index"
done <rows >wrong
is "counts of terms" '' "$(cat wrong)"

t newsq related -d news 'Kim Jong-un' -n 4 <<'EOF'
score	pmi	count	index	first	last	kind	id	name
55.0	2.69	17	19	2023-09-05	2024-06-19	place	pyongyang	Pyongyang
51.3	2.68	16	18	2023-09	2023-10-13	place	north korea	North Korea
39.5	2.85	10	10	2023	2023-10-13	place	vostochny cosmodrome	Vostochny Cosmodrome
35.6	2.85	9	9	2023-09	2023-09-17	place	vladivostok	Vladivostok
= 0
EOF
t newsq related -d news 'Kim Jong-un' -n 1 --format jsonl <<'EOF'
{"type":"related","score":55.0,"pmi":2.69,"count":17,"index":19,"first":"2023-09-05","last":"2024-06-19","kind":"place","id":"pyongyang","name":"Pyongyang"}
{"type":"end","version":1,"total":19,"exact":true,"query":"entity:\"Kim Jong-un\"","uuid":"UUID","revision":1}
= 0
EOF
t newsq related -d news Nobody Known <<'EOF'
= 1
EOF
t newsq related -d news <<'EOF'
! newsq: related to whom?
! hint: newsq related 'Kim Jong-un'
= 2
EOF
n=$(newsq count -q -d news 'entity:"Kim Jong-un"') all=$(newsq count -q -d news)
newsq related -q -d news 'Kim Jong-un' -n $rows --format csv | sed 1d | while IFS=, read -r score pmi count index first last kind id name; do
    a=$(newsq count -q -d news "entity:\"Kim Jong-un\" $kind:=\"$id\"") b=$(newsq count -q -d news "$kind:=\"$id\"")
    [ "$a,$b" = "$count,$index" ] || echo "counts of $id: $count,$index for $a,$b"
    [ "$(g2 "$a" "$n" $((b - a)) $((all - n)))" = "$score" ] || echo "score of $id"
    [ "$(awk -v a="$a" -v b="$b" -v n="$n" -v m="$all" 'BEGIN { printf "%.2f", log(a / (b * n / m)) / log(2) }')" = "$pmi" ] || echo "pmi of $id"
    [ "$(newsq -q -d news "entity:\"Kim Jong-un\" $kind:=\"$id\"" --sort oldest -n 1 --format csv --columns date | tail -1 | cut -c1-4)" = "${first:0:4}" ] || echo "first of $id"
done >wrong
is "numbers of related names" '' "$(cat wrong)"

query=$(newsq like -q -d news mw-20230912-1 -n 1 --format jsonl | tail -1 | sed 's/.*"query":"//; s/","uuid.*//; s/\\"/"/g')
is "begins with" 'any(5, train, vladiv' "$(cut -c1-20 <<<"$query")"
is "like is a search" "$(newsq search -q -d news -n 5 -l "$query")" "$(newsq like -q -d news mw-20230912-1 -n 5 -l)"
is "not itself" '' "$(newsq like -q -d news mw-20230912-1 -n all -l | grep -x mw-20230912-1)"
newsq show -d news mw-20230912-1 >text
ok "a text is like the article it is from" [ "$(newsq like -q -d news -f text -n 1 -l)" = mw-20230912-1 ]
is "from standard input" "$(newsq like -q -d news -f text -n 3 -l)" "$(newsq like -q -d news -f - -n 3 -l <text)"
is "within" 'Harbour Gazette' "$(newsq like -q -d news mw-20230912-1 --within 'source:harbour' -n all --format csv --columns source | sed 1d | sort -u)"
t newsq like -d news nosuch <<'EOF'
! newsq: no article 'nosuch' in the index
! hint: ids are printed by: newsq search -l QUERY; a text is read with -f FILE
= 2
EOF
t newsq like -d news <<'EOF'
! newsq: like what?
! hint: name one article: newsq like ID; or a text: newsq like -f FILE
= 2
EOF

t newsq compare -d news putin biden -n 2 --per year <<'EOF'
side	count	both	percent	query
a	25	4	16.0	putin
b	11	4	36.4	biden

period	a	b	share_a	share_b
2000	2	0	25.00	0.00
2008	1	1	11.11	11.11
2014	1	1	25.00	25.00
2020	0	1	0.00	16.67
2021	0	3	0.00	60.00
2022	3	3	37.50	37.50
2023	17	1	70.83	4.17
2024	1	1	33.33	33.33

side	score	a	b	word
a	35.7	62	1	kim
a	15.5	22	0	train
b	14.0	4	12	biden
b	12.2	0	5	counted

side	score	a	b	kind	id	name
a	8.8	12	0	person	dmitry peskov	Dmitry Peskov
a	7.3	10	0	misc	western	Western
b	9.9	4	10	person	joe biden	Joe Biden
b	4.7	0	2	place	atlanta	Atlanta

a	b	source
8	2	Meridian Wire
4	2	Harbour Gazette
= 0
EOF
t newsq compare -d news putin <<'EOF'
! newsq: compare takes two queries, an argument each
! hint: newsq compare 'QUERY' 'QUERY'; --within QUERY holds for both
= 2
EOF
t newsq compare -d news putin 'NEAR kim' <<'EOF'
! newsq: query 2: 'NEAR' lacks its left operand
! hint: write something before it, or put it in quotes to look for the word
= 2
EOF
newsq compare -q -d news 'putin' 'kim OR train' -n 8 --per month --format jsonl >compared
cell() { grep "^{\"type\":\"$1\"" compared; }
is "totals" "$(newsq count -q -d news putin) $(newsq count -q -d news 'kim OR train')" "$(cell side | grep -o '"count":[0-9]*' | cut -d: -f2 | tr '\n' ' ' | sed 's/ $//')"
is "both" "$(newsq count -q -d news '(putin) (kim OR train)')" "$(cell side | head -1 | grep -o '"both":[0-9]*' | cut -d: -f2)"
cell period | sed -E 's/.*"period":"([^"]*)","a":([0-9]*),"b":([0-9]*),"share_a":([0-9.]*).*/\1 \2 \3 \4/' | while read -r p a b share; do
    [ "$(newsq count -q -d news "putin date:$p")" = "$a" ] && [ "$(newsq count -q -d news "(kim OR train) date:$p")" = "$b" ] || echo "$p"
    [ "$(awk -v a="$a" -v n="$(newsq count -q -d news "date:$p")" 'BEGIN { printf "%.2f", 100 * a / n }')" = "$share" ] || echo "share of $p"
done >wrong
is "periods" '' "$(cat wrong)"
cell word | sed -E 's/.*"a":([0-9]*),"b":([0-9]*),"word":"([^"]*)".*/\1 \2 \3/' | while read -r a b w; do
    [ "$(places "$w" putin) $(places "$w" 'kim OR train')" = "$a $b" ] || echo "$w"
done >wrong
is "words" '' "$(cat wrong)"
cell name | sed -E 's/.*"a":([0-9]*),"b":([0-9]*),"kind":"([^"]*)","id":"([^"]*)".*/\1 \2 \3 \4/' | while read -r a b kind id; do
    [ "$(newsq count -q -d news "putin $kind:=\"$id\"") $(newsq count -q -d news "(kim OR train) $kind:=\"$id\"")" = "$a $b" ] || echo "$id"
done >wrong
is "names" '' "$(cat wrong)"
cell source | sed -E 's/.*"a":([0-9]*),"b":([0-9]*),"source":"([^"]*)".*/\1 \2 \3/' | while read -r a b s; do
    [ "$(newsq count -q -d news "putin source:=\"$s\"") $(newsq count -q -d news "(kim OR train) source:=\"$s\"")" = "$a $b" ] || echo "$s"
done >wrong
is "sources" '' "$(cat wrong)"

t newsq hist -d news train --by source -n 2 --per year <<'EOF'
year	all	Meridian Wire	Pacific Daily
1994	1	0	0
1995	1	0	1
1997	1	1	0
1999	1	0	0
2004	1	1	0
2008	1	0	0
2011	1	0	1
2014	1	0	0
2020	1	0	0
2023	15	4	3
2024	1	0	1
= 0
EOF
t newsq hist -d news train --by person -n 1 --per year --format jsonl <<'EOF'
{"type":"cell","year":"1994","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"1995","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"1997","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"1999","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"2004","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"2008","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"2011","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"2014","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"2020","field":"person","value":"Kim Jong-un","count":0}
{"type":"cell","year":"2023","field":"person","value":"Kim Jong-un","count":14}
{"type":"cell","year":"2024","field":"person","value":"Kim Jong-un","count":1}
{"type":"end","version":1,"total":25,"exact":true,"query":"train","uuid":"UUID","revision":1}
= 0
EOF
t newsq hist -d news train --by title <<'EOF'
! newsq: no table by 'title'
! hint: it takes source, section, author, tag, lang, person, org, place, misc, entity
= 2
EOF
newsq hist -q -d news train --by section -n 4 --format jsonl | grep '"type":"cell"' | sed -E 's/.*"month":"([^"]*)".*"value":"([^"]*)","count":([0-9]*).*/\1 \3 \2/' | while read -r m n v; do
    [ "$(newsq count -q -d news "train date:$m section:=\"$v\"")" = "$n" ] || echo "$m $v"
done >wrong
is "cells" '' "$(cat wrong)"
finish
