# lib.sh: what the fault tests share: programs, a dump, the checks of an index. Sourced; ends by `finish`.
# Environment: ND_BIN (folder of the programs), DUMP (a JSONL dump instead of the made one), SEED.
# shellcheck shell=bash
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$(cd "$root" && cd "${ND_BIN:-build/gcc}" && pwd) || exit 2
dir=$(mktemp -d "${TMPDIR:-/tmp}/newsdex-fault-XXXXXX")
trap 'chmod -R u+rwx "$dir" 2>/dev/null; rm -rf "$dir"' EXIT
cd "$dir" || exit 2
unset NEWSDEX_INDEX
export LC_ALL=C
RANDOM=${SEED:=$RANDOM}
echo "SEED=$SEED"
passed=0 failed=0 skipped=0

ok() { # ok NAME COMMAND...: passed if the command is
    local name=$1
    shift
    if "$@" >out 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $name"
        tail -n 5 out
    fi
}
pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "failed: $*"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $1"; }

finish() {
    printf '%d passed, %d failed' "$passed" "$failed"
    [ "$skipped" -gt 0 ] && printf ', %d skipped' "$skipped"
    printf '\n'
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

newsdex() { "$bin/newsdex" "$@"; }
newsq() { "$bin/newsq" "$@"; }

# dump N NAME: N made articles, ids NAME-1 to NAME-N, each with a word of its own
dump() {
    awk -v n="$1" -v name="$2" -v seed="$SEED" 'BEGIN {
        srand(seed)
        for (i = 0; i < 400; i++) {
            w = ""
            for (k = int(rand() * 6) + 2; k > 0; k--)
                w = w substr("etaoinshrdlucmfwygpbvk", int(rand() * rand() * 22) + 1, 1)
            word[i] = w
        }
        for (i = 1; i <= n; i++) {
            body = "only" name i
            for (k = 0; k < 120; k++)
                body = body " " word[int(rand() * rand() * 400)] (rand() < .06 ? "." : "")
            printf "{\"id\":\"%s-%d\",\"title\":\"%s %s %d\",\"body\":\"%s.\",\"published\":\"2023-%02d-%02d\"," \
                "\"source\":\"Paper %d\"}\n", name, i, word[i % 400], word[(i * 7) % 400], i, body,
                i % 12 + 1, i % 28 + 1, i % 9
        }
    }'
}

ids() { newsq search -d "$1" --format ids -n all 'rev:1..' 2>/dev/null | sort; }
# ids of an index that may not be there yet
ids_or_none() { if [ -e "$1/XAPIANDB" ]; then ids "$1"; fi; }
