#!/usr/bin/env python3
"""Run the ```console blocks of the documents and compare what they show with what comes out.
A line that begins with `$ ` is a command for bash; the lines below it are its output, stdout and stderr together.
The sample of corpora/ is indexed first, as demo/index. `documents.t --rewrite` puts the real output in.
Ends `N passed, N failed`."""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOCUMENTS = ["README.md", "docs/cookbook.md"]


def run(command, folder, env):
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    return done.stdout.decode("utf-8")


def commands(block):
    """Pairs of command and shown output of one block."""
    pairs = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            pairs.append([line[2:].rstrip("\n"), ""])
        elif pairs and pairs[-1][0].endswith("\\"):
            pairs[-1][0] += "\n" + line.rstrip("\n")
        elif pairs:
            pairs[-1][1] += line
    return pairs


def main():
    rewrite = "--rewrite" in sys.argv
    bin_dir = os.path.join(ROOT, os.environ.get("ND_BIN", "build/gcc"))
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(ROOT, "corpora"), os.path.join(folder, "corpora"))
        env = dict(os.environ, PATH=bin_dir + ":" + os.environ["PATH"], NEWSDEX_INDEX="demo/index",
                   LC_ALL="C.UTF-8", HOME=folder, COLUMNS="100")
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "NO_COLOR"):
            env.pop(name, None)
        os.makedirs(os.path.join(folder, "demo"))
        run("newsdex add -q -d demo/index corpora/news.jsonl corpora/text", folder, env)
        for name in DOCUMENTS:
            path = os.path.join(ROOT, name)
            if not os.path.exists(path):
                continue
            with open(path, encoding="utf-8") as f:
                text = f.read()
            out, at = [], 0
            for match in re.finditer(r"^```console\n(.*?)^```$", text, re.M | re.S):
                block = ""
                for command, shown in commands(match.group(1)):
                    real = run(command, folder, env)
                    if real and not real.endswith("\n"):
                        real += "\n"
                    if real == shown:
                        passed += 1
                    elif not rewrite:
                        failed += 1
                        print(f"FAIL {name}: $ {command}\n--- shown\n{shown}--- real\n{real}", end="")
                    block += f"$ {command}\n{real}"
                out += [text[at:match.start(1)], block]
                at = match.end(1)
            if rewrite:
                with open(path, "w", encoding="utf-8") as f:
                    f.write("".join(out) + text[at:])
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0 and not rewrite)


main()
