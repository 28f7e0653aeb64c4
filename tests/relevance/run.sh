#!/usr/bin/env bash
# How well newsdex ranks: a collection with judged queries, nDCG@10. The parameters were tuned on the odd topics of
# Cranfield; the even ones say what they are worth.
# ND_COLLECTION=DIR  docs.jsonl, topics.tsv, qrels.txt (default: Cranfield in ../shared/data)
# ND_LEAST=X         status 1 if nDCG@10 of the even topics is below (default: 0.3575, Lucene's BM25 over all topics)
set -u
cd "$(dirname "$0")/../.." || exit 2
bin=${ND_BIN:-build/gcc}
from=${ND_COLLECTION:-../shared/data/ir/cran}
least=${ND_LEAST:-0.3575}
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
[ -r "$from/docs.jsonl" ] || { echo "relevance: no collection in '$from': skipped"; exit 0; }
gcc -std=gnu17 -O2 -D_GNU_SOURCE -Icommon -o "$dir/relevance.o" -c tests/relevance/relevance.c &&
    g++ -o "$dir/relevance" "$dir/relevance.o" "$bin/libcommon.a" -lxapian -lstemmer -lutf8proc -lsimdjson -lzstd -lz \
        -lxxhash -lm || exit 2
"$dir/relevance" docs "$from/docs.jsonl" >"$dir/docs.jsonl" || exit 2
"$dir/relevance" queries "$from/topics.tsv" >"$dir/queries" || exit 2
"$bin/newsdex" add -q --no-entities -d "$dir/index" "$dir/docs.jsonl" || exit 2
"$bin/newsq" batch -d "$dir/index" --no-snippets -n 10 <"$dir/queries" >"$dir/run" || exit 2
"$dir/relevance" score "$from/topics.tsv" "$from/qrels.txt" "$dir/run" >"$dir/figures" || exit 2
cat "$dir/figures"
awk -v least="$least" '$1 == "even" && $5 + 0 < least { print "below " least; bad = 1 } END { exit bad }' "$dir/figures"
