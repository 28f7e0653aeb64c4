#!/usr/bin/env python3
"""Read the calls that io.so recorded and check the order of commits: when the stub is renamed into place, every file
that it names, and every file of the segments that it names, was synced after its last write, and so were their
folders after the last name was made in them; nothing that the old stub names was removed before.
Usage: order.py LOG DIR   with LOG.k the k-th renamed file. Prints what is wrong."""
import os
import sys


def names(stub):
    """Files and segment folders that a stub names."""
    files, segments = {"XAPIANDB"}, set()
    for line in open(stub, encoding="utf-8"):
        word = line.split()
        if word[0] == "glass":
            segments.add(word[1])
        elif word[:2] == ["#nd", "seg"] and word[4] != "-":
            files.add(word[4])
        elif word[0] == "#nd" and word[1] in ("events", "ledger", "derived"):
            files.add(word[2])
    return files, segments


def main():
    log, folder = sys.argv[1], os.path.realpath(sys.argv[2])
    dirty, written, wrong = set(), set(), []
    unnamed = {}  # by folder: names made in it that were not synced with it
    live, renames, commits = (set(), set()), 0, 0

    def new_name(path):
        unnamed.setdefault(os.path.dirname(path), set()).add(os.path.basename(path))

    for line in open(log, encoding="utf-8"):
        op, path, *to = line.rstrip("\n").split(" ")
        part = os.path.relpath(path, folder)
        if op in ("open", "write"):
            if path not in written:
                new_name(path)
            written.add(path)
            dirty.add(path)
        elif op == "mkdir":
            new_name(path)
        elif op == "fsync":
            dirty.discard(path)
            unnamed.pop(path, None)
        elif op == "unlink":
            dirty.discard(path)
            written.discard(path)
            if part in live[0] or part.split("/")[0] in live[1]:
                wrong.append("removed while it was named: " + part)
        elif op == "rename":
            renames += 1
            if path in dirty:
                wrong.append("renamed before it was synced: " + part)
            if os.path.relpath(to[0], folder) == "XAPIANDB":
                commits += 1
                files, segments = live = names("%s.%d" % (log, renames))
                for f in sorted(dirty):
                    rel = os.path.relpath(f, folder)
                    if rel in files or rel.split("/")[0] in segments:
                        wrong.append("named before it was synced: " + rel)
                for name in sorted(unnamed.get(folder, set()) & (files | segments) - {"XAPIANDB"}):
                    wrong.append("its name was not synced: " + name)
                for name in sorted(segments):
                    if os.path.join(folder, name) in unnamed:
                        wrong.append("folder not synced: " + name)
            written.discard(path)
            written.add(to[0])
            new_name(to[0])
    if commits == 0:
        wrong.append("no commit seen")
    if "XAPIANDB" in unnamed.get(folder, set()):
        wrong.append("the last rename was not synced")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


sys.exit(main())
