#!/usr/bin/env bash
# count, show, info, fields, help.
. "$(dirname "$0")/lib.sh"
sample news

t newsq count -d news <<'EOF'
137
= 0
EOF
t newsq count -d news kim <<'EOF'
20
= 0
EOF
t newsq count -d news nosuchword <<'EOF'
0
= 1
EOF
t newsq count -d news 'kim OR' <<'EOF'
! newsq: 'OR' lacks its right operand
!   kim OR
!       ^^
! hint: write something after it, or put it in quotes to look for the word
= 2
EOF
t newsq count -d news kim --since 2023 <<'EOF'
18
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
IN='kim w/5 putin' t newsq count -d news -f - <<'EOF'
9
= 0
EOF

t newsq show -d news ls-20070109-1 <<'EOF'
title    Apple shows a telephone without keys
id       ls-20070109-1
date     2007-01-09
updated  2007-01-12T15:00:00Z
source   Ledger Street
section  Business
author   Technology Desk
tag      technology
url      https://ledgerstreet.example.org/2007/01/apple-shows-a-telephone-without-keys
person   Steve Jobs (3); Eric Schmidt; Jerry Yang; Steve Ballmer
org      Apple (4); BlackBerry; Cingular Wireless; Cisco Systems Inc.; Google; Microsoft Corp.; Palm Inc. and of Research in Motion Ltd.; Yahoo
place    SAN FRANCISCO; United States

SAN FRANCISCO – Steve Jobs, the chief executive of Apple, pulled a thin slab of
glass out of his pocket on Tuesday and said that his company was going to
reinvent the telephone.

The iPhone has one button on its front. It plays music and video, takes
pictures, sends e-mail and opens web pages; the user works it by touching the
screen with one finger or two. It will be sold from June at $499 or $599, in the
United States at first, with a contract of Cingular Wireless.

Mr. Jobs also dropped a word from the company’s name: Apple Computer Inc.
becomes Apple Inc.

Eric Schmidt of Google and Jerry Yang of Yahoo came on the stage at the Macworld
fair. Shares rose more than 8 percent to a record; those of Palm Inc. and of
Research in Motion Ltd., the maker of the BlackBerry, dropped.

Mr. Jobs hopes to sell 10 million of them by the end of 2008, which would be one
percent of the market. Steve Ballmer, the chief executive of Microsoft Corp.,
was amused by the price.

A trademark is a small problem: Cisco Systems Inc. has sold a product of that
name and may go to court.

“It’s beautiful,” said an official of a European telephone company. “But who’d
want to type on a window?”

Correction (Jan. 12): Because of an editing error, an earlier version of this
article gave the higher price as $699.
= 0
EOF
t newsq show -d news ls-20070109-1 --format json <<'EOF'
{"id":"ls-20070109-1","version":"2","title":"Apple shows a telephone without keys","body":"SAN FRANCISCO – Steve Jobs, the chief executive of Apple, pulled a thin slab of glass out of his pocket on Tuesday and said that his company was going to reinvent the telephone.\n\nThe iPhone has one button on its front. It plays music and video, takes pictures, sends e-mail and opens web pages; the user works it by touching the screen with one finger or two. It will be sold from June at $499 or $599, in the United States at first, with a contract of Cingular Wireless.\n\nMr. Jobs also dropped a word from the company’s name: Apple Computer Inc. becomes Apple Inc.\n\nEric Schmidt of Google and Jerry Yang of Yahoo came on the stage at the Macworld fair. Shares rose more than 8 percent to a record; those of Palm Inc. and of Research in Motion Ltd., the maker of the BlackBerry, dropped.\n\nMr. Jobs hopes to sell 10 million of them by the end of 2008, which would be one percent of the market. Steve Ballmer, the chief executive of Microsoft Corp., was amused by the price.\n\nA trademark is a small problem: Cisco Systems Inc. has sold a product of that name and may go to court.\n\n“It’s beautiful,” said an official of a European telephone company. “But who’d want to type on a window?”\n\nCorrection (Jan. 12): Because of an editing error, an earlier version of this article gave the higher price as $699.","published":"2007-01-09","updated":"2007-01-12T15:00:00Z","authors":["Technology Desk"],"source":"Ledger Street","section":"Business","url":"https://ledgerstreet.example.org/2007/01/apple-shows-a-telephone-without-keys","tags":["technology"],"origin":{"file":"CORPORA/news.jsonl","offset":183074,"length":1678}}
= 0
EOF
t eval "newsq show -d news eb-19901003-1 nc-back-1 | grep -v '^$' | cut -c1-60 | head -n 15" <<'EOF'
title    Deutschland ist wieder vereint
id       eb-19901003-1
date     1990-10-03
source   Der Elbbote
section  Politik
tag      Wiedervereinigung
lang     de
url      https://elbbote.example.org/1990/10/deutschland-ist
person   Außenminister Hans-Dietrich Genscher; Helmut Kohl;
org      North Atlantic Treaty Organization
place    Deutsche Demokratische Republik (2); Angestellter d
BERLIN – Um Mitternacht stieg vor dem Reichstag die schwar
auf, und die Deutsche Demokratische Republik (DDR) hörte au
Hunderttausende feierten in der Nacht zum Mittwoch rund um d
Tor.
= 0
EOF
t newsq show -d news nothing-there <<'EOF'
! newsq: no article 'nothing-there'
! hint: newsq -l lists ids: newsq -l -d DIR 'QUERY'
= 1
EOF
t eval "newsq show -d news nothing-there ls-20070109-1 | head -n 2" <<'EOF'
title    Apple shows a telephone without keys
id       ls-20070109-1
! newsq: no article 'nothing-there'
! hint: newsq -l lists ids: newsq -l -d DIR 'QUERY'
= 0
EOF
t newsq show -d news <<'EOF'
! newsq: which article?
! hint: newsq show -d DIR ID...
= 2
EOF
is "show takes what -l prints" "$(newsq count -d news walruses)" "$(newsq -l -d news walruses | xargs "$bin/newsq" show -d news --format json | wc -l)"

t eval "newsdex info -d news | sed -E 's/[0-9]+\.[0-9]+ MiB/N MiB/; s/ +[0-9.]+ %/ N %/; s/[0-9]+\.[0-9]+ (bytes|of)/N \1/g'" <<'EOF'
folder     news
uuid       UUID
revision   1
articles   137
dates      1990-02-11 to 2024-12-08; 1 undated
words      31142; 6906 different, added over segments
segments   1
  seg-000001  137 articles
size       N MiB
  text                  N MiB N %
  stream                N MiB N %
  columns               N MiB N %
  postlist.glass        N MiB N %
  docdata.glass         N MiB N %
  sums                  N MiB N %
  iamglass              N MiB N %
  events-1              N MiB N %
  ledger-1              N MiB N %
per word   N bytes in all, N of postings, N of stream
= 0
EOF
t newsdex info -d nothing <<'EOF'
! newsdex: there is no index in 'nothing'
! hint: make one with: newsdex add -d nothing FILE, or name another folder with -d
= 3
EOF
t newsdex info <<'EOF'
! newsdex: which index?
! hint: name its folder with -d DIR, or set NEWSDEX_INDEX
= 2
EOF
ok "fields lists source" eval "newsq fields | grep -q '^source'"
for c in search count facet show explain fields batch; do
    ok "newsq $c --help" eval "newsq $c --help | grep -q '^usage: newsq $c'"
done
for c in add info convert; do
    ok "newsdex $c --help" eval "newsdex $c --help | grep -q '^usage: newsdex $c'"
done
ok "newsq alone prints help" eval "newsq | grep -q '^usage: newsq COMMAND'"
ok "newsdex alone prints help" eval "newsdex | grep -q '^usage: newsdex COMMAND'"
finish
