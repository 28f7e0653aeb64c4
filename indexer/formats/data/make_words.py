#!/usr/bin/env python3
"""Write words.filter, the words that a hyphen at a line's end may have split.
Usage: make_words.py OUT (VOC | DUMP.jsonl.gz)...
A VOC is a list of words, a line each (the vocabularies of Snowball); of a dump the small-letter words are taken that
five articles or more have. The same sources give the same bytes.
File: a Bloom filter: 8 bytes "NDWORDS1", u32 number of 32-bit rows, u32 number of words, the rows. A word sets four bits, each
five bits of the low half of its hash (FNV-1a, 64 bits), in the row that the high half names, modulo their number."""
import collections
import gzip
import json
import re
import struct
import sys

LEAST = 4  # letters of a word
ARTICLES = 5


def fnv(word):
    h = 0xCBF29CE484222325
    for c in word.encode():
        h = ((h ^ c) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def of_dump(path):
    seen = collections.Counter()
    with gzip.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            seen.update(set(re.findall(r"(?<![\w-])[a-z]+(?![\w-])", json.loads(line).get("body") or "")))
    return [w for w, n in seen.items() if n >= ARTICLES]


def main():
    out, sources = sys.argv[1], sys.argv[2:]
    words = set()
    for path in sources:
        if path.endswith(".gz"):
            words.update(of_dump(path))
        else:
            with open(path, encoding="utf-8") as f:
                words.update(w.strip().lower() for w in f)
    words = {w for w in words if len(w) >= LEAST and w.isalpha()}
    rows = [0] * (len(words) * 14 // 32 + 1)
    for w in words:
        h = fnv(w)
        at = (h >> 32) % len(rows)
        for k in range(4):
            rows[at] |= 1 << (h >> 5 * k & 31)
    with open(out, "wb") as f:
        f.write(b"NDWORDS1" + struct.pack("<II", len(rows), len(words)))
        f.write(struct.pack("<%dI" % len(rows), *rows))
    print(len(words), "words")


main()
