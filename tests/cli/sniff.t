#!/usr/bin/env bash
# sniff and convert --explain: what a file is and what becomes of it; mapping files, ingest filters, maxima of containers.
. "$(dirname "$0")/lib.sh"

cp "$corpora/formats/table.csv" "$corpora/formats/factiva.txt" "$corpora/formats/mail.mbox" .
t newsdex sniff table.csv <<'EOF'
table.csv
  packing    none
  bids       csv 80 (and its name), text 10
  format     csv: CSV and TSV with a header; the delimiter and the character set are told by looking
  charset    UTF-8
  language   unknown
  id         <- id                       1
  title      <- title                    Tanker "aground"
  body       <- content                  It leaks,  they say.
  date       <- date                     1989-03-24
  source     <- publication              The Harbour Gazette
  articles   of the first 3, 2 good; the first bad one: the row has 2 columns, the header 5
= 0
EOF
t newsdex sniff factiva.txt mail.mbox <<'EOF'
factiva.txt
  packing    none
  bids       factiva 85 (and its name), text 10 (and its name)
  format     factiva: Factiva exports as text, with codes (HD, BY, PD ...) or without
  charset    UTF-8
  language   en (declared)
  id         <- AN                       HARBGZ0020230905ej9500012
  title      <- HD                       Harbour pays for the spill
  body       <- LP+TD                    The harbour will pay.  It took nine years.  The ... (80 bytes)
  date       <- PD+ET                    2023-09-05T03:04
  author     <- BY                       Ann Lee; Bo Roe
  source     <- SN                       The Harbour Gazette
  lang       <- LA                       en
  tag        <- NS|IN                    Natural Environment
  org        <- CO                       Exxon Mobil Corp
  place      <- RE                       Alaska; United States
  articles   of the first 2, 2 good
mail.mbox
  packing    none
  bids       mail 90 (and its name), text 10
  format     mail: mail and Usenet: mbox, Maildir, a message a file
  charset    UTF-8
  language   en (by its words)
  id         <- Message-ID               1@example.org
  title      <- Subject                  Tanker aground – update
  body       <- text/plain|text/html     Bo writes:  > Is it true that it leaks?  It is.  F... (78 bytes)
  date       <- Date                     1989-03-24T10:00:00-09:00
  author     <- From                     Ann Lee
  section    <- List-Id|Newsgroups       alaska.news
  tag        <- Newsgroups|Keywords      alaska.news; misc.sea
  articles   of the first 1, 1 good
= 0
EOF
printf '{"id":"1","kop":"T","inner":{"deep":"Words."},"urlToImage":"x"}\n' >shape.jsonl
tar cf shape.tar --format=ustar shape.jsonl && gzip -n shape.tar
t newsdex sniff shape.tar.gz <<'EOF'
shape.tar.gz/shape.jsonl
  packing    gzip > POSIX ustar format
  bids       json 90 (and its name), text 10
  format     json: JSON objects: one a line (JSONL), an array, or an array inside an object
  charset    UTF-8
  articles   of the first 1, 0 good; the first bad one: the record has neither a title nor a text
  left out   kop, inner, urlToImage
= 5
EOF
printf '\0\1\2\3\0\0' >junk.bin
t newsdex sniff junk.bin missing.txt <<'EOF'
junk.bin
  packing    none
  bids       none
  format     not known
! cannot read 'missing.txt': no such file or directory
= 5
EOF
t newsdex sniff junk.bin <<'EOF'
junk.bin
  packing    none
  bids       none
  format     not known
= 5
EOF

# a mapping file
printf '# what that paper calls them\ntitle = kop\nbody = inner.deep\nformat = json\n' >map
t newsdex convert --explain --map-file map shape.jsonl <<'EOF'
shape.jsonl:1: json
  id         <- id                       1
  title      <- kop                      T
  body       <- inner.deep               Words.
! articles with: id 100 %, title 100 %, body 100 %
! keys left out: urlToImage (1); --map OURS=THEIRS takes them in
= 0
EOF
t newsdex convert --map-file map --map body=id shape.jsonl <<'EOF'
{"id":"nd-13b9fcaea957f4e6b01fdec400f3c01e","title":"T","body":"Words.","origin":{"file":"shape.jsonl","offset":0,"length":63}}
! articles with: title 100 %, body 100 %
! keys left out: urlToImage (1); --map OURS=THEIRS takes them in
= 0
EOF
printf 'title=kop\nkop=title\n' >wrong
t newsdex convert --map-file wrong shape.jsonl <<'EOF'
! newsdex: 'wrong', line 2: 'kop' is not a field
! hint: a line is OURS=THEIRS (title=headline, body=content.text), format=NAME, record=ELEMENT of XML, or a remark behind #
= 2
EOF
t newsdex convert --map-file none shape.jsonl <<'EOF'
! newsdex: cannot open 'none': no such file or directory
= 3
EOF

# XML of no known format
cat >dump.xml <<'X'
<?xml version="1.0" encoding="iso-8859-1"?>
<dump><about>Harbour</about>
<item guid="a-1"><head><title>Tanker aground</title><by>Ann Lee</by></head><content><p>Oil <i>runs</i>.</p><p>Crews are late.</p></content><x>1</x></item>
<item guid="a-2"><head><title>Second hull</title></head><content><p>It is law.</p></content></item></dump>
X
t newsdex sniff dump.xml <<'EOF'
dump.xml
  packing    none
  bids       xml 10 (and its name)
  format     xml: any XML: --record names the element of an article, --map the paths of its fields
  charset    WINDOWS-1252
  articles   of the first 0, 0 good
  error      XML of no known format: --record NAME says which element is an article; below 'dump': about (1), item (2)
= 5
EOF
t newsdex convert dump.xml <<'EOF'
! 'dump.xml': XML of no known format: --record NAME says which element is an article; below 'dump': about (1), item (2)
! 1 bad record or file was skipped
= 5
EOF
t newsdex sniff --record item dump.xml <<'EOF'
dump.xml
  packing    none
  bids       xml 10 (and its name)
  format     xml: any XML: --record names the element of an article, --map the paths of its fields
  charset    WINDOWS-1252
  language   unknown
  id         <- guid                     a-1
  title      <- title                    Tanker aground
  body       <- content                  Oil runs.  Crews are late.
  author     <- by                       Ann Lee
  articles   of the first 2, 2 good
  left out   x
= 0
EOF
t newsdex convert --explain --record item --map id=@guid,title=head/title,body=content//p,author=head/by dump.xml <<'EOF'
dump.xml:1: xml
  id         <- @guid                    a-1
  title      <- head/title               Tanker aground
  body       <- content//p               Oil runs.  Crews are late.
  author     <- head/by                  Ann Lee
dump.xml:2: xml
  id         <- @guid                    a-2
  title      <- head/title               Second hull
  body       <- content//p               It is law.
! articles with: id 100 %, title 100 %, body 100 %, author 50.0 %
! keys left out: x (1); --map OURS=THEIRS takes them in
= 0
EOF
printf 'record = item\nbody = content//p\n' >xmlmap
t newsdex convert -q --map-file xmlmap dump.xml <<'EOF'
{"id":"a-1","title":"Tanker aground","body":"Oil runs.\n\nCrews are late.","authors":["Ann Lee"],"origin":{"file":"dump.xml","offset":73,"length":154}}
{"id":"a-2","title":"Second hull","body":"It is law.","origin":{"file":"dump.xml","offset":228,"length":99}}
= 0
EOF
t newsdex convert --record story dump.xml <<'EOF'
! dump.xml:1: there is no element 'story' in the file
! 1 bad record or file was skipped
= 5
EOF
t newsdex convert --record item --map title=/dump/item dump.xml <<'EOF'
! newsdex: '/dump/item' is not a path in XML: it begins at the record, not at the top of the file
! hint: write it from the record on: id=@guid, title=head/title, body=content//p, author=meta[@name=author]/@content
= 2
EOF
t newsdex convert --record item --input-format csv dump.xml <<'EOF'
! newsdex: --record is for XML, not for the format 'csv'
! hint: leave out --input-format, or write --input-format xml
= 2
EOF

# a filter
cat >ignore <<'X'
# short ones, weather, one paper before 2020, another language
length:..3
section:weather
source:"harbour gazette" AND NOT date:2020..
lang:de OR (author:none AND tag:advert)
X
cat >dump.jsonl <<'X'
{"id":"1","title":"A","body":"one two three four","section":"Weather today"}
{"id":"2","title":"B","body":"one two"}
{"id":"3","title":"B","body":"one two three"}
{"id":"4","title":"C","body":"one two three four","source":"The Harbour Gazette","date":"2019-12-31"}
{"id":"5","title":"C","body":"one two three four","source":"The Harbour Gazette","date":"2020"}
{"id":"6","title":"E","body":"eins zwei drei vier","lang":"de-AT"}
{"id":"7","title":"F","body":"one two three four","tags":["Advert"]}
{"id":"8","title":"F","body":"one two three four","tags":["Advert"],"author":"Ann Lee"}
X
t eval "newsdex convert --ignore ignore dump.jsonl | grep -o '\"id\":\"[0-9]\"'" <<'EOF'
"id":"3"
"id":"5"
"id":"8"
! articles with: id 100 %, title 100 %, body 100 %, date 33.3 %, author 33.3 %, source 33.3 %, tag 33.3 %
! 5 articles were left out by --ignore
= 0
EOF
t newsdex add -d index --ignore ignore dump.jsonl <<'EOF'
! 3 articles added to 'index'; 0.0 MB of text in N s
! articles with: id 100 %, title 100 %, body 100 %, date 33.3 %, author 33.3 %, source 33.3 %, tag 33.3 %
! 5 articles were left out by --ignore
= 0
EOF
t newsdex add -d index --ignore ignore dump.jsonl <<'EOF'
! 0 articles added to 'index', 1 file not read again: nothing in it has changed
= 0
EOF
t newsdex add -d index dump.jsonl <<'EOF'
! 5 articles added to 'index', 3 unchanged; 0.0 MB of text in N s
! articles with: id 100 %, title 100 %, body 100 %, date 25.0 %, author 12.5 %, source 25.0 %, section 12.5 %, lang 12.5 %, tag 25.0 %
= 0
EOF
printf 'kim jong\n' >words
t newsdex convert --ignore words dump.jsonl <<'EOF'
! newsdex: 'words', line 1: 'kim' cannot be asked of an article that is not indexed
! hint: ask for source section author tag lang url host id date updated or length: section:weather length:..50
= 2
EOF
printf 'length:..3\nbogus:x\n' >bogus
t newsdex convert --ignore bogus dump.jsonl <<'EOF'
! newsdex: 'bogus', line 2: unknown field 'bogus'
! hint: 'newsq fields' lists all; to look for the text itself put it in quotes
= 2
EOF

# maxima: at the limit, one past it
gzip -nk dump.jsonl && gzip -nc dump.jsonl.gz >dump.jsonl.packed
t eval "newsdex convert -q --max-depth 2 dump.jsonl.packed | wc -l" <<'EOF'
8
= 0
EOF
t eval "newsdex convert -q --max-depth 1 dump.jsonl.packed | wc -l" <<'EOF'
0
! 'dump.jsonl.packed': archives are packed in each other deeper than 1
= 0
EOF
size=$(wc -c <dump.jsonl)
t eval "newsdex convert -q --max-unpacked $size dump.jsonl.gz | wc -l" <<'EOF'
8
= 0
EOF
t eval "newsdex convert -q --max-unpacked $((size - 1)) dump.jsonl.gz | wc -l" <<'EOF'
7
! 'dump.jsonl.gz': unpacked it is longer than 584 bytes
= 0
EOF
printf 'a\n' >a.txt && printf 'b\n' >b.txt && tar cf two.tar --format=ustar a.txt b.txt
t eval "newsdex convert -q --max-members 2 two.tar | wc -l" <<'EOF'
2
= 0
EOF
t eval "newsdex convert -q --max-members 1 two.tar | wc -l" <<'EOF'
1
! 'two.tar/b.txt': there are more than 1 members
= 0
EOF
line=$(awk '{ if (length > n) n = length } END { print n }' dump.jsonl)
t eval "newsdex convert -q --max-record $line dump.jsonl | wc -l" <<'EOF'
8
= 0
EOF
t eval "newsdex convert -q --max-record $((line - 1)) dump.jsonl | wc -l" <<'EOF'
7
! dump.jsonl:4: a line has 101 bytes, more than the 100 allowed
= 0
EOF
t newsdex convert --max-ratio 0 dump.jsonl <<'EOF'
! newsdex: --max-ratio is to be 1 to 1000000
= 2
EOF

# the language that is not declared: the stemmer follows the words
cat >lang.jsonl <<'X'
{"id":"es","title":"La pesca","body":"Los pescadores de la bahía volvieron al puerto sin pescado, y los vecinos esperaban noticias de los barcos que faltaban."}
{"id":"en","title":"Fishing","body":"The fishermen of the bay came back to the port without fish, and the neighbours waited for word of the boats that were missing."}
{"id":"short","title":"Fishing","body":"No word."}
X
newsdex add -q -d lang lang.jsonl
t eval "newsq -d lang -l lang:es; newsq -d lang -l lang:en | sort" <<'EOF'
es
en
short
= 0
EOF
t newsq -d lang -l barco <<'EOF'
es
= 0
EOF
finish
