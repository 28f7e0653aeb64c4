#!/usr/bin/env bash
# One wire-style article as plain text: the ways to ask for what it says. Where the shared data are there, theirs too.
. "$(dirname "$0")/lib.sh"

# finds DIR QUERY, misses DIR QUERY
finds() { is "finds $2" seed "$(newsq -q -l -d "$1" "$2" 2>&1)"; }
misses() { is "does not find $2" '' "$(newsq -q -l -d "$1" "$2" 2>&1)"; }

cat >own.txt <<'X'
The minister came home on an armoured express, two aides said on Tuesday, and nobody at the station would say more.
“If they go on with it, then they and they [the ministers] will pay for it,” said Gen. Jan Novak, a former chief of staff.
The price of such a bargain, he said, is one that the whole "international community" would bear. It's the ministers’ choice.
Mr. Novak met Col. Eva Horak in the capital last Sept. 11. "I have nothing to add," she told the U.S. press.
X
newsdex add -q -d own --set source='Meridian Wire' --set date=2023-09-08 --set id=seed own.txt
finds own '"armoured express"'
finds own 'price w/12 "international community"'
misses own 'price w/11 "international community"'
finds own 'price pre/12 "international community"'
misses own '"international community" pre/20 price'
finds own 'Novak pre/10 "chief of staff"'
finds own 'source:"Meridian Wire" date:2023-09'
misses own 'source:"Meridian Wire" date:2023-10'
finds own '"they the ministers will pay for it"'
finds own '"they * * will pay for it"'
misses own '"they will pay for it"'
finds own '"they will pay for it"~2'
finds own '"the ministers choice"'
finds own '“the minister’s” OR "ministers'\'' choice"'
finds own "\"the ministers' choice\""
finds own '“the ministers’ choice”'
finds own '"it is" OR "it'\''s the"'
finds own 'novak w/s horak'
misses own 'express w/s novak'
finds own 'novak w/p staff'
finds own '"gen jan novak"'
finds own 'US w/3 press'
finds own 'U.S. w/3 press'
misses own 'us w/3 press'
finds own '"sept 11"'
misses own 'title:minister'

if [ -n "$shared" ] && [ -r "$shared/seed/article.txt" ]; then
    newsdex add -q -d seed --set source="The Epoch Times" --set date=2023-09-08 --set id=seed "$shared/seed/article.txt"
    finds seed '"armored train"'
    finds seed 'price w/5 "international community"'
    finds seed 'Shoigu pre/10 Pyongyang'
    finds seed 'source:"The Epoch Times" date:2023-09'
    finds seed '"they pyongyang will pay a price"'
    finds seed '"they * will pay a price"'
    misses seed '"they will pay a price"'
    finds seed '"we have nothing to tell you"'
    finds seed '“we have nothing to tell you”'
    finds seed "'we have nothing to tell you'"
    finds seed 'source:=“The Epoch Times”'
    is "there is one article" 1 "$(newsq count -d seed)"
    is "it has no title" 1 "$(newsq count -d seed title:none)"
    is "the text is whole" "$(tr -s ' \n\r\t' '\n' <"$shared/seed/article.txt" | grep -c .)" "$(newsq show -d seed seed --format json | sed 's/.*"body":"//; s/","published.*//; s/\\n/ /g; s/\\"/"/g' | tr -s ' ' '\n' | grep -c .)"
else
    skip "no seed/article.txt"
fi
finish
