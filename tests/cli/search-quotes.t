#!/usr/bin/env bash
# Command lines as bash passes them: what became of the quotes, and what each must do.
. "$(dirname "$0")/lib.sh"
sample news

# tree ARGS...: how the query is understood, on one line, or the error; notes go to standard error
tree() {
    local out status
    out=$(newsq explain -d news "$@")
    status=$?
    [ -n "$out" ] && printf '%s\n' "$out" | awk '/^tree:/ { on = 1; next } /^$/ { on = 0 } on' | tr -s ' \n' ' ' | sed 's/ $/\n/'
    return $status
}

# words of one and of several arguments are joined by AND; one argument of plain words says so
t tree armored train <<'EOF'
(and (word "armored") (word "train"))
= 0
EOF
t tree 'armored train' <<'EOF'
(and (word "armored") (word "train"))
! note: read as armored AND train; for the phrase type '"armored train"'
= 0
EOF
t tree "armored train" <<'EOF'
(and (word "armored") (word "train"))
! note: read as armored AND train; for the phrase type '"armored train"'
= 0
EOF
t tree armored <<'EOF'
(word "armored")
= 0
EOF
t tree -q 'armored train' <<'EOF'
(and (word "armored") (word "train"))
= 0
EOF
t tree armored 'heavy train' <<'EOF'
(and (word "armored") (word "heavy") (word "train"))
! note: read as heavy AND train; for the phrase type '"heavy train"'
= 0
EOF

# phrases: double quotes inside single ones, escaped ones, curly ones, single ones inside double ones
t tree '"armored train"' <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree \"armored train\" <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree "\"armored train\"" <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree "'armored train'" <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree “armored train” <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree '„armored train“' <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree '«armored train»' <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree armored_train <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree -F armored train <<'EOF'
(phrase "armored" "train")
= 0
EOF
t tree -F 'he said "no" (twice) AND left' <<'EOF'
(phrase "he" "said" "no" "twice" "and" "left")
= 0
EOF
t tree '"armored train"~3' <<'EOF'
(phrase~3 "armored" "train")
= 0
EOF
t tree '"armored * train"' <<'EOF'
(phrase "armored" * "train")
= 0
EOF
t tree '"armor* train"' <<'EOF'
(phrase "armor*" "train")
= 0
EOF

# an apostrophe without a partner is one
t tree "don't" <<'EOF'
(word "don't")
= 0
EOF
t tree "the workers' party" <<'EOF'
(and (word "the") (word "workers") (word "party"))
! note: read as the AND workers' AND party; for the phrase type '"the workers'\'' party"'
= 0
EOF
t tree "kim's train" <<'EOF'
(and (word "kim") (word "train"))
! note: read as kim's AND train; for the phrase type '"kim'\''s train"'
= 0
EOF
t tree "O'Sullivan AND 'rock and roll'" <<'EOF'
(and (word "o'sullivan") (phrase "rock" "and" "roll"))
= 0
EOF
t tree "title:'grain deal'" <<'EOF'
(scope title (phrase "grain" "deal"))
= 0
EOF

# fields: a name of several words in one argument may have lost its quotes to the shell
t tree source:"Pacific Daily" <<'EOF'
(and (field source (value "Pacific")) (word "daily"))
= 0
EOF
t tree source:'"Pacific Daily"' <<'EOF'
(field source (value "Pacific Daily"))
= 0
EOF
t tree 'source:"Pacific Daily"' <<'EOF'
(field source (value "Pacific Daily"))
= 0
EOF
t tree 'source:="Pacific Daily"' <<'EOF'
(field source (whole "Pacific Daily"))
= 0
EOF
t tree author:"Jane Doe" <<'EOF'
! newsq: 'author:Jane Doe' may be one name or separate words
!   author:Jane Doe
!   ^^^^^^^^^^^^^^^
! hint: for the name type 'author:"Jane Doe"', for separate words 'author:Jane AND Doe'
= 2
EOF
t tree person:"Kim Jong Un" <<'EOF'
! newsq: 'person:Kim Jong Un' may be one name or separate words
!   person:Kim Jong Un
!   ^^^^^^^^^^^^^^^^^^
! hint: for the name type 'person:"Kim Jong Un"', for separate words 'person:Kim AND Jong AND Un'
= 2
EOF
t tree 'author:"Jane Doe"' <<'EOF'
(field author (value "Jane Doe"))
= 0
EOF
t tree author:Jane Doe <<'EOF'
(and (field author (value "Jane")) (word "doe"))
= 0
EOF
t tree 'author:Jane AND Doe' <<'EOF'
(and (field author (value "Jane")) (word "doe"))
= 0
EOF
t tree 'title:(grain deal)' <<'EOF'
(scope title (and (word "grain") (word "deal")))
= 0
EOF
t tree date:2023-09 kim <<'EOF'
(and (date 20230901 20230930) (word "kim"))
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t tree 'date:2023-09-01..2023-09-30' <<'EOF'
(date 20230901 20230930)
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF

# NOT and -
t tree kim NOT putin <<'EOF'
(and (word "kim") (not (word "putin")))
= 0
EOF
t tree kim -putin <<'EOF'
! newsq: unknown option '-putin'
! hint: write NOT putin, or put -- before the query
= 2
EOF
t tree 'kim -putin' <<'EOF'
(and (word "kim") (not (word "putin")))
= 0
EOF
t tree -- kim -putin <<'EOF'
(and (word "kim") (not (word "putin")))
= 0
EOF
t tree -- -putin <<'EOF'
(not (word "putin"))
= 0
EOF
t tree 'kim -"armored train"' <<'EOF'
(and (word "kim") (not (phrase "armored" "train")))
= 0
EOF

# operators
t tree kim OR putin <<'EOF'
(or (word "kim") (word "putin"))
= 0
EOF
t tree kim or putin <<'EOF'
! newsq: 'or' may be the operator or the word
!   kim or putin
!       ^^
! hint: type OR for the operator, or "or" in quotes for the word
= 2
EOF
t tree 'kim not putin' <<'EOF'
! newsq: 'not' may be the operator or the word
!   kim not putin
!       ^^^
! hint: type NOT for the operator, or "not" in quotes for the word
= 2
EOF
t tree kim and putin <<'EOF'
(and (word "kim") (word "and") (word "putin"))
= 0
EOF
t tree 'kim AND putin OR shoigu' <<'EOF'
! newsq: AND and OR are mixed without brackets
!   kim AND putin OR shoigu
!   ^^^^^^^^^^^^^^^^^^^^^^^
! hint: write (kim AND putin) OR shoigu, or write kim AND (putin OR shoigu)
= 2
EOF
t tree '(kim OR putin) train' <<'EOF'
(and (or (word "kim") (word "putin")) (word "train"))
= 0
EOF
t tree 'kim w/5 putin' <<'EOF'
(near 5 (word "kim") (word "putin"))
= 0
EOF
t tree kim W/5 putin <<'EOF'
(near 5 (word "kim") (word "putin"))
= 0
EOF
t tree 'kim NEAR putin' <<'EOF'
(near 10 (word "kim") (word "putin"))
= 0
EOF
t tree 'kim ADJ jong' <<'EOF'
(pre 1 (word "kim") (word "jong"))
= 0
EOF
t tree 'kim w/s putin' <<'EOF'
(same s (word "kim") (word "putin"))
= 0
EOF
t tree 'north korea w/5 russia' <<'EOF'
! newsq: 'north' stands beside a proximity without AND
!   north korea w/5 russia
!   ^^^^^
! hint: write north AND (korea w/5 russia), or write "north korea" w/5 russia
= 2
EOF
t tree '"north korea" w/5 russia' <<'EOF'
(near 5 (phrase "north" "korea") (word "russia"))
= 0
EOF
t tree 'a w/5 b w/5 c' <<'EOF'
(near 5 (near 5 (word "a") (word "b")) (word "c"))
= 0
EOF
t tree 'a w/5 b w/3 c' <<'EOF'
! newsq: 'w/5' and 'w/3' are mixed without brackets
!   a w/5 b w/3 c
!   ^^^^^^^^^^^^^
! hint: write (a w/5 b) w/3 c, or write a w/5 (b w/3 c)
= 2
EOF
t tree 'price w/5 (kim AND putin)' <<'EOF'
(near 5 (word "price") (and (word "kim") (word "putin")))
= 0
EOF
t tree 'kim NOT w/3 jong' <<'EOF'
(notnear 3 (word "kim") (word "jong"))
= 0
EOF

# wildcards and single words
t tree 'arm*' <<'EOF'
(wild "arm*")
= 0
EOF
t tree '=trains' <<'EOF'
(exact "trains")
= 0
EOF
t tree first-class <<'EOF'
(or (phrase "first" "class") (word "firstclass"))
= 0
EOF
t tree U.S. us US <<'EOF'
(and (word "US") (word "us") (word "US"))
= 0
EOF
t tree '*' <<'EOF'
(all)
= 0
EOF

# options among the words
t tree kim --since 2023-09 --until 2023 <<'EOF'
(and (word "kim") (date 20230901 20231231))
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t tree kim --within 'putin OR shoigu' <<'EOF'
(and (word "kim") (or (word "putin") (word "shoigu")))
= 0
EOF
t tree 'kim OR train' --within 'putin' --within source:pacific <<'EOF'
(and (and (or (word "kim") (word "train")) (word "putin")) (field source (value "pacific")))
= 0
EOF

# nothing to look for
t tree '' <<'EOF'
! newsq: the query is empty
! hint: write what to look for, for example: newsq 'title:train AND "price of oil"'
= 2
EOF
t tree <<'EOF'
! newsq: no query
! hint: newsq explain -d DIR 'QUERY'; the single quotes keep the shell's hands off
= 2
EOF
t tree '""' <<'EOF'
! newsq: the phrase is empty
!   ""
!   ^^
! hint: write words between the quotation marks
= 2
EOF
t tree ' ' <<'EOF'
! newsq: the query is empty
! hint: write what to look for, for example: newsq 'title:train AND "price of oil"'
= 2
EOF

# from a file and standard input the shell's rules do not apply
printf 'person:Kim Jong Un\n' >q.txt
t tree -f q.txt <<'EOF'
(and (entity person "Kim") (word "jong") (word "un"))
! note: 'Kim' fits 6 names: kim jong-un (19), kim jong-il (4), kim (3), kim dae-jung (2), kim il (1) and 1 more
= 0
EOF
printf 'armored train\n' >plain.txt
t tree -f plain.txt <<'EOF'
(and (word "armored") (word "train"))
= 0
EOF
IN='"armored train" OR
(kim w/5 putin)' t tree -f - <<'EOF'
(or (phrase "armored" "train") (near 5 (word "kim") (word "putin")))
= 0
EOF
IN='kim AND
(putin' t tree -f - <<'EOF'
! newsq: a bracket is opened and never closed
! 2:1:
!   (putin
!   ^
! hint: add ) where the group ends, or put brackets of the text in quotes
= 2
EOF
t tree -f q.txt more words <<'EOF'
! newsq: a query is given both in 'q.txt' and as words
! hint: leave one of them out, or add the words with --within
= 2
EOF
t tree -f missing.txt <<'EOF'
! newsq: cannot open 'missing.txt': no such file or directory
= 2
EOF
t tree -F -f plain.txt <<'EOF'
(phrase "armored" "train")
= 0
EOF
finish
