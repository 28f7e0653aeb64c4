#!/usr/bin/env bash
# Install the Debian packages that are missing: as root or with sudo; otherwise print the command and stop.
# Usage: tests/need.sh build|check
set -u
build='gcc g++ libxapian-dev libstemmer-dev zlib1g-dev libzstd-dev libarchive-dev libutf8proc-dev libxxhash-dev libsimdjson-dev libxml2-dev libgumbo-dev libuchardet-dev libcsv-dev libyaml-dev libcld2-dev pkg-config libgmime-3.0-dev libedit-dev'
check="$build clang libclang-rt-14-dev valgrind xapian-tools libjansson-dev shellcheck python3 jq unzip bzip2 xz-utils zstd zip mandoc lintian zsh fish fakeroot dpkg-dev"
case ${1-} in
build) want=$build ;;
check) want=$check ;;
*) echo "usage: tests/need.sh build|check" >&2; exit 2 ;;
esac
missing=
for package in $want; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
missing=${missing# }
if [ "$(id -u)" -eq 0 ]; then
    as=
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as='sudo '
else
    printf 'some packages are missing. As root, run:\n    apt-get update && apt-get install -y %s\nthen try again.\n' "$missing" >&2
    exit 1
fi
echo "installing: $missing"
# $as and $missing are lists of words on purpose
# shellcheck disable=SC2086
if ! { ${as}apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive ${as}apt-get install -y -q $missing >/dev/null; }; then
    printf 'apt-get failed. Run:\n    %sapt-get update && %sapt-get install -y %s\n' "$as" "$as" "$missing" >&2
    exit 1
fi
