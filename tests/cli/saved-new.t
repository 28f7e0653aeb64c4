#!/usr/bin/env bash
# saved queries, reports and alerts: exactly once, changes and withdrawals told apart.
. "$(dirname "$0")/lib.sh"
export HOME=$work/home XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
awk 'NR % 3' "$corpora/news.jsonl" >one.jsonl
awk 'NR % 3 == 0' "$corpora/news.jsonl" >two.jsonl
newsdex add -q -j 1 -d news one.jsonl
export NEWSDEX_INDEX=news

t newsq saved add kim 'kim w/10 putin' --title 'Kim and Putin' <<'EOF'
= 0
EOF
t newsq saved add space/mars 'mars AND rover*' <<'EOF'
= 0
EOF
t newsq saved add all 'query:kim OR query:space/mars' <<'EOF'
= 0
EOF
t newsq saved add kim other <<'EOF'
! newsq: there is a saved query 'kim' already
! hint: give --force to write over it, or choose another name
= 2
EOF
t newsq saved add bad 'kim AND (' <<'EOF'
! newsq: a bracket is opened and never closed
!   kim AND (
!           ^
! hint: add ) where the group ends, or put brackets of the text in quotes
= 2
EOF
t newsq saved add ../up kim <<'EOF'
! newsq: '../up' is no name for a saved query
! hint: letters, digits, - _ and . with / between group and name
= 2
EOF
t newsq saved list <<'EOF'
all	query:kim OR query:space/mars
kim	Kim and Putin
space/mars	mars AND rover*
= 0
EOF
t newsq saved show kim <<'EOF'
---
title: Kim and Putin
---
kim w/10 putin
= 0
EOF
t newsq saved show kin <<'EOF'
! newsq: no saved query 'kin'
! hint: did you mean 'kim'? 'newsq saved list' shows all
= 3
EOF
t newsq saved run space/ --format oneline -n 2 <<'EOF'
== space/mars (4)

oa-20210419-1	2021-04-19	Orbit & Atom	A first flight on Mars, 39 seconds long
mw-20210218-1	2021-02-18T21:20:00Z	Meridian Wire	Perseverance lands on Mars to look for signs of ancient life
= 0
EOF
t newsq count 'query:kim -summit' <<'EOF'
6
= 0
EOF

# from now on, then what came, then nothing: exactly once
t newsq saved run kim --new <<'EOF'
! note: 'kim' is reported of from now on; --from-start reports all
= 1
EOF
t newsq saved run kim --new --all-again --format oneline <<'EOF'
== kim: Kim and Putin (7)

new	pd-20240619-1	2024-06-19	Pacific Daily	Putin and Kim sign mutual defense pact in Pyongyang
new	hg-20230917-1	2023-09-17	Harbour Gazette	Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
new	bl-20230914-1	2023-09-14	The Baltic Ledger	Putin, Kim promise closer ties at spaceport meeting
new	cr-20230914-1	2023-09-14	The Capitol Record	Kirby: any arms deal with North Korea will have consequences
new	pd-20230914-1	2023-09-14T00:20:00+09:00	Pacific Daily	Kim and Putin meet at Vostochny Cosmodrome
new	hg-20230913-1	2023-09-13	Harbour Gazette	Spaceport summit: Putin hints at satellite help for North Korea
new	cr-20230905-1	2023-09-05	The Capitol Record	White House warns North Korea against arming Moscow
= 0
EOF
t newsq saved run kim --new <<'EOF'
= 1
EOF
t newsdex add -q -j 1 -d news two.jsonl <<'EOF'
= 0
EOF
t newsq saved run kim --new --hold --format oneline <<'EOF'
== kim: Kim and Putin (3)

new	mw-20231013-1	2023-10-13T20:10:00Z	Meridian Wire	U.S. says North Korea shipped 1,000 containers of arms to Russia
new	nc-20230914-1	2023-09-14	The Northern Courier	‘A picture, and they got one’
new	mw-20230913-1	2023-09-13T12:15:00Z	Meridian Wire	Putin and Kim meet at Russian spaceport, promise closer ties
= 0
EOF
t newsq saved commit kim <<'EOF'
= 0
EOF
t newsq saved commit kim <<'EOF'
= 1
EOF
t newsq saved run kim --new --quiet-empty <<'EOF'
= 0
EOF

# a correction and a withdrawal of what was reported
first=$(newsq -l -q 'query:kim' | LC_ALL=C sort | head -n 1)
newsq show --format json "$first" | jq -c '.updated = "2030-01-01" | .title = "Corrected: " + .title' >changed.jsonl
newsdex add -q -j 1 --replace -d news changed.jsonl
t newsq saved run kim --new --format oneline <<'EOF'
== kim: Kim and Putin (1)

changed	bl-20230914-1	2023-09-14	The Baltic Ledger	Corrected: Putin, Kim promise closer ties at spaceport meeting
= 0
EOF
newsdex delete -q -d news --yes "$first" >/dev/null
is 'a withdrawn article is told by the hash of its id' 1 "$(newsq saved run kim --new | grep -c '^withdrawn')"
is 'and only once' 1 "$(newsq saved run kim --new >/dev/null; echo $?)"

# a full disk keeps the state
newsdex delete -q -d news --yes --query 'kim w/10 putin' >/dev/null
ok 'a report that cannot be written fails' bash -c "! '$bin/newsq' saved run kim --new >/dev/full"
is 'and is reported again' yes "$(newsq saved run kim --new | grep -q '^withdrawn' && echo yes)"

# another index with the same query
newsdex add -q -j 1 -d other one.jsonl
t newsq saved run kim --new -d other <<'EOF'
! newsq: the alerts of 'kim' cannot go on: they were those of another index
! hint: --from-now starts with what comes from now on, --all-again reports everything
= 3
EOF

echo 'query:loop' >config/newsdex/queries/loop.query
t newsq 'query:loop' <<'EOF'
! newsq: saved queries go in a circle: loop <- loop
!   query:loop
!   ^^^^^^^^^^
! hint: one of them must do without the other
= 2
EOF
printf '# names\nKim Jong-un\n\nVladimir Putin\n' >names.txt
t newsq saved import people --list names.txt --template '"{}"' <<'EOF'
! 2 saved queries made
= 0
EOF
t newsq saved list people/ <<'EOF'
people/kim-jong-un	Kim Jong-un
people/vladimir-putin	Vladimir Putin
= 0
EOF
t newsq saved rename people/kim-jong-un leader <<'EOF'
= 0
EOF
t newsq saved rm people/vladimir-putin <<'EOF'
= 0
EOF
t newsq saved list people/ <<'EOF'
= 1
EOF
t newsq saved export leader <<'EOF'
{"name":"leader","file":"---\ntitle: Kim Jong-un\n---\n\"Kim Jong-un\"\n"}
= 0
EOF
t newsq saved frobnicate <<'EOF'
! newsq: no verb 'saved frobnicate'
! hint: newsq saved add|list|show|edit|rm|rename|run|test|commit|import|export
= 2
EOF
finish
