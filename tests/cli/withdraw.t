#!/usr/bin/env bash
# Versions and withdrawals from the dump to the answer: pubStatus of NewsML-G2 and ninjs, kill notes of wires, cancel
# messages of Usenet; in one file and run by run, in both orders; the event that is left.
. "$(dirname "$0")/lib.sh"

# g2 GUID VERSION STATUS WORD: an item of that version, created at 10:0VERSION
g2() {
    cat <<X
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="$1" version="$2" standard="NewsML-G2" standardversion="2.30"><itemMeta><itemClass qcode="ninat:text"/><provider qcode="p:HGZ"/><versionCreated>2023-09-05T10:0$2:00Z</versionCreated><pubStatus qcode="stat:$3"/></itemMeta><contentMeta><headline>Harbour $4</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body><p>The harbour is $4.</p></body></html></inlineXML></contentSet></newsItem>
X
}
# ninjs URI VERSION STATUS WORD
ninjs() {
    printf '{"uri":"%s","version":"%s","versioncreated":"2023-09-05T10:0%s:00Z","pubstatus":"%s","headline":"Harbour %s","body_text":"The harbour is %s."}\n' \
        "$1" "$2" "$2" "$3" "$4" "$4"
}
add() { newsdex add -d "$1" -j 1 "${@:2}" 2>&1 | grep -v '^articles with\|^hint'; }
ids() { newsq search -d "$1" --ids "${2:-rev:0..}"; }

# a newer version replaces, an older one does nothing, whatever the order
for format in g2 ninjs; do
    $format u:1 1 usable open >one && $format u:1 2 usable shut >two
    echo "== $format"
    add up one two
    add down two one
    add steps one && add steps two && add steps one
    for d in up down steps; do
        newsq search -d $d --ids shut
        newsq search -d $d -c open
    done
    rm -r up down steps
done >log 2>&1
t cat log <<'EOF'
== g2
1 article added to 'up', 1 older than what is there; 0.0 MB of text in N s
1 article added to 'down', 1 older than what is there; 0.0 MB of text in N s
1 article added to 'steps'; 0.0 MB of text in N s
0 articles added to 'steps', 1 replaced by newer versions; 0.0 MB of text in N s
0 articles added to 'steps', 1 file not read again: nothing in it has changed
u:1
0
u:1
0
u:1
0
== ninjs
1 article added to 'up', 1 older than what is there; 0.0 MB of text in N s
1 article added to 'down', 1 older than what is there; 0.0 MB of text in N s
1 article added to 'steps'; 0.0 MB of text in N s
0 articles added to 'steps', 1 replaced by newer versions; 0.0 MB of text in N s
0 articles added to 'steps', 1 file not read again: nothing in it has changed
u:1
0
u:1
0
u:1
0
= 0
EOF

# taken back: by a later version, in one file, over two runs
for how in 'g2 canceled' 'ninjs withheld'; do
    format=${how% *} status=${how#* }
    $format u:1 1 usable open >one && $format u:2 1 usable calm >other && $format u:1 2 $status gone >notice
    echo "== $format $status"
    add apart one other && add apart notice
    add at_once one other notice
    add reverse notice other one
    # one that comes a run before its article has nothing to take back, and is not remembered
    add before notice && add before one other
    for d in apart at_once reverse before; do
        ids $d
    done
    # not by an earlier one
    $format u:1 3 usable again >three
    add newer three && add newer notice
    ids newer
    # a later version brings it back
    add apart three
    ids apart again
    rm -r apart at_once reverse before newer
done >log 2>&1
t cat log <<'EOF'
== g2 canceled
2 articles added to 'apart'; 0.0 MB of text in N s
0 articles added to 'apart', 1 withdrawn
1 article added to 'at_once', 1 withdrawn; 0.0 MB of text in N s
1 article added to 'reverse', 1 withdrawn; 0.0 MB of text in N s
0 articles added to 'before'
2 articles added to 'before'; 0.0 MB of text in N s
u:2
u:2
u:2
u:1
u:2
1 article added to 'newer'; 0.0 MB of text in N s
0 articles added to 'newer', 1 older than what is there
u:1
1 article added to 'apart'; 0.0 MB of text in N s
u:1
== ninjs withheld
2 articles added to 'apart'; 0.0 MB of text in N s
0 articles added to 'apart', 1 withdrawn
1 article added to 'at_once', 1 withdrawn; 0.0 MB of text in N s
1 article added to 'reverse', 1 withdrawn; 0.0 MB of text in N s
0 articles added to 'before'
2 articles added to 'before'; 0.0 MB of text in N s
u:2
u:2
u:2
u:1
u:2
1 article added to 'newer'; 0.0 MB of text in N s
0 articles added to 'newer', 1 older than what is there
u:1
1 article added to 'apart'; 0.0 MB of text in N s
u:1
= 0
EOF

# a notice that names no version and no time takes back what is there
cp "$corpora/formats/wire/iptc7901.txt" wire
csplit -s -b %d wire '/HGZ0124/'
t add wires wire <<'EOF'
0 articles added to 'wires', 1 withdrawn
= 0
EOF
t ids wires <<'EOF'
= 1
EOF
t add parts xx0 <<'EOF'
1 article added to 'parts'; 0.0 MB of text in N s
= 0
EOF
t ids parts tanker <<'EOF'
19890324-HGZ0123
= 0
EOF
t add parts xx1 <<'EOF'
0 articles added to 'parts', 1 withdrawn
= 0
EOF
t newsq search -d parts -c tanker <<'EOF'
0
= 1
EOF
printf 'Path: a\nNewsgroups: sea\nFrom: x@example.org\nSubject: Ferry\nMessage-ID: <2@example.org>\n\nIt sank.\n' >first
printf 'Path: a\nNewsgroups: sea\nControl: cancel <2@example.org>\nFrom: x@example.org\nSubject: cmsg cancel\nMessage-ID: <3@example.org>\n\nx\n' >last
t add usenet first <<'EOF'
1 article added to 'usenet'; 0.0 MB of text in N s
= 0
EOF
t add usenet last <<'EOF'
0 articles added to 'usenet', 1 withdrawn
= 0
EOF
t ids usenet <<'EOF'
= 1
EOF

# the event stays, seen by a saved query's report, and after a merge
g2 u:1 1 usable quuxword >one && g2 u:2 1 usable calm >other && g2 u:1 2 canceled quuxword >notice
export HOME=$work/home XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
newsdex add -q -d events one other
newsq -d events saved add harbour harbour
newsq -d events saved run harbour --new --from-start >/dev/null
newsdex add -q -d events notice
told() { newsq -d events saved run harbour --new | sed 's/[0-9a-f]\{16\}/HASH/'; }
t told <<'EOF'
== harbour (1)

withdrawn: an article reported before (id hash HASH)
= 0
EOF
newsdex merge -q -d events
t ids events <<'EOF'
u:2
= 0
EOF
t newsdex verify -q -d events <<'EOF'
= 0
EOF
# --stats of add has the count; convert has the mark, so that a dump of a dump keeps it
status() { newsdex add --stats -d json one other notice | grep -o '"withdrawn":[0-9]*'; }
t status <<'EOF'
"withdrawn":1
! 1 article added to 'json', 1 withdrawn; 0.0 MB of text in N s
! articles with: id 100 %, title 100 %, body 100 %, date 100 %, updated 100 %, source 100 %
= 0
EOF
mark() { newsdex convert -q notice | grep -o '"id":"[^"]*"\|"withdrawn":true'; }
t mark <<'EOF'
"id":"u:1"
"withdrawn":true
= 0
EOF
newsdex convert -q one other notice >again.jsonl
t add again again.jsonl <<'EOF'
1 article added to 'again', 1 withdrawn; 0.0 MB of text in N s
= 0
EOF
t ids again <<'EOF'
u:2
= 0
EOF
finish
