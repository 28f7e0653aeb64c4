#!/usr/bin/env bash
# facet of names: articles by canonical id, under display names; what a bare name is known to mean; newsdex tag.
. "$(dirname "$0")/lib.sh"
newsdex add -q -j 1 -d news "$corpora/news.jsonl" || exit 2

t newsq facet person -d news -n 6 <<'EOF'
27	Vladimir Putin
19	Kim Jong-un
14	Dmitry Peskov
12	Bill Clinton
10	Barack Obama
10	Joe Biden
= 0
EOF
t newsq facet org -d news -n 6 <<'EOF'
17	United Nations
15	Kremlin
11	European Union
11	White House
9	North Atlantic Treaty Organization
8	United Nations Security Council
! note: 18 of 137 articles have no org
= 0
EOF
t newsq facet place -d news -n 6 <<'EOF'
44	United States
35	Russia
24	Moscow
24	Washington
19	China
19	Pyongyang
! note: 1 of 137 articles have no place
= 0
EOF
t newsq facet misc -d news -n 4 --min 8 <<'EOF'
18	American
16	Russian
13	Western
9	European
! note: 30 of 137 articles have no misc
= 0
EOF
t newsq facet entity -d news 'putin kim' <<'EOF'
16	Kim Jong-un
16	Russia
16	Vladimir Putin
14	North Korea
14	Pyongyang
12	Moscow
10	Ukraine
9	Dmitry Peskov
9	Kremlin
9	Western
! note: read as putin AND kim; for the phrase type '"putin kim"'
! 10 of 105; -n all shows the rest
= 0
EOF
t newsq facet person -d news kim -n 2 --format jsonl <<'EOF'
{"type":"facet","field":"person","value":"Kim Jong-un","id":"kim jong-un","count":18}
{"type":"facet","field":"person","value":"Vladimir Putin","id":"vladimir putin","count":16}
{"type":"end","version":1,"total":20,"exact":true,"query":"kim","uuid":"UUID","revision":1}
= 0
EOF
t newsq facet person -d news nosuchwordhere <<'EOF'
= 1
EOF

# articles, not mentions; a link counts under what it means: each count is that of the query by the id
for f in person org place misc; do
    newsq facet -q -d news $f -n all --format jsonl >$f.jsonl
    got='' want=''
    while IFS=$'\t' read -r count id; do
        want="$want$count $id"$'\n'
        got="$got$(newsq count -q -d news "$f:=\"$id\"") $id"$'\n'
    done < <(sed -nE 's/.*"id":"([^"\\]*)","count":([0-9]+).*/\2\t\1/p' $f.jsonl | head -8)
    is "$f counts what its query finds" "$want" "$got"
done

# the same from any number of segments, and after merging, deleting and rebuilding
mkdir parts
split -l 20 --additional-suffix=.jsonl "$corpora/news.jsonl" parts/p.
for p in parts/p.*; do newsdex add -q -j 1 -d many "$p" || exit 2; done
all() { newsq facet -q -d "$1" entity -n all --format jsonl | sed '$d'; }
all news >one
all many >several
ok 'several segments count as one' cmp one several
newsdex merge -q -d many
all many >merged
ok 'merged segments count the same' cmp one merged
newsdex rebuild -q -d many
all many >rebuilt
ok 'a rebuilt index counts the same' cmp one rebuilt
is 'one file of facts about names' 1 "$(find many -name 'derived-*' | wc -l)"
newsdex add -q -d many "$corpora/news.jsonl"
all many >again
ok 'adding the same changes nothing' cmp one again
ok 'the facts name him so far' grep -qi biden many/derived-*
first=$(find many -name 'derived-*')
newsq search -q -d many 'biden OR entity:biden' -n all --format ids >gone
newsdex delete -q -y -d many --ids gone
is 'deleting keeps the facts' "$first" "$(find many -name 'derived-*')"
t newsq facet person -d many -q biden <<'EOF'
= 1
EOF
newsdex merge -q -d many
ok 'nothing of the deleted is left in them' sh -c '! grep -qi biden many/derived-*'
newsdex delete -q -y -d many --query '*'
newsdex merge -q -d many
is 'no names, no facts' '' "$(find many -name 'derived-*')"
newsdex rebuild -q --no-entities -d news
ok 'none without the tagger either' sh -c '! grep -qi biden news/derived-*'
t newsq facet person -d news <<'EOF'
! note: 137 of 137 articles have no person
= 0
EOF

# a last name alone means the one full name that has it, in this index
for i in 1 2 3 4 5 6 7; do
    printf '{"id":"full-%d","title":"Statement on trade","body":"President Barack Obama spoke to reporters in Chicago on Monday."}\n' $i
done >obama.jsonl
for i in 1 2; do
    printf '{"id":"bare-%d","title":"Speech","body":"On Tuesday Obama said that he would go."}\n' $i
done >>obama.jsonl
newsdex add -q -j 1 -d obama obama.jsonl
t newsq facet person -d obama --format jsonl <<'EOF'
{"type":"facet","field":"person","value":"Barack Obama","id":"barack obama","count":9}
{"type":"end","version":1,"total":9,"exact":true,"query":"","uuid":"UUID","revision":1}
= 0
EOF
t newsq count -d obama 'person:="barack obama"' <<'EOF'
9
= 0
EOF
t newsq search -d obama 'person:"barack obama" AND speech' --format ids <<'EOF'
bare-1
bare-2
= 0
EOF

# damage is named where it matters, and by verify
ok 'the facts agree with the segments' newsdex verify -q -d obama
facts=$(find obama -name 'derived-*')
printf 'X' | dd of="$facts" bs=1 seek=700 conv=notrunc status=none
t newsq facet person -d obama <<'EOF'
! newsq: 'obama/derived-1' is damaged: checksum of a block
! hint: make it anew with: newsdex merge -d obama
= 4
EOF
t newsq count -d obama speech <<'EOF'
! newsq: 'obama/derived-1' is damaged: checksum of a block
! hint: make it anew with: newsdex merge -d obama
= 4
EOF
t newsdex verify -q -d obama <<'EOF'
! newsdex: 'obama/derived-1' is damaged: checksum of a block
! newsdex: 'obama' is damaged
! hint: restore it from a copy, or index the dumps again into a new folder
= 4
EOF

# tag: the record, and where each name stands
printf '%s\n' '{"id":"a","title":"Kim Jong-un’s train","body":"The U.S. Treasury said so."}' >tag.jsonl
tag() { newsdex tag "$@" | sed -E 's/aliases.tsv:[0-9]+/aliases.tsv:N/g'; } # whatever line it is on
t tag -q tag.jsonl <<'EOF'
{"id":"a","title":"Kim Jong-un’s train","body":"The U.S. Treasury said so.","origin":{"file":"tag.jsonl","offset":0,"length":78},"mentions":[{"field":"title","start":0,"end":11,"type":"person","id":"kim jong-un","name":"Kim Jong-un","by":"aliases.tsv:N"},{"field":"body","start":4,"end":17,"type":"org","id":"treasury department","name":"U.S. Treasury","by":"aliases.tsv:N"}]}
= 0
EOF
finish
