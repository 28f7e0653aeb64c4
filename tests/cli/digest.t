#!/usr/bin/env bash
# digests: one report over many queries, each article once, near-copies together; alerts while indexing.
. "$(dirname "$0")/lib.sh"
export HOME=$work/home XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
awk 'NR % 3' "$corpora/news.jsonl" >one.jsonl
awk 'NR % 3 == 0' "$corpora/news.jsonl" >two.jsonl
newsdex add -q -j 1 -d news one.jsonl
export NEWSDEX_INDEX=news
newsq saved add kim 'kim w/10 putin' --title 'Kim & Putin'
newsq saved add space 'spaceport'
newsq saved add never 'xyzzyx'
newsq saved run --all --new --from-start -q >/dev/null

# nothing new: nothing is said, but a feed is a feed
t newsq saved run --all --new --digest text <<'EOF'
= 1
EOF
t newsq saved run --all --new --digest rss --quiet-empty <<'EOF'
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
<channel>
<title>newsq: saved queries</title>
<link>urn:uuid:UUID</link>
<description>nothing new</description>
<generator>newsq</generator>
</channel>
</rss>
= 0
EOF

# what comes: which queries match it, told while it is indexed
t newsdex add --alerts -q -j 1 -d news two.jsonl <<'EOF'
new	kim	mw-20231013-1	U.S. says North Korea shipped 1,000 containers of arms to Russia
new	kim	nc-20230914-1	‘A picture, and they got one’
new	kim	mw-20230913-1	Putin and Kim meet at Russian spaceport, promise closer ties
new	space	nc-20230914-1	‘A picture, and they got one’
new	space	mw-20230913-1	Putin and Kim meet at Russian spaceport, promise closer ties
= 0
EOF
t newsdex add --alerts -q -j 1 -d news two.jsonl <<'EOF'
= 0
EOF
newsq show --format json hg-20230913-1 | jq -c '.id = "x-1" | .title = "A <copy> & more" | .source = "Wire \u0001" | .date = "2023-09-15"' >copy.jsonl
newsdex add -q -j 1 -d news copy.jsonl
newsq show --format json bl-20230914-1 | jq -c '.updated = "2030-01-01" | .title = "Corrected: " + .title' >changed.jsonl
t newsdex add --alerts -q -j 1 --replace -d news changed.jsonl <<'EOF'
changed	kim	bl-20230914-1	Corrected: Putin, Kim promise closer ties at spaceport meeting
changed	space	bl-20230914-1	Corrected: Putin, Kim promise closer ties at spaceport meeting
= 0
EOF
newsdex delete -q -d news --yes pd-20240619-1 >/dev/null

# the salt of a hash differs from index to index
plain() { newsq saved run --all --new --hold --no-snippets "$@" | sed 's/id hash [0-9a-f]*/id hash HASH/'; }
# states are held, so that each form tells the same
t plain --digest text <<'EOF'
4 new, 1 changed, 1 withdrawn

== New (4)

U.S. says North Korea shipped 1,000 containers of arms to Russia
  2023-10-13T20:10:00Z · Meridian Wire · mw-20231013-1
  in: Kim & Putin
  https://meridianwire.example.org/2023/10/us-says-north-korea-shipped-1000

A <copy> & more
  2023-09-13 · Wire · x-1
  in: Kim & Putin; space
  https://harbourgazette.example.org/2023/09/spaceport-summit-putin-hints-at-satellite
  copy: 2023-09-14 · The Northern Courier · nc-20230914-1
  copy: 2023-09-13T12:15:00Z · Meridian Wire · mw-20230913-1

== Changed (1)

Corrected: Putin, Kim promise closer ties at spaceport meeting
  2023-09-14 · The Baltic Ledger · bl-20230914-1
  in: Kim & Putin; space
  https://balticledger.example.org/2023/09/putin-kim-promise-closer-ties-at

== Withdrawn (1)

an article reported before (id hash HASH)
  in: Kim & Putin; space
= 0
EOF
t plain --digest markdown <<'EOF'
# 4 new, 1 changed, 1 withdrawn

## New (4)

- [U.S. says North Korea shipped 1,000 containers of arms to Russia](<https://meridianwire.example.org/2023/10/us-says-north-korea-shipped-1000>)  
  2023-10-13T20:10:00Z · Meridian Wire · mw-20231013-1  
  in: Kim & Putin
- [A \<copy\> & more](<https://harbourgazette.example.org/2023/09/spaceport-summit-putin-hints-at-satellite>)  
  2023-09-13 · Wire · x-1  
  in: Kim & Putin; space

  - copy: 2023-09-14 · The Northern Courier · nc-20230914-1
  - copy: 2023-09-13T12:15:00Z · Meridian Wire · mw-20230913-1

## Changed (1)

- [Corrected: Putin, Kim promise closer ties at spaceport meeting](<https://balticledger.example.org/2023/09/putin-kim-promise-closer-ties-at>)  
  2023-09-14 · The Baltic Ledger · bl-20230914-1  
  in: Kim & Putin; space

## Withdrawn (1)

- an article reported before (id hash HASH)  
  in: Kim & Putin; space
= 0
EOF
newsq saved run --all --new --hold --digest rss >feed.xml
newsq saved run --all --new --hold --digest rss >again.xml
ok 'a feed is the same when it is told again' cmp feed.xml again.xml
newsq saved run --all --new --hold --digest html >page.html
is 'a page begins as a page' '<!doctype html>' "$(head -n 1 page.html)"
is 'its articles' "$(newsq saved run --all --new --hold --digest text | grep -c '^  in: ')" "$(grep -c '<article' page.html)"
is 'it fetches nothing' 0 "$(grep -ciE '<(link|img|iframe)|src=' page.html)"
if command -v xmllint >/dev/null; then
    ok 'a feed is well-formed' xmllint --noout feed.xml
    is 'guids are different' 0 "$(xmllint --xpath '//guid/text()' feed.xml | sort | uniq -d | wc -l)"
    is 'as many items as articles' "$(grep -c '<article' page.html)" "$(xmllint --xpath 'count(//item)' feed.xml)"
else
    skip 'xmllint is not installed'
fi
if command -v python3 >/dev/null; then
    ok 'the tags of a page are closed in order' python3 -c '
import html.parser, sys
class P(html.parser.HTMLParser):
    open = []
    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"): self.open.append(tag)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.getpos())
p = P(); p.feed(open("page.html").read()); assert not p.open, p.open'
else
    skip 'python3 is not installed'
fi

# a digest that cannot be written is told again; one that was is not
ok 'a full disk fails' bash -c "! '$bin/newsq' saved run --all --new --digest text >/dev/full"
newsq saved run --all --new --digest text --no-snippets >first.txt
ok 'and the same comes again' grep -q 'Corrected: ' first.txt
t newsq saved run --all --new --digest text <<'EOF'
= 1
EOF

# without --new: what matches now, each once
t newsq saved run --all --digest text --no-snippets -n 2 <<'EOF'
3 articles

== Articles (3)

Spaceport summit: Putin hints at satellite help for North Korea
  2023-09-13 · Harbour Gazette · hg-20230913-1
  in: space; Kim & Putin
  https://harbourgazette.example.org/2023/09/spaceport-summit-putin-hints-at-satellite
  copy: 2023-09-14 · The Baltic Ledger · bl-20230914-1
  copy: 2023-09-14T00:20:00+09:00 · Pacific Daily · pd-20230914-1
= 0
EOF
t newsq saved run --all --digest text --format jsonl <<'EOF'
! newsq: --digest and --format exclude each other
= 2
EOF

# a bad query is told, the others are in the digest
printf 'kim AND (\n' >config/newsdex/queries/bad.query
t newsq saved run --all --digest markdown --no-snippets -n 1 <<'EOF'
# 2 articles

## Articles (2)

- [Spaceport summit: Putin hints at satellite help for North Korea](<https://harbourgazette.example.org/2023/09/spaceport-summit-putin-hints-at-satellite>)  
  2023-09-13 · Harbour Gazette · hg-20230913-1  
  in: space; Kim & Putin

  - copy: 2023-09-14 · The Baltic Ledger · bl-20230914-1
! newsq: saved query 'bad': a bracket is opened and never closed
! hint: add ) where the group ends, or put brackets of the text in quotes
= 2
EOF
newsq show --format json hg-20230913-1 | jq -c '.id = "y-1" | .title = "Kim at the spaceport" | .body = "Nothing."' >more.jsonl
t newsdex add --alerts -q -j 1 -d news more.jsonl <<'EOF'
new	space	y-1	Kim at the spaceport
! newsdex: saved query 'bad': a bracket is opened and never closed
! hint: add ) where the group ends, or put brackets of the text in quotes
= 2
EOF
newsq show --format json y-1 | jq -c '.id = "y-2"' >more.jsonl
mkdir other && printf 'nothing\n' >other/no.query
t newsdex add --alerts --queries other -q -j 1 -d news more.jsonl <<'EOF'
new	no	y-2	Kim at the spaceport
= 0
EOF
t newsdex add --queries other -q -j 1 -d news more.jsonl <<'EOF'
! newsdex: --queries goes with --alerts
= 2
EOF
t newsdex add --alerts --stats -q -j 1 -d news more.jsonl <<'EOF'
! newsdex: --alerts and --stats both print on standard output: choose one
= 2
EOF
finish
