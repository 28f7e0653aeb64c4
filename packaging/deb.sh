#!/usr/bin/env bash
# A Debian package out of a staging folder: build/newsdex_VERSION_ARCH.deb. Dependencies are those of the programs as
# dpkg-shlibdeps finds them.
# Usage: packaging/deb.sh VERSION FOLDER-OF-THE-BUILD
set -eu
version=${1/-/\~}-1 build=$2
arch=$(dpkg --print-architecture)
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/debian/newsdex
make -s install FLAVOUR="$(basename "$build")" DESTDIR="$root" PREFIX=/usr ZSHDIR=/usr/share/zsh/vendor-completions
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root"/usr/bin/*
gzip -9n "$root"/usr/share/man/man*/*
# the time of the last commit, so that the same commit makes the same package
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH=$epoch
# newsq shell opens libedit when it is asked for, so that no tool sees the dependency
editor=libedit2
doc=$root/usr/share/doc/newsdex
install -d "$doc" "$root/DEBIAN" "$stage/debian"
install -m 644 README.md packaging/copyright "$doc"
install -m 644 docs/cookbook.md docs/output.schema.json "$doc"
install -d "$doc/examples"
install -m 644 docs/examples/*.jq "$doc/examples"
install -m 755 docs/examples/*.sh docs/examples/*.py "$doc/examples"
gzip -9n "$doc"/README.md
maintainer='newsdex maintainers <maintainers@newsdex.invalid>'
gzip -9nc CHANGELOG.md >"$doc/changelog.gz"
printf 'newsdex (%s) unstable; urgency=medium\n\n  * Built from the sources of this version; see changelog.gz.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(LC_ALL=C TZ=UTC date -R -d "@$epoch")" | gzip -9n >"$doc/changelog.Debian.gz"
printf 'Source: newsdex\nMaintainer: %s\n\nPackage: newsdex\nArchitecture: any\nDescription: x\n' "$maintainer" \
    >"$stage/debian/control"
depends=$(cd "$stage" && dpkg-shlibdeps -O debian/newsdex/usr/bin/newsdex debian/newsdex/usr/bin/newsq | sed -n 's/^shlibs:Depends=//p')
size=$(du -sk --apparent-size "$root/usr" | cut -f1)
cat >"$root/DEBIAN/control" <<CONTROL
Package: newsdex
Version: $version
Architecture: $arch
Maintainer: $maintainer
Installed-Size: $size
Depends: $depends, $editor
Section: text
Priority: optional
Description: search a news archive from a shell
 newsdex reads dumps of news articles (JSON lines, feeds, NewsML, NITF, HTML,
 web archives, text files and more, plain or compressed) into a compressed
 index; newsq asks it: words, phrases, words near words, names of people and
 places, fields and dates, with counts per source or year, saved queries and
 alerts, as text for people and as JSON lines for scripts.
CONTROL
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
find "$root" -newermt "@$epoch" -exec touch -h -d "@$epoch" {} +
chmod -R u=rwX,go=rX "$root"
deb=build/newsdex_${version}_$arch.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$deb" >/dev/null
echo "$deb: $(stat -c %s "$deb") bytes"
