#!/usr/bin/env bash
# Many queries in one process: from the eighth name on what the dictionaries hold is looked up in indexes that are kept.
# The counts must be those of queries that are asked one by one.
. "$(dirname "$0")/lib.sh"
sample news
cat >queries <<'EOF'
person:kim
person:"Kim Jong-un"
person:"Kim, Jong-un"
person:Putin
person:="vladimir putin"
org:kremlin
org:UN
org:U.N.
org:"United Nations"
place:Russia
place:U.S.
place:"United States"
entity:Moscow
entity:=moscow
misc:nobel
entity:kim w/10 place:vladivostok
person:nobody
person:Jong
person:un
place:korea
source:gazette
source:"pacific daily"
source:daily
author:bureau
author:moscow
section:world
tag:korea
person:"Президент"
person:"путин"
entity:"."
person:"kim jong-un" AND NOT org:kremlin
EOF
check() { # check NAME: every query twice in one process, and by itself
    local q
    cat queries queries | newsq batch count -q -d news 2>/dev/null | sed 's/^error\t.*/error/' >together
    while IFS= read -r q; do
        printf '%s\t%s\n' "$(newsq count -q -d news "$q" 2>/dev/null)" "$q"
    done <queries | sed 's/^\t.*/error/' >alone
    is "$1" '' "$(cat alone alone | diff - together | head -n 5)"
}
is 'names that are found' 6 "$(head -n 6 queries | newsq batch count -d news 2>/dev/null | grep -vc '^0')"
check 'as they are'
cat >news/entities.conf <<'EOF'
alias  person "Sergei Shoigu" = "Vladimir Putin"
reject org "Kremlin"
rename place "Moscow" -> "Moskva"
type   "Nobel Peace Prize" misc -> org
split  person "Kim Jong-un" when source "Pacific Daily" as "Kim (PD)"
EOF
cat >queries <<'EOF'
person:"Kim (PD)"
person:"Kim Jong-un"
person:kim
place:Moskva
place:moscow
org:nobel
org:kremlin
person:shoigu
person:putin
entity:kremlin
EOF
check 'with rules'
is 'rules hold' '0 1' "$(newsq count -q -d news org:kremlin) $(($(newsq count -q -d news 'person:"Kim (PD)"') > 0))"
finish
