#!/usr/bin/env bash
# Queries that are refused, in one process: refusals.case has each with the spot in bytes, the reason and the
# correction, exactly. A query is written there as in a JSON string.
. "$(dirname "$0")/lib.sh"
sample news

case=$(dirname "$lib_file")/refusals.case
mkdir -p none
sed -n 's/^? \(.*\)$/{"query":"\1"}/p' "$case" >queries
newsq batch -d news --queries none -n 0 <queries >answers 2>err
ok "status 2" [ $? -eq 2 ]
ok "nothing on standard error" [ ! -s err ]
ok "every query is answered" [ "$(wc -l <answers)" -eq "$(wc -l <queries)" ]
ok "every query is refused" [ "$(grep -c '"type":"error"' answers)" -eq "$(wc -l <queries)" ]
ok "at least 120 of them" [ "$(wc -l <queries)" -ge 120 ]
ok "each gives a hint" [ "$(grep -c '"hint":""' answers)" -eq 0 ]
ok "each names its spot" [ "$(grep -c '"start":0,"end":0}' answers)" -eq 0 ]
{
    sed '/^?/,$d' "$case"
    sed -E 's/^\{"type":"error","line":[0-9]+,"status":2,"message":"(.*)","hint":"(.*)","start":([0-9]+),"end":([0-9]+)\}$/! \3-\4 \1\x01> \2/' answers |
        paste -d $'\x01' <(grep '^? ' "$case") - | tr '\001' '\n'
} >now
[ -z "${GOLDEN-}" ] || cp now "$case"
ok "spot, reason and correction are as in refusals.case" diff -u "$case" now
# blanks that are none of the keyboard's
newsq batch -d news -n 0 <<'Q' >answers 2>/dev/null
{"query":"kim\u00a0AND\u00a0putin"}
{"query":"kim AND\r\nputin\r\n"}
{"query":"kim\u00a0w/5\u00a0putin"}
{"query":"kim w/5 putin"}
Q
ok "NBSP and CRLF are blanks" [ "$(cut -d: -f4 answers | uniq | wc -l)" -eq 2 ]
# a long pasted query: the line and a window of it
{ printf 'kim AND\n('; for i in $(seq 60); do printf '"word number %d" OR ' "$i"; done; printf 'w/5 putin OR x)\n'; } >long
newsq -d news -f long >/dev/null 2>err
ok "line and column" grep -q '^!\? *2:' err
ok "a window of the line" [ "$(wc -L <err)" -lt 200 ]

finish
