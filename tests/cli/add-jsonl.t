#!/usr/bin/env bash
# add and convert: JSON lines and arrays, keys, mapping, coverage, versions.
. "$(dirname "$0")/lib.sh"

cat >one.jsonl <<'X'
{"id":"a1","title":"Ferry sails again","body":"The ferry sailed.\n\nIt was late.","date":"2001-02-03","source":"Harbour Gazette","author":"By Ann Lee and Bo Yu","tags":["sea","ships"],"url":"https://harbour.example.org/1"}
{"id":"a2","headline":"Bridge opens","text":"A bridge opened on Monday.","pubDate":"Mon, 05 Feb 2001 10:00:00 +0100","publication":"Harbour Gazette","lang":"en","colour":"red","mood":1}

{"id":"a3","title":"Ohne Datum","body":"Der Zug kam an.","lang":"de","colour":"blue"}
X
t newsdex convert one.jsonl <<'EOF'
{"id":"a1","title":"Ferry sails again","body":"The ferry sailed.\n\nIt was late.","published":"2001-02-03","authors":["Ann Lee","Bo Yu"],"source":"Harbour Gazette","url":"https://harbour.example.org/1","tags":["sea","ships"],"origin":{"file":"one.jsonl","offset":0,"length":222}}
{"id":"a2","title":"Bridge opens","body":"A bridge opened on Monday.","published":"2001-02-05T10:00:00+01:00","source":"Harbour Gazette","lang":"en","origin":{"file":"one.jsonl","offset":223,"length":185}}
{"id":"a3","title":"Ohne Datum","body":"Der Zug kam an.","lang":"de","origin":{"file":"one.jsonl","offset":410,"length":85}}
! articles with: id 100 %, title 100 %, body 100 %, date 66.7 %, author 33.3 %, source 66.7 %, lang 66.7 %, url 33.3 %, tag 33.3 %
! keys left out: colour (2), mood (1); --map OURS=THEIRS takes them in
= 0
EOF
t newsdex add -d one one.jsonl <<'EOF'
! 3 articles added to 'one'; 0.0 MB of text in N s
! articles with: id 100 %, title 100 %, body 100 %, date 66.7 %, author 33.3 %, source 66.7 %, lang 66.7 %, url 33.3 %, tag 33.3 %
! keys left out: colour (2), mood (1); --map OURS=THEIRS takes them in
= 0
EOF
t ids newsq -l -d one '*' <<'EOF'
a1 a2 a3
= 0
EOF
t newsq -l -d one author:'"Bo Yu"' date:2001-02-03 tag:ships <<'EOF'
a1
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
t newsq -l -d one züge <<'EOF'
a3
= 0
EOF

# the same again adds nothing
t newsdex add -d one one.jsonl <<'EOF'
! 0 articles added to 'one', 1 file not read again: nothing in it has changed
= 0
EOF
cp one.jsonl copy.jsonl
t newsdex add -d one copy.jsonl <<'EOF'
! 0 articles added to 'one', 3 unchanged
! articles with: id 100 %, title 100 %, body 100 %, date 66.7 %, author 33.3 %, source 66.7 %, lang 66.7 %, url 33.3 %, tag 33.3 %
! keys left out: colour (2), mood (1); --map OURS=THEIRS takes them in
= 0
EOF
t newsq count -d one <<'EOF'
3
= 0
EOF

# an array, one on a line, nested objects and wrapped records
printf '[\n{"id":"b1","title":"One","body":"First of the array."},\n{"id":"b2","title":"Two","body":"Second, of the [array]."}\n]\n' >array.json
t newsdex convert array.json <<'EOF'
{"id":"b1","title":"One","body":"First of the array.","origin":{"file":"array.json","offset":2,"length":54}}
{"id":"b2","title":"Two","body":"Second, of the [array].","origin":{"file":"array.json","offset":58,"length":58}}
! articles with: id 100 %, title 100 %, body 100 %
= 0
EOF
printf '[{"id":"b1","body":"x"},{"id":"b2","body":"y"}]' >line.json
t newsdex convert -q line.json <<'EOF'
{"id":"b1","body":"x","origin":{"file":"line.json","offset":1,"length":22}}
{"id":"b2","body":"y","origin":{"file":"line.json","offset":24,"length":22}}
= 0
EOF
printf '{"id":"c1","title":"Pretty","body":"Printed over lines."}\n' | sed 's/,/,\n  /g' >pretty.json
t newsdex convert -q pretty.json <<'EOF'
{"id":"c1","title":"Pretty","body":"Printed over lines.","origin":{"file":"pretty.json","offset":0,"length":63}}
= 0
EOF
IN='{"id":"s1","body":"From standard input."}' t newsdex convert -q - <<'EOF'
{"id":"s1","body":"From standard input.","origin":{"file":"-","offset":0,"length":41}}
= 0
EOF

# keys
printf '%s\n' '{"key":7,"kicker":"Own headline","story":"Own body.","when":"5 September 2023","who":"Jo Ray"}' >own.jsonl
t newsdex convert own.jsonl <<'EOF'
{"id":"nd-cb0f9171c8d219c5e2b29b4e947fffd6","body":"Own body.","origin":{"file":"own.jsonl","offset":0,"length":94}}
! articles with: body 100 %
! keys left out: key (1), kicker (1), when (1), who (1); --map OURS=THEIRS takes them in
= 0
EOF
t newsdex convert --map id=key,title=kicker,body=story --map date=when,author=who own.jsonl <<'EOF'
{"id":"7","title":"Own headline","body":"Own body.","published":"2023-09-05","authors":["Jo Ray"],"origin":{"file":"own.jsonl","offset":0,"length":94}}
! articles with: id 100 %, title 100 %, body 100 %, date 100 %, author 100 %
= 0
EOF
t newsdex convert --map colour=key own.jsonl <<'EOF'
! newsdex: 'colour' in --map is not a field
! hint: the fields are id version title lead body date updated author source section lang url tag person org place misc
= 2
EOF
t newsdex convert --map title own.jsonl <<'EOF'
! newsdex: 'title' is not of the form OURS=THEIRS
! hint: for example --map title=headline,body=content.text
= 2
EOF
t newsdex convert -q --set source='The Epoch Times' --set date=2023-09-08 --default title='No title' --id-prefix x- one.jsonl <<'EOF'
{"id":"x-a1","title":"Ferry sails again","body":"The ferry sailed.\n\nIt was late.","published":"2023-09-08","authors":["Ann Lee","Bo Yu"],"source":"The Epoch Times","url":"https://harbour.example.org/1","tags":["sea","ships"],"origin":{"file":"one.jsonl","offset":0,"length":222}}
{"id":"x-a2","title":"Bridge opens","body":"A bridge opened on Monday.","published":"2023-09-08","source":"The Epoch Times","lang":"en","origin":{"file":"one.jsonl","offset":223,"length":185}}
{"id":"x-a3","title":"Ohne Datum","body":"Der Zug kam an.","published":"2023-09-08","source":"The Epoch Times","lang":"de","origin":{"file":"one.jsonl","offset":410,"length":85}}
= 0
EOF
t newsdex convert --set when=2023 one.jsonl <<'EOF'
! newsdex: 'when' in --set is not a field
! hint: the fields are id version title lead body date updated author source section lang url tag person org place misc
= 2
EOF
t newsdex convert --set date=soon one.jsonl <<'EOF'
! newsdex: 'soon' is not a date: it has a word that no date has
= 2
EOF

# dates that cannot be read leave the article undated, and are counted
printf '%s\n' '{"id":"d1","body":"x","date":"05/09/2023"}' '{"id":"d2","body":"x","date":"2023-02-30"}' \
    '{"id":"d3","body":"x","date":1694000000}' '{"id":"d4","body":"x","date":"2023-09"}' '{"id":"d5","body":"x","date":"1988"}' >dates.jsonl
t newsdex convert dates.jsonl <<'EOF'
{"id":"d1","body":"x","origin":{"file":"dates.jsonl","offset":0,"length":42}}
{"id":"d2","body":"x","origin":{"file":"dates.jsonl","offset":43,"length":42}}
{"id":"d3","body":"x","published":"2023-09-06T11:33:20Z","origin":{"file":"dates.jsonl","offset":86,"length":40}}
{"id":"d4","body":"x","published":"2023-09","origin":{"file":"dates.jsonl","offset":127,"length":39}}
{"id":"d5","body":"x","published":"1988","origin":{"file":"dates.jsonl","offset":167,"length":36}}
! articles with: id 100 %, body 100 %, date 60.0 %
! 2 dates could not be read: those articles are undated
= 0
EOF

# an id that the dump lacks is made of the content, the same each time
printf '%s\n' '{"title":"Same","body":"Same text."}' '{"title":"Other","body":"Same text."}' >noid.jsonl
is "made ids are stable" "$(quiet newsdex convert noid.jsonl | grep -o '"id":"[^"]*"')" "$(quiet newsdex convert ./noid.jsonl | grep -o '"id":"[^"]*"')"
is "made ids differ" 2 "$(quiet newsdex convert noid.jsonl | grep -o '"id":"[^"]*"' | sort -u | wc -l)"

# versions: the later `updated` wins, then the higher version; the order of arrival does not matter
v1='{"id":"v","title":"First report","body":"Ten were hurt.","updated":"2020-01-01","version":1}'
v2='{"id":"v","title":"Second report","body":"Twelve were hurt.","updated":"2020-01-02","version":1}'
v3='{"id":"v","title":"Third report","body":"Nine were hurt.","updated":"2020-01-02","version":2}'
printf '%s\n' "$v1" >v1.jsonl; printf '%s\n' "$v2" >v2.jsonl; printf '%s\n' "$v3" >v3.jsonl; printf '%s\n' "$v2" "$v3" "$v1" >v231.jsonl
for order in "v1 v2 v3" "v3 v2 v1" "v2 v3 v1" v231; do
    rm -rf versions
    for v in $order; do newsdex add -q --replace -d versions "$v.jsonl"; done
    is "the third report wins: $order" "v" "$(newsq -l -d versions nine)"
    is "the others are gone: $order" "0" "$(newsq count -d versions 'ten OR twelve')"
    is "one article: $order" "1" "$(newsq count -d versions)"
done

# dumps that number their articles 1..N would replace each other
for i in 1 2 3 4 5; do echo "{\"id\":\"$i\",\"body\":\"Paper one, article $i.\"}"; done >paper1.jsonl
for i in 1 2 3 4 5; do echo "{\"id\":\"$i\",\"body\":\"Paper two, article $i.\"}"; done >paper2.jsonl
t newsdex add -q -d numbered paper1.jsonl <<'EOF'
= 0
EOF
t newsdex add -d numbered paper2.jsonl <<'EOF'
! newsdex: 2 of 5 records have the id of an article that came from another file
! hint: if they are new versions of it, give --replace; if this dump numbers its articles itself, give --id-prefix NAME-
= 2
EOF
t newsq count -d numbered one <<'EOF'
5
= 0
EOF
t newsdex add -q -d numbered --id-prefix two- paper2.jsonl <<'EOF'
= 0
EOF
t newsq count -d numbered <<'EOF'
10
= 0
EOF
t newsdex add -q -d numbered --replace paper2.jsonl <<'EOF'
= 0
EOF
t newsq count -d numbered one <<'EOF'
3
= 0
EOF

# nothing is written by a dry run; --stats is one object
t newsdex add -d dry --dry-run one.jsonl <<'EOF'
! 3 articles could be read; nothing was written
! articles with: id 100 %, title 100 %, body 100 %, date 66.7 %, author 33.3 %, source 66.7 %, lang 66.7 %, url 33.3 %, tag 33.3 %
! keys left out: colour (2), mood (1); --map OURS=THEIRS takes them in
= 0
EOF
is "a dry run writes nothing" no "$([ -e dry ] && echo yes || echo no)"
t eval "newsdex add -q --stats -d stats one.jsonl | tr ',{' '\n\n' | cut -d: -f1" <<'EOF'

"added"
"changed"
"unchanged"
"older"
"withdrawn"
"bad"
"words"
"text_bytes"
"segments"
"segment_bytes"
"commits"
"files_unchanged"
"seconds"
"revision"
"uuid"
= 0
EOF

# what convert prints reads back as itself; the sample in one go and in parts finds the same
newsdex convert -q "$corpora/news.jsonl" >all.jsonl
is "convert reads what it wrote" "$(sed 's/,"origin":.*//' all.jsonl | cksum)" "$(newsdex convert -q all.jsonl | sed 's/,"origin":.*//' | cksum)"
finish
