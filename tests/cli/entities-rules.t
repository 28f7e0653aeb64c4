#!/usr/bin/env bash
# entities.conf: rules about names hold for queries, facets, show and why, without indexing anew; newsdex entities.
. "$(dirname "$0")/lib.sh"
article() { # article ID SOURCE DATE BODY
    printf '{"id":"%s","source":"%s","date":"%s","title":"Report %s","body":"%s"}\n' "$1" "$2" "$3" "$1" "$4"
}
{
    article a1 'The Sun' 2020-01-01 'President Barack Obama met Boris Johnson in Chicago on Monday. Obama thanked Johnson.'
    article a2 'The Sun' 2020-01-02 'Boris Johnson flew to Moscow. Mr. Johnson said that he would stay in Vladivostok.'
    article a3 'Daily Post' 2020-02-03 'Boris Johnson spoke in London after the talks with Angela Merkel in Berlin.'
    article a4 'Daily Post' 2020-02-04 'Angela Merkel spoke in Berlin. The United Nations (UN) welcomed it.'
    article a5 'Daily Post' 2021-05-06 'President Barack Obama praised Angela Merkel near the Kremlin in Moscow.'
    article a6 'Weekly' 2022-06-07 'The UN sent observers to Vladivostok, the U.S. said.'
} >news.jsonl
newsdex add -q -j 1 -d news news.jsonl
count() { newsq count -q -d news "$@"; }
why() { # newsq why, whatever line of the alias file a name is on
    newsq why "$@" | sed -E 's/aliases.tsv:[0-9]+/aliases.tsv:N/g'
    return "${PIPESTATUS[0]}"
}

t newsq facet person -d news -q <<'EOF'
3	Angela Merkel
3	Boris Johnson
2	Barack Obama
= 0
EOF
t newsq facet place -d news -q <<'EOF'
2	Berlin
2	Moscow
2	Vladivostok
1	Chicago
1	London
1	U.S.
= 0
EOF

# any known form of a name, with or without quotes; the last name first; what is printed as the whole of it
is 'a word' 3 "$(count person:johnson)"
is 'in quotes' 3 "$(count 'person:"Boris Johnson"')"
is 'last name first' 3 "$(count 'person:"Johnson, Boris"')"
is 'an acronym' 2 "$(count org:UN)"
is 'with dots' 1 "$(count 'place:U.S.')"
is 'without dots' 1 "$(count place:US)"
is 'the id alone' 0 "$(count 'place:=US')"

# countries
t newsq facet place -d news -q --roll-up <<'EOF'
3	Russia
2	Germany
2	U.S.
1	United Kingdom
= 0
EOF
is 'a country' 0 "$(count place:Russia)"
is 'with the places in it' 3 "$(count place:Russia --roll-up)"
is 'near something' 1 "$(count 'place:Russia w/8 obama' --roll-up)"

# within what matched; with another name
t newsq facet person -d news -q --matched 'person:"Angela Merkel" w/s person:*' <<'EOF'
3	Angela Merkel
1	Barack Obama
1	Boris Johnson
= 0
EOF
t newsq facet place -d news -q --with 'Angela Merkel' --with Obama <<'EOF'
1	Moscow
= 0
EOF

# no rules: nothing is said
t newsdex entities check -d news <<'EOF'
0 rules, 0 bad lines, 0 for names that this index does not have
= 0
EOF
t newsdex entities add -d news 'reject place "Berlin"' <<'EOF'
news/entities.conf:1: reject place "Berlin"
moves 1 name in 2 articles
= 0
EOF
t newsdex entities add -d news --dry-run 'alias person "Angela Merkel" = "Boris Johnson"' <<'EOF'
news/entities.conf:2: alias person "Angela Merkel" = "Boris Johnson"
would move 1 name in 3 articles
= 0
EOF
t newsdex entities add -d news 'alias person "Angela Merkel" "Boris Johnson"' <<'EOF'
! newsdex: '=' is missing
!   alias person "Angela Merkel" "Boris Johnson"
!                                ^
! hint: write alias person "A" = "B"
= 2
EOF
t newsdex entities add -d news 'reject place Berlin' <<'EOF'
! newsdex: line 1 already says what 'Berlin' is
!   reject place Berlin
!   ^^^^^^^^^^^^^^^^^^^
! hint: the first line counts; take one of them out
= 2
EOF
t newsdex entities add -d news '# nothing' <<'EOF'
! newsdex: there is no rule in '# nothing'
= 2
EOF
is 'only what was right is in the file' 'reject place "Berlin"' "$(cat news/entities.conf)"
is rejected 0 "$(count place:berlin)"
is 'rejected in any type' 0 "$(count entity:berlin)"
is 'and no name there' 0 "$(count 'place:* w/3 merkel')"
is 'but elsewhere' 2 "$(count 'place:* w/9 merkel')"

cat >news/entities.conf <<'END'
# corrections
reject place "Berlin"     # never
alias person "Angela Merkel" = "Barack Obama"
rename place "Moscow" -> "Moskva"
type "Kremlin" org -> place
split person "Boris Johnson" when source "The Sun" as "Boris Johnson (Sun)"
split person "Boris Johnson" when lang "xx" as "Nobody"
aliass person "A" = "B"
alias person "Nobody At All" = "Boris Johnson"
END
t newsdex entities check -d news <<'EOF'
7 rules, 1 bad line, 1 for names that this index does not have
! newsdex: news/entities.conf:8: no such rule
!   aliass person "A" = "B"
!   ^^^^^^
! hint: rules are alias, reject, rename, type, split
! note: news/entities.conf:9: no person of this index is called 'Nobody At All'
= 2
EOF
t newsq facet entity -d news -n all <<'EOF'
4	Barack Obama
2	Boris Johnson (Sun)
2	Moskva
2	United Nations
2	Vladivostok
1	Boris Johnson
1	Chicago
1	Kremlin
1	London
1	U.S.
! note: news/entities.conf:8: no such rule: the line is left out (see newsdex entities check)
= 0
EOF
is 'split' 2 "$(count 'person:="Boris Johnson (Sun)"')"
is 'the rest of it' 1 "$(count 'person:="Boris Johnson"')"
is 'both' 3 "$(count person:johnson)"
is 'split in proximity' 1 "$(count 'person:="Boris Johnson (Sun)" w/5 moscow')"
is 'the rest in proximity' 1 "$(count 'person:="Boris Johnson" w/5 london')"
is 'not the rest' 0 "$(count 'person:="Boris Johnson" w/5 moscow')"
is 'not in it' 4 "$(count '* AND NOT person:="Boris Johnson (Sun)"')"
is 'alias' 4 "$(count 'person:="Barack Obama"')"
is 'from the other side' 4 "$(count 'person:="Angela Merkel"')"
is 'alias in proximity' 2 "$(count 'person:="Barack Obama" w/3 berlin')"
is 'renamed' 2 "$(count place:moskva)"
is 'by the old name' 2 "$(count place:moscow)"
is 'another type' 1 "$(count place:kremlin)"
is 'no longer this one' 0 "$(count org:kremlin)"
t newsq facet place -d news -q --roll-up -n 1 <<'EOF'
3	Russia
= 0
EOF
t newsq show -d news a5 <<'EOF'
title    Report a5
id       a5
date     2021-05-06
source   Daily Post
person   Barack Obama (2)
place    Kremlin; Moskva

President Barack Obama praised Angela Merkel near the Kremlin in Moscow.
= 0
EOF
t why -d news a2 person:johnson <<'EOF'
a2  Report a2
body 0-13	[Boris Johnson] flew to Moscow. Mr. Johnson said that...
	person:boris johnson  by aliases.tsv:N
	by rule news/entities.conf:6 split person "Boris Johnson" when source "The Sun" as "Boris Johnson (Sun)"
body 34-41	Boris Johnson flew to Moscow. Mr. [Johnson] said that he would stay in Vladivostok.
	person:boris johnson  by resolved from 'Boris Johnson' (body 0-13)
	by rule news/entities.conf:6 split person "Boris Johnson" when source "The Sun" as "Boris Johnson (Sun)"
! note: news/entities.conf:8: no such rule: the line is left out (see newsdex entities check)
= 0
EOF
t why -d news a5 --format jsonl <<'EOF'
{"type":"article","id":"a5"}
{"type":"mention","field":"body","start":10,"end":22,"entity":"person","id":"barack obama","name":"Barack Obama","by":"aliases.tsv:N"}
{"type":"mention","field":"body","start":31,"end":44,"entity":"person","id":"angela merkel","name":"Angela Merkel","by":"aliases.tsv:N","means":{"entity":"person","id":"barack obama"},"rule":"news/entities.conf:3"}
{"type":"mention","field":"body","start":54,"end":61,"entity":"org","id":"kremlin","name":"Kremlin","by":"aliases.tsv:N","means":{"entity":"place","id":"kremlin"},"rule":"news/entities.conf:5"}
{"type":"mention","field":"body","start":65,"end":71,"entity":"place","id":"moscow","name":"Moscow","by":"aliases.tsv:N","means":{"entity":"place","id":"moskva"},"rule":"news/entities.conf:4"}
! note: news/entities.conf:8: no such rule: the line is left out (see newsdex entities check)
= 0
EOF
t why -d news a3 person:obama <<'EOF'
a3  Report a3
body 51-64	...spoke in London after the talks with [Angela Merkel] in Berlin.
	person:angela merkel  by aliases.tsv:N
	by rule news/entities.conf:3 alias person "Angela Merkel" = "Barack Obama"
! note: 'obama' fits 2 names: angela merkel (3), barack obama (2)
! note: news/entities.conf:8: no such rule: the line is left out (see newsdex entities check)
= 0
EOF
t why -d news a6 person:obama <<'EOF'
a6  Report a6
does not match
! note: 'obama' fits 2 names: angela merkel (3), barack obama (2)
! note: news/entities.conf:8: no such rule: the line is left out (see newsdex entities check)
= 1
EOF
t why -d news nosuch person:obama <<'EOF'
! note: 'obama' fits 2 names: angela merkel (3), barack obama (2)
! newsq: no article 'nosuch'
! hint: newsq -l lists ids: newsq -l -d DIR 'QUERY'
= 1
EOF
t newsq search -d news -l 'person:="Boris Johnson"' <<'EOF'
a3
! note: news/entities.conf:8: no such rule: the line is left out (see newsdex entities check)
= 0
EOF
t newsdex entities list -d news --type person <<'EOF'
6	person	barack obama	Barack Obama
5	person	boris johnson	Boris Johnson
= 0
EOF
t newsdex entities list -d news --min 2 -n 2 <<'EOF'
6	person	barack obama	Barack Obama
5	person	boris johnson	Boris Johnson
= 0
EOF
t newsdex entities show -d news johnson <<'EOF'
person:boris johnson
  name      Boris Johnson
  mentions  5 in 3 articles, 2020-01-01 to 2020-02-03
  forms     Boris Johnson (3), Johnson (2)
  id        person:boris johnson (5)
  rule      line 6: split person "Boris Johnson" when source "The Sun" as "Boris Johnson (Sun)"
  rule      line 7: split person "Boris Johnson" when lang "xx" as "Nobody"
  rule      line 9: alias person "Nobody At All" = "Boris Johnson"
= 0
EOF
t newsdex entities show -d news Moskva <<'EOF'
place:moskva
  name      Moskva
  mentions  2 in 2 articles, 2020-01-02 to 2021-05-06
  forms     Moscow (2)
  id        place:moscow (2), line 4 of entities.conf
  rule      line 4: rename place "Moscow" -> "Moskva"
= 0
EOF
t newsdex entities show -d news nosuch <<'EOF'
! note: no name of this index fits 'nosuch'
= 1
EOF
t newsdex entities export -d news --type person <<'EOF'
person	barack obama	Angela Merkel|Barack Obama|Obama
person	boris johnson	Boris Johnson|Johnson
= 0
EOF
t newsdex entities export -d news --type place --format jsonl <<'EOF'
{"type":"place","id":"chicago","name":"Chicago","mentions":1,"country":"united states","forms":{"Chicago":1}}
{"type":"place","id":"kremlin","name":"Kremlin","mentions":1,"ids":["org:kremlin"],"forms":{"Kremlin":1}}
{"type":"place","id":"london","name":"London","mentions":1,"country":"united kingdom","forms":{"London":1}}
{"type":"place","id":"moskva","name":"Moskva","mentions":2,"ids":["place:moscow"],"forms":{"Moscow":2}}
{"type":"place","id":"united states","name":"U.S.","mentions":1,"forms":{"U.S.":1}}
{"type":"place","id":"vladivostok","name":"Vladivostok","mentions":2,"country":"russia","forms":{"Vladivostok":2}}
= 0
EOF

# the same with the index in parts, merged, and together with another index
split -l 2 --additional-suffix=.jsonl news.jsonl part.
for p in part.*; do newsdex add -q -j 1 -d many "$p"; done
cp news/entities.conf many/
is 'in parts' "$(newsq facet entity -q -n all -d news)" "$(newsq facet entity -q -n all -d many)"
newsdex merge -q -d many
is 'merged' "$(newsq facet entity -q -n all -d news)" "$(newsq facet entity -q -n all -d many)"
ok 'the rules stay where they are' cmp news/entities.conf many/entities.conf
newsdex rebuild -q -d many
ok 'rebuilt too' cmp news/entities.conf many/entities.conf
ok 'and verify has nothing to say' newsdex verify -q -d many
article b1 'Other' 2023-01-01 'Boris Johnson walked in Berlin with Angela Merkel.' >other.jsonl
newsdex add -q -d other other.jsonl
is 'the rules of one index hold for all' 5 "$(count -d other 'person:="Barack Obama"')"
is 'in facets' 0 "$(newsq facet place -q -d news -d other | grep -c Berlin)"

# what is alike
printf '%s\n' '{"id":"k1","title":"T","body":"Sergey Ivanov spoke to Sergei Ivanov. Anna Ivanova and Peter Ivanov listened. Ivanov left."}' >alike.jsonl
newsdex add -q -d alike alike.jsonl
t newsdex entities similar -d alike 'Ivanov' <<'EOF'
2	person	sergey ivanov	Sergei Ivanov	
1	person	ivanov	Ivanov	the last word alone
1	person	peter ivanov	Peter Ivanov	the same last word
= 0
EOF
t newsdex entities <<'EOF'
! newsdex: what is to be done with the names?
! hint: check, list, show NAME, similar NAME, add 'RULE' or export
= 2
EOF
t newsdex entities shw -d news <<'EOF'
! newsdex: entities has no 'shw'
! hint: check, list, show NAME, similar NAME, add 'RULE' or export
= 2
EOF
t newsdex entities show -d news <<'EOF'
! newsdex: which name?
! hint: newsdex entities show -d DIR 'NAME'
= 2
EOF
t newsdex entities show -d news Boris Johnson <<'EOF'
! newsdex: 'Johnson' is too much
! hint: put a name or rule in single quotes
= 2
EOF

# articles about a person come before those that name him once; names that the dump gives
{
    printf '{"id":"once","title":"Roads","body":"The roads near the river were closed. Angela Merkel was told. Work goes on in the rain until the end of the month."}\n'
    printf '{"id":"about","title":"Angela Merkel","body":"Angela Merkel spoke about roads. Merkel praised the work. Merkel then left for the river and the rain."}\n'
    printf '{"id":"given","people":["Zorp Quux"],"title":"Walk","body":"Then Zorp Quux went home with a zorp."}\n'
} >rank.jsonl
newsdex add -q -j 1 -d rank rank.jsonl
t newsq search -d rank -q --format ids person:merkel <<'EOF'
about
once
= 0
EOF
t why -d rank given <<'EOF'
given  Walk
body 5-14	Then [Zorp Quux] went home with a zorp.
	person:zorp quux  by dump
= 0
EOF
newsdex add -q -j 1 --no-entities -d none rank.jsonl
is 'none without the tagger' 0 "$(newsq count -q -d none 'person:*')"
t newsdex entities list -d none <<'EOF'
= 1
EOF
finish
