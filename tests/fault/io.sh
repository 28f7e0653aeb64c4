#!/usr/bin/env bash
# What is written is on disk before it is named (io.so records), and any call that fails, or at which the program is
# killed, leaves the old index or the new one. Usage: io.sh [POINTS]: about so many of the calls are tried for each
# command and each kind of failure. IO_SO: the preloaded library, $ND_BIN/fault/io.so by default.
# shellcheck source=tests/fault/lib.sh
. "$(dirname "$0")/lib.sh"
points=${1:-12}
so=${IO_SO:-$bin/fault/io.so}
order=$root/tests/fault/order.py
if [ ! -e "$so" ]; then
    echo "no '$so'"
    exit 2
fi
# what ASan needs to stand a library before it
export ASAN_OPTIONS="verify_asan_link_order=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
dump 60 a >a
dump 60 b >b
dump 60 c >c
{ sed -n '1,20s/"title":"/"updated":"2024-01-01","title":"new /p' a; dump 30 d; } >d
for f in a b c; do newsdex add -q -j 1 -d base "$f"; done
newsdex delete --yes -d base a-3 b-4 >out 2>&1
printf 'a-%d\n' $(seq 10 30) >gone

index=$dir/index
# the commands; `command` refers to one by its name
# shellcheck disable=SC2034
add=(newsdex add -q -j 2 --replace -d "$index" d)
# shellcheck disable=SC2034
delete=(newsdex delete --yes -d "$index" --ids gone)
# shellcheck disable=SC2034
merge=(newsdex merge -d "$index")
# shellcheck disable=SC2034
fresh=(newsdex add -q -j 1 -d "$index" a)

faulty() { # faulty FAULT COMMAND...: run with the fault; status in $status, messages in out
    local fault=$1
    shift
    { ND_FAULT_DIR=$index ND_FAULT=$fault LD_PRELOAD=$so "$bin/$1" "${@:2}" >out 2>&1; } 2>/dev/null
    status=$?
}
begin() { # the index before a command
    rm -rf index
    [ "$1" = fresh ] || cp -r base index
}
# the ids, and what the articles say
state() { if [ -e "$1/XAPIANDB" ]; then newsq search -d "$1" --format articles -n all 'rev:1..' 2>/dev/null | sort; fi; }

for name in ${COMMANDS:-add delete merge fresh}; do
    declare -n command=$name
    # the order of syncs, one commit at a time
    begin $name
    rm -f log log.*
    ND_FAULT_DIR=$index ND_FAULT_LOG=$dir/log LD_PRELOAD=$so "$bin/newsdex" "${command[@]:1}" >out 2>&1 || fail "$name: $(cat out)"
    ok "$name: all that is named was synced before" python3 "$order" log "$index"
    state index >after
    begin $name
    state index >before
    cmp -s before after && [ $name != merge ] && fail "$name does nothing"
    for kind in write:ENOSPC write:EIO write:SHORT write:FULL fsync:EIO rename:EIO mkdir:ENOSPC open:EACCES unlink:EIO any:KILL; do
        op=${kind%:*} what=${kind#*:}
        if [ "$op" = any ]; then n=$(wc -l <log); else n=$(grep -c "^$op " log); fi
        step=$(((n + points - 1) / points))
        [ "$step" -lt 1 ] && step=1
        bad=0
        for ((at = 1 + RANDOM % step; at <= n; at += step)); do
            begin $name
            faulty "$op:$at:$what" "${command[@]}"
            case $what in
            KILL) [ $status = 137 ] || { fail "$name, $op $at: not killed"; bad=1; } ;;
            SHORT) [ $status = 0 ] || { fail "$name, $op $at $what: $status $(cat out)"; bad=1; } ;;
            *) if [ $status -gt 5 ] || { [ $status = 0 ] && [ "$op" != unlink ]; }; then
                fail "$name, $op $at $what: status $status $(cat out)"
                bad=1
            fi ;;
            esac
            state index >got
            if ! cmp -s got before && ! cmp -s got after; then
                fail "$name, $op $at $what: neither the old index nor the new"
                bad=1
            fi
            if [ -e index/XAPIANDB ] && ! newsdex verify -q -d index >out 2>&1; then
                fail "$name, $op $at $what: $(cat out)"
                bad=1
            fi
            # and again, without the fault
            "${command[@]}" >out 2>&1
            [ $? -le 1 ] || { fail "$name again after $op $at $what: $(cat out)"; bad=1; }
            state index >got
            cmp -s got after || { fail "$name again after $op $at $what: not the new index"; bad=1; }
            left=$(find index -name '*.new' -o -name 'del-*' -newer index/XAPIANDB | head -n 1)
            [ -z "$left" ] || { fail "$name, $op $at $what: left $left"; bad=1; }
        done
        [ $bad = 0 ] && pass
    done
done

# a folder that cannot be written: an error, and readers do not mind
begin add
chmod -R a-w index
if [ "$(id -u)" = 0 ]; then
    if mkdir ro 2>/dev/null && mount -t tmpfs -o size=8m none ro 2>/dev/null; then
        cp -r base ro/index
        mount -o remount,ro ro
        ok "a read-only folder can be read" newsq count -d ro/index 'rev:1..'
        ok "a read-only folder can be verified" newsdex verify -d ro/index
        if newsdex add -q -d ro/index d >out 2>&1; then fail "added to a read-only folder"; else pass; fi
        umount ro
        # a full disk: the commit that does not fit leaves what was there
        mount -t tmpfs -o size=900k none ro
        newsdex add -q -d ro/index a >out 2>&1
        state ro/index >before
        dump 4000 full >full
        if newsdex add -q -d ro/index full >out 2>&1; then fail "a full disk is no error"; else pass; fi
        ok "sound on a full disk" newsdex verify -d ro/index
        state ro/index >got
        ok "as before on a full disk" cmp before got
        umount ro
    else
        skip "cannot mount a small file system"
    fi
else
    if newsdex add -q -d index d >out 2>&1; then fail "added to a read-only folder"; else pass; fi
    ok "a read-only folder can be read" newsq count -d index 'rev:1..'
    skip "a full disk needs root"
fi
chmod -R u+w index
finish
