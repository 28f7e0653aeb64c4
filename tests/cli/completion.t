#!/usr/bin/env bash
# Completions of bash, zsh and fish as the programs write them, and what `make install` and `uninstall` do.
. "$(dirname "$0")/lib.sh"

export PATH=$bin:$PATH HOME=$work
for p in newsdex newsq; do
    "$bin/$p" --generate completion-bash >"$p.bash" || exit 2
    "$bin/$p" --generate completion-zsh >"_$p" || exit 2
    "$bin/$p" --generate completion-fish >"$p.fish" || exit 2
    if command -v shellcheck >/dev/null; then ok "shellcheck $p" shellcheck "$p.bash"; else skip "shellcheck: not installed"; fi
    if command -v zsh >/dev/null; then ok "zsh $p" zsh -n "_$p"; else skip "zsh: not installed"; fi
    if command -v fish >/dev/null; then ok "fish $p" fish -n "$p.fish"; else skip "fish: not installed"; fi
done

# complete PROGRAM WORD...: what bash offers for the last word
bash_offers() {
    bash -c '
        . "./$1.bash"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        "_$1" 2>/dev/null
        echo "${COMPREPLY[*]}"' bash "$@"
}
newsq saved add trains train
is 'a command' 'facet fields' "$(bash_offers newsq f)"
is 'a field before any command' 'title:' "$(bash_offers newsq ti)"
is 'facet takes facets' 'source section' "$(bash_offers newsq facet s)"
is 'then a query' 'hlead: host:' "$(bash_offers newsq facet source h)"
is 'options of the command' '--syntax --since --sort --spans' "$(bash_offers newsq search --s)"
is 'options without a command are those of search' '--syntax --since --sort --spans' "$(bash_offers newsq --s)"
is 'none of other commands' '' "$(bash_offers newsq count --sor)"
is 'choices' 'newest' "$(bash_offers newsq search --sort n)"
is 'choices of two commands' 'json jsonl' "$(bash_offers newsq kwic kim --format j)"
is 'verbs' 'rm rename run' "$(bash_offers newsq saved r)"
is 'names of saved queries' 'trains' "$(bash_offers newsq saved run t)"
is 'saved queries as operands' 'query:trains' "$(bash_offers newsq count query:t)"
is 'options of newsdex' '--codec' "$(bash_offers newsdex add --cod)"
is 'choices of newsdex' 'zstd' "$(bash_offers newsdex add --codec z)"
touch dump.jsonl
is 'files' 'dump.jsonl' "$(bash_offers newsdex add du)"
mkdir folder
is 'folders' 'folder' "$(bash_offers newsdex add -d fol)"

if command -v fish >/dev/null; then
    fish_offers() { fish -c "source ./newsq.fish; complete -C '$1'" 2>/dev/null | cut -f1 | tr '\n' ' '; }
    is 'fish: commands' 'facet fields ' "$(fish_offers 'newsq f')"
    is 'fish: choices' 'native nexis ' "$(fish_offers 'newsq count --syntax n')"
    is 'fish: facets' 'section section: source source: ' "$(fish_offers 'newsq facet s' | tr ' ' '\n' | grep '^s[eo][cu]' | LC_ALL=C sort | tr '\n' ' ')"
fi

if [ -f "$lib_root/Makefile" ] && [ -x "$bin/newsq" ]; then
    flavour=$(basename "$bin")
    install() { make -s -C "$lib_root" FLAVOUR="$flavour" DESTDIR="$work/root" PREFIX=/usr "$1"; }
    if install install >make.log 2>&1; then
        is 'what is installed' 'usr/bin/newsdex
usr/bin/newsq
usr/share/bash-completion/completions/newsdex
usr/share/bash-completion/completions/newsq
usr/share/fish/vendor_completions.d/newsdex.fish
usr/share/fish/vendor_completions.d/newsq.fish
usr/share/man/man1/newsdex.1
usr/share/man/man1/newsq.1
usr/share/man/man7/newsq-query.7
usr/share/zsh/site-functions/_newsdex
usr/share/zsh/site-functions/_newsq' "$(cd root && find . -type f | sed 's|^\./||' | LC_ALL=C sort)"
        ok 'uninstall' install uninstall
        is 'uninstall leaves no file' '' "$(find root -type f)"
    else
        cat make.log
        is 'make install' 0 1
    fi
fi
finish
