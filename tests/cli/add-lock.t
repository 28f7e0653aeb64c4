#!/usr/bin/env bash
# add: one writer at a time, and what an interrupt leaves.
. "$(dirname "$0")/lib.sh"

printf '{"id":"g","body":"good"}\n' >good.jsonl
newsdex add -q -d busy good.jsonl
printf '{"id":"h","body":"good"}\n' >more.jsonl

# held INODE: wait until somebody has that lock
held() {
    for _ in $(seq 200); do
        grep -q ":$1 " /proc/locks && return
        sleep 0.05
    done
}

# a writer that waits on its input holds the lock
mkfifo pipe
env --default-signal=INT "$bin/newsdex" add -q -d busy - <pipe >/dev/null 2>first.err &
writer=$!
exec 9>pipe
held "$(stat -c %i busy/lock)"
t newsdex add -d busy more.jsonl <<'EOF'
! newsdex: cannot lock 'busy': another newsdex is writing
! hint: wait for it, or give --wait SECONDS
= 3
EOF
t newsdex add -d busy --wait 1 more.jsonl <<'EOF'
! newsdex: cannot lock 'busy': another newsdex is writing
! hint: wait for it, or give --wait SECONDS
= 3
EOF
t newsq count -d busy <<'EOF'
1
= 0
EOF
echo '{"id":"i","body":"good"}' >&9
exec 9>&-
wait $writer
is "the first writer ends well" 0 $?
t newsdex add -q -d busy more.jsonl <<'EOF'
= 0
EOF
t newsq count -d busy good <<'EOF'
3
= 0
EOF

# ^C: the last commit stays, the same command goes on from there
env --default-signal=INT "$bin/newsdex" add -q -d busy - <pipe >/dev/null 2>first.err &
writer=$!
exec 9>pipe
held "$(stat -c %i busy/lock)"
for i in $(seq 500); do echo "{\"id\":\"c$i\",\"body\":\"caught $i\"}"; done >&9
sleep 0.2
kill -INT $writer
sleep 0.2
exec 9>&-
wait $writer
is "an interrupt ends with status 5" 5 $?
t cat first.err <<'EOF'
newsdex: interrupted: the last commit stays
= 0
EOF
ok "the index opens after it" newsdex info -d busy
n=$(newsq count -d busy)
ok "what was committed is there" [ "$n" -ge 3 ]
for i in $(seq 500); do echo "{\"id\":\"c$i\",\"body\":\"caught $i\"}"; done >caught.jsonl
t newsdex add -q -d busy caught.jsonl <<'EOF'
= 0
EOF
t newsq count -d busy <<'EOF'
503
= 0
EOF
ok "no segment is left over" [ "$(find busy -maxdepth 1 -name 'seg-*' | wc -l)" -eq "$(newsdex info -d busy | grep -c '^  seg-')" ]

# killed outright: the same
newsdex add -q -d killed good.jsonl
for i in $(seq 20000); do echo "{\"id\":\"k$i\",\"body\":\"killed $i and more words to read\"}"; done >long.jsonl
"$bin/newsdex" add -q -d killed long.jsonl &
writer=$!
sleep 0.1
kill -KILL $writer
wait $writer 2>/dev/null
ok "the index opens after a kill" newsq count -d killed good
t newsdex add -q -d killed long.jsonl <<'EOF'
= 0
EOF
t newsq count -d killed <<'EOF'
20001
= 0
EOF
finish
