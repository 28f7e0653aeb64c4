#!/usr/bin/env bash
# A small share of the fault tests, as `make check` runs it: kills, failing calls, readers beside a writer, damage.
# Usage: tests/fault/short.sh FOLDER-OF-PROGRAMS
cd "$(dirname "$0")/../.." || exit 2
export ND_BIN=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
one() { # one NAME COMMAND...: a program that run.sh runs
    printf '#!/usr/bin/env bash\nexec %s\n' "$2" >"$dir/$1"
    chmod +x "$dir/$1"
}
one kill 'tests/fault/kill.sh 8'
one io 'tests/fault/io.sh 1'
one readers 'tests/fault/readers.sh 2'
one corrupt "$1/fault/corrupt 6 20"
tests/run.sh "$dir/kill" "$dir/io" "$dir/readers" "$dir/corrupt"
