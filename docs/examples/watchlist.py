#!/usr/bin/env python3
"""watchlist.py INDEX < names.txt: how often each name occurs, and the newest article with it.
One newsq answers all questions: a line in, hits and an end line out."""
import json
import subprocess
import sys

newsq = subprocess.Popen(
    ["newsq", "batch", "-d", sys.argv[1], "-n", "1", "--sort", "newest", "--no-snippets"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
for name in map(str.strip, sys.stdin):
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    print(json.dumps({"query": f'"{quoted}"'}), file=newsq.stdin, flush=True)
    newest = None
    while (answer := json.loads(newsq.stdout.readline()))["type"] == "hit":
        newest = answer
    if answer["type"] == "error":
        print(f"{name}: {answer['message']}", file=sys.stderr)
        continue
    print(answer["total"], name, newest["id"] if newest else "-", sep="\t")
newsq.stdin.close()
sys.exit(newsq.wait())
