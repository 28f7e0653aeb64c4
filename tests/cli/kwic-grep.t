#!/usr/bin/env bash
# --format grep: every sentence that matches, a line each.
. "$(dirname "$0")/lib.sh"
sample news
export NEWSDEX_INDEX=news
t newsq --format grep 'walrus*' <<'EOF'
hg-20230917-1	title	1	Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end
hg-20230917-1	body	6	He called on students at the Far Eastern Federal University on Russky Island, had lunch in Vladivostok and watched walruses, dolphins and a beluga perform at the aquarium.
= 0
EOF
t newsq kwic --format grep -n 3 '"armored train"' <<'EOF'
pd-20240619-1	body	11	The armored train was the overture," said a Western diplomat based in the region. "
hg-20230917-1	body	2	His armored train pulled out of the station of Artyom, near Vladivostok, to the sound of the march “Farewell of Slavianka.”
bl-20230914-1	body	2	Mr. Kim, who had traveled for more than two days in his armored train, was met at the entrance of a rocket assembly building.
= 0
EOF
t newsq --format grep --color always 'walruses' <<'EOF'
hg-20230917-1	title	1	Drones, a bulletproof vest and a [1;31mwalrus[0m: Kim’s six days in Russia end
hg-20230917-1	body	6	He called on students at the Far Eastern Federal University on Russky Island, had lunch in Vladivostok and watched [1;31mwalruses[0m, dolphins and a beluga perform at the aquarium.
= 0
EOF
t newsq --format grep nosuchword <<'EOF'
= 1
EOF
t newsq --format grep -l kim <<'EOF'
! newsq: --format grep and --ids exclude each other
= 2
EOF
t newsq facet source kim --format grep <<'EOF'
! newsq: --format grep is of search and kwic
= 2
EOF
for q in kim '"armored train"' 'kim w/5 train' 'title:kim'; do
    newsq -q --format grep "$q" >lines
    is "four columns: $q" 0 "$(awk -F '\t' 'NF != 4 || $2 !~ /^(title|lead|body)$/ || $3 !~ /^[0-9]+$/' lines | wc -l)"
    is "a sentence once: $q" 0 "$(cut -f 1-3 lines | sort | uniq -d | wc -l)"
    is "the articles of search: $q" "$(ids newsq -q -l "$q")" "$(cut -f 1 lines | sort -u | tr '\n' ' ' | sed 's/ $//')"
    is "kwic has the same: $q" "$(sort lines)" "$(newsq kwic -q --format grep "$q" | sort)"
done

# more places than can be listed are told, here and in --spans
awk 'BEGIN { printf "{\"id\":\"x\",\"title\":\"T\",\"body\":\"bb"; for (i = 0; i < 30000; i++) printf " aa"; print "\"}" }' >many.jsonl
printf '{"id":"y","title":"T","body":"aa bb aa"}\n' >>many.jsonl
newsdex add -q -d many many.jsonl
t newsq kwic -d many --format grep 'aa w/300 aa' <<'EOF'
y	body	1	aa bb aa
! note: 1 articles hold too many places to list them all
= 5
EOF
is '--spans of a few' '[{"field":"body","start":0,"end":2},{"field":"body","start":6,"end":8}],"uncut"' \
    "$(newsq -q -d many --format jsonl --no-snippets --spans 'aa w/300 aa' | sed -n 's/.*"id":"y".*"spans":\(.*\)}$/\1,"uncut"/p')"
is '--spans of too many' '[],"spans_complete":false' \
    "$(newsq -q -d many --format jsonl --no-snippets --spans 'aa w/300 aa' | sed -n 's/.*"id":"x".*"spans":\(.*\)}$/\1/p')"
finish
