#!/usr/bin/env bash
# Rate of each reader in MB of input a second of processor time: a sample repeated to SIZE megabytes, read, cleaned and
# printed by `newsdex convert`. Usage: tests/bench/readers.sh [SIZE]; $ND_BIN as for the tests.
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${ND_BIN:-build/gcc}
size=${1:-16}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
rate() { # rate NAME FILE: the file is one that may be repeated; the head of a table comes once
    local file="$dir/$1.${2##*.}" seconds
    tail -n +"$([ "$1" = csv ] && echo 2 || echo 1)" "$2" >"$file.part"
    while [ "$(wc -c <"$file.part")" -lt $((size * 1000000)) ]; do
        cat "$file.part" "$file.part" >"$file.more" && mv "$file.more" "$file.part"
    done
    { [ "$1" != csv ] || head -n 1 "$2"; cat "$file.part"; } >"$file"
    local options=(--input-format "$1")
    [ "$1" != xml ] || options+=(--record item --map 'id=@guid,title=head/title,body=content//p')
    TIMEFORMAT='%U'
    seconds=$({ time "$bin/newsdex" convert -q "${options[@]}" "$file" >/dev/null 2>&1; } 2>&1)
    awk -v name="$1" -v n="$(wc -c <"$file")" -v s="$seconds" \
        'BEGIN { printf "%-10s %6.1f MB %6.2f s %7.1f MB/s\n", name, n / 1e6, s, n / 1e6 / (s > 0 ? s : 0.001) }'
    rm -f "$file" "$file.part"
}
s=corpora/formats
grep -v short $s/table.csv >"$dir/sample.csv"
rate json corpora/news.jsonl
rate csv "$dir/sample.csv"
rate mail $s/mail.mbox
rate trec $s/trec.sgml
rate wire $s/wire/anpa1312.txt
rate factiva $s/factiva.txt
rate nexis $s/nexis.txt
rate markdown $s/hugo.md
rate story $s/story.story
seed=tests/fuzz/seed
rate xml $seed/xml/mapped.xml
rate nitf $seed/nitf/nyt.xml
rate newsml $seed/newsml/one.xml
rate feed $seed/feed/rss.xml
rate mediawiki $seed/mediawiki/page.xml
rate reuters $seed/reuters/two.sgm
rate rcv1 $seed/rcv1/story.xml
rate warc $seed/warc/plain.warc
rate html $seed/html/page.html
rate text corpora/text/kyoto-1997.txt
