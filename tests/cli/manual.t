#!/usr/bin/env python3
"""The pages of the manual: lint of what is built from them, and every example of newsq-query(7).
A line `.Dl newsq ...` is run on the sample with names; the comment below it says what comes out: `.\\" = N` the number,
`.\\" ! TEXT` the refusal. `manual.t --rewrite` puts in what comes out now. Ends `N passed, N failed`."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGES = {"newsdex": "indexer/newsdex.1", "newsq": "query/newsq.1", "newsq-query": "query/newsq-query.7"}
EXAMPLES = PAGES["newsq-query"]
ESCAPES = {"\\(dq": '"', "\\(aq": "'", "\\(ti": "~", "\\(ha": "^", "\\(ga": "`", "\\-": "-", "\\e": "\\"}
FEWEST = 60  # examples, so that a change of their form cannot lose them


def plain(text):
    return re.sub(r"\\\(..|\\.", lambda m: ESCAPES.get(m.group(0), m.group(0)), text)


class Tests:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, good, text):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print("FAIL " + text)


def sample(folder, bin_dir):
    env = dict(os.environ, PATH=bin_dir + ":" + os.environ["PATH"], NEWSDEX_INDEX=folder + "/index", LC_ALL="C.UTF-8",
               HOME=folder, TZ="UTC")
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "COLUMNS"):
        env.pop(name, None)
    with open(folder + "/names.txt", "w", encoding="utf-8") as f:
        f.write("# a name a line\nputin\nkim\n")
    subprocess.run(["newsdex", "add", "-q", "-d", folder + "/index", ROOT + "/corpora/news.jsonl",
                    ROOT + "/corpora/text"], env=env, check=True)
    return env


def answer(command, folder, env):
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60)
    if done.returncode not in (0, 1):
        lines = done.stderr.decode().splitlines()
        return "! " + (lines[0].split(": ", 1)[1] if lines else "status %d" % done.returncode)
    return "= " + (done.stdout.decode().strip() or "done")


def examples(t, folder, env, rewrite):
    path = os.path.join(ROOT, EXAMPLES)
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    n = 0
    for i, line in enumerate(lines):
        if not line.startswith(".Dl "):
            continue
        n += 1
        got = answer(plain(line[4:]), folder, env)
        t.check(rewrite or lines[i + 1] == '.\\" ' + got, f"{EXAMPLES}:{i + 1}: {plain(line[4:])}: {got}")
        if rewrite:
            lines[i + 1] = '.\\" ' + got
    t.check(n >= FEWEST, f"{n} examples")
    if rewrite:
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))


def lint(t, folder, env):
    """Pages as they are built: mandoc has nothing to say, every command and option is there."""
    if not shutil.which("mandoc"):
        t.skipped += 1
        print("skipped: no mandoc")
        return
    for name, page in PAGES.items():
        program = "newsdex" if name == "newsdex" else "newsq"
        built = os.path.join(folder, os.path.basename(page))
        with open(built, "wb") as f:
            subprocess.run([program, "--generate", "manual", os.path.join(ROOT, page)], env=env, stdout=f, check=True)
        said = subprocess.run(["mandoc", "-T", "lint", "-W", "all", built], capture_output=True, text=True).stdout
        said = [s for s in said.splitlines() if "referenced manual not found" not in s]
        t.check(not said, f"{page}: " + "\n".join(said))
        with open(built, encoding="utf-8") as f:
            text = f.read()
        t.check("generate:" not in text.replace('.\\" Lines with generate:', ""), f"{page}: a list is missing")
        if name == "newsq-query":
            fields = subprocess.run(["newsq", "fields"], env=env, capture_output=True, text=True).stdout
            for field in re.findall(r"^(\w+)  ", fields, re.M):
                t.check(re.search(rf"^\.It Cm {field}\b", text, re.M), f"{page}: field {field}")
            continue
        help_text = subprocess.run([program, "--help"], env=env, capture_output=True, text=True).stdout
        commands = re.findall(r"^  (\w+)(?: [^ ]+)*  ", help_text.split("commands:")[1].split("options")[0], re.M)
        t.check(len(commands) > 6, f"{program}: commands of --help: {commands}")
        for command in commands:
            t.check(re.search(rf"^\.It Cm {command}\b", text, re.M), f"{page}: command {command}")
            shown = subprocess.run([program, command, "--help"], env=env, capture_output=True, text=True).stdout
            for option in re.findall(r"--([a-z][a-z-]*)", shown.split("options:")[1]):
                t.check(re.search(rf"^\.It .*Fl -{option}\b", text, re.M), f"{page}: --{option}")


def main():
    t = Tests()
    bin_dir = os.path.join(ROOT, os.environ.get("ND_BIN", "build/gcc"))
    with tempfile.TemporaryDirectory() as folder:
        env = sample(folder, bin_dir)
        os.environ["PATH"] = env["PATH"]
        examples(t, folder, env, "--rewrite" in sys.argv)
        lint(t, folder, env)
    print(f"{t.passed} passed, {t.failed} failed" + (f", {t.skipped} skipped" if t.skipped else ""))
    sys.exit(t.failed > 0)


main()
