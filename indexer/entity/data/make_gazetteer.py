#!/usr/bin/env python3
"""Build names.gazetteer (format: ../gazetteer.h) from the source lists and from aliases.tsv and words.tsv beside this file.

usage: make_gazetteer.py SOURCES OUTPUT

SOURCES is a folder with the lists that README.md names. The same input gives the same bytes. Needs libxxhash, PyYAML.
"""
import csv
import ctypes
import json
import lzma
import math
import os
import re
import struct
import sys
import unicodedata

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
XX = ctypes.CDLL("libxxhash.so.0").XXH3_64bits_withSeed
XX.restype = ctypes.c_uint64
XX.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64]
M64 = (1 << 64) - 1

WORD_BITS, NODE_BITS, WORDS_MAX = 15, 14, 10
CLASSES = ["first", "surname", "place", "country", "org", "org_kind", "place_kind", "demonym", "title", "date",
           "particle", "misc_kind", "acronym", "known", "pronoun", "asian"]
BIT = {c: 1 << i for i, c in enumerate(CLASSES)}
PERSON, ORG, PLACE, MISC = range(4)
K_PERSON, K_ORG, K_COUNTRY, K_CITY, K_REGION, K_MISC = range(6)
TYPES = {"person": (PERSON, K_PERSON), "org": (ORG, K_ORG), "country": (PLACE, K_COUNTRY),
         "city": (PLACE, K_CITY), "region": (PLACE, K_REGION), "place": (PLACE, K_REGION), "misc": (MISC, K_MISC)}
PLAIN = BIT["title"] | BIT["pronoun"] | BIT["date"] | BIT["place_kind"] | BIT["org_kind"]
MORE, CAPS, FORCE, ALIAS, LONE, SECOND = 1, 2, 4, 8, 16, 32
SOURCES = ["", "aliases.tsv", "world-countries.json", "country-codes.csv", "geonames-cities.tsv",
           "world-leaders-2021.csv", "legislators-current.yaml", "executive.yaml", "sp500.csv", "nasdaq-listed.csv",
           "nyse-listed.csv", "universities.json"]
SPECIAL = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "’": "'",
                         "‘": "'", "ʻ": "'", "ʼ": "'", "`": "'", "þ": "th", "ð": "d"})


def hash64(data):
    return XX(data, len(data), 0)


def fold(s):
    s = unicodedata.normalize("NFKD", s.lower().translate(SPECIAL))
    return "".join(c for c in s if not unicodedata.combining(c)).lower().translate(SPECIAL)


WORD = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?(?![^\W_])|[^\W_]+(?:'[^\W_]+)*")


def words(s):
    """The folded words of a name, as the tokenizer would part them."""
    out = []
    for w in WORD.findall(fold(s)):
        if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?", w):
            w = w.replace(".", "")
        w = w.rstrip(".")
        if w.endswith("'s"):
            w = w[:-2]
        out.append(w)
    return tuple(out)


def canonical(s):
    """The id of a name: folded, one blank between words."""
    return " ".join(fold(s).split())


class Gazetteer:
    def __init__(self):
        self.rows = {}       # words of a phrase -> rows
        self.bits = {}       # word -> classes
        self.countries = {"": 0}

    def country(self, name):
        return self.countries.setdefault(canonical(name), len(self.countries)) if name else 0

    def word(self, w, cls):
        self.bits[w] = self.bits.get(w, 0) | BIT[cls]

    def add(self, name, kind, ident, source, line, country="", flags=0, weight=0, keep=True):
        """Add a sense of a name; keep False: only if the phrase has none of this type yet."""
        key = words(name)
        if not key or len(key) > WORDS_MAX or len("".join(key)) < 2:
            return False
        typ = {K_PERSON: PERSON, K_ORG: ORG, K_MISC: MISC}.get(kind, PLACE)
        rows = self.rows.setdefault(key, [])
        for r in rows:
            if r["id"] == ident and r["type"] == typ:
                return False
            if r["type"] == typ and not keep:
                return False
        letters = [c for c in name if c.isalpha()]
        if letters and len(letters) <= 6 and all(c.isupper() for c in letters) and len(key) == 1:
            flags |= CAPS
            self.word("".join(letters), "acronym")
        rows.append(dict(type=typ, kind=kind, id=ident, source=source, line=line, country=self.country(country),
                         flags=flags, weight=weight))
        cls = {K_PERSON: "known", K_ORG: "org", K_COUNTRY: "country", K_MISC: None}.get(kind, "place")
        if cls and not flags & CAPS:
            for w in key:
                if len(w) > 2:
                    self.word(w, cls)
        return True


def lines_xz(path):
    with lzma.open(path, "rt", encoding="utf-8-sig") as f:
        return f.read().split("\n")


def load_aliases(g):
    with open(os.path.join(HERE, "aliases.tsv"), encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            typ, ident, *rest = line.split("\t")
            force = FORCE if typ.endswith("!") else 0
            _, kind = TYPES[typ.rstrip("!")]
            country = rest[1] if len(rest) > 1 else ident if kind == K_COUNTRY else ""
            names = [] if "#" in ident else [ident.upper() if ident in ("bbc", "cnn", "nbc", "cbs", "npr", "pbs")
                                             else ident]
            for name in names + (rest[0].split("|") if rest and rest[0] else []):
                flags = ALIAS | force
                if name[0] in "+?":
                    flags |= LONE if name[0] == "+" else SECOND
                    name = name[1:]
                g.add(name, kind, ident, 1, number, country, flags)
            if kind == K_MISC and re.fullmatch(r"[a-z-]+", ident) and number_of_words(ident) == 1:
                for name in [ident] + (rest[0].split("|") if rest and rest[0] else []):
                    for w in words(name):
                        if w.islower():
                            g.word(w, "demonym")


def number_of_words(s):
    return len(words(s))


def load_words(g):
    with open(os.path.join(HERE, "words.tsv"), encoding="utf-8") as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                cls, rest = line.rstrip("\n").split("\t")
                for w in rest.split():
                    g.word(fold(w), cls)


def load_countries(g, folder):
    with lzma.open(os.path.join(folder, "world-countries.json.xz"), "rt", encoding="utf-8") as f:
        data = json.load(f)
    codes = {}
    for i, c in enumerate(data, 1):
        common, official = c["name"]["common"], c["name"]["official"]
        known = next((r["id"] for n in (common, official) for r in g.rows.get(words(n), ())
                      if r["kind"] in (K_COUNTRY, K_REGION)), None)
        ident = known or canonical(common)
        codes[c["cca2"]] = ident
        names = [common, official] + [n for n in c.get("altSpellings", ()) if len(n) > 4]
        for lang in ("fra", "spa", "deu", "rus", "por", "ita"):
            if lang in c.get("translations", {}):
                names.append(c["translations"][lang]["common"])
                if lang == "rus":
                    names += cases(names[-1])
        for n in names:
            g.add(n, K_COUNTRY, ident, 2, i, ident, keep=False)
        for cap in c.get("capital", ()):
            g.add(cap, K_CITY, canonical(cap), 2, i, ident, weight=20, keep=False)
        dem = c.get("demonyms", {}).get("eng", {}).get("m", "")
        if dem and len(dem) > 3:
            base = next((r["id"] for r in g.rows.get(words(dem), ()) if r["kind"] == K_MISC), canonical(dem))
            for d in (dem, dem + "s"):
                if g.add(d, K_MISC, base, 2, i, ident, keep=False) or True:
                    for w in words(d):
                        g.word(w, "demonym")
    return codes


def cases(name):
    """A Russian name of one word in its other cases."""
    if not re.fullmatch(r"\w{4,}", name):
        return []
    if name.endswith("ия"):
        return [name[:-1] + e for e in ("и", "ю", "ей")]
    if name.endswith("а"):
        return [name[:-1] + e for e in ("ы", "и", "е", "у", "ой")]
    if name[-1] in "бвгджзклмнпрстфхцчшщ":
        return [name + e for e in ("а", "у", "ом", "е")]
    return []


def load_cities(g, folder, codes):
    rows = []
    for i, line in enumerate(lines_xz(os.path.join(folder, "geonames-cities.tsv.xz")), 1):
        part = line.split("\t")
        if len(part) == 6:
            rows.append((int(part[5] or 0), i, part))
    rows.sort(key=lambda r: (-r[0], r[1]))
    for people, i, (name, ascii_name, alternates, feature, code, _) in rows:
        capital = feature == "PPLC"
        if people < 15000 and not capital and not (people >= 8000 and code in ("US", "GB", "CA")):
            continue
        if feature == "PPLX" and people < 50000:
            continue
        country = codes.get(code, "")
        weight = int(math.log2(people)) if people > 1 else 0
        known = next((r for n in (name, ascii_name) for r in g.rows.get(words(n), ()) if r["kind"] == K_CITY), None)
        ident = known["id"] if known else canonical(ascii_name if len(ascii_name) > 1 else name)
        if known and not known["country"] and known["source"] == 1:
            for rs in g.rows.values():
                for r in rs:
                    if r["kind"] == K_CITY and r["id"] == ident and not r["country"]:
                        r["country"], r["weight"] = g.country(country), weight
        names = [name, ascii_name]
        if people >= 400000 or capital:
            names += [a for a in alternates.split(",") if len(a) > 4 and a[0].isupper() and not a.isupper()
                      and fold(a).isascii() and fold(a)[0] == fold(name)[0]]
        for n in names:
            g.add(n, K_CITY, ident, 4, i, country, weight=weight, keep=False)


def load_people(g, folder):
    with open(os.path.join(folder, "world-leaders-2021.csv"), encoding="utf-8") as f:
        for i, r in enumerate(csv.DictReader(f), 2):
            person(g, [r["officeholderLabel"]], 5, i)
    for name, source in (("legislators-current.yaml", 6), ("executive.yaml", 7)):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for i, r in enumerate(yaml.load(f, Loader=yaml.CSafeLoader), 1):
                n = r["name"]
                short = f"{n.get('nickname') or n['first']} {n['last']}"
                person(g, [short, f"{n['first']} {n['last']}", n.get("official_full", short),
                           f"{n['first']} {n.get('middle', '')} {n['last']}"], source, i)


def person(g, names, source, line):
    if re.fullmatch(r"Q\d+", names[0]) or number_of_words(names[0]) < 2:
        return
    ident = next((r["id"] for n in names for r in g.rows.get(words(n), ()) if r["kind"] == K_PERSON),
                 canonical(names[0]))
    for n in names:
        g.add(n, K_PERSON, ident, source, line, keep=False)


SUFFIX = re.compile(r"[ ,]+(?:Inc|Incorporated|Corp|Corporation|Co|Company|Ltd|Limited|PLC|plc|LLC|LP|L\.P|N\.V|NV|S\.A|SA|AG|SE|"
                    r"Holdings?|Group|Bancorp|Trust|AB|ASA|S\.p\.A)\.?$|[ ,]+\(The\)$|[ ,]+&$")
PAPER = re.compile(r" ?-? (?:Class [A-Z]|Common|Ordinary|American Depositary|Depositary|Sponsored|Units?\b|Warrants?\b|"
                   r"Rights?\b|New Common|Series|each representing|\d|Pfd|Preferred|Subordinate|\(The\)).*$")
NOT_A_COMPANY = re.compile(r"ETF|ETN|\bFund\b|Acquisition|Warrant|Notes|Preferred|Depositary Shares, each|Trust \d|Portfolio|%|"
                           r"\b2X\b|\bDaily\b|Income|Index|Municipal|Debenture|Rights?$|Units?$")


def short_form(name):
    name = re.sub(r"\s+", " ", name).strip(" ,.")
    while True:
        n = SUFFIX.sub("", name).strip(" ,.")
        if n == name or len(n) < 3:
            return name
        name = n


def load_companies(g, folder):
    for name, source, col in (("sp500.csv", 8, 1), ("nyse-listed.csv", 10, 1), ("nasdaq-listed.csv", 9, 1)):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for i, r in enumerate(csv.reader(f), 1):
                if i == 1 or (source != 8 and NOT_A_COMPANY.search(r[col])):
                    continue
                full = PAPER.sub("", r[col]).strip(" ,-")
                short = short_form(re.sub(r" \(.*\)$", "", full))
                if len(short) < 3 or re.search(r"\d", short) and source != 8 or (source != 8 and len(words(short)) > 5):
                    continue
                ident = next((x["id"] for n in (short, full) for x in g.rows.get(words(n), ()) if x["kind"] == K_ORG),
                             canonical(short))
                for n in (short, full):
                    if not any(r["kind"] in (K_COUNTRY, K_REGION) for r in g.rows.get(words(n), ())) and not (
                            len(words(n)) == 1 and g.bits.get(words(n)[0], 0) & PLAIN):
                        g.add(n, K_ORG, ident, source, i, keep=False)


def load_universities(g, folder):
    with lzma.open(os.path.join(folder, "universities.json.xz"), "rt", encoding="utf-8") as f:
        for i, u in enumerate(json.load(f), 1):
            n = u["name"].split(",")[0].strip() if u["alpha_two_code"] != "US" else u["name"].strip()
            n = re.sub(r" ?[-–(].*$", "", n)
            if not fold(n).isascii() or not re.search(r"Universit|College|Institut|School|Academy", n):
                continue
            if u["alpha_two_code"] not in ("US", "GB", "CA", "AU", "IE", "NZ", "IN", "DE", "FR", "IL", "JP", "CN", "RU",
                                           "ZA") and "University" not in n or len(words(n)) > 7 or len(words(n)) < 2:
                continue
            ident = canonical(n)
            g.add(n, K_ORG, ident, 11, i, u["country"], keep=False)


def load_names(g, folder):
    for name, cls in (("first-names.txt.xz", "first"), ("surnames.txt.xz", "surname")):
        for line in lines_xz(os.path.join(folder, name)):
            w = fold(line.strip())
            if len(w) > 1 and " " not in w:
                g.word(w, cls)


def mix(h, w):
    h = ((h ^ w) * 0x9e3779b97f4a7c15) & M64
    return h ^ h >> 29


def buckets(hashes, bits):
    """Directory of rising hashes by their top bits."""
    out, at = [], 0
    for b in range((1 << bits) + 1):
        while at < len(hashes) and hashes[at] >> (64 - bits) < b:
            at += 1
        out.append(at)
    return struct.pack(f"<{len(out)}I", *out)


def build(g):
    text, places = bytearray(b"\0"), {}

    def put(s):
        if s not in places:
            data = s.encode()[:255]
            places[s] = (len(text), len(data))
            text.extend(data)
        return places[s]

    word_table = {}
    for w, b in g.bits.items():
        h = hash64(w.encode())
        word_table[h] = word_table.get(h, 0) | b
    # two words that share a bucket and 16 bits cannot be told apart: their classes join
    joined = {}
    for h, b in word_table.items():
        k = (h >> (64 - WORD_BITS), h >> 16 & 0xffff)
        joined[k] = joined.get(k, 0) | b
    order = sorted(joined)
    word_hash = [k[0] << (64 - WORD_BITS) for k in order]
    nodes, rows = {}, bytearray()
    for key in sorted(g.rows):
        senses = g.rows[key]
        # aliases first, then those whose type holds, then the more people
        senses.sort(key=lambda r: (bool(r["flags"] & SECOND), not r["flags"] & ALIAS, -r["weight"], r["source"], r["line"]))
        h = 0
        for i, w in enumerate(key):
            h = mix(h, hash64(w.encode()))
            value = nodes.get(h, 0)
            nodes[h] = value | 1 if i + 1 < len(key) else value | (len(rows) // 12 + 1) << 1
        for i, r in enumerate(senses):
            flags = r["flags"] | (MORE if i + 1 < len(senses) else 0)
            at, n = (0, 0) if r["id"] == " ".join(key) else put(r["id"])
            rows += struct.pack("<III", r["type"] | r["kind"] << 3 | flags << 8 | r["source"] << 16 |
                                min(r["weight"], 255) << 24, r["line"] | r["country"] << 18, at | n << 24)
    node_order = sorted(nodes, key=lambda h: (h >> (64 - NODE_BITS), h & 0xffffffff))
    for a, b in zip(node_order, node_order[1:]):
        if (a >> (64 - NODE_BITS), a & 0xffffffff) == (b >> (64 - NODE_BITS), b & 0xffffffff):
            raise SystemExit("two phrases have one key: use more bits")
    countries = b"".join(struct.pack("<II", *put(c)) for c in g.countries)
    sections = {
        1: struct.pack("<4I", len(order), len(nodes), len(rows) // 12, len(g.countries)),
        2: buckets(word_hash, WORD_BITS),
        3: struct.pack(f"<{len(order)}H", *(k[1] for k in order)),
        4: struct.pack(f"<{len(order)}H", *(joined[k] for k in order)),
        5: buckets(node_order, NODE_BITS),
        6: struct.pack(f"<{len(nodes)}I", *(h & 0xffffffff for h in node_order)),
        7: struct.pack(f"<{len(nodes)}I", *(nodes[h] for h in node_order)),
        8: bytes(rows), 9: countries, 10: bytes(text)}
    return sections


def write(path, sections):
    """The container of common/record/sections.h, kind GAZT, version 1."""
    out = bytearray(b"NDX1GAZT" + struct.pack("<II", 1, 0))
    directory = b""
    for ident, data in sections.items():
        start = -(-(len(out) + 128) // 64) * 64
        out += bytes(start - len(out)) + data
        directory += struct.pack("<IIQQ", ident, 0, start, len(data))
        out += bytes(128)
    blocks = -(-len(out) // 4096)
    sums = b"".join(struct.pack("<I", XX(bytes(out[i * 4096:(i + 1) * 4096]), len(out[i * 4096:(i + 1) * 4096]), i)
                                & 0xffffffff) for i in range(blocks))
    tail = sums + directory + struct.pack("<QII", len(out), blocks, len(sections))
    out += tail + struct.pack("<Q", hash64(tail)) + b"NDXEGAZT"
    with open(path + ".new", "wb") as f:
        f.write(out)
    os.rename(path + ".new", path)
    return len(out)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    folder, output = sys.argv[1:]
    g = Gazetteer()
    load_words(g)
    load_aliases(g)
    codes = load_countries(g, folder)
    load_people(g, folder)
    load_companies(g, folder)
    load_universities(g, folder)
    load_cities(g, folder, codes)
    load_names(g, folder)
    sections = build(g)
    size = write(output, sections)
    kinds = [0] * 6
    for rs in g.rows.values():
        for r in rs:
            kinds[r["kind"]] += 1
    print(f"{len(g.bits)} words, {len(g.rows)} names ({', '.join(map(str, kinds))} persons, organisations, countries, cities, "
          f"regions, other), {size} bytes")


if __name__ == "__main__":
    main()
