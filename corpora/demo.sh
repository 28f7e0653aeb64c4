#!/usr/bin/env bash
# Index the sample articles and ask them eight things. Usage: corpora/demo.sh FOLDER-OF-PROGRAMS
set -eu
cd "$(dirname "$0")/.."
bin=$PWD/${1:-build/gcc}
PATH=$bin:$PATH
index=demo/index
rm -rf "$index"
mkdir -p demo
say() { printf '\n\033[1m$ %s\033[0m\n' "$1"; }
run() { # run COMMAND...: show the line as one would type it, then run it
    local line='' word
    for word in "$@"; do
        case $word in
        *[!A-Za-z0-9_./:=-]*) line="$line '$word'" ;;
        *) line="$line $word" ;;
        esac
    done
    [ -t 1 ] && say "${line# }" || printf '\n$ %s\n' "${line# }"
    "$@"
}
run newsdex add -d "$index" corpora/news.jsonl corpora/text
export NEWSDEX_INDEX=$index
run newsq -n 3 '"armored train" Vladivostok'
run newsq -n 3 'sanctions w/5 "North Korea" date:2023'
run newsq -n 2 'source:"Meridian Wire" title:kim -summit'
run newsq --sort oldest --oneline -n 5 'train* pre/10 (station OR border)'
run newsq facet source 'Kim AND Putin'
run newsq facet person -n 5 'person:"Kim Jong-un" w/s person:*' --matched
run newsq -n 2 'person:shoigu w/10 place:pyongyang'
run newsq explain '"they * will pay a price" OR first-class'
printf '\nThe index is in %s. Ask it something of your own:\n    %s/newsq -d %s '"'"'"climate agreement" w/10 paris'"'"'\n' \
    "$index" "${1:-build/gcc}" "$index"
