#!/usr/bin/env bash
# What an index keeps: --xapian-complete through add, merge and rebuild; a cure for damaged facts; one answer over
# several indexes.
. "$(dirname "$0")/lib.sh"
head -n 60 "$corpora/news.jsonl" >one.jsonl
tail -n +61 "$corpora/news.jsonl" >two.jsonl

# complete or not: what comes to an index is as what is there
tables() { (cd "$1" && ls -d seg-*/termlist.glass seg-*/position.glass 2>/dev/null | sed 's/^seg-[0-9]*/SEG/' | sort | uniq -c | sed 's/^ *//'); }
newsdex add -q -d whole --xapian-complete one.jsonl
newsdex add -q -d whole -j 1 two.jsonl
t tables whole <<'EOF'
2 SEG/position.glass
2 SEG/termlist.glass
= 0
EOF
newsdex merge -q -d whole
t tables whole <<'EOF'
1 SEG/position.glass
1 SEG/termlist.glass
= 0
EOF
newsdex rebuild -q -d whole -j 1
t tables whole <<'EOF'
1 SEG/position.glass
1 SEG/termlist.glass
= 0
EOF
ok "sound" newsdex verify -q -d whole
newsdex add -q -d plain one.jsonl
t newsdex add -d plain -j 1 --xapian-complete two.jsonl <<'EOF'
! note: 'plain' was not made with --xapian-complete: newsdex rebuild --xapian-complete makes all of it so
! 77 articles added to 'plain'; 0.1 MB of text in N s
! articles with: id 100 %, title 100 %, body 100 %, date 98.7 %, updated 2.6 %, author 67.5 %, source 100 %, section 100 %, lang 15.6 %, url 100 %, tag 100 %
= 0
EOF
t tables plain <<'EOF'
1 SEG/position.glass
1 SEG/termlist.glass
= 0
EOF
newsdex rebuild -q -d plain -j 1 --xapian-complete
t tables plain <<'EOF'
1 SEG/position.glass
1 SEG/termlist.glass
= 0
EOF

# facts about names and near-copies: damaged, or gone
newsdex add -q -d facts -j 1 one.jsonl
before=$(newsq facet -q -d facts person -n all)
facts=$(basename facts/derived-*)
t basename "$facts" <<'EOF'
derived-1
= 0
EOF
printf 'X' | dd of=facts/"$facts" bs=1 seek=300 conv=notrunc 2>/dev/null
t newsq facet -d facts person <<'EOF'
! newsq: 'facts/derived-1' is damaged: checksum of a block
! hint: make it anew with: newsdex merge -d facts
= 4
EOF
t newsdex merge -d facts <<'EOF'
! what is known of names and near-copies in 'facts' was damaged and is made anew
= 0
EOF
is "the facts are as before" "$before" "$(newsq facet -q -d facts person -n all)"
ok "sound again" newsdex verify -q -d facts
rm facts/derived-*
t newsq count -d facts putin <<'EOF'
! newsq: cannot open 'facts/derived-2': no such file or directory
! hint: make it anew with: newsdex merge -d facts
= 4
EOF
newsdex merge -q -d facts
is "and again" "$before" "$(newsq facet -q -d facts person -n all)"

# a damaged table of Xapian's is an error, never an answer
newsdex add -q -d flip -j 1 one.jsonl
printf 'X' | dd of=flip/seg-000001/postlist.glass bs=1 seek=9000 conv=notrunc 2>/dev/null
newsdex verify -d flip >out 2>err
is "verify finds it" 4 $?
t cat err <<'EOF'
newsdex: 'flip/seg-000001/postlist.glass' is damaged: checksum of a block
newsdex: 'flip' is damaged
hint: restore it from a copy, or index the dumps again into a new folder
= 0
EOF

# several folders are asked as one
sample all
newsdex add -q -d first -j 1 one.jsonl
newsdex add -q -d second -j 1 two.jsonl
for f in source section author lang year month tag; do
    is "facet $f over two folders" "$(newsq facet -q -d all $f -n all)" "$(newsq facet -q -d first -d second $f -n all)"
    is "facet $f of a query" "$(newsq facet -q -d all $f -n all 'president OR kim')" \
        "$(newsq facet -q -d first -d second $f -n all 'president OR kim')"
done
t newsq facet -d first -d second lang <<'EOF'
119	en
5	es
5	fr
4	de
4	ru
= 0
EOF
finish
