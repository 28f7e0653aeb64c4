#!/usr/bin/env bash
# explain: words, tree, candidates, and what a value or pattern stands for.
. "$(dirname "$0")/lib.sh"
sample news

t newsq explain -d news '"armored train"' <<'EOF'
query: "armored train"
words: armored train

tree:
(phrase "armored" "train")

candidates and what decides (estimates are upper bounds):
(span  [14]
  (and  [14]
    Zarmor  [14]
    Ztrain  [25])
  (phrase =armored =train))
= 0
EOF
t newsq explain -d news 'kim w/5 (putin OR shoigu)' <<'EOF'
query: kim w/5 (putin OR shoigu)
words: kim putin shoigu

tree:
(near 5
  (word "kim")
  (or
    (word "putin")
    (word "shoigu")))

candidates and what decides (estimates are upper bounds):
(span  [20]
  (and  [20]
    Zkim  [20]
    (or  [31]
      Zputin  [25]
      Zshoigu  [6]))
  (near 5 kim (or putin shoigu)))
= 0
EOF
t newsq explain -d news 'walrus* source:pacific -date:2023' <<'EOF'
query: walrus* source:pacific -date:2023
words: walrus*

tree:
(and
  (wild "walrus*")
  (field source (value "pacific"))
  (not
    (date 20230101 20231231)))

candidates and what decides (estimates are upper bounds):
(andnot  [2]
  (and  [2]
    (span  [2]
      (terms Zwalrus Zwalruses)  [2]
      walrus*)
    XSRCpacific\ daily  [11])
  Y2023  [24])

stands for:
  walrus	1
  walruses	1
  source:pacific daily	11
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t newsq explain -d news US us <<'EOF'
query: US us
words: US us

tree:
(and
  (word "US")
  (word "us"))

candidates and what decides (estimates are upper bounds):
(and  [10]
  ZUS  [21]
  Zus  [10])
= 0
EOF
t newsq explain -d news 'nosuchword AND kim' <<'EOF'
query: nosuchword AND kim
words: nosuchword kim

tree:
(and
  (word "nosuchword")
  (word "kim"))

candidates and what decides (estimates are upper bounds):
(and  [0]
  Znosuchword  [0]
  Zkim  [20])
= 0
EOF
t newsq explain -d news first-class <<'EOF'
query: first-class
words: first class firstclass

tree:
(or
  (phrase "first" "class")
  (word "firstclass"))

candidates and what decides (estimates are upper bounds):
(or  [9]
  (span  [5]
    (and  [5]
      Zfirst  [74]
      Zclass  [5])
    (phrase =first =class))
  Zfirstclass  [4])
= 0
EOF
t newsq explain -d news <<'EOF'
! newsq: no query
! hint: newsq explain -d DIR 'QUERY'; the single quotes keep the shell's hands off
= 2
EOF
finish
