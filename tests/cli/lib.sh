# lib.sh: golden tests of the command line. A test file is
#     . "$(dirname "$0")/lib.sh"
#     sample news
#     t newsq -d news -c walruses <<'EOF'
#     1
#     = 0
#     EOF
#     finish
# Each `t COMMAND...` runs in a folder of the file's own and compares all of standard output, of standard error (lines
# with `! ` in front) and the exit status (`= N`) with the text below it. $IN is the command's standard input.
# GOLDEN=1 tests/cli/FILE.t writes what the commands do now into the file: read the difference.
# shellcheck shell=bash
set -u
lib_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lib_file=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
bin=$(cd "$lib_root" && cd "${ND_BIN:-build/gcc}" 2>/dev/null && pwd) || { echo "no programs in '${ND_BIN:-build/gcc}'"; exit 2; }
corpora=$lib_root/corpora
shared=$(cd "$lib_root" && cd "${ND_SHARED:-../shared}/data" 2>/dev/null && pwd) || shared=
# sanitized: not empty where the programs run under ASan: starts take five times as long there
sanitized=$(grep -la __asan_init "$bin/newsq")
passed=0 failed=0 skipped=0
lib_dir=$(mktemp -d)
trap 'chmod -R u+rwx "$lib_dir" 2>/dev/null; rm -rf "$lib_dir"' EXIT
work=$lib_dir/work golden=$lib_dir/golden
mkdir "$work" "$golden"
cd "$work" || exit 2
# the user's settings are not the tests'
unset NEWSDEX_INDEX NO_COLOR COLUMNS XDG_CONFIG_HOME XDG_STATE_HOME
export TZ=UTC LC_ALL=C
IN=''

newsdex() { "$bin/newsdex" "$@"; }
newsq() { "$bin/newsq" "$@"; }

# sample DIR: an index of the sample articles
sample() { newsdex add -q -j 1 -d "$1" "$corpora/news.jsonl" || exit 2; }

# What differs from run to run and from place to place. Of two outputs in one, the second gets `! ` in front; a line
# with the byte 1 is between them. All by one process: this runs thousands of times.
lib_plain() {
    sed -E -e "s|$work/||g; s|$corpora|CORPORA|g; s|${shared:-/no/such}|SHARED|g; s|$lib_dir|TMP|g" \
        -e 's/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/UUID/g; s/"uuid":"[0-9a-f]+"/"uuid":"UUID"/g' \
        -e 's/in [0-9]+\.[0-9] s$/in N s/; s/aliases\.tsv:[0-9]+/aliases.tsv:N/g' \
        -e 'x; /^!/{ x; s/^/! /; x }; x' \
        -e '/^\x01$/{ x; s/^/!/; x; d }; /\x01$/{ x; s/^/!/; x; s/\x01$/\n[no newline at the end]/ }' "$@"
}

lib_result() { # lib_result NAME SAME LINE WANT GOT
    if [ "$2" = 1 ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "failed: $(basename "$lib_file"):$3: $1"
    diff -u --label wanted --label got <(printf '%s\n' "$4") <(printf '%s\n' "$5") | sed -n '3,40p'
}

t() { # t COMMAND... <<'EOF': one golden test
    local line=${BASH_LINENO[0]} want got status same=0
    IFS= read -r -d '' want
    want=${want%$'\n'}
    printf '%s' "$IN" >"$lib_dir/in"
    ("$@") <"$lib_dir/in" >"$lib_dir/out" 2>"$lib_dir/err"
    status=$?
    printf '\001\n' >>"$lib_dir/out"
    got=$(lib_plain "$lib_dir/out" "$lib_dir/err" && echo "= $status")
    if [ -n "${GOLDEN:-}" ]; then
        printf '%s\n' "$got" >"$golden/$line"
        passed=$((passed + 1))
        return
    fi
    [ "$want" = "$got" ] && same=1
    lib_result "$*" $same "$line" "$want" "$got"
}

ok() { # ok NAME COMMAND...: passed if the command is
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then
        lib_result "$name" 1 0 '' ''
    else
        lib_result "$name" 0 "${BASH_LINENO[0]}" '' "$out"
    fi
}

is() { # is NAME WANT GOT: one comparison
    local same=0
    [ "$2" = "$3" ] && same=1
    lib_result "$1" $same "${BASH_LINENO[0]}" "$2" "$3"
}

skip() { # skip REASON: a test that cannot run here
    skipped=$((skipped + 1))
    echo "skipped: $1"
}

# ids COMMAND...: its lines, sorted, on one line
ids() { "$@" | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $/\n/'; }

# quiet COMMAND...: its standard output alone
quiet() { "$@" 2>/dev/null; }

finish() {
    if [ -n "${GOLDEN:-}" ]; then
        awk -v dir="$golden" '
            skip && $0 == "EOF" { skip = 0 }
            skip { next }
            { print }
            /<<.EOF.$/ {
                name = dir "/" FNR
                while ((getline line < name) > 0) { print line; skip = 1 }
                close(name)
            }' "$lib_file" >"$lib_dir/new" && cat "$lib_dir/new" >"$lib_file"
    fi
    printf '%d passed, %d failed' "$passed" "$failed"
    [ "$skipped" -gt 0 ] && printf ', %d skipped' "$skipped"
    printf '\n'
    [ "$failed" -eq 0 ] && [ "$((passed + skipped))" -gt 0 ]
    exit
}
