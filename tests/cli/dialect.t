#!/usr/bin/env bash
# --syntax: queries of other systems on the command line, from files, in batch and in saved queries. What each dialect
# reads is in tests/unit/dialect.cases.
. "$(dirname "$0")/lib.sh"
sample news
export NEWSDEX_INDEX=news HOME=$work

native() { newsq explain "$@" | sed -n 's/^native: //p'; }
t native --syntax nexis 'bankrupt! w/25 discharg! and not student or college w/5 loan' <<'EOF'
(bankrupt* w/25 discharg*) AND NOT ((student OR college) w/5 loan)
= 0
EOF
t native --syntax factiva 'bill clinton or gore and george bush' <<'EOF'
"bill clinton" OR ("gore" AND "george bush")
= 0
EOF
t native --syntax dtsearch '(apple and banana) w/10 (pear or grape)' <<'EOF'
("apple" AND "banana") w/10 ("pear" OR "grape")
= 0
EOF
t native --syntax lucene '+jakarta -apache title:"The Right Way"' <<'EOF'
"jakarta" AND NOT "apache"
! note: 'title:"The Right Way"' is not required and changes the order alone: it is left out
= 0
EOF
t newsq count --syntax nexis 'kim or putin w/5 train!' <<'EOF'
5
= 0
EOF
t newsq count --syntax factiva 'hd=kim and wc>100' <<'EOF'
11
= 0
EOF
t newsq --syntax lucene -c '+kim -putin' <<'EOF'
4
= 0
EOF
t newsq --syntax dtsearch 'kim and putin or train' <<'EOF'
! newsq: and and or are mixed without brackets, which dtSearch calls ambiguous
!   kim and putin or train
!   ^^^^^^^^^^^^^^^^^^^^^^
! hint: write (kim and putin) or train, or kim and (putin or train)
= 2
EOF
t newsq count --syntax factiva 'closing date and kim' <<'EOF'
! newsq: no range of dates follows 'date'
!   closing date and kim
!           ^^^^
! hint: write date from 2024-01-01 to 2024-01-31, date after -7, or "date" in quotes for the word
= 2
EOF
t newsq count --syntax nexis 'kim' --within 'putin or train and shoigu' <<'EOF'
3
= 0
EOF
t newsq count --syntax nexis 'kim' --within 'plural(train)' <<'EOF'
! newsq: 'plural' has no equal here
!   plural(train)
!   ^^^^^^
! hint: put the word in quotes: that form alone is found
= 2
EOF
t newsq count --syntax westlaw kim <<'EOF'
! newsq: 'westlaw' is not a value of option '--syntax'
! hint: it takes one of: native nexis factiva dtsearch lucene
= 2
EOF
t newsq count --syntax native 'kim putin' <<'EOF'
16
! note: read as kim AND putin; for the phrase type '"kim putin"'
= 0
EOF
IN=$'kim and putin\nor train'
t newsq -f - --syntax nexis -c <<'EOF'
17
= 0
EOF
IN=$'kim and not\n)'
t newsq -f - --syntax nexis -c <<'EOF'
! newsq: 'and not' lacks its right operand
! 1:5:
!   kim and not
!       ^^^^^^^
! hint: write something there, or put the operator in quotes
= 2
EOF
IN=$'kim near5 putin\nkim near5\n'
t newsq batch --syntax factiva -n 0 <<'EOF'
{"type":"end","version":1,"total":9,"exact":true,"query":"kim near5 putin","uuid":"UUID","revision":1}
{"type":"error","line":2,"status":2,"message":"'near5' lacks its right operand","hint":"write something there, or put the operator in quotes","start":4,"end":9}
= 2
EOF
IN=''

# saved queries keep their syntax
t newsq saved add --syntax factiva talks 'kim near5 putin' <<'EOF'
= 0
EOF
t newsq saved show talks <<'EOF'
---
syntax: factiva
---
kim near5 putin
= 0
EOF
t newsq count 'query:talks -vladivostok' <<'EOF'
7
= 0
EOF
t newsq saved run talks --format oneline -n 1 <<'EOF'
== talks (9)

pd-20240619-1	2024-06-19	Pacific Daily	Putin and Kim sign mutual defense pact in Pyongyang
= 0
EOF
t newsq saved add --syntax factiva bad 'kim near5' <<'EOF'
! newsq: 'near5' lacks its right operand
!   kim near5
!       ^^^^^
! hint: write something there, or put the operator in quotes
= 2
EOF
printf -- '---\nsyntax: nexus\n---\nkim\n' >.config/newsdex/queries/wrong.query
t newsq count query:wrong <<'EOF'
! newsq: saved query 'wrong': head line 'syntax: nexus' is not understood
!   query:wrong
!   ^^^^^^^^^^^
! hint: a head holds title: TEXT, sort: score|newest|oldest|source, limit: N, syntax: native|nexis|factiva|dtsearch|lucene
= 2
EOF
finish
