#!/usr/bin/env bash
# The project's own rules that a script can hold: one check a function; ends `N passed, N failed`.
set -u
cd "$(dirname "$0")/../.." || exit 2
passed=0 failed=0
ok() { # ok NAME LINES: passes when there are no lines
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s\n%s\n' "$1" "$2"
    fi
}
files() { git ls-files -- "$@"; }

headers_alone() {
    local h
    for h in $(files 'common/*.h' 'indexer/*.h' 'query/*.h'); do
        gcc -std=gnu17 -D_GNU_SOURCE -Icommon -Iindexer -Iquery -Wall -Wextra -Werror \
            -fsyntax-only -x c "$h" >/dev/null 2>&1 || echo "does not compile alone: $h"
    done
}
xapian_only_in_shim() { git grep -lE '#include *<xapian' -- . ':!common/xap/*.cc' ':!common/xap/*.hh' ':!tests/bench'; }
cplusplus_only_in_shims() { files '*.cc' '*.cpp' '*.cxx' | grep -vE "^common/(xap|text)/|^indexer/input/language_cld2[.]cc$|^tests/bench/"; }
direction() {
    git grep -nE '#include "(input|formats|entity|segment|render)/' -- common
    git grep -nE '#include "(render|facet|snippet|saved)' -- indexer
    git grep -nE '#include "(input|formats|entity|segment)/' -- query
    local order='base text record tool xap lang' below='' d
    for d in $order; do
        below="$below $d"
        git grep -nE '#include "(base|text|record|tool|xap|lang)/' -- "common/$d" |
            grep -vE "#include \"($(echo $below | tr ' ' '|'))/"
    done
}
banned() { git grep -nE '\b(strcpy|strcat|sprintf|gets|strtok|atoi|alloca)[[:space:]]*\(' -- '*.c' '*.h'; }
length() { files '*.c' '*.h' '*.cc' | grep -v '_table\.' | xargs wc -l | awk '$2 != "total" && $1 > ($2 ~ /^tests/ ? 800 : 600) {print $1, $2}'; }
unfinished() { git grep -nE '\b(TODO|FIXME|XXX|HACK)\b' -- '*.c' '*.h' '*.cc' '*.sh' ':!tests/lint'; }
folder_readmes() {
    local d f
    for d in $(files 'common/*/*.c' 'indexer/*/*.c' 'query/*/*.c' | xargs -n1 dirname | sort -u); do
        [ "$d" = common/base ] || [ -f "$d/README.md" ] || { echo "no README.md: $d"; continue; }
        [ -f "$d/README.md" ] || { echo "no README.md: $d"; continue; }
        for f in $(files "$d/*.h" | xargs -n1 basename); do
            grep -qF "${f%.h}" "$d/README.md" || echo "$d/README.md does not name $f"
        done
    done
}
links() {
    local doc target
    for doc in $(files '*.md'); do
        grep -oE '\]\([^)#: ]+' "$doc" | sed 's/^](//' | while read -r target; do
            [ -e "$(dirname "$doc")/$target" ] || echo "$doc: no such file: $target"
        done
    done
}
scripts() { files '*.sh' '*.t' '.ci/run' | xargs grep -LE '^#!.*python' | xargs shellcheck -S warning -e SC1110,SC1111,SC1112,SC2034,SC2154,SC1091 2>&1; }
documented() { # every function of a header has a comment right above it or above its group
    local h
    for h in $(files 'common/*.h' 'indexer/*.h' 'query/*.h'); do
        awk -v h="$h" '
            # the call order in the comment at the top says what these do
            /_(init|new|free|open|close|reset|end|begin|find|table)\(|^int nd_segment_/ { prev = $0; next }
            /^[a-z].*\(.*/ && !/^(static|typedef|extern|enum|struct [a-z_]+ \{)/ && prev == "" { print h ": " $0 }
            { prev = $0 }' "$h"
    done
}
formatted() { files '*.c' '*.h' '*.cc' '*.hh' | grep -v '_table\.' | xargs -r clang-format --dry-run 2>&1 | grep -c 'warning:' | grep -v '^0$'; }

ok "headers compile alone" "$(headers_alone)"
ok "only the shim includes xapian.h" "$(xapian_only_in_shim)"
ok "C++ only in shims" "$(cplusplus_only_in_shims)"
ok "direction of includes" "$(direction)"
ok "banned calls" "$(banned)"
ok "file length" "$(length)"
ok "no marks of unfinished work" "$(unfinished)"
ok "folder READMEs name every header" "$(folder_readmes)"
ok "links in documents" "$(links)"
ok "shell scripts" "$(scripts)"
ok "functions documented" "$(documented)"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
