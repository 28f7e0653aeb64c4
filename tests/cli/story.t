#!/usr/bin/env bash
# Near-copies: story:, --collapse, --lead, --by-story, and the lineage of an article.
. "$(dirname "$0")/lib.sh"
sample news

t newsq story -d news bl-20230914-1 <<'EOF'
1. Spaceport summit: Putin hints at satellite help for North Korea
   2023-09-13  Harbour Gazette  hg-20230913-1  249 words

2. Putin and Kim meet at Russian spaceport, promise closer ties
   2023-09-13T12:15:00Z  Meridian Wire  mw-20230913-1  298 words, 80.8 % alike
   + Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name
   + They needed a picture, and they got one,” said a European diplomat in Seoul. “What went on behind the door we shall learn from the battlefield

3. Kim and Putin meet at Vostochny Cosmodrome
   2023-09-14T00:20:00+09:00  Pacific Daily  pd-20230914-1  315 words, 76.5 % alike
   + Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name
   + They needed a picture, and they got one,” said a European diplomat in Seoul. “What went on behind the door we shall learn from the battlefield.”  Kim is expected to travel on to Komsomolsk-on-Amur, where warplanes are built, and to Vl…

4. Putin, Kim promise closer ties at spaceport meeting
   2023-09-14  The Baltic Ledger  bl-20230914-1  255 words, 69.8 % alike
   - The talks, first with delegations and then between the two alone, lasted more than four hours and ended with a dinner of crab dumplings, sturgeon and beef. No document was signed and no joint statement was issued.  Western
   + Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name.  Western
   + Correction (Sept. 15): An earlier headline on this article said that a treaty had been signed. No document was signed

5. ‘A picture, and they got one’
   2023-09-14  The Northern Courier  nc-20230914-1  289 words, 59.1 % alike
   - VOSTOCHNY COSMODROME, Russia – President
   + The handshake went on for 40 seconds. After it
   - North Korea’s leader
   - met on Wednesday
   + of North Korea spent an afternoon on Wednesday promising each other support
   - deep in the forests of
   + in
   - and each promised the other support at a time when both are isolated from the West
   + Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name
   + They needed a picture, and they got one,” said a European diplomat in Seoul. “What went on behind the door we shall learn from the battlefield
= 0
EOF
t newsq story -d news bl-20230914-1 --format csv <<'EOF'
date,source,id,words,alike,title
2023-09-13,Harbour Gazette,hg-20230913-1,249,100.0,Spaceport summit: Putin hints at satellite help for North Korea
2023-09-13T12:15:00Z,Meridian Wire,mw-20230913-1,298,80.8,"Putin and Kim meet at Russian spaceport, promise closer ties"
2023-09-14T00:20:00+09:00,Pacific Daily,pd-20230914-1,315,76.5,Kim and Putin meet at Vostochny Cosmodrome
2023-09-14,The Baltic Ledger,bl-20230914-1,255,69.8,"Putin, Kim promise closer ties at spaceport meeting"
2023-09-14,The Northern Courier,nc-20230914-1,289,59.1,"‘A picture, and they got one’"

id,at,cut,added
mw-20230913-1,141,,Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name
mw-20230913-1,250,,"They needed a picture, and they got one,” said a European diplomat in Seoul. “What went on behind the door we shall learn from the battlefield"
pd-20230914-1,141,,Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name
pd-20230914-1,250,,"They needed a picture, and they got one,” said a European diplomat in Seoul. “What went on behind the door we shall learn from the battlefield.”

Kim is expected to travel on to Komsomolsk-on-Amur, where warplanes are built, and to Vladivostok"
bl-20230914-1,141,"The talks, first with delegations and then between the two alone, lasted more than four hours and ended with a dinner of crab dumplings, sturgeon and beef. No document was signed and no joint statement was issued.

Western","Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name.

Western"
bl-20230914-1,250,,Correction (Sept. 15): An earlier headline on this article said that a treaty had been signed. No document was signed
nc-20230914-1,1,"VOSTOCHNY COSMODROME, Russia – President",The handshake went on for 40 seconds. After it
nc-20230914-1,10,North Korea’s leader,
nc-20230914-1,16,met on Wednesday,of North Korea spent an afternoon on Wednesday promising each other support
nc-20230914-1,22,deep in the forests of,in
nc-20230914-1,30,and each promised the other support at a time when both are isolated from the West,
nc-20230914-1,141,,Mr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name
nc-20230914-1,250,,"They needed a picture, and they got one,” said a European diplomat in Seoul. “What went on behind the door we shall learn from the battlefield"
= 0
EOF
t newsq story -d news mw-20230912-1 --format oneline <<'EOF'
date	source	id	words	alike	title
2023-09-12T06:30:00Z	Meridian Wire	mw-20230912-1	227	100.0	Kim’s train rolls into Russia
! note: 'mw-20230912-1' has no near-copies: no article is 50 % alike
= 0
EOF
t newsq story -d news nosuch <<'EOF'
! note: no article or story 'nosuch'
= 1
EOF
t newsq story -d news <<'EOF'
! newsq: story takes the id of one article
! hint: ids are printed by: newsq search -l QUERY
= 2
EOF
t newsq story -d news a --format ids <<'EOF'
! newsq: --format ids is of hits; this answer is a table
! hint: it takes text, json, jsonl, csv, tsv, markdown
= 2
EOF
t ids newsq -d news -l 'story:bl-20230914-1' <<'EOF'
bl-20230914-1 hg-20230913-1 mw-20230913-1 nc-20230914-1 pd-20230914-1
= 0
EOF
for id in $(newsq -d news -l 'story:bl-20230914-1'); do
    is "story:$id is the whole story" "$(ids newsq -d news -l story:bl-20230914-1)" "$(ids newsq -d news -l "story:$id")"
done
is "an article without copies is its own story" mw-20230912-1 "$(newsq -d news -l story:mw-20230912-1)"
is "composes" 2 "$(newsq count -q -d news 'story:bl-20230914-1 (source:ledger OR source:pacific)')"
is "without" 0 "$(newsq count -q -d news 'story:bl-20230914-1 NOT story:pd-20230914-1')"
t newsq count -d news 'story:nosuch' <<'EOF'
0
= 1
EOF
t newsq -d news 'story:bl-20230914-1 putin' --collapse story --sort oldest --no-snippets <<'EOF'
1. Spaceport summit: Putin hints at satellite help for North Korea
   2023-09-13  Harbour Gazette  hg-20230913-1  +4 copies
= 0
EOF
t newsq -d news 'story:bl-20230914-1 putin' --collapse story --sort oldest --no-snippets --format jsonl <<'EOF'
{"type":"hit","rank":1,"score":0.000000,"id":"hg-20230913-1","title":"Spaceport summit: Putin hints at satellite help for North Korea","date":"2023-09-13","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/spaceport-summit-putin-hints-at-satellite","story":"bl-20230914-1","copies":4}
{"type":"end","version":1,"total":5,"exact":true,"stories":1,"query":"story:bl-20230914-1 putin","uuid":"UUID","revision":1}
= 0
EOF
is "lead first" hg-20230913-1 "$(newsq -q -d news story:bl-20230914-1 --collapse story --lead first -l)"
is "lead longest" pd-20230914-1 "$(newsq -q -d news story:bl-20230914-1 --collapse story --lead longest -l)"
is "lead by source" nc-20230914-1 "$(newsq -q -d news story:bl-20230914-1 --collapse story --lead 'source=nobody,the northern courier' -l)"
t newsq -d news train --lead first <<'EOF'
! newsq: --lead goes with --collapse story
= 2
EOF
t newsq -d news train --collapse story --lead last <<'EOF'
! newsq: --lead 'last' says nothing
! hint: it takes best, first, longest or source=NAME,NAME,...
= 2
EOF
# a story counts once, whatever counts it
all=$(newsq count -q -d news train) stories=$(newsq count -q -d news train --by-story)
is "copies among the matches" 4 $((all - stories))
is "as many hits as stories" "$stories" "$(newsq -q -d news train --collapse story -n all -l | wc -l)"
is "pages of stories" "$(newsq -q -d news train --collapse story -n all -l | sed -n 3,7p)" "$(newsq -q -d news train --collapse story --offset 2 -n 5 -l)"
is "facet by story" "$stories" "$(newsq facet -q -d news source train --by-story -n all | awk '{ n += $1 } END { print n }')"
is "hist by story" $((stories - 1)) "$(newsq hist -q -d news train --by-story | awk '{ n += $2 } END { print n }')"

# the stories of an index, a line each, whatever way it was made
stories() { newsq -q -d "$1" 'length:1..' --collapse story -n all --no-snippets --format jsonl | grep -o '"story":"[^"]*","copies":[0-9]*' | sort; }
is "one story in the sample" '"story":"bl-20230914-1","copies":4' "$(stories news)"
# copies that are cut by a third, and copies with a word changed here and there
newsq -q -d news 'length:150.. lang:en' -n all --format articles | awk '
    { body = $0; sub(/.*"body":"/, "", body); sub(/","(published|updated|authors|source|section|lang|url)":.*/, "", body)
      gsub(/\\n/, " ", body); gsub(/\\./, "", body)
      n = split(body, w, " "); cut = odd = ""
      for (i = 1; i <= n; i++) { if (i <= n * 2 / 3) cut = cut " " w[i]; odd = odd " " (i % 40 ? w[i] : "walrus") }
      print "{\"id\":\"cut-" NR "\",\"title\":\"Cut\",\"body\":\"" substr(cut, 2) "\"}"
      print "{\"id\":\"odd-" NR "\",\"title\":\"Odd\",\"body\":\"" substr(odd, 2) "\"}" }' >copies.jsonl
n=$(($(wc -l <copies.jsonl) / 2))
ok "there are copies" [ "$n" -gt 20 ]
newsdex add -q -d once -j 1 "$corpora/news.jsonl" copies.jsonl
newsdex add -q -d many -j 2 copies.jsonl
newsdex add -q -d many -j 2 "$corpora/news.jsonl"
cp -r many merged && newsdex merge -q -d merged
cp -r many rebuilt && newsdex rebuild -q -d rebuilt
stories once >want
found=0
for i in $(seq "$n"); do newsq -d once -l "story:cut-$i" | grep -qx "odd-$i" && found=$((found + 1)); done
ok "nearly all copies are found: $found of $n" [ $((found * 100)) -ge $((n * 95)) ]
for d in many merged rebuilt; do is "stories of an index made otherwise: $d" "$(cat want)" "$(stories $d)"; done
# articles that go, and articles that become others
newsdex delete -q -y -d many odd-1
is "a deleted copy is of no story" 0 "$(newsq count -q -d many 'story:cut-1 id:odd-1')"
printf '%s\n' '{"id":"cut-1","title":"Other","body":"nothing of what was here before is in these few words any more, they are about walruses on the ice of a far northern sea in the long months of the dark season, and how they sleep","version":"2"}' | newsdex add -q --replace -d many -
is "a replaced one leaves its story" cut-1 "$(newsq -q -d many -l story:cut-1)"
ok "the facts are sound" newsdex verify -q -d many
# a chain of small changes: neighbours are alike, the ends are not
awk 'BEGIN { for (i = 0; i < 12; i++) { printf "{\"id\":\"chain-%02d\",\"title\":\"Chain\",\"body\":\"", i
    for (k = 30 * i; k < 30 * i + 200; k++) printf "word%d ", k; print "\"}" } }' >chain.jsonl
newsdex add -q -d chain chain.jsonl
ok "a chain falls into stories" [ "$(newsq count -q -d chain 'title:chain' --by-story)" -gt 2 ]
ok "whose members are alike" [ "$(for i in 00 03 06 09 11; do newsq count -q -d chain story:chain-$i; done | sort -n | tail -1)" -le 5 ]
# two indexes: the stories of each
is "two indexes" "$(ids newsq -q -d news -l story:bl-20230914-1)" "$(ids newsq -q -d once -d news -l 'story:bl-20230914-1 NOT title:odd NOT title:cut' | tr ' ' '\n' | sort -u | tr '\n' ' ' | sed 's/ $//')"
is "one lineage over two" "$(newsq -q -d news -d once -l story:bl-20230914-1 | sort -u | wc -l)" "$(newsq story -q -d news -d once bl-20230914-1 --format jsonl | grep -c '"type":"copy"')"
finish
