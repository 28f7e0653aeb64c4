#!/usr/bin/env bash
# saved queries: the editor, tests for scripts, circles, lists of names.
. "$(dirname "$0")/lib.sh"
export HOME=$work/home XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
sample news
export NEWSDEX_INDEX=news
unset VISUAL
newsq saved add kim 'kim w/10 putin'
newsq saved add g/mars 'mars AND rover*'

# an editor that writes what it is told
cat >editor <<'SH'
#!/bin/sh
[ "$1" = --wait ] && shift
printf '%s' "$TEXT" >"$1"
SH
chmod +x editor
export EDITOR="$work/editor --wait"
TEXT='walruses' t newsq saved edit kim <<'EOF'
= 0
EOF
t newsq saved show kim <<'EOF'
walruses
[no newline at the end]
= 0
EOF
TEXT='# a remark
kim AND (' t newsq saved edit kim <<'EOF'
! newsq: a bracket is opened and never closed
!   kim AND (
!           ^
! hint: add ) where the group ends, or put brackets of the text in quotes
! note: 'kim' is kept as it is
= 2
EOF
t newsq saved show kim <<'EOF'
# a remark
kim AND (
[no newline at the end]
= 0
EOF
TEXT='---
sort: never
---
kim' t newsq saved edit kim <<'EOF'
! newsq: saved query 'kim': head line 'sort: never' is not understood
! hint: a head holds title: TEXT, sort: score|newest|oldest|source, limit: N, syntax: native|nexis|factiva|dtsearch|lucene
= 2
EOF
TEXT='query:g/mars OR query:later' t newsq saved edit kim <<'EOF'
! note: no saved query 'later' yet
= 0
EOF
TEXT='query:kim' t newsq saved edit g/mars <<'EOF'
! newsq: saved queries go in a circle: g/mars <- kim <- g/mars
! hint: one of them must do without the other
! note: 'g/mars' is kept as it is
= 2
EOF
TEXT='kim w/10 putin' newsq saved edit kim
TEXT='mars AND rover*' newsq saved edit g/mars
EDITOR=false t newsq saved edit kim <<'EOF'
! newsq: the editor 'false' failed
! hint: set VISUAL or EDITOR to one that works
= 5
EOF
t newsq saved edit nothing <<'EOF'
! newsq: no saved query 'nothing'
! hint: 'newsq saved list' shows what there is in 'config/newsdex/queries'
= 3
EOF
VISUAL="$work/editor" TEXT='kim w/10 putin' EDITOR=false t newsq saved edit kim <<'EOF'
= 0
EOF
t newsq saved edit <<'EOF'
! newsq: that is not how 'saved edit' is used
! hint: newsq saved edit NAME
= 2
EOF

# circles are refused when they are made
t newsq saved add loop 'query:loop' <<'EOF'
! newsq: saved queries go in a circle: loop <- loop
! hint: one of them must do without the other
= 2
EOF
newsq saved add -q a 'query:b'
t newsq saved add b 'kim AND (putin OR query:a)' <<'EOF'
! newsq: saved queries go in a circle: b <- a <- b
! hint: one of them must do without the other
= 2
EOF
newsq saved rm a

# what a script expects
t newsq saved test kim <<'EOF'
= 0
EOF
t newsq saved test kim --expect 'total > 0' --expect 'exact = true' --expect 'total=10' <<'EOF'
= 0
EOF
for op in '= 10' '!= 9' '< 11' '<= 10' '> 9' '>= 10'; do
    ok "total $op" newsq saved test kim --expect "total $op"
done
for op in '= 9' '!= 10' '< 10' '<= 9' '> 10' '>= 11'; do
    is "not total $op" 1 "$(newsq saved test -q kim --expect "total $op"; echo $?)"
done
t newsq saved test kim --expect 'total > 10' --expect 'new = 0' <<'EOF'
! kim: total is 10, expected: total > 10
= 1
EOF
t newsq saved test g/ --expect 'total = 7' <<'EOF'
! g/mars: total is 5, expected: total = 7
= 1
EOF
t newsq saved test --all --expect 'total > 4' <<'EOF'
= 0
EOF
t newsq saved test kim --expect 'total is 4' <<'EOF'
! newsq: 'total is 4' is nothing to expect
! hint: write total, new or exact, one of = != < <= > >=, and a number: 'total > 0'
= 2
EOF
t newsq saved test kim --expect 'hits > 4' <<'EOF'
! newsq: 'hits > 4' is nothing to expect
! hint: write total, new or exact, one of = != < <= > >=, and a number: 'total > 0'
= 2
EOF
t newsq saved test kim --expect 'total > many' <<'EOF'
! newsq: 'total > many' is nothing to expect
! hint: write total, new or exact, one of = != < <= > >=, and a number: 'total > 0'
= 2
EOF
newsq saved run kim --new -q >/dev/null
is 'nothing is new' 0 "$(newsq saved test kim --expect 'new = 0'; echo $?)"
newsq show --format json hg-20230917-1 | jq -c '.id = "z-1" | .body = "Kim and Putin."' >more.jsonl
newsdex add -q -j 1 -d news more.jsonl
is 'one is new' 0 "$(newsq saved test kim --expect 'new = 1'; echo $?)"
is 'a test reports nothing' 0 "$(newsq saved test kim --expect 'new = 1'; echo $?)"

# lists: quotes of a name do not end those of the template, equal file names are told apart
printf '# names\nKim Jong-un\n\nVladimir Putin\nVladimir "Vova" Putin\nkim jong un\n' >names.txt
t newsq saved import people --list names.txt --template '"{}"' <<'EOF'
! 4 saved queries made
= 0
EOF
t newsq saved list people/ <<'EOF'
people/kim-jong-un	Kim Jong-un
people/kim-jong-un-2	kim jong un
people/vladimir-putin	Vladimir Putin
people/vladimir-vova-putin	Vladimir "Vova" Putin
= 0
EOF
t newsq saved show people/vladimir-vova-putin <<'EOF'
---
title: Vladimir "Vova" Putin
---
"Vladimir \"Vova\" Putin"
= 0
EOF
t newsq saved import bad --list names.txt --template '({}' <<'EOF'
! note: bad/kim-jong-un is kept, but is no query yet: a bracket is opened and never closed
! note: bad/vladimir-putin is kept, but is no query yet: a bracket is opened and never closed
! note: bad/vladimir-vova-putin is kept, but is no query yet: a bracket is opened and never closed
! note: bad/kim-jong-un-2 is kept, but is no query yet: a bracket is opened and never closed
! 4 saved queries made
= 2
EOF
t newsq saved list bad/ <<'EOF'
bad/kim-jong-un	Kim Jong-un
bad/kim-jong-un-2	kim jong un
bad/vladimir-putin	Vladimir Putin
bad/vladimir-vova-putin	Vladimir "Vova" Putin
= 0
EOF
t newsq saved import bad --list names.txt --template 'no place' --force <<'EOF'
! newsq: the template 'no place' has no place for a line
! hint: write {} where it goes: 'person:"{}"'
= 2
EOF
# a bad query is told and kept, the others run
t newsq saved run bad/ --format oneline <<'EOF'
! newsq: saved query 'bad/kim-jong-un': a bracket is opened and never closed
! hint: add ) where the group ends, or put brackets of the text in quotes
! newsq: saved query 'bad/kim-jong-un-2': a bracket is opened and never closed
! hint: add ) where the group ends, or put brackets of the text in quotes
! newsq: saved query 'bad/vladimir-putin': a bracket is opened and never closed
! hint: add ) where the group ends, or put brackets of the text in quotes
! newsq: saved query 'bad/vladimir-vova-putin': a bracket is opened and never closed
! hint: add ) where the group ends, or put brackets of the text in quotes
= 2
EOF
finish
