#!/usr/bin/env bash
# batch: a query a line, answers as jsonl.
. "$(dirname "$0")/lib.sh"
sample news

IN='walruses
kim w/5
dumplings sturgeon
nosuchword
' t newsq batch -d news -n 1 --no-snippets <<'EOF'
{"type":"hit","rank":1,"score":7.584006,"id":"hg-20230917-1","title":"Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end","date":"2023-09-17","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/drones-a-bulletproof-vest-and-a"}
{"type":"end","version":1,"total":1,"exact":true,"query":"walruses","uuid":"UUID","revision":1}
{"type":"error","line":2,"status":2,"message":"'w/5' lacks its right operand","hint":"write something after it, or put it in quotes to look for the word","start":4,"end":7}
{"type":"hit","rank":1,"score":6.720115,"id":"hg-20230913-1","title":"Spaceport summit: Putin hints at satellite help for North Korea","date":"2023-09-13","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/spaceport-summit-putin-hints-at-satellite"}
{"type":"end","version":1,"total":4,"exact":true,"query":"dumplings sturgeon","uuid":"UUID","revision":1}
{"type":"end","version":1,"total":0,"exact":true,"query":"nosuchword","uuid":"UUID","revision":1}
= 2
EOF
IN='{"query":"walruses","id":"q1"}
{"query":"dumplings AND sturgeon"}
{"nothing":1}
{"query":
' t newsq batch -d news --no-snippets -n 1 <<'EOF'
{"type":"error","line":1,"status":2,"message":"unknown key 'id'","hint":"keys are query, limit, offset, sort","start":0,"end":0}
{"type":"hit","rank":1,"score":6.720115,"id":"hg-20230913-1","title":"Spaceport summit: Putin hints at satellite help for North Korea","date":"2023-09-13","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/spaceport-summit-putin-hints-at-satellite"}
{"type":"end","version":1,"total":4,"exact":true,"query":"dumplings AND sturgeon","uuid":"UUID","revision":1}
{"type":"error","line":3,"status":2,"message":"unknown key 'nothing'","hint":"keys are query, limit, offset, sort","start":0,"end":0}
{"type":"error","line":4,"status":2,"message":"the line begins with { but is not JSON","hint":"","start":0,"end":0}
= 2
EOF
IN='' t newsq batch -d news <<'EOF'
= 0
EOF
IN='

walruses
' t newsq batch -d news -l <<'EOF'
! newsq: '-l' is no option of 'newsq batch'
! hint: it belongs to: search like
= 2
EOF
IN='person:Kim Jong Un
armored train
' t newsq batch -d news -n 0 <<'EOF'
{"type":"end","version":1,"total":18,"exact":true,"query":"person:Kim Jong Un","uuid":"UUID","revision":1}
{"type":"end","version":1,"total":13,"exact":true,"query":"armored train","uuid":"UUID","revision":1}
= 0
EOF
IN=$'bad \xff bytes\nwalruses' t newsq batch -d news -n 0 <<'EOF'
{"type":"error","line":1,"status":2,"message":"the query is not UTF-8","hint":"","start":0,"end":0}
{"type":"end","version":1,"total":1,"exact":true,"query":"walruses","uuid":"UUID","revision":1}
= 2
EOF
t newsq batch -d news walruses <<'EOF'
! newsq: batch takes its queries from standard input
! hint: newsq batch [search|count|facet FIELD] -d DIR < queries.txt
= 2
EOF
t newsq batch -d nothing <<'EOF'
! newsq: there is no index in 'nothing'
! hint: make one with: newsdex add -d nothing FILE, or name another folder with -d
= 3
EOF
IN='kim' t newsq batch -d news --since 2023-09 --until 2023-09 --within train -n 0 <<'EOF'
{"type":"end","version":1,"total":12,"exact":true,"query":"kim","uuid":"UUID","revision":1}
= 0
EOF
# it answers each line as it comes
coproc newsq batch -d news -n 0
echo walruses >&"${COPROC[1]}"
read -r -t 5 line <&"${COPROC[0]}"
is "an answer before the next question" '{"type":"end"' "${line:0:13}"
eval "exec ${COPROC[1]}>&-"
wait
# the same answers as search
for q in 'kim putin' '"armored train"' 'date:2023-09' 'title:kim OR train'; do
    is "batch finds what search finds: $q" "$(newsq -q -d news -l "$q" | sort)" "$(echo "$q" | newsq batch -d news -n all --no-snippets | grep '"type":"hit"' | sed 's/.*"id":"\([^"]*\)".*/\1/' | sort)"
done
finish
