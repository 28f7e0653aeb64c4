#!/usr/bin/env bash
# Readers that ask without pause while a writer adds, deletes and merges: never an error, and always the answer of
# one revision. Usage: readers.sh [ROUNDS]
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
rounds=${1:-6}
parts=8
for ((i = 0; i < parts; i++)); do dump 40 "p$i" >"part$i"; done
newsdex add -q -d index part0
touch writing

# A reader: one line per answer, `REVISION TOTAL`, or what went wrong.
reader() {
    local answer last status
    while [ -e writing ]; do
        answer=$(newsq search -d index --format jsonl -n all 'rev:1..' 2>"err$1")
        status=$?
        last=${answer##*$'\n'}
        if [ $status -gt 1 ] || [[ $last != '{"type":"end"'* ]]; then
            echo "status $status: $(cat "err$1") $last"
            continue
        fi
        # as many hits, with titles, as the total says
        printf '%s %s %s\n' "$(sed 's/.*"revision":\([0-9]*\).*/\1/' <<<"$last")" \
            "$(sed 's/.*"total":\([0-9]*\).*/\1/' <<<"$last")" \
            "$(grep -c '"type":"hit".*"title":"[^"]' <<<"$answer")"
    done >"read$1"
}
reader 1 &
reader 2 &
for ((r = 0; r < rounds; r++)); do
    for ((i = 0; i < parts; i++)); do
        newsdex add -q -j 1 -d index "part$i" >>writer 2>&1 || echo "add: $?" >>bad
        # what was withdrawn is not read again from an unchanged file: touched, it is
        touch "part$i"
    done
    for ((i = 0; i < parts; i++)); do
        printf "p$i-%d\n" $((RANDOM % 40 + 1)) $((RANDOM % 40 + 1)) >gone
        newsdex delete --yes -d index --ids gone >>writer 2>&1
        [ $? -le 1 ] || echo "delete: $?" >>bad
    done
    newsdex merge -q -d index >>writer 2>&1 || echo "merge: $?" >>bad
done
rm writing
wait
touch bad
sort -u read1 read2 | grep -v '^[0-9]* [0-9]* [0-9]*$' >wrong
ok "the writer has no error" cmp bad /dev/null
ok "readers have no error" cmp wrong /dev/null
sort -u read1 read2 | awk 'NF == 3 && $2 != $3' >short
ok "every hit of the total comes, with its title" cmp short /dev/null
sort -u read1 read2 | awk 'NF == 3 { if ($1 in t && t[$1] != $2) print; t[$1] = $2 }' >two
ok "one revision, one answer" cmp two /dev/null
n=$(cat read1 read2 | wc -l) seen=$(awk '{print $1}' read1 read2 | sort -u | wc -l)
echo "$n answers of $seen revisions"
if [ "$seen" -gt 3 ]; then pass; else fail "readers saw $seen revisions only"; fi
ok "sound" newsdex verify -d index
finish
