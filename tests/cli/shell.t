#!/usr/bin/env bash
# shell: lines in, answers out, without a terminal; terminal.t has the rest.
. "$(dirname "$0")/lib.sh"
sample news
export XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state
# shellcheck disable=SC2120 # t calls it with options
shell() { newsq shell -d news --no-snippets "$@"; }

# a query, step by step, and back
IN='# a comment

kim
AND putin
- walrus
:query
:back 2
:back
:back 5
OR walruses
+ (sturgeon OR "armored train")
NOT person:"Vladimir Putin"
:query
' t shell -n 1 <<'EOF'
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
20	kim
16	kim AND putin
15	kim AND putin AND NOT walrus
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
20	kim
20	kim OR walruses
12	(kim OR walruses) AND (sturgeon OR "armored train")
0	(kim OR walruses) AND (sturgeon OR "armored train") AND NOT person:"Vladimir Putin"
! 1 of 20; :more shows the rest
! query: kim AND putin
! 1 of 16; :more shows the rest
! query: kim AND putin AND NOT walrus
! 1 of 15; :more shows the rest
! query: kim
! 1 of 20; :more shows the rest
! newsq: there is no step to take back
! newsq: there is no step to take back
! query: kim OR walruses
! 1 of 20; :more shows the rest
! query: (kim OR walruses) AND (sturgeon OR "armored train")
! 1 of 12; :more shows the rest
! query: (kim OR walruses) AND (sturgeon OR "armored train") AND NOT person:"Vladimir Putin"
! note: 'Vladimir Putin' fits 3 names: vladimir putin (27), prezident rossii vladimir putin (1), prezident vladimir putin (1)
! nothing matches; by itself each part has:
!       20  kim OR walruses
!       14  sturgeon OR "armored train"
!      109  NOT person:"Vladimir Putin"
! what would match:
!        2  without kim OR walruses
!        4  without sturgeon OR "armored train"
!       12  without NOT person:"Vladimir Putin"
= 2
EOF
# its matches from all sides; numbers are those of the last list
IN='kim AND putin
:count
:facet person -n 2
:facet -n 2 person
:facet -n 1 source,person putin NOT kim
:hist year
:hist --per year train
:terms -n 2
:why 2
:show --format json 2
:like -n 1 2
:show --format json 1
:kwic -n 1 walruses
:compare -n 1 walruses
:related -n 1 "Kim Jong-un"
:related -n 1 Kim Jong-un
' t shell -n 2 <<'EOF'
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1

2. Putin, Kim promise closer ties at spaceport meeting
   2023-09-14  The Baltic Ledger  bl-20230914-1
16
16	Kim Jong-un
16	Vladimir Putin
16	Kim Jong-un
16	Vladimir Putin
source:
4	Meridian Wire

person:
9	Vladimir Putin
2023	15
2024	1
1994	1
1995	1
1996	0
1997	1
1998	0
1999	1
2000	0
2001	0
2002	0
2003	0
2004	1
2005	0
2006	0
2007	0
2008	1
2009	0
2010	0
2011	1
2012	0
2013	0
2014	1
2015	0
2016	0
2017	0
2018	0
2019	0
2020	1
2021	0
2022	0
2023	15
2024	1
score	count	articles	index	word
181.8	62	16	76	kim
119.4	43	15	55	korea
bl-20230914-1  Putin, Kim promise closer ties at spaceport meeting
score 6.684109
    3.286161  kim: 6 times, 1 in the title (+0.151013); in 20 articles
    2.665170  putin: 4 times, 1 in the title (+0.224333); in 25 articles
    0.732778  closeness: the words stand near each other (+12.3 %)
  length 323 words, 276.5 on average
{"id":"bl-20230914-1","version":"2","title":"Putin, Kim promise closer ties at spaceport meeting","body":"VOSTOCHNY COSMODROME, Russia – President Vladimir Putin of Russia and North Korea’s leader, Kim Jong-un, met on Wednesday at a spaceport deep in the forests of the Amur region, and each promised the other support at a time when both are isolated from the West.\n\nMr. Kim, who had traveled for more than two days in his armored train, was met at the entrance of a rocket assembly building. The two shook hands for about 40 seconds. Mr. Putin then led his guest through the halls where Angara and Soyuz-2 launchers are put together, and Mr. Kim asked about fuel and thrust.\n\nAsked by reporters whether Russia would help North Korea build satellites, Mr. Putin replied that this was the reason for choosing the Vostochny Cosmodrome. Pyongyang has failed twice this year to put a spy satellite into orbit.\n\nMr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name.\n\nWestern governments believe that Moscow wants artillery shells for its war in Ukraine. The Kremlin spokesman, Dmitry Peskov, said that sensitive matters between neighbors were not for publication.\n\nAbout two hours before the meeting, North Korea fired two short-range ballistic missiles into the sea east of the Korean Peninsula, South Korea’s Joint Chiefs of Staff said. It was the first launch carried out while Mr. Kim was out of the country.\n\nCorrection (Sept. 15): An earlier headline on this article said that a treaty had been signed. No document was signed.","published":"2023-09-14","updated":"2023-09-15T08:00:00Z","authors":["Meridian Wire"],"source":"The Baltic Ledger","section":"World","url":"https://balticledger.example.org/2023/09/putin-kim-promise-closer-ties-at","origin":{"file":"CORPORA/news.jsonl","offset":17527,"length":1844}}
1. Putin and Kim meet at Russian spaceport, promise closer ties
   2023-09-13T12:15:00Z  Meridian Wire  mw-20230913-1
{"id":"mw-20230913-1","title":"Putin and Kim meet at Russian spaceport, promise closer ties","body":"VOSTOCHNY COSMODROME, Russia – President Vladimir Putin of Russia and North Korea’s leader, Kim Jong-un, met on Wednesday at a spaceport deep in the forests of the Amur region, and each promised the other support at a time when both are isolated from the West.\n\nMr. Kim, who had traveled for more than two days in his armored train, was met at the entrance of a rocket assembly building. The two shook hands for about 40 seconds. Mr. Putin then led his guest through the halls where Angara and Soyuz-2 launchers are put together, and Mr. Kim asked about fuel and thrust.\n\nAsked by reporters whether Russia would help North Korea build satellites, Mr. Putin replied that this was the reason for choosing the Vostochny Cosmodrome. Pyongyang has failed twice this year to put a spy satellite into orbit.\n\nMr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name.\n\nThe talks, first with delegations and then between the two alone, lasted more than four hours and ended with a dinner of crab dumplings, sturgeon and beef. No document was signed and no joint statement was issued.\n\nWestern governments believe that Moscow wants artillery shells for its war in Ukraine. The Kremlin spokesman, Dmitry Peskov, said that sensitive matters between neighbors were not for publication.\n\nAbout two hours before the meeting, North Korea fired two short-range ballistic missiles into the sea east of the Korean Peninsula, South Korea’s Joint Chiefs of Staff said. It was the first launch carried out while Mr. Kim was out of the country.\n\n“They needed a picture, and they got one,” said a European diplomat in Seoul. “What went on behind the door we shall learn from the battlefield.”","published":"2023-09-13T12:15:00Z","authors":["Moscow Bureau"],"source":"Meridian Wire","section":"World","url":"https://meridianwire.example.org/2023/09/putin-and-kim-meet-at-russian","tags":["north korea","russia","space"],"origin":{"file":"CORPORA/news.jsonl","offset":9467,"length":2103}}
hg-20230917-1                 Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
side	count	both	percent	query
a	16	1	6.2	kim AND putin
b	1	1	100.0	walruses

period	a	b	share_a	share_b
2023-09	13	1	81.25	6.25
2023-10	1	0	50.00	0.00
2024-06	1	0	100.00	0.00

side	score	a	b	word
b	6.6	2	2	bulletproof

a	b	source
3	1	Harbour Gazette
score	pmi	count	index	first	last	kind	id	name
55.0	2.69	17	19	2023-09-05	2024-06-19	place	pyongyang	Pyongyang
score	pmi	count	index	first	last	kind	id	name
55.0	2.69	17	19	2023-09-05	2024-06-19	place	pyongyang	Pyongyang
! 2 of 16; :more shows the rest
= 0
EOF
# pages
IN=':more
train
:more
:more
:more
:show --format json 5
:show 77
' t shell -n 3 --sort newest <<'EOF'
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1

2. U.S. says North Korea shipped 1,000 containers of arms to Russia
   2023-10-13T20:10:00Z  Meridian Wire  mw-20231013-1

3. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
4. Shoigu shows Kim bombers and a frigate in Vladivostok
   2023-09-16  Pacific Daily  pd-20230916-1

5. Putin, Kim promise closer ties at spaceport meeting
   2023-09-14  The Baltic Ledger  bl-20230914-1

6. ‘A picture, and they got one’
   2023-09-14  The Northern Courier  nc-20230914-1
7. Kim and Putin meet at Vostochny Cosmodrome
   2023-09-14T00:20:00+09:00  Pacific Daily  pd-20230914-1

8. Putin and Kim meet at Russian spaceport, promise closer ties
   2023-09-13T12:15:00Z  Meridian Wire  mw-20230913-1

9. Spaceport summit: Putin hints at satellite help for North Korea
   2023-09-13  Harbour Gazette  hg-20230913-1
10. Kim’s train rolls into Russia
   2023-09-12T06:30:00Z  Meridian Wire  mw-20230912-1

11. Kim to visit Russia 'in coming days,' both sides say
   2023-09-11T21:05:00+09:00  Pacific Daily  pd-20230911-1

12. Summit talk puts U.N. sanctions on North Korea to the test
   2023-09-06  The Baltic Ledger  bl-20230906-1
{"id":"bl-20230914-1","version":"2","title":"Putin, Kim promise closer ties at spaceport meeting","body":"VOSTOCHNY COSMODROME, Russia – President Vladimir Putin of Russia and North Korea’s leader, Kim Jong-un, met on Wednesday at a spaceport deep in the forests of the Amur region, and each promised the other support at a time when both are isolated from the West.\n\nMr. Kim, who had traveled for more than two days in his armored train, was met at the entrance of a rocket assembly building. The two shook hands for about 40 seconds. Mr. Putin then led his guest through the halls where Angara and Soyuz-2 launchers are put together, and Mr. Kim asked about fuel and thrust.\n\nAsked by reporters whether Russia would help North Korea build satellites, Mr. Putin replied that this was the reason for choosing the Vostochny Cosmodrome. Pyongyang has failed twice this year to put a spy satellite into orbit.\n\nMr. Kim told his host that Russia was engaged in a sacred fight against Western hegemony. He did not mention Ukraine by name.\n\nWestern governments believe that Moscow wants artillery shells for its war in Ukraine. The Kremlin spokesman, Dmitry Peskov, said that sensitive matters between neighbors were not for publication.\n\nAbout two hours before the meeting, North Korea fired two short-range ballistic missiles into the sea east of the Korean Peninsula, South Korea’s Joint Chiefs of Staff said. It was the first launch carried out while Mr. Kim was out of the country.\n\nCorrection (Sept. 15): An earlier headline on this article said that a treaty had been signed. No document was signed.","published":"2023-09-14","updated":"2023-09-15T08:00:00Z","authors":["Meridian Wire"],"source":"The Baltic Ledger","section":"World","url":"https://balticledger.example.org/2023/09/putin-kim-promise-closer-ties-at","origin":{"file":"CORPORA/news.jsonl","offset":17527,"length":1844}}
! newsq: there is no query yet
! hint: type one; :help tells more
! 3 of 25; :more shows the rest
! 3 of 25; :more shows the rest
! 3 of 25; :more shows the rest
! 3 of 25; :more shows the rest
! newsq: no article '77'
! hint: newsq -l lists ids: newsq -l -d DIR 'QUERY'
= 2
EOF
# what is refused: the session goes on, the query at hand stays
IN='AND putin
:query
:back
:compare walruses
:save
kim w/5
walruses
kim w/5
AND
AND (
OR nosuchword
:nothing
:facte person
:facet nothing
:saved nothing
:batch
:shell
:set nothing 1
:set sort sideways
:set sort
:set by-story 1
:save bad name
:compare
:query
' t shell -n 1 <<'EOF'
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
1	walruses
1	walruses OR nosuchword
! newsq: there is no query yet to refine
! hint: type a query first; :help tells more
! newsq: there is no query yet
! hint: type one; :help tells more
! newsq: there is no step to take back
! newsq: there is no query yet to compare
! hint: :compare QUERY sets it beside the one at hand
! newsq: there is no query yet
! hint: type one; :help tells more
! newsq: 'w/5' lacks its right operand
!   kim w/5
!       ^^^
! hint: write something after it, or put it in quotes to look for the word
! newsq: 'w/5' lacks its right operand
!   kim w/5
!       ^^^
! hint: write something after it, or put it in quotes to look for the word
! newsq: what is the query to be refined by?
! hint: AND putin, NOT putin, + putin, - putin
! query: walruses AND (()
! newsq: nothing between the brackets
!   walruses AND (()
!                 ^^
! hint: write a query between them, or put brackets of the text in quotes
! query: walruses OR nosuchword
! newsq: no command ':nothing'
! hint: :help lists all; a query that begins with a colon is typed behind :search
! newsq: no command ':facte'
! hint: did you mean ':facet'? :help lists all
! newsq: no facet 'nothing'
! hint: facets are source, lang, author, section, tag, person, org, place, misc, entity, year, month, day
! newsq: no verb 'saved nothing'
! hint: newsq saved add|list|show|edit|rm|rename|run|test|commit|import|export
! newsq: no command ':batch'
! hint: did you mean ':back'? :help lists all
! newsq: no command ':shell'
! hint: did you mean ':help'? :help lists all
! newsq: 'nothing' is nothing to be set
! hint: :help shell lists the options
! newsq: 'sideways' is not a value of option '--sort'
! hint: it takes one of: score newest oldest source
! newsq: 'sort' takes a value
! hint: :set sort VALUE; :unset sort
! newsq: 'by-story' takes no value
! hint: :set by-story; :unset by-story
! newsq: a saved query has one name, without blanks
! hint: :save kim-and-putin, or :save desk/kim in a group
! newsq: compare with what?
! hint: :compare QUERY sets it beside the one at hand
= 2
EOF
# options of the session
IN=':set
:set since 2024
:set limit 1
:set sort newest
:set
kim
:count kim
:facet source kim
:unset since
:unset limit
:count kim
:set by-story
:count kim
' t shell <<'EOF'
index news
no-snippets
index news
no-snippets
since 2024
limit 1
sort newest
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
1
1	Pacific Daily
20
16
! note: articles without a date are in no range of dates: the index has 1
! note: articles without a date are in no range of dates: the index has 1
! note: articles without a date are in no range of dates: the index has 1
= 0
EOF
# saved queries
IN='kim AND putin
:save
:save both
:save both
- walrus
:save --force both
:saved list
:saved show both
query:both AND train
' t shell -n 1 <<'EOF'
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
both	(kim AND putin) AND NOT walrus
(kim AND putin) AND NOT walrus
1. Putin and Kim sign mutual defense pact in Pyongyang
   2024-06-19  Pacific Daily  pd-20240619-1
! 1 of 16; :more shows the rest
! newsq: under what name?
! hint: :save NAME; :save --force NAME writes over an old one
! kept: ask for query:both
! newsq: there is a saved query 'both' already
! hint: give --force to write over it, or choose another name
! query: (kim AND putin) AND NOT walrus
! 1 of 15; :more shows the rest
! kept: ask for query:both
! 1 of 13; :more shows the rest
= 2
EOF
# what Tab offers
for line in ':h' ':unk' ':hist w' ':facet per' ':facet source,p' ':facet --so' ':search --sort n' ':set li' ':set sort o' \
    ':saved ex' ':saved run bo' ':save b' 'per' 'kim AND per' 'A' 'person:pulik' '-person:"kim jong' 'source:pac' \
    ':count source:pac' 'query:' 'date:2' 'nofield:x' 'entity:vostoch' ':why hg-1 person:pulik'; do
    echo ":complete $line"
done >offers
IN=$(cat offers) t shell <<'EOF'
:help 
:hist 
week 
person 
source,person 
source,place 
--sort 
newest 
limit 
oldest 
export 
both 
both 
person:
person:
AND 
person:"Konstantin Pulikovsky" 
person:"Kim Jong-un" 
person:"Kim Jong-il" 
source:"Pacific Daily" 
source:"Pacific Daily" 
query:both 
entity:"Vostochny Cosmodrome" 
person:"Konstantin Pulikovsky" 
= 0
EOF
IN=':help
:help story
' t shell -q <<'EOF'
QUERY                look for it; it is the query at hand from then on
AND x, OR x, NOT x   refine it; + x is AND x, - x is AND NOT x
:back [N]            take the last step (N steps) back      :query   show the steps
:more                the next hits                          :show N  hit N, or an id
:facet FIELD,...     count its matches by field             :hist [day|week|month|year]
:terms :kwic :count :explain       of the query at hand, or of one typed behind
:why N :like N :story N            of hit N                :related NAME
:compare QUERY       the query at hand beside another one   :fields  of the language
:save NAME           keep it as query:NAME                  :saved VERB ...
:set [OPTION VALUE]  for all answers: since 2023, limit 20, sort newest     :unset OPTION
:help                :help COMMAND tells its options        :quit    or Ctrl-D
Options stand before the query: :facet person -n 20. Tab completes commands, fields, names, saved queries.
newsq story: the near-copies of an article, earliest first, with what each cut and added

usage: newsq story [OPTION]... ID

options:
  -d, --index DIR ...  folder of the index; may be repeated (default:
                       $NEWSDEX_INDEX)
      --format FORMAT  form of the answer (default: text) (text oneline json
                       jsonl csv tsv markdown html ids articles ris trec grep)
      --excel          csv for spreadsheets: byte order mark, no cell is taken
                       as a formula
      --color WHEN     colours and marks (default: auto) (auto always never)
      --pager          on a terminal: through a pager, also what is short
                       (count, saved run --new)
      --no-pager       never through a pager
  -q, --quiet          no notes on standard error
  -h, --help           print help
      --version        print the version
= 0
EOF
# the first query on the command line; the end without a line end; an index that is not there
IN=':count' t shell walruses AND dolphins <<'EOF'
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
1
= 0
EOF
IN='kim
:query' t newsq shell -d nothing <<'EOF'
! newsq: there is no index in 'nothing'
! hint: make one with: newsdex add -d nothing FILE, or name another folder with -d
! newsq: there is no query yet
! hint: type one; :help tells more
= 3
EOF
t newsq shell -d news --format json <<'EOF'
! newsq: '--format' is no option of 'newsq shell'
! hint: it belongs to: search facet hist terms related like compare story kwic show why saved batch
= 2
EOF
IN=$'a\x01\xff\nwalruses\n' t shell -n 1 <<'EOF'
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
! newsq: the line is not UTF-8
= 2
EOF
# a command's own input is not the session's
IN=':search -f -
walruses
' t shell -n 1 <<'EOF'
1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
   2023-09-17  Harbour Gazette  hg-20230917-1
! newsq: the query is empty
! hint: write what to look for, for example: newsq 'title:train AND "price of oil"'
= 2
EOF
printf 'wal\0ruses\nwalruses\n' >zero
shell <zero >out 2>err
is 'a zero byte' '2,newsq: the line holds a zero byte,1. Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end' "$?,$(head -n 1 err),$(head -n 1 out)"
head -c 1100000 /dev/zero | tr '\0' x >long
echo >>long
echo walruses >>long
is 'a line that is too long is left out' 'Drones' "$(shell <long 2>/dev/null | grep -o Drones)"
is 'a reader that goes' 0 "$(yes kim | head -n 50 | shell 2>/dev/null | head -n 1 >/dev/null; echo "${PIPESTATUS[2]}")"
is 'no history without a terminal' no "$([ -e state/newsdex/history ] && echo yes || echo no)"
is 'libedit is not loaded by other commands' 0 "$(ldd "$bin/newsq" | grep -c edit)"
finish
