#!/usr/bin/env bash
# Saved queries in numbers: 1,000 of them (people, organisations and places of the archive, and words) over one index:
#   run --all             one report, beside a process for each query
#   run --all --new       what 100 new articles brought, beside a process for each query
#   add --alerts          one more article, beside `add` without, and beside a single query
# CPU seconds (user and system) of whole commands, as the medians of rounds; the targets are told with each.
# Usage: tests/bench/saved.sh [DUMP]      the variables of run.sh: ND_DUMP, ND_BENCH_DIR, ND_BIN, BENCH_QUICK
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${ND_BIN:-build/gcc}
dir=${ND_BENCH_DIR:-build/bench}
dump=${1:-${ND_DUMP:-../shared/data/news/press.jsonl.gz}}
if [ "${BENCH_QUICK:-0}" = 1 ]; then
    queries=100 kind_top=30 fresh=10 rounds=1
else
    queries=1000 kind_top=300 fresh=100 rounds=3
fi
newsdex=$PWD/$bin/newsdex newsq=$PWD/$bin/newsq
die() { echo "bench: $1" >&2; exit 2; }
[ -r "$dump" ] || dump=corpora/news.jsonl
w=$dir/saved
rm -rf "$w"
mkdir -p "$w/state" "$dir/bin" || exit 2
lap=$(realpath "$dir")/bin/lap
gcc -std=gnu17 -O2 -D_GNU_SOURCE -include common/base/banned.h -Icommon -o "$lap" tests/bench/lap.c || die 'lap does not compile'
case $dump in
*.gz) gzip -dc "$dump" ;;
*) cat "$dump" ;;
esac >"$w/all.jsonl"
cd "$w" || exit 2
export XDG_STATE_HOME=$PWD/state
[ "${BENCH_QUICK:-0}" = 0 ] || { head -n 1200 all.jsonl >part && mv part all.jsonl; }
total=$(wc -l <all.jsonl)
[ "$total" -gt 1000 ] || fresh=10
old=$((total - fresh - 1))
head -n "$old" all.jsonl >old.jsonl
tail -n +$((old + 1)) all.jsonl | head -n "$fresh" >fresh.jsonl
tail -n 1 all.jsonl >one.jsonl
"$newsdex" add -q -d news old.jsonl || die 'cannot build the index'
# The queries: names as a news desk keeps them, in groups; then words.
for kind in person org place; do
    "$newsq" facet -q -d news "$kind" -n "$kind_top" --format csv | tail -n +2 | sed -E 's/^"?([^",]*).*/\1/' | sort -u >"$kind"
    "$newsq" saved import -q --queries queries "$kind" --list "$kind" --template "$kind:\"{}\""
done >import.log 2>&1
"$newsq" terms -q -d news --format csv -n 400 'person:*' 2>/dev/null | tail -n +2 | cut -d, -f1 | tr -d '"' >word
have=$(find queries -name '*.query' | wc -l)
head -n $((queries - have)) word >words
"$newsq" saved import -q --queries queries word --list words --template '{}' >>import.log 2>&1
find queries -name '*.query' | sed 's,^queries/,,; s,\.query$,,' | sort >names
n=$(wc -l <names)

# A process for each query, as a loop of a script.
cat >each <<END
#!/bin/sh
while IFS= read -r name; do '$newsq' -q -d \$1 --queries queries "query:\$name"; done <names >/dev/null
exit 0
END
cat >each-new <<END
#!/bin/sh
while IFS= read -r name; do '$newsq' saved run -q -d \$1 --queries queries --new "\$name"; done <names >/dev/null
exit 0
END
chmod +x each each-new
cpu() { # cpu ROUNDS COMMAND...: the median of CPU ms
    local rounds=$1
    shift
    "$lap" "$rounds" -- x "$@" | cut -f3
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a / b }'; }
all=$(cpu "$rounds" "$newsq" saved run -q -d news --queries queries --all)
loop=$(cpu 1 ./each news)
single=$(ratio "$loop" "$n")
printf '%s saved queries over %s articles; a process for each: %s ms, a query %s ms\n' "$n" "$old" "$loop" "$single"
printf 'saved run --all\t%s ms\t%s times as fast (target: 2)\n' "$all" "$(ratio "$loop" "$all")"

# What is new: all are reported of from now on; then 100 articles come.
"$newsq" saved run -q -d news --queries queries --all --new >/dev/null
"$newsdex" add -q -d news fresh.jsonl || die 'cannot add'
rm -rf before
cp -r state before
again() { echo "rm -rf state && cp -r before state && exec"; }
copy=$(cpu "$rounds" sh -c "$(again) true")
new=$(cpu "$rounds" sh -c "$(again) '$newsq' saved run -q -d news --queries queries --all --new")
loop_new=$(cpu 1 sh -c "$(again) ./each-new news")
new=$(awk -v a="$new" -v b="$copy" 'BEGIN { printf "%.1f", a - b }')
loop_new=$(awk -v a="$loop_new" -v b="$copy" 'BEGIN { printf "%.1f", a - b }')
printf 'saved run --all --new\t%s ms\t%s times as fast as a process for each with --new, %s times as a query each (target: 20)\n' \
    "$new" "$(ratio "$loop_new" "$new")" "$(ratio "$loop" "$new")"

# One more article while 1,000 queries watch.
with_alerts=$(cpu "$rounds" sh -c "rm -rf more && cp -r news more && exec '$newsdex' add -q -d more --alerts --queries queries one.jsonl")
without=$(cpu "$rounds" sh -c "rm -rf more && cp -r news more && exec '$newsdex' add -q -d more one.jsonl")
cost=$(awk -v a="$with_alerts" -v b="$without" 'BEGIN { printf "%.1f", a - b }')
printf 'add --alerts, one article\t%s ms more than %s ms\t= %s single queries (target: under 10)\n' \
    "$cost" "$without" "$(ratio "$cost" "$single")"
