#!/usr/bin/env bash
# convert: a sample of each format of lines, as it is read.
. "$(dirname "$0")/lib.sh"

read_sample() { newsdex convert -q "$corpora/formats/$1" | sed 's/,"origin":.*$/}/'; }

t read_sample trec.sgml <<'EOF'
{"id":"LA040189-0001","title":"OIL TANKER AGROUND IN ALASKAN SOUND","body":"Eleven million gallons of crude ran into Prince William Sound, R&D costs aside.\n\nCrews were late; the booms were in a barge under repair.","published":"1989-04-01","authors":["ANN LEE"],"source":"Los Angeles Times","section":"Business"}
{"id":"APW_ENG_20030401.0042","title":"Budget of stories for Tuesday","body":"VALDEZ, Alaska (AP)\n\nTwo stories move tonight & one tomorrow.","published":"2003-04-01","source":"Associated Press","tags":["advis"]}
{"id":"FT911-17","title":"Tanker rules tightened","body":"Owners must fit a second hull by 2010\n\nunless the ship is laid up. One clause < a page long.","published":"1991-05-14","source":"The Financial Times"}
= 0
EOF
t read_sample story.story <<'EOF'
{"id":"story","lead":"Tanker hits a reef in Alaska\n\nCaptain was not on the bridge, the coast guard says","body":"(CNN) -- The tanker ran aground on Bligh Reef just after midnight.\n\nIts captain had left the bridge.","source":"CNN"}
= 0
EOF
t read_sample factiva.txt <<'EOF'
{"id":"HARBGZ0020230905ej9500012","title":"Harbour pays for the spill","body":"The harbour will pay.\n\nIt took nine years.\n\nThe fishermen got the smaller share.","published":"2023-09-05T03:04","authors":["Ann Lee","Bo Roe"],"source":"The Harbour Gazette","lang":"en","tags":["Natural Environment"],"entities":[{"type":"org","name":"Exxon Mobil Corp"},{"type":"place","name":"Alaska"},{"type":"place","name":"United States"}]}
{"id":"HARBGZ0020230906ej9600001","title":"Second hull","body":"A second hull is law.","published":"2023-09-06","source":"The Harbour Gazette"}
= 0
EOF
t read_sample factiva-plain.txt <<'EOF'
{"id":"HARBGZ0020230905ej9500012","title":"Harbour pays for the spill","body":"The harbour will pay.\n\nIt took nine years.","published":"2023-09-05","authors":["Ann Lee"],"source":"The Harbour Gazette","lang":"en"}
{"id":"HARBGZ0020230906ej9600001","title":"Second hull","body":"A second hull is law.","published":"2023-09-06","source":"The Harbour Gazette","lang":"en"}
= 0
EOF
t read_sample nexis.txt <<'EOF'
{"id":"nd-d1adeea7761a8af6248d03560fde477c","title":"Harbour Pays for the Spill","body":"VALDEZ, Alaska\n\nThe harbour will pay.\n\nIt took nine years. Notes: none.","published":"2023-09-05","authors":["ANN LEE"],"source":"The Harbour Gazette","section":"Section B","lang":"en","url":"http://www.example.com/spill","tags":["OIL SPILLS","FISHING"],"entities":[{"type":"org","name":"EXXON MOBIL CORP"}]}
{"id":"nd-6a97c32dbfac9a469b80440976aad7a8","title":"Second hull","body":"A second hull is law.","published":"2023-09-06","source":"The Harbour Gazette","section":"Pg. 1"}
= 0
EOF
t read_sample nexis-uni.txt <<'EOF'
{"id":"nd-a48ffa65031519569205e4b1dd091380","title":"Harbour Pays for the Spill","body":"The harbour will pay.\n\nIt took nine years.","published":"2023-09-05","authors":["Ann Lee"],"source":"The Harbour Gazette","section":"Section B","lang":"en","tags":["OIL SPILLS"]}
= 0
EOF
t read_sample 1999-03-24-spill.markdown <<'EOF'
{"id":"1999-03-24-spill","title":"Ten years after the spill","body":"What is left\n\nThe shore looks clean. Under the stones it is still there, as one sees with a spade.\n\nherring: gone\notters: back\n\nNobody asked us,\n\nsaid a fisherman. See the bay.\n\nppm = 12 * x\n\nNot named here.","published":"1999-03-24T10:00:00-09:00","authors":["Ann Lee"],"section":"environment","tags":["oil","Alaska"]}
= 0
EOF
t read_sample hugo.md <<'EOF'
{"id":"nd-e8610d1ef06b1f25b138a501e77c4897","title":"A second hull","body":"The rule came late.","published":"2003-04-01T10:00:00Z","authors":["Bo Roe","Ann Lee"],"tags":["ships","law"]}
= 0
EOF
t read_sample mail.mbox <<'EOF'
{"id":"1@example.org","title":"Tanker aground – update","body":"Bo writes:\n\n> Is it true that it leaks?\n\nIt is.\n\nFrom Valdez one can smell it.","published":"1989-03-24T10:00:00-09:00","authors":["Ann Lee"],"section":"alaska.news","tags":["alaska.news","misc.sea"]}
= 0
EOF
t read_sample table.csv <<'EOF'
{"id":"1","title":"Tanker \"aground\"","body":"It leaks,\n\nthey say.","published":"1989-03-24","source":"The Harbour Gazette"}
{"id":"2","title":"Second hull","body":"It is law."}
! CORPORA/formats/table.csv:3: the row has 2 columns, the header 5
= 0
EOF
t read_sample wire/iptc7901.txt <<'EOF'
{"id":"19890324-HGZ0123","title":"Tanker aground in Alaska","body":"VALDEZ, March 24 - Oil runs into the sound from the tanker.\n\nCrews are late.","published":"1989-03-24T12:07:00Z","source":"HGZ","section":"FIN","tags":["Tanker-aground","priority 3"]}
{"id":"19890324-HGZ0123","title":"MANDATORY KILL","body":"Editors: kill HGZ0123, Tanker aground. It is another ship.","published":"1989-03-24T13:07:00Z","source":"HGZ","section":"FIN","tags":["Tanker-kill","priority 2"],"withdrawn":true}
= 0
EOF
t read_sample wire/anpa1312.txt <<'EOF'
{"id":"19890324-a0523","version":"1stLd-Writethru","title":"Tanker aground in Alaska","body":"VALDEZ, Alaska (HP) _ Oil runs into the sound from the tanker.\n\nCrews are late.\n\nHP-NY-03-24-89 1207EST","published":"1989-03-24T12:07:00-05:00","authors":["ANN LEE"],"section":"f","tags":["BC-Tanker-Aground","priority r"]}
= 0
EOF
finish
