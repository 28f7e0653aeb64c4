#!/usr/bin/env bash
# The scores of the readers on the shared samples that come with gold: what their tests print, and whether they pass.
# Usage: tests/gold.sh PROGRAM...
set -u
cd "$(dirname "$0")/.." || exit 2
failed=0
for program in "$@"; do
    out=$("$program" 2>&1) || failed=1
    printf '== %s\n' "${program##*/test_}"
    grep -a '^#\|^skipped\|^FAIL\|passed,' <<<"$out"
done
exit $failed
