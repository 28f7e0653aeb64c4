#!/usr/bin/env bash
# search: what goes wrong, its message, its status, and where the carets stand.
. "$(dirname "$0")/lib.sh"
sample news

# the index
t newsq -d nothing kim <<'EOF'
! newsq: there is no index in 'nothing'
! hint: make one with: newsdex add -d nothing FILE, or name another folder with -d
= 3
EOF
t newsq kim <<'EOF'
! newsq: which index?
! hint: name its folder with -d DIR, or set NEWSDEX_INDEX
= 2
EOF
mkdir hollow
t newsq -d hollow kim <<'EOF'
! newsq: there is no index in 'hollow'
! hint: make one with: newsdex add -d hollow FILE, or name another folder with -d
= 3
EOF
t newsq -d news -d nothing kim <<'EOF'
! newsq: there is no index in 'nothing'
! hint: make one with: newsdex add -d nothing FILE, or name another folder with -d
= 3
EOF
cp -r news broken && printf 'garbage\n' >broken/XAPIANDB
newsq -d broken kim >/dev/null 2>err
ok "a broken manifest is status 3 or 4" [ $? -ge 3 ]
cp -r news cutoff && truncate -s 100 cutoff/seg-*/stream
t newsq -d cutoff '"armored train"' <<'EOF'
! newsq: 'cutoff/seg-000001/stream' is damaged: it is cut short
! hint: run newsdex verify to see what is affected, then restore the file or index again
= 4
EOF
cp -r news lost && rm lost/seg-*/docdata.glass
newsq -d lost kim >/dev/null 2>err
ok "a lost table is status 3 or 4" [ $? -ge 3 ]

# options
t newsq -d news --nonsense kim <<'EOF'
! newsq: unknown option '--nonsense'
! hint: write NOT nonsense, or put -- before the query
= 2
EOF
t newsq -d news --formt json kim <<'EOF'
! newsq: unknown option '--formt'
! hint: did you mean '--format'? 'newsq search --help' lists all
= 2
EOF
t newsq -d news --format xml kim <<'EOF'
! newsq: 'xml' is not a value of option '--format'
! hint: it takes one of: text oneline json jsonl csv tsv markdown html ids articles ris trec grep
= 2
EOF
t newsq -d news -n ten kim <<'EOF'
! newsq: 'ten' is not a value of option '-n'
! hint: give a whole number or all: -n 20
= 2
EOF
t newsq -d news -n <<'EOF'
! newsq: option '-n' needs a value
! hint: write -n N
= 2
EOF
t newsq -d news -x kim <<'EOF'
! newsq: unknown option '-x'
! hint: write NOT x, or put -- before the query
= 2
EOF
t newsq -d news kim --min 3 <<'EOF'
! newsq: '--min' is no option of 'newsq search'
! hint: it belongs to: facet terms related
= 2
EOF
t newsq -d news kim -l --format json <<'EOF'
! newsq: --format json and the option for 'ids' exclude each other
= 2
EOF
t newsq -d news --sort date kim <<'EOF'
! newsq: 'date' is not a value of option '--sort'
! hint: it takes one of: score newest oldest source
= 2
EOF
t newsq serch -d news kim <<'EOF'
! newsq: 'serch' is not a command
! hint: did you mean 'newsq search ...'? to look for the word: newsq search serch ...
= 2
EOF
t newsq counts -d news kim <<'EOF'
! newsq: 'counts' is not a command
! hint: did you mean 'newsq count ...'? to look for the word: newsq search counts ...
= 2
EOF
t newsq search counts -c -d news <<'EOF'
7
= 0
EOF
t newsq -d news $'kim \xff' <<'EOF'
! newsq: argument 3 is not UTF-8: byte 0xFF at 5
! hint: arguments are UTF-8 whatever the locale; convert it with iconv
= 2
EOF
t newsdex frobnicate <<'EOF'
! newsdex: unknown command 'frobnicate'
! hint: 'newsdex --help' lists all
= 2
EOF
t newsdex ad -d x y <<'EOF'
! newsdex: unknown command 'ad'
! hint: did you mean 'newsdex add'? 'newsdex --help' lists all
= 2
EOF
t newsq --version <<'EOF'
newsq 0.1.0-dev
= 0
EOF

# the query
t newsq -d news 'sorce:kim' <<'EOF'
! newsq: unknown field 'sorce'
!   sorce:kim
!   ^^^^^
! hint: did you mean 'source'? 'newsq fields' lists all
= 2
EOF
t newsq -d news 'kim AND' <<'EOF'
! newsq: 'AND' lacks its right operand
!   kim AND
!       ^^^
! hint: write something after it, or put it in quotes to look for the word
= 2
EOF
t newsq -d news 'OR kim' <<'EOF'
! newsq: 'OR' lacks its left operand
!   OR kim
!   ^^
! hint: write something before it, or put it in quotes to look for the word
= 2
EOF
t newsq -d news 'NOT' <<'EOF'
! newsq: 'NOT' lacks its right operand
!   NOT
!   ^^^
! hint: write something after it, or put it in quotes to look for the word
= 2
EOF
t newsq -d news '(kim' <<'EOF'
! newsq: a bracket is opened and never closed
!   (kim
!   ^
! hint: add ) where the group ends, or put brackets of the text in quotes
= 2
EOF
t newsq -d news 'kim)' <<'EOF'
! newsq: a bracket is closed that was never opened
!   kim)
!      ^
! hint: add ( where the group starts, or put brackets of the text in quotes
= 2
EOF
t newsq -d news 'train "armored' <<'EOF'
! newsq: a quotation mark is opened and never closed
!   train "armored
!         ^
! hint: close it with "; on a command line put the whole query in single quotes, so that the shell leaves the marks alone
= 2
EOF
t newsq -d news 'date:2023-13' <<'EOF'
! newsq: '2023-13' has no such month
!   date:2023-13
!        ^^^^^^^
! hint: dates are written 2024-03-05, 2024-03, 2024, today, yesterday, 7d, 2w, 3months, 1y, and ranges 2023-09..2023-12
= 2
EOF
t newsq -d news 'date:2023-09..2022' <<'EOF'
! newsq: the range '2023-09..2022' ends before it begins
!   date:2023-09..2022
!        ^^^^^^^^^^^^^
! hint: the earlier day comes first
= 2
EOF
t newsq -d news 'date:' <<'EOF'
! newsq: 'date:' has no value
!   date:
!   ^^^^^
! hint: write the value right behind the colon: date:2023-09..2023-12; to look for the text itself put it in quotes
= 2
EOF
t newsq -d news 'kim w/5' <<'EOF'
! newsq: 'w/5' lacks its right operand
!   kim w/5
!       ^^^
! hint: write something after it, or put it in quotes to look for the word
= 2
EOF
t newsq -d news 'w/5 kim' <<'EOF'
! newsq: 'w/5' lacks its left operand
!   w/5 kim
!   ^^^
! hint: write something before it, or put it in quotes to look for the word
= 2
EOF
t newsq -d news 'kim w/0 putin' <<'EOF'
! newsq: a distance is 1 to 10000 words
!   kim w/0 putin
!         ^
! hint: neighbours are 1 apart; w/s asks for the same sentence, w/p for the same paragraph
= 2
EOF
t newsq -d news 'kim w/x putin' <<'EOF'
! newsq: w/ takes a number of words
!   kim w/x putin
!       ^^^
! hint: write w/5, or put the text in quotes to look for it
= 2
EOF
t newsq -d news 'kim w/5 NOT putin' <<'EOF'
! newsq: NOT cannot be an operand of proximity
!   kim w/5 NOT putin
!           ^^^
! hint: a NOT w/5 b finds an a that has no b within five words; a AND NOT b leaves articles with b out
= 2
EOF
t newsq -d news 'kim w/5 source:pacific' <<'EOF'
! newsq: 'source:pacific' has no place in the text, so no distance
!   kim w/5 source:pacific
!           ^^^^^^^^^^^^^^
! hint: join it with AND; proximity takes words, phrases, entities, OR and proximity
= 2
EOF
t newsq -d news '()' <<'EOF'
! newsq: nothing between the brackets
!   ()
!   ^^
! hint: write a query between them, or put brackets of the text in quotes
= 2
EOF
t newsq -d news '!!!' <<'EOF'
! newsq: no word in '!!!'
!   !!!
!   ^^^
! hint: leave it out; verbatim("...") looks for punctuation too
= 2
EOF
t newsq -d news '"*"' <<'EOF'
! newsq: a phrase of * alone
!   "*"
!   ^^^
! hint: give it at least one word: "they * will pay"
= 2
EOF
t newsq -d news '"a b"~x' <<'EOF'
! newsq: ~ after a phrase lacks its number
!   "a b"~x
!        ^
! hint: "..."~2 allows two more words inside the phrase
= 2
EOF
t newsq -d news 'frobnicate(kim)' <<'EOF'
! newsq: unknown function 'frobnicate'
!   frobnicate(kim)
!   ^^^^^^^^^^
! hint: to search the word, put a blank or an operator before the bracket
= 2
EOF
t newsq -d news 'поезд AND (Россия OR' <<'EOF'
! newsq: 'OR' lacks its right operand
!   поезд AND (Россия OR
!                     ^^
! hint: write something after it, or put it in quotes to look for the word
= 2
EOF
t newsq -d news '日本 AND )' <<'EOF'
! newsq: 'AND' lacks its right operand
!   日本 AND )
!        ^^^
! hint: write something after it, or put it in quotes to look for the word
= 2
EOF
t newsq -d news "$(printf 'kim AND\n\nputin w/')" <<'EOF'
! newsq: w/ takes a number of words
!   putin w/
!         ^^
! hint: write w/5, or put the text in quotes to look for it
= 2
EOF
is "brackets too deep are refused" 2 "$(newsq -d news "$(printf '(%.0s' $(seq 5000))kim$(printf ')%.0s' $(seq 5000))" >/dev/null 2>&1; echo $?)"
is "a long query is read" 0 "$(seq 3000 | sed 's/^/w/; s/$/ OR/' | tr '\n' ' ' | sed 's/$/kim/' | newsq -d news -c -f - >/dev/null; echo $?)"
finish
