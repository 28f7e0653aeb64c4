#!/usr/bin/env bash
# Rates, sizes and latencies of newsdex beside other engines, as one page. Engines take turns; figures are medians,
# and only ratios of one run mean much. What apt does not have here is skipped by name.
# ND_DUMP=FILE       articles as JSONL, plain or .gz (default: the news dump of ../shared, else the sample in corpora/)
# ND_BENCH_DIR=DIR   where indexes go (default: build/bench); the slow peers' are kept there for the next run
# BENCH_QUICK=1      a part of the dump, 50 queries a type: under a minute
# BENCH_INSTALL=0    do not install the peers that are missing
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${ND_BIN:-build/gcc}
dir=${ND_BENCH_DIR:-build/bench}
dump=${ND_DUMP:-../shared/data/news/press.jsonl.gz}
if [ "${BENCH_QUICK:-0}" = 1 ]; then
    articles=1200 queries=50 build_rounds=2 lucene_rounds=1 turns=1 rounds=3 laps=15
else
    articles=1000000 queries=200 build_rounds=5 lucene_rounds=3 turns=2 rounds=5 laps=41
fi
o=$dir/bin w=$dir/data-$articles r=$dir/result
rm -rf "$r"
mkdir -p "$o" "$w" "$r" || exit 2
skipped=''
skip() { skipped="$skipped$1 ($2); "; }
die() { echo "bench: $1" >&2; exit 2; }

# --- the peers that are here, or that apt has -------------------------------------------------
here() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
want() { # want PACKAGE: installed, or could be
    here "$1" && return 0
    [ "${BENCH_INSTALL:-1}" = 1 ] && [ "$(apt-cache policy "$1" 2>/dev/null | grep -c 'Candidate: [0-9]')" = 1 ] || return 1
    local as=''
    [ "$(id -u)" -eq 0 ] || as='sudo -n'
    DEBIAN_FRONTEND=noninteractive $as apt-get install -y -q --no-install-recommends "$1" >"$dir/apt.log" 2>&1
}
compile() { # compile NAME SOURCE [LIBRARY]...: the driver of a peer, or status 1
    local name=$1 source=$2
    shift 2
    [ "$o/$name" -nt "tests/bench/$source" ] && [ "$o/$name" -nt tests/bench/flat.hh ] && return 0
    g++ -std=gnu++17 -O2 -g -Wall -Wextra -o "$o/$name" "tests/bench/$source" "$@" 2>"$dir/$name.log"
}
fts5='' lucene='' rg=''
if want libsqlite3-dev && compile peer_fts5 peer_fts5.cc -lsqlite3; then fts5=1; else skip 'SQLite FTS5' libsqlite3-dev; fi
if want ripgrep; then rg=1; else skip ripgrep ripgrep; fi
if want liblucene8-java && { command -v javac >/dev/null || want default-jdk-headless; }; then
    classes=$o
    for part in core analyzers-common; do
        for jar in /usr/share/java/lucene-$part-8*.jar; do classes=$classes:$jar; done
    done
    if javac -cp "$classes" -d "$o" tests/bench/PeerLucene.java 2>"$dir/lucene.log"; then lucene=1; fi
fi
[ "$lucene" ] || skip Lucene 'liblucene8-java, javac'
for peer in omega:xapian-omega recoll:recoll groonga:groonga; do skip "${peer%:*}" 'no driver'; done
compile prep prep.cc -lsimdjson && compile peer_xapian peer_xapian.cc -lxapian &&
    compile open_only open_only.cc -lxapian && compile page page.cc ||
    die "a driver does not compile: see the logs in $dir"
c() { gcc -std=gnu17 -O2 -g -D_GNU_SOURCE -include common/base/banned.h -Icommon -Iquery "$@"; }
c -o "$o/lap" tests/bench/lap.c && c -c -o "$o/ours.o" tests/bench/ours.c &&
    g++ -o "$o/ours" "$o/ours.o" "$bin/libquery.a" "$bin/libcommon.a" -lxapian -lstemmer -lutf8proc \
        -lsimdjson -lzstd -lz -lxxhash -lm || die 'the driver of newsdex does not compile'

# --- the input ------------------------------------------------------------------------------
if [ ! -r "$dump" ]; then
    skip "the dump $dump" 'not here'
    dump=corpora/news.jsonl
fi
case $dump in
*.gz) gzip -dc "$dump" >"$w/all.jsonl" ;;
*) cp "$dump" "$w/all.jsonl" ;;
esac
sum=$(cksum <"$w/all.jsonl")
[ "$sum" = "$(cat "$w/sum" 2>/dev/null)" ] || rm -rf "${w:?}"/peer-*
echo "$sum" >"$w/sum"
facts=$("$o/prep" "$w/all.jsonl" "$w" "$articles" "$queries") || die 'cannot read the dump'
rm -f "$w/all.jsonl"
n=${facts%$'\t'*} text=${facts#*$'\t'}

# --- building -------------------------------------------------------------------------------
# Each builder removes its index first, so that every round begins anew.
newsdex=$bin/newsdex newsq=$bin/newsq
# The peers know no entities: where add would find them, it is told not to.
plain=$("$newsdex" add --help | grep -o -m 1 -e '--no-entities')
bytes() { du -sb "$1" | cut -f1; }
lap() { "$o/lap" "$@" || die 'a run failed'; }
fresh() { echo "rm -rf '$1'; exec"; } # the head of a shell command
note() { # note FOLDER...: add text and size to the lines of lap, a folder (or -) each
    while IFS= read -r line; do
        printf '%s\t%s\t%s\n' "$line" "$text" "$([ "$1" = - ] && echo 0 || bytes "$1")"
        shift
    done >>"$r/build"
}
java=(java -cp "${classes-}" PeerLucene)
set -- "$build_rounds" \
    -- 'newsdex, 1 thread' sh -c "$(fresh "$w/one") '$newsdex' add -q $plain -j1 -d '$w/one' '$w/dump.jsonl'" \
    -- 'newsdex, 2 threads' sh -c "$(fresh "$w/two") '$newsdex' add -q $plain -j2 -d '$w/two' '$w/dump.jsonl'" \
    -- 'newsdex, deflate' sh -c "$(fresh "$w/deflate") '$newsdex' add -q $plain -j1 --codec deflate -d '$w/deflate' '$w/dump.jsonl'"
sizes=("$w/one" "$w/two" "$w/deflate")
if [ "$fts5" ]; then
    set -- "$@" -- fts5 sh -c "$(fresh "$w/fts5") '$o/peer_fts5' build '$w/articles' '$w/fts5'"
    sizes+=("$w/fts5")
fi
lap "$@" | note "${sizes[@]}"
if [ "$lucene" ]; then
    lap "$lucene_rounds" \
        -- 'lucene, 1 thread' sh -c "$(fresh "$w/l1") ${java[*]} build stored '$w/articles' '$w/l1' 1" \
        -- 'lucene, 2 threads' sh -c "$(fresh "$w/l2") ${java[*]} build stored '$w/articles' '$w/l2' 2" |
        note "$w/l1" "$w/l2"
    [ -d "$w/peer-lucene" ] || "${java[@]}" build ids "$w/articles" "$w/peer-lucene" 1 merge
    [ -d "$w/peer-lucene-stored" ] || "${java[@]}" build stored "$w/articles" "$w/peer-lucene-stored" 1 merge
fi
# Stock Xapian takes long: its rate is measured on an eighth.
"$o/prep" "$w/dump.jsonl" "$(mkdir -p "$w/part" && echo "$w/part")" $((n / 8 + 1)) 1 >"$w/part/facts"
all=$text
text=$(cut -f2 "$w/part/facts")
lap 1 -- 'xapian, an eighth' sh -c "$(fresh "$w/x8") '$o/peer_xapian' build stored '$w/part/articles' '$w/x8'" | note "$w/x8"
text=$all
[ -d "$w/peer-xapian" ] || { "$o/peer_xapian" build ids "$w/articles" "$w/new" && mv "$w/new" "$w/peer-xapian"; }
# Merging: an index in several segments, copied for each round.
rm -rf "$w/many"
"$newsdex" add -q ${plain:+"$plain"} -j1 --memory 64M -d "$w/many" "$w/dump.jsonl" || die 'cannot build in segments'
segments=$(find "$w/many" -maxdepth 1 -name 'seg-*' | wc -l)
lap "$build_rounds" -- copy sh -c "rm -rf '$w/merged'; cp -r '$w/many' '$w/merged'" \
    -- 'newsdex merge' "$newsdex" merge -q -d "$w/merged" | grep -v '^copy' | note "$w/merged"

# --- queries --------------------------------------------------------------------------------
for _ in $(seq "$turns"); do
    "$o/ours" query "$w/one" "$w/queries" "$rounds"
    "$o/peer_xapian" query ids "$w/peer-xapian" "$w/queries" "$rounds"
    if [ "$lucene" ]; then
        "${java[@]}" query ids "$w/peer-lucene" "$w/queries" "$rounds"
    fi
    [ "$fts5" ] && "$o/peer_fts5" query "$w/fts5" "$w/queries" 1
done >>"$r/queries" || die 'queries failed'
if [ "$lucene" ]; then "${java[@]}" query stored "$w/peer-lucene-stored" "$w/queries" 2 >>"$r/queries"; fi
# Facets over the matches of a frequent word; a list of twelve values against a single one.
rm -rf "$w/tags"
"$newsdex" add -q ${plain:+"$plain"} -d "$w/tags" "$w/tags.jsonl" || die 'cannot build the index with tags'
for _ in 1 2 3; do
    "$o/ours" facet "$w/one" the source 15
    "$o/peer_xapian" facet "$w/peer-xapian" the 5
    for field in source tag; do
        "$o/ours" facet "$w/tags" the "$field" 15 | sed 's/^newsdex/newsdex list/'
    done
done >>"$r/queries"

# --- from a shell ---------------------------------------------------------------------------
"$o/ours" text "$w/queries" >"$w/queries.txt"
q=$(sed -n $((3 * queries + 1))p "$w/queries.txt") # a phrase
# Several segments in one folder, as many as add leaves unmerged: seven small ones, and one of 8,000 articles if there are so many.
rm -rf "$w/eight" "$w"/part.*
big=$((n > 8100 ? 8000 : 0))
[ "$big" = 0 ] || head -n "$big" "$w/dump.jsonl" >"$w/part.0"
tail -n "+$((big + 1))" "$w/dump.jsonl" | split -l $(((n - big + 6) / 7)) - "$w/part."
for part in "$w"/part.*; do "$newsdex" add -q ${plain:+"$plain"} -j1 -d "$w/eight" "$part" || die 'cannot add'; done
base=("$w"/eight/seg-*)
set -- "$laps" -- 'open only, 1 segment' "$o/open_only" "$w"/one/seg-* \
    -- 'newsq, 1 segment, no snippets' "$newsq" -q --no-snippets -d "$w/one" "$q" \
    -- 'newsq, 1 segment, snippets' "$newsq" -q -d "$w/one" "$q" \
    -- "open only, ${#base[@]} segments" "$o/open_only" "${base[@]}" \
    -- "newsq, ${#base[@]} segments, no snippets" "$newsq" -q --no-snippets -d "$w/eight" "$q" \
    -- "newsq, ${#base[@]} segments, snippets" "$newsq" -q -d "$w/eight" "$q"
[ "$fts5" ] && command -v sqlite3 >/dev/null &&
    set -- "$@" -- 'sqlite3, the same phrase' sqlite3 "$w/fts5" "SELECT id, title FROM a WHERE a MATCH '$q' ORDER BY rank LIMIT 10"
[ "$rg" ] && set -- "$@" -- 'rg -c over the plain JSONL' rg -c -i -e "${q//\"/}" "$w/dump.jsonl"
lap "$@" >"$r/shell"
# All queries in one newsq process.
lines=$(grep -vc '^$' "$w/queries.txt")
for snippets in --no-snippets ''; do
    # shellcheck disable=SC2086
    lap 3 -- batch sh -c "exec '$newsq' batch -d '$w/one' $snippets <'$w/queries.txt'" |
        awk -F '\t' -v n="$lines" -v s="${snippets:-snippets}" \
            '{ printf "newsq batch, a query, %s\t%.3f\t%.3f\t%s\n", s, $2 / n, $3 / n, $4 }'
done >>"$r/shell"

# --- the page -------------------------------------------------------------------------------
printf 'newsdex %s, %s\n' "$("$newsdex" --version | awk '{ print $NF; exit }')" "$(date -u '+%Y-%m-%d %H:%M UTC')"
printf 'machine: %s, %s cores, %s, load %s\n' "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" \
    "$(nproc)" "$(. /etc/os-release && echo "$PRETTY_NAME")" "$(cut -d' ' -f1 /proc/loadavg)"
printf 'input: %s articles, %.1f MB of title and body; %s queries a type; merged: %s segments\n' \
    "$n" "$(awk -v b="$text" 'BEGIN { print b / 1e6 }')" "$queries" "$segments"
printf 'skipped: %s\n' "${skipped%; }"
"$o/page" "$r"
rm -rf "$w"/part.* "$w/eight" "$w/merged" "$w/many" "$w/tags" "$w/deflate" "$w/part" "$w/x8"
printf '\nreaders (MB of input a second of processor time, reading, cleaning and printing):\n'
if [ "${BENCH_QUICK:-0}" = 1 ]; then tests/bench/readers.sh 2; else tests/bench/readers.sh 16; fi
printf '\nsaved queries and alerts:\n'
ND_BIN=$bin ND_BENCH_DIR=$dir tests/bench/saved.sh "$dump"
