#!/usr/bin/env bash
# add and convert: compressed files and archives, made on the fly; cut and damaged ones.
. "$(dirname "$0")/lib.sh"

for i in 1 2 3; do echo "{\"id\":\"p$i\",\"title\":\"Number $i\",\"body\":\"The packed article $i.\"}"; done >p.jsonl
plain=$(newsdex convert -q p.jsonl | grep -o '"id":"[^"]*"')

# each NAME COMMAND: what the command writes to standard output reads as the plain file does
each() {
    local name=$1
    shift
    if ! command -v "$1" >/dev/null; then
        skip "no $1"
        return
    fi
    "$@" >"$name" 2>/dev/null
    is "$name" "$plain" "$(newsdex convert -q "$name" 2>&1 | grep -o '"id":"[^"]*"')"
    is "$name on standard input" "$plain" "$(newsdex convert -q - <"$name" 2>&1 | grep -o '"id":"[^"]*"')"
    mv "$name" "renamed"
    is "$name by content, whatever the name" "$plain" "$(newsdex convert -q renamed 2>&1 | grep -o '"id":"[^"]*"')"
    rm -f renamed
}
each p.jsonl.gz gzip -c p.jsonl
each p.jsonl.xz xz -c p.jsonl
each p.jsonl.zst zstd -q -c p.jsonl
each p.jsonl.bz2 bzip2 -c p.jsonl
each p.tar tar -cf - p.jsonl
each p.tar.gz tar -czf - p.jsonl
each p.tar.xz tar -cJf - p.jsonl
if command -v zip >/dev/null; then each p.zip zip -q - p.jsonl; else skip "no zip"; fi

# gzip files put one after another are one
head -n 1 p.jsonl | gzip -c >parts.gz
sed -n '2,$p' p.jsonl | gzip -c >>parts.gz
is "gzip of several members" "$plain" "$(newsdex convert -q parts.gz | grep -o '"id":"[^"]*"')"

# archives of many files: each member is looked at, and named
mkdir -p box/sub
cp p.jsonl box/a.jsonl
printf 'A text in a box\n\nIt has a body.\n' >box/sub/t.txt
gzip -c p.jsonl | sed 's/x/x/' >box/sub/again.jsonl.gz
tar -cf box.tar box
t eval "newsdex convert -q box.tar | grep -o '\"origin\":.*' | LC_ALL=C sort" <<'EOF'
"origin":{"file":"box.tar","member":"box/a.jsonl","offset":0,"length":61}}
"origin":{"file":"box.tar","member":"box/a.jsonl","offset":124,"length":61}}
"origin":{"file":"box.tar","member":"box/a.jsonl","offset":62,"length":61}}
"origin":{"file":"box.tar","member":"box/sub/again.jsonl.gz","offset":0,"length":61}}
"origin":{"file":"box.tar","member":"box/sub/again.jsonl.gz","offset":124,"length":61}}
"origin":{"file":"box.tar","member":"box/sub/again.jsonl.gz","offset":62,"length":61}}
"origin":{"file":"box.tar","member":"box/sub/t.txt","offset":0,"length":32}}
= 0
EOF
t newsdex add -d boxed box.tar <<'EOF'
! 4 articles added to 'boxed', 3 unchanged; 0.0 MB of text in N s
! articles with: id 85.7 %, title 100 %, body 100 %
= 0
EOF
t ids newsq -l -d boxed packed <<'EOF'
p1 p2 p3
= 0
EOF

# cut off: what came before is read, the status is 5
awk 'BEGIN { srand(1); for (i = 1; i <= 2000; i++) { printf "{\"id\":\"g%d\",\"title\":\"Number %d\",\"body\":\"", i, i
    for (k = 0; k < 12; k++) printf "%x ", rand() * 2147483647; print "\"}" } }' >many.jsonl
gzip -c many.jsonl >whole.gz
head -c 60000 whole.gz >cut.gz
newsdex add -q -d cut cut.gz 2>err
is "a cut gzip ends with status 5" 5 $?
t sed -E 's/:[0-9]+:/:N:/' err <<'EOF'
'cut.gz': the gzip data is cut off
= 0
EOF
ok "what came before the cut is there" [ "$(newsq count -d cut)" -gt 300 ]
ok "and all of it is whole" [ "$(newsq count -d cut)" -lt 2000 ]
{ head -c 30000 whole.gz; head -c 100 /dev/zero; tail -c +30101 whole.gz; } >damaged.gz
newsdex convert -q damaged.gz >/dev/null 2>err
is "a damaged gzip ends with status 5" 5 $?
ok "it is named" grep -q "damaged.gz" err
{ cat whole.gz; echo rubbish; } >rubbish.gz
newsdex convert -q rubbish.gz 2>err | wc -l >count
is "rubbish after gzip loses no record" 2000 "$(tr -d ' ' <count)"
head -c 2600 box.tar >cut.tar # in the middle of a member
newsdex convert -q cut.tar >/dev/null 2>err
is "a cut tar ends with status 5" 5 $?

# cut between two members: what came before is there, and the cut is told
printf '{"id":"c1","body":"one"}\n' >c1.jsonl
printf '{"id":"c2","body":"two"}\n' >c2.jsonl
tar -cf two.tar c1.jsonl c2.jsonl
head -c 1024 two.tar >half.tar
t newsdex convert half.tar <<'EOF'
{"id":"c1","body":"one","origin":{"file":"half.tar","member":"c1.jsonl","offset":0,"length":24}}
! 'half.tar/c1.jsonl': the archive is cut off: the mark of its end is missing
! articles with: id 100 %, body 100 %
! 1 bad record or file was skipped
= 5
EOF
gzip -c half.tar >half.tar.gz
t newsdex add -d half half.tar.gz <<'EOF'
! 'half.tar.gz/c1.jsonl': the archive is cut off: the mark of its end is missing
! 1 article added to 'half'; 0.0 MB of text in N s
! articles with: id 100 %, body 100 %
! 1 bad record or file was skipped
= 5
EOF
t newsdex convert -q two.tar <<'EOF'
{"id":"c1","body":"one","origin":{"file":"two.tar","member":"c1.jsonl","offset":0,"length":24}}
{"id":"c2","body":"two","origin":{"file":"two.tar","member":"c2.jsonl","offset":0,"length":24}}
= 0
EOF

# packed into itself again and again
cp p.jsonl deep
for i in 1 2 3 4 5 6; do gzip -c deep >deeper && mv deeper deep; done
t newsdex convert -q deep <<'EOF'
! 'deep': archives are packed in each other deeper than 4
= 5
EOF
finish
