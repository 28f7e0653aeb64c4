#!/usr/bin/env bash
# search: the forms of an answer, its order and parts.
. "$(dirname "$0")/lib.sh"
sample news
q='"armored train" w/20 pyongyang'

t newsq -d news "$q" -n 2 <<'EOF'
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
   "The armored train was the overture," said a Western diplomat based in the region. "This is the first act." From Pyongyang, Putin flew on to Hanoi.

2. Summit talk puts U.N. sanctions on North Korea to the test
   2023-09-06  The Baltic Ledger  bl-20230906-1
   The Times said on Sept. 4 that Mr. Kim would probably travel by armored train from Pyongyang to Vladivostok, and that Mr. Putin would ask for shells and missiles for the war in Ukraine. …
= 0
EOF
t newsq -d news "$q" <<'EOF'
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
   "The armored train was the overture," said a Western diplomat based in the region. "This is the first act." From Pyongyang, Putin flew on to Hanoi.

2. Summit talk puts U.N. sanctions on North Korea to the test
   2023-09-06  The Baltic Ledger  bl-20230906-1
   The Times said on Sept. 4 that Mr. Kim would probably travel by armored train from Pyongyang to Vladivostok, and that Mr. Putin would ask for shells and missiles for the war in Ukraine. …

3. Kim to visit Russia 'in coming days,' both sides say
   2023-09-11T21:05:00+09:00  Pacific Daily  pd-20230911-1
   A train believed to be carrying Kim left Pyongyang on Sunday, South Korean media reported, and was heading for the northeastern border. The armored train is so heavy that it seldom travels faster than 60 kilometers …

4. Report of Kim trip to Russia’s Far East draws no comment from Kremlin
   2023-09-05T09:40:00Z  Meridian Wire  mw-20230905-1
   … said Mr. Kim was likely to ride from Pyongyang to the Pacific port of Vladivostok, probably in the armored train that his family has long used for journeys abroad. …
= 0
EOF
t newsq search -d news "$q" -n 3 --format text --no-snippets <<'EOF'
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1

2. Summit talk puts U.N. sanctions on North Korea to the test
   2023-09-06  The Baltic Ledger  bl-20230906-1

3. Kim to visit Russia 'in coming days,' both sides say
   2023-09-11T21:05:00+09:00  Pacific Daily  pd-20230911-1
= 0
EOF
t newsq -d news "$q" --color always -n 1 <<'EOF'
1. [1mPutin and Kim sign mutual defense pact in Pyongyang[0m
   [2m2024-06-19[0m  [2mPacific Daily[0m  [2mpd-20240619-1[0m
   "The [1;31marmored train[0m was the overture," said a Western diplomat based in the region. "This is the first act." From [1;31mPyongyang[0m, Putin flew on to Hanoi.
= 0
EOF
t newsq -d news "$q" --oneline -n 3 <<'EOF'
pd-20240619-1	2024-06-19	Pacific Daily	Putin and Kim sign mutual defense pact in Pyongyang
bl-20230906-1	2023-09-06	The Baltic Ledger	Summit talk puts U.N. sanctions on North Korea to the test
pd-20230911-1	2023-09-11T21:05:00+09:00	Pacific Daily	Kim to visit Russia 'in coming days,' both sides say
= 0
EOF
t newsq -d news "$q" --format jsonl -n 2 <<'EOF'
{"type":"hit","rank":1,"score":6.968479,"id":"pd-20240619-1","title":"Putin and Kim sign mutual defense pact in Pyongyang","date":"2024-06-19","source":"Pacific Daily","url":"https://pacificdaily.example.org/2024/06/putin-and-kim-sign-mutual-defense","snippet":"\"The armored train was the overture,\" said a Western diplomat based in the region. \"This is the first act.\" From Pyongyang, Putin flew on to Hanoi.","marks":[[5,18],[113,122]]}
{"type":"hit","rank":2,"score":6.439492,"id":"bl-20230906-1","title":"Summit talk puts U.N. sanctions on North Korea to the test","date":"2023-09-06","source":"The Baltic Ledger","url":"https://balticledger.example.org/2023/09/summit-talk-puts-un-sanctions-on","snippet":"The Times said on Sept. 4 that Mr. Kim would probably travel by armored train from Pyongyang to Vladivostok, and that Mr. Putin would ask for shells and missiles for the war in Ukraine. …","marks":[[64,77],[83,92]]}
{"type":"end","version":1,"total":4,"exact":true,"query":"\"armored train\" w/20 pyongyang","uuid":"UUID","revision":1}
= 0
EOF
t newsq -d news "$q" --format json -n 2 <<'EOF'
{"items":[
{"type":"hit","rank":1,"score":6.968479,"id":"pd-20240619-1","title":"Putin and Kim sign mutual defense pact in Pyongyang","date":"2024-06-19","source":"Pacific Daily","url":"https://pacificdaily.example.org/2024/06/putin-and-kim-sign-mutual-defense","snippet":"\"The armored train was the overture,\" said a Western diplomat based in the region. \"This is the first act.\" From Pyongyang, Putin flew on to Hanoi.","marks":[[5,18],[113,122]]},
{"type":"hit","rank":2,"score":6.439492,"id":"bl-20230906-1","title":"Summit talk puts U.N. sanctions on North Korea to the test","date":"2023-09-06","source":"The Baltic Ledger","url":"https://balticledger.example.org/2023/09/summit-talk-puts-un-sanctions-on","snippet":"The Times said on Sept. 4 that Mr. Kim would probably travel by armored train from Pyongyang to Vladivostok, and that Mr. Putin would ask for shells and missiles for the war in Ukraine. …","marks":[[64,77],[83,92]]}
],"version":1,"total":4,"exact":true,"query":"\"armored train\" w/20 pyongyang","uuid":"UUID","revision":1}
= 0
EOF
t newsq -d news "$q" --format json -n 0 <<'EOF'
{"items":[],"version":1,"total":4,"exact":true,"query":"\"armored train\" w/20 pyongyang","uuid":"UUID","revision":1}
= 0
EOF
t newsq -d news nosuchword --format json <<'EOF'
{"items":[],"version":1,"total":0,"exact":true,"query":"nosuchword","uuid":"UUID","revision":1}
= 1
EOF
t newsq -d news "$q" -l <<'EOF'
pd-20240619-1
bl-20230906-1
pd-20230911-1
mw-20230905-1
= 0
EOF
t eval "newsq -d news -0 dumplings sturgeon | tr '\0' ' '" <<'EOF'
hg-20230913-1 nc-20230914-1 mw-20230913-1 pd-20230914-1 
[no newline at the end]
= 0
EOF
t newsq -d news "$q" -c <<'EOF'
4
= 0
EOF
t eval "newsq -d news dumplings sturgeon --format articles -n 1 | cut -c1-100" <<'EOF'
{"id":"hg-20230913-1","title":"Spaceport summit: Putin hints at satellite help for North Korea","bod
= 0
EOF
t newsq -d news walruses --format oneline --sort newest <<'EOF'
hg-20230917-1	2023-09-17	Harbour Gazette	Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
= 0
EOF

# whole records go on into another index
newsq -d news --format articles 'lang:de' | newsdex add -q -d german -
is "articles to add -" "$(newsq count -d news lang:de)" "$(newsq count -d german)"

# order and pages
t newsq -d news kim --oneline --sort oldest -n 3 <<'EOF'
pd-20000613-1	2000-06-13	Pacific Daily	Two Kims shake hands in Pyongyang
nc-20001013-1	2000-10-13	The Northern Courier	Mr. Kim of the sunshine wins Nobel Peace Prize
bl-2023-1	2023	The Baltic Ledger	The year in the East: trains, treaties and a border that moved
= 0
EOF
t newsq -d news kim --oneline --sort newest -n 3 <<'EOF'
pd-20240619-1	2024-06-19	Pacific Daily	Putin and Kim sign mutual defense pact in Pyongyang
mw-20231013-1	2023-10-13T20:10:00Z	Meridian Wire	U.S. says North Korea shipped 1,000 containers of arms to Russia
nc-20230920-1	2023-09-20T22:00:00-04:00	The Northern Courier	Yoon warns of ‘direct provocation’ as U.N. meets
= 0
EOF
t newsq -d news kim --oneline --sort newest -n 2 --offset 1 <<'EOF'
mw-20231013-1	2023-10-13T20:10:00Z	Meridian Wire	U.S. says North Korea shipped 1,000 containers of arms to Russia
nc-20230920-1	2023-09-20T22:00:00-04:00	The Northern Courier	Yoon warns of ‘direct provocation’ as U.N. meets
= 0
EOF
t newsq -d news kim --oneline --sort source -n 3 <<'EOF'
hg-20230917-1	2023-09-17	Harbour Gazette	Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
hg-20230913-1	2023-09-13	Harbour Gazette	Spaceport summit: Putin hints at satellite help for North Korea
hg-back-1	2023-09	Harbour Gazette	Kim’s armored train: a palace on 90 wheels
= 0
EOF
t newsq -d news kim --oneline --offset 1000 <<'EOF'
= 0
EOF
is "undated articles are last, newest first" nc-back-1 "$(newsq -q -d news '*' -l -n all --sort newest | tail -n 1)"
is "undated articles are last, oldest first" nc-back-1 "$(newsq -q -d news '*' -l -n all --sort oldest | tail -n 1)"
is "pages together are the whole" "$(newsq -d news kim -l)" "$(for i in 0 5 10 15 20 25 30 35 40 45 50 55; do quiet newsq -d news kim -l -n 5 --offset $i; done)"
is "ids are without a limit" "$(newsq count -d news the)" "$(newsq -d news the -l | wc -l)"
is "text shows ten" 10 "$(quiet newsq -d news the --oneline | wc -l)"

# score: the same query in one segment and in three gives the same order of ids
head -n 1 "$corpora/news.jsonl" >a.jsonl
sed -n 2,30p "$corpora/news.jsonl" >b.jsonl
sed -n '31,$p' "$corpora/news.jsonl" >c.jsonl
for f in c a b; do newsdex add -q -j 1 -d parts $f.jsonl; done
for query in 'putin kim' 'train OR summit OR missile' '"kim jong" w/30 putin' 'title:kim' 'arm*'; do
    is "order of '$query'" "$(newsq -q -d news -l "$query")" "$(newsq -q -d parts -l "$query")"
done

# dates and parts of the whole
t newsq -d news kim -c --since 2023-09 --until 2023-09 <<'EOF'
15
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t newsq -d news kim -c --until 2010 <<'EOF'
2
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t newsq -d news -c '*' --since 2023-09-13 --until 2023-09-14 <<'EOF'
7
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t newsq -d news kim --since 2024 --until 2023 <<'EOF'
! newsq: --since '2024' is later than --until '2023'
= 2
EOF
t newsq -d news kim --since soon <<'EOF'
! newsq: 'soon' is not a date
! hint: dates are written 2024-03-05, 2024-03, 2024, today, yesterday, 7d, 2w, 3months, 1y, and ranges 2023-09..2023-12
= 2
EOF
t newsq -d news -l kim --within source:pacific --within train <<'EOF'
pd-20230911-1
pd-20240619-1
pd-20230916-1
pd-20230914-1
= 0
EOF
t newsq -d news -l train --within 'kim OR putin OR' <<'EOF'
! newsq: 'OR' lacks its right operand
!   kim OR putin OR
!                ^^
! hint: write something after it, or put it in quotes to look for the word
= 2
EOF
is "--within is ANDed as a unit" "$(newsq -d news -l '(kim OR train) (putin OR shoigu)' | sort)" "$(newsq -d news -l 'kim OR train' --within 'putin OR shoigu' | sort)"

# several indexes, and the one of the environment
newsdex add -q -d german2 --id-prefix two- "$corpora/news.jsonl"
t newsq -d news -d german2 walruses --oneline <<'EOF'
hg-20230917-1	2023-09-17	Harbour Gazette	Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
two-hg-20230917-1	2023-09-17	Harbour Gazette	Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
= 0
EOF
t newsq -d news -d german2 walruses --format jsonl --no-snippets <<'EOF'
{"type":"hit","rank":1,"score":7.887457,"id":"hg-20230917-1","title":"Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end","date":"2023-09-17","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/drones-a-bulletproof-vest-and-a","index":"news"}
{"type":"hit","rank":2,"score":7.887457,"id":"two-hg-20230917-1","title":"Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end","date":"2023-09-17","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/drones-a-bulletproof-vest-and-a","index":"german2"}
{"type":"end","version":1,"total":2,"exact":true,"query":"walruses","uuid":"UUID","revision":1}
= 0
EOF
t newsq -d news -d german2 count walruses <<'EOF'
2
= 0
EOF
t env NEWSDEX_INDEX=news "$bin/newsq" -l walruses <<'EOF'
hg-20230917-1
= 0
EOF
finish
