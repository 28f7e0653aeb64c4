#!/usr/bin/env bash
# add and convert: one article a text file, folders, what paths and options give.
. "$(dirname "$0")/lib.sh"

body() { newsdex convert -q "$@" | sed 's/,"origin":.*$/}/'; }

mkdir -p "dump/Pacific Daily/2001-02-03" "dump/Harbour/2001-02-04"
printf 'Ferry sails\n\nThe ferry sailed.\nIt was late.\n\nNobody complained.\n' >"dump/Pacific Daily/2001-02-03/ferry.txt"
printf 'The first line is a sentence.\nThe second is a paragraph.\n' >dump/Harbour/2001-02-04/lines.txt
printf 'A short title\nThe first paragraph ends here.\nThe second one too.\n' >dump/Harbour/2001-02-04/short.txt
cat >wrapped.txt <<'X'
The article was wrapped by hand at a width that most terminals show, and
that is why all of these lines belong to one single para-
graph. It went on for some time, much as articles do, and then the story
came to an end.

A second paragraph was wrapped by hand as well, at the same width, so
that it is one and not three; nobody who reads it on a narrow screen can
tell the difference.
X
printf 'not an article' >dump/Harbour/notes.log
t body "dump/Pacific Daily/2001-02-03/ferry.txt" <<'EOF'
{"id":"nd-b3bf9b98156c6295d2e31874016109db","title":"Ferry sails","body":"The ferry sailed.\nIt was late.\n\nNobody complained."}
= 0
EOF
t body dump/Harbour/2001-02-04/lines.txt <<'EOF'
{"id":"nd-78607085bcd8d78a7857a7a586de0fa1","body":"The first line is a sentence.\n\nThe second is a paragraph."}
= 0
EOF
t body dump/Harbour/2001-02-04/short.txt <<'EOF'
{"id":"nd-16a42558a05948c5da79fa01a59a7a83","title":"A short title","body":"The first paragraph ends here.\n\nThe second one too."}
= 0
EOF
t body wrapped.txt <<'EOF'
{"id":"nd-4c7b0a9c672eb2acaefcb1a2e87983f1","body":"The article was wrapped by hand at a width that most terminals show, and that is why all of these lines belong to one single paragraph. It went on for some time, much as articles do, and then the story came to an end.\n\nA second paragraph was wrapped by hand as well, at the same width, so that it is one and not three; nobody who reads it on a narrow screen can tell the difference."}
= 0
EOF

# fields from the path, from options
t body --from-path '{source}/{date}/{id}.txt' --include '*.txt' dump <<'EOF'
{"id":"lines","body":"The first line is a sentence.\n\nThe second is a paragraph.","published":"2001-02-04","source":"Harbour"}
{"id":"short","title":"A short title","body":"The first paragraph ends here.\n\nThe second one too.","published":"2001-02-04","source":"Harbour"}
{"id":"ferry","title":"Ferry sails","body":"The ferry sailed.\nIt was late.\n\nNobody complained.","published":"2001-02-03","source":"Pacific Daily"}
= 0
EOF
t body --set source='The Epoch Times' --set date=2023-09-08 --default title=Untitled dump/Harbour/2001-02-04/lines.txt <<'EOF'
{"id":"nd-3abd899b2c418d06c31fed53692a7ce5","title":"Untitled","body":"The first line is a sentence.\n\nThe second is a paragraph.","published":"2023-09-08","source":"The Epoch Times"}
= 0
EOF
t newsdex convert --from-path '{nothing}/{id}.txt' dump <<'EOF'
! newsdex: 'nothing' in --from-path is not a field
! hint: the fields are id version title lead body date updated author source section lang url tag person org place misc
= 2
EOF
t newsdex convert --from-path '{id' dump <<'EOF'
! newsdex: '{id' in --from-path has no closing brace
! hint: for example --from-path '{source}/{date}/{id}.txt'
= 2
EOF

# folders
t newsdex add -d texts --from-path '{source}/{date}/{id}.txt' --include '*.txt' dump <<'EOF'
! 3 articles added to 'texts'; 0.0 MB of text in N s
! articles with: id 100 %, title 66.7 %, body 100 %, date 100 %, source 100 %
= 0
EOF
t newsq --oneline -d texts --sort oldest '*' <<'EOF'
ferry	2001-02-03	Pacific Daily	Ferry sails
lines	2001-02-04	Harbour	
short	2001-02-04	Harbour	A short title
= 0
EOF
t newsdex add -d texts --from-path '{source}/{date}/{id}.txt' --exclude '*.log' dump <<'EOF'
! 0 articles added to 'texts', 3 files not read again: nothing in them has changed
= 0
EOF
printf '%s\n' 'dump/Pacific Daily/2001-02-03/ferry.txt' wrapped.txt >list
t eval "newsdex convert --files-from list | wc -l" <<'EOF'
2
! articles with: title 50.0 %, body 100 %
= 0
EOF
IN='wrapped.txt
' t eval "newsdex convert -q --files-from - | wc -l" <<'EOF'
1
= 0
EOF

# the sample texts
t newsdex add -d samples "$corpora/text" <<'EOF'
! 5 articles added to 'samples'; 0.0 MB of text in N s
! articles with: title 80.0 %, body 100 %
= 0
EOF
t eval "newsq -d samples --format articles '*' | grep -o '\"title\":\"[^\"]*\"' | LC_ALL=C sort" <<'EOF'
"title":"Cruise ship runs aground off Tuscany"
"title":"El petrolero «Prestige» se parte en dos y se hunde frente a Galicia"
"title":"Kim and Putin meet for the first time"
"title":"Kyoto accord binds rich nations to cut greenhouse gases"
= 0
EOF

# an index of one text with its source and date given: the ways to ask for what it says
newsdex add -q -d seed --set source='Meridian Wire' --set date=2019-04-25 --set id=seed "$corpora/text/vladivostok-2019.txt"
t newsq --oneline -d seed '"armored train"' <<'EOF'
seed	2019-04-25	Meridian Wire	Kim and Putin meet for the first time
= 0
EOF
t newsq -l -d seed 'source:"Meridian Wire" date:2019-04' <<'EOF'
seed
= 0
EOF
t newsq -l -d seed 'kim pre/10 putin' <<'EOF'
seed
= 0
EOF
finish
