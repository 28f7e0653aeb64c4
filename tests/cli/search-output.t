#!/usr/bin/env bash
# newsq: closed and full outputs, control characters, quiet, nothing found.
. "$(dirname "$0")/lib.sh"
sample news

t newsq -d news nosuchword <<'EOF'
! nothing matches
= 1
EOF
t newsq -d news nosuchword -q -l <<'EOF'
= 1
EOF
t newsq -d news nosuchword -c <<'EOF'
0
= 1
EOF
t eval "newsq -d news the --oneline -n all | head -n 1 | cut -c1-4 | wc -l; echo \${PIPESTATUS[0]}" <<'EOF'
1
0
= 0
EOF
t eval "newsq -d news the --format articles | head -c 1 | wc -c" <<'EOF'
1
= 0
EOF
if [ -w /dev/full ]; then
    t eval 'newsq -d news kim >/dev/full' <<'EOF'
! newsq: cannot write to standard output: no space left on device
= 3
EOF
    t eval 'newsq -d news kim -c >/dev/full' <<'EOF'
! newsq: cannot write to standard output: no space left on device
= 3
EOF
    t eval 'newsq -d news facet source >/dev/full' <<'EOF'
! 10 of 13; -n all shows the rest
! newsq: cannot write to standard output: no space left on device
= 3
EOF
    t eval 'newsdex info -d news >/dev/full' <<'EOF'
! newsdex: cannot write 'standard output': no space left on device
= 3
EOF
    t eval 'newsdex convert -q "$corpora/news.jsonl" >/dev/full' <<'EOF'
! newsdex: cannot write 'standard output': no space left on device
= 3
EOF
    t eval 'echo kim | newsq batch -d news >/dev/full' <<'EOF'
! newsq: cannot write to standard output: no space left on device
= 3
EOF
    t eval 'newsq --help >/dev/full' <<'EOF'
! newsq: cannot write to standard output: no space left on device
= 3
EOF
else
    skip "no /dev/full"
fi
t eval 'newsq -d news kim -l -n 1 >&-' <<'EOF'
! newsq: cannot write to standard output: bad file descriptor
= 3
EOF
t eval 'newsdex convert -q "$corpora/news.jsonl" | head -n 1 | wc -l; echo ${PIPESTATUS[0]}' <<'EOF'
1
0
= 0
EOF

# what an article holds never reaches a terminal raw
printf '%s\n' '{"id":"esc\u001b[31m","title":"Red \u001b[31m alert\u0007","body":"Bell \u0007 and escape \u001b]0;title\u0007 here.\u009b31m","source":"S\u0008ource"}' >esc.jsonl
newsdex add -q -d esc esc.jsonl
is "no control characters in text" 0 "$(newsq -d esc alert | tr -d '\n\t' | LC_ALL=C grep -c -P '[\x00-\x1f\x7f]')"
is "nor in one line" 0 "$(newsq -d esc --oneline alert | tr -d '\n\t' | LC_ALL=C grep -c -P '[\x00-\x1f\x7f]')"
is "nor in show" 0 "$(quiet newsq show -d esc "$(newsq -l -d esc alert)" | tr -d '\n\t' | LC_ALL=C grep -c -P '[\x00-\x1f\x7f]')"
is "nor in facet" 0 "$(newsq facet -d esc source | tr -d '\n\t' | LC_ALL=C grep -c -P '[\x00-\x1f\x7f]')"
newsq -d esc $'bad:\x1b[31m' >/dev/null 2>err
is "nor in an error" 0 "$(tr -d '\n\t' <err | LC_ALL=C grep -c -P '[\x00-\x1f\x7f]')"
t eval "newsq -d esc --format jsonl alert | head -n 1" <<'EOF'
{"type":"hit","rank":1,"score":0.242237,"id":"esc[31m","title":"Red [31m alert","title_marks":[[9,14]],"source":"Source","snippet":"Bell and escape ]0;title here.31m","marks":[]}
= 0
EOF

# quotes, tabs and newlines in titles keep to their line and column
printf '%s\n' '{"id":"t","title":"Tab\there, \"quoted\" and\nbroken","body":"x","source":"A\tB"}' >tab.jsonl
newsdex add -q -d tab tab.jsonl
t newsq -d tab --oneline quoted <<'EOF'
t		A B	Tab here, "quoted" and broken
= 0
EOF
t newsq -d tab --format jsonl --no-snippets quoted <<'EOF'
{"type":"hit","rank":1,"score":0.242237,"id":"t","title":"Tab here, \"quoted\" and broken","source":"A B"}
{"type":"end","version":1,"total":1,"exact":true,"query":"quoted","uuid":"UUID","revision":1}
= 0
EOF
finish
