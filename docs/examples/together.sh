#!/usr/bin/env bash
# together.sh INDEX NAME... : in how many articles each pair of names occurs within twenty words.
# newsq runs beside the script as a co-process: it is started, and the index opened, once.
set -eu
index=$1
shift
coproc ASK { newsq batch count -d "$index"; }
ask() { # ask QUERY: its count; a query cannot hold a line end
    local count rest
    printf '%s\n' "$1" >&"${ASK[1]}"
    IFS=$'\t' read -r count rest <&"${ASK[0]}"
    [ "$count" != error ] || { echo "together: $rest" >&2; return 2; }
    printf '%s' "$count"
}
while [ $# -gt 1 ]; do
    first=$1
    shift
    for second; do
        printf '%s\t%s\t%s\n' "$(ask "\"$first\" w/20 \"$second\"")" "$first" "$second"
    done
done
