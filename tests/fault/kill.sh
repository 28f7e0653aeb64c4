#!/usr/bin/env bash
# SIGKILL at random moments of add, merge and delete: what was committed is there, whole, once, and the same command
# goes on from there. Usage: kill.sh [KILLS]; DUMP=FILE takes another dump than the made one.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
kills=${1:-20}
if [ -n "${DUMP:-}" ]; then
    split -n l/3 "$DUMP" part.
else
    for p in a b c; do dump 250 "$p" >"part.$p"; done
fi
files=(part.*)
for f in "${files[@]}"; do
    newsdex convert -q "$f" | sed 's/^{"id":"\([^"]*\)".*/\1/' >"$f.ids"
done
memory=${MEMORY:-600K}

# Kill the command at a moment of the time (in ms) that it takes in all.
kill_at() { # kill_at MS COMMAND...
    local ms=$1 pid
    shift
    "$bin/$1" "${@:2}" >killed.out 2>&1 & # the program itself, not a shell around it
    pid=$!
    sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
    { kill -9 $pid && wait $pid; } 2>/dev/null
}
now() { echo $(($(date +%s%N) / 1000000)); }

add=(newsdex add -q -j 2 --memory "$memory" -d index "${files[@]}")
start=$(now)
"${add[@]}" || exit 2
took=$(($(now) - start))
commits=$(newsdex info -d index | sed -n 's/^revision *//p')
echo "add: $took ms, $commits revisions"
sort "${files[@]/%/.ids}" | uniq >all
ids index >got
ok "all articles are there" cmp all got
ok "sound" newsdex verify -d index

# What is there is a start of each file.
prefixes() {
    local f n
    for f in "${files[@]}"; do
        n=$(sort "$f.ids" | comm -12 - got | wc -l)
        head -n "$n" "$f.ids" | sort | comm -23 - got | grep -q . && return 1
    done
    return 0
}

rm -rf index
before=0 mid=0
for ((i = 0; i < kills; i++)); do
    kill_at $((RANDOM % (took + took / 8 + 1))) "${add[@]}"
    if [ ! -e index/XAPIANDB ]; then
        pass
        continue
    fi
    if ! newsdex verify -q -d index >out 2>&1; then
        fail "add, kill $i: $(cat out)"
        cp -r index "/tmp/newsdex-kill-$$" && echo "kept as /tmp/newsdex-kill-$$"
        break
    fi
    ids index >got
    n=$(wc -l <got)
    if ! prefixes; then
        fail "add, kill $i: not a start of each file"
    elif [ "$n" -lt "$before" ]; then
        fail "add, kill $i: $before articles before, $n after"
    else
        pass
    fi
    before=$n
    [ "$n" -gt 0 ] && [ "$n" -lt "$(wc -l <all)" ] && mid=$((mid + 1))
    if [ "$n" -eq "$(wc -l <all)" ]; then
        rm -rf index
        before=0
    fi
done
echo "add: $kills kills, $mid of them with a part committed"
ok "add goes on to the end" "${add[@]}"
ids index >got
ok "nothing lost, nothing doubled" cmp all got
ok "sound after all" newsdex verify -d index

# merge and delete, from an index of several segments
rm -rf index
split -n l/7 -d <(cat "${files[@]}") seven. 2>/dev/null || { cat "${files[@]}" >whole && split -n l/7 -d whole seven.; }
for f in seven.*; do newsdex add -q -d base "$f"; done
cp -r base index
start=$(now)
newsdex merge -q -d index
took=$(($(now) - start))
rm -rf index && cp -r base index
ids index >before
for ((i = 0; i < kills; i++)); do
    if [ $((RANDOM % 2)) = 0 ]; then
        op=merge
        cp before after
        kill_at $((RANDOM % (took + took / 4 + 1))) newsdex merge -d index
    else
        op=delete
        shuf -n 40 --random-source=<(yes "$SEED$i") before | sort >gone
        comm -23 before gone >after
        kill_at $((RANDOM % 40)) newsdex delete --yes --ids gone -d index
    fi
    if ! newsdex verify -q -d index >out 2>&1; then
        fail "$op, kill $i: $(cat out)"
        cp -r index "/tmp/newsdex-kill-$$" && echo "kept as /tmp/newsdex-kill-$$"
        break
    fi
    ids index >got
    if cmp -s got before || cmp -s got after; then pass; else fail "$op, kill $i: neither before nor after"; fi
    mv got before
    if [ "$(find index -maxdepth 1 -name 'seg-*' | wc -l)" -eq 1 ] || [ "$(wc -l <before)" -lt 200 ]; then
        rm -rf index && cp -r base index
        ids index >before
    fi
done
finish
