#!/usr/bin/env bash
# A tarball of what is committed: build/newsdex-VERSION.tar.gz, the same bytes for the same commit.
# Usage: packaging/dist.sh VERSION
set -eu
version=$1 name=newsdex-$1
mkdir -p build
git archive --format=tar --prefix="$name/" HEAD | gzip -9n >"build/$name.tar.gz.new"
mv "build/$name.tar.gz.new" "build/$name.tar.gz"
echo "build/$name.tar.gz: $(stat -c %s "build/$name.tar.gz") bytes, version $version"
