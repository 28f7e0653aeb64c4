#!/usr/bin/env bash
# The scan of streams with NEON, compiled for 64-bit ARM and tested under qemu. Skipped where these are not there
# (Debian: gcc-aarch64-linux-gnu, qemu-user). Usage: arm.sh
set -u
cd "$(dirname "$0")/.." || exit 2
cc=aarch64-linux-gnu-gcc
for program in $cc qemu-aarch64; do
    command -v $program >/dev/null || { echo "skipped: no $program"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# xxhash.h is of the build machine, and plain C; behind the headers of the other one
$cc -static -D_GNU_SOURCE -Icommon -Itests -idirafter /usr/include -std=gnu17 -Wall -Wextra -Werror -O2 \
    -include base/banned.h -o "$dir/test_scan" common/record/scan*.c common/record/stream_code.c \
    common/base/{status,arena,buf,hash}.c tests/check.c tests/unit/test_scan.c -lm -lpthread || exit 1
qemu-aarch64 "$dir/test_scan"
