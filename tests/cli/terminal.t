#!/usr/bin/env python3
"""What newsq and newsdex do on a terminal: widths, colours, character sets, the pager, hyperlinks, progress. Each command
runs on a pty of its own; a screen that is narrower than a line shows, since no line may be wider than it.
`terminal.t PART...` runs some parts alone. Ends `N passed, N failed`."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.join(ROOT, os.environ.get("ND_BIN", "build/gcc"))
SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\]8;;[^\x1b]*\x1b\\")
LIMIT = 30  # seconds for a command; none should take one


class Terminal:
    """A command on a pty."""

    def __init__(self, argv, env, columns=80, rows=24):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(argv[0], argv, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.text = b""
        self.end = time.time() + LIMIT

    def more(self):
        """Read what is there. False at the end."""
        if not select.select([self.fd], [], [], max(0, self.end - time.time()))[0]:
            raise TimeoutError(self.text[-300:])
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.text += data
        return bool(data)

    def until(self, text, since=0):
        """Wait for text. Return: where it ends."""
        while text not in self.text[since:]:
            if not self.more():
                raise EOFError(self.text[-300:])
        return self.text.index(text, since) + len(text)

    def send(self, text):
        os.write(self.fd, text)

    def done(self):
        """Read to the end. Return: text with LF line ends, exit status (128 + signal)."""
        while self.more():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        return self.text.decode("utf-8").replace("\r\n", "\n"), code


def width(line):
    line = SEQUENCE.sub("", line)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Tests:
    def __init__(self, folder):
        self.passed = self.failed = 0
        self.folder = folder
        self.env = dict(os.environ, HOME=folder, TERM="xterm-256color", LC_ALL="C.UTF-8", TZ="UTC", PAGER="", ASAN_OPTIONS="detect_leaks=0", # libedit keeps names of functions
                        NEWSDEX_INDEX=folder + "/news")
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "NO_COLOR", "COLUMNS", "NEWSQ_PAGER", "LESS", "VTE_VERSION"):
            self.env.pop(name, None)

    def check(self, name, good, text=""):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"failed: {name}: {text!r}"[:2000])

    def start(self, *argv, columns=80, rows=24, **env):
        e = dict(self.env, **{k: v for k, v in env.items() if v is not None})
        return Terminal([os.path.join(BIN, argv[0]), *argv[1:]], e, columns, rows)

    def run(self, *argv, **how):
        return self.start(*argv, **how).done()

    def widths(self):
        commands = [["kim AND putin", "-n", "4"], ["hist", "kim", "--per", "year"], ["hist", "kim", "--share"],
                    ["kwic", '"Kim Jong-un"', "-n", "30"], ["kwic", "armored w/10 train", "-n", "9"],
                    ["show", "hg-20230917-1"], ["search", "--help"], ["--help"]]
        for columns in (40, 80, 200):
            for c in commands if columns > 40 else commands[:-2]: # help takes 80
                text, status = self.run("newsq", *c, columns=columns)
                wide = [x for x in text.split("\n") if width(x) > columns and "note:" not in x]
                self.check(f"{c} fits in {columns}", status == 0 and text and not wide, wide[:2] or text)
        used = max(width(x) for x in self.run("newsq", "hist", "kim", columns=200)[0].split("\n"))
        self.check("bars use the width", 180 < used <= 200, used)

    def colours(self):
        q = ("newsq", "walruses")
        text, _ = self.run(*q)
        self.check("colours", "\x1b[1m" in text, text)
        for name, env in (("NO_COLOR", {"NO_COLOR": "1"}), ("dumb", {"TERM": "dumb"}), ("no TERM", {"TERM": ""})):
            text, status = self.run(*q, **env)
            self.check(f"no colours: {name}", status == 0 and "walrus" in text and "\x1b" not in
                       (text if name != "NO_COLOR" else SEQUENCE.sub("", re.sub(r"\x1b\]8.*?\x1b\\", "", text))) and
                       "\x1b[" not in text, text)
        text, _ = self.run("newsq", "walruses", "--color", "never")
        self.check("--color never", "\x1b[" not in text, text)
        text, _ = self.run("newsq", "nosuchwordatall")
        self.check("errors and notes on a terminal", "\x1b[1m" in text or text, text)
        text, _ = self.run("newsq", "hist", "kim", "--per", "year", LC_ALL="C")
        self.check("ASCII bars", "##" in text and "█" not in text, text)
        text, _ = self.run("newsq", "hist", "kim", "--per", "year")
        self.check("bars of blocks", "█" in text and "##" not in text, text)

    def links(self):
        url = "https://harbourgazette.example.org/2023/09/drones-a-bulletproof-vest-and-a"
        opened = f"\x1b]8;;{url}\x1b\\"
        for name, want, argv, env in (
                ("search", True, ["walruses"], {}), ("show", True, ["show", "hg-20230917-1"], {}),
                ("oneline", True, ["walruses", "--oneline"], {}), ("dumb", False, ["walruses"], {"TERM": "dumb"}),
                ("console", False, ["walruses"], {"TERM": "linux"}), ("old VTE", False, ["walruses"], {"VTE_VERSION": "4205"}),
                ("never", False, ["walruses", "--hyperlink", "never"], {}),
                ("another pager", False, ["walruses"], {"PAGER": "sed s/x/x/"}),
                ("always", True, ["walruses", "--hyperlink", "always"], {"TERM": "dumb"}),
                ("json", False, ["walruses", "--format", "json"], {})):
            text, _ = self.run("newsq", *argv, **env)
            self.check(f"hyperlink: {name}", (opened in text) == want and text.count("\x1b]8;;\x1b\\") ==
                       len(re.findall(r"\x1b\]8;;h", text)), text)
        piped = subprocess.run([BIN + "/newsq", "walruses"], env=self.env, capture_output=True, check=True).stdout
        self.check("nothing of it in a pipe", b"\x1b" not in piped, piped)

    def pager(self):
        sed = "sed 's/^/P:/'"
        text, status = self.run("newsq", "kim", "-n", "2", PAGER=sed)
        lines = text.rstrip("\n").split("\n")
        self.check("all of it through the pager", status == 0 and all(x.startswith("P:") for x in lines), text)
        self.check("$NEWSQ_PAGER before $PAGER", "Q:" in self.run("newsq", "kim", PAGER=sed, NEWSQ_PAGER="sed s/^/Q:/")[0])
        for name, argv, env in (("--no-pager", ["kim", "--no-pager"], {}), ("count", ["count", "kim"], {}),
                                ("an empty NEWSQ_PAGER", ["kim"], {"NEWSQ_PAGER": ""}),
                                ("cat", ["kim"], {"NEWSQ_PAGER": "cat"})):
            self.check(f"no pager: {name}", "P:" not in self.run("newsq", *argv, PAGER=sed, **env)[0])
        self.check("--pager", self.run("newsq", "count", "kim", "--pager", PAGER=sed)[0].startswith("P:"))
        self.check("--help", self.run("newsq", "--help", PAGER=sed)[0].startswith("P:"))
        for q, want in (("nosuchwordatall", 1), ("kim w/5", 2)):
            text, status = self.run("newsq", q, PAGER=sed)
            self.check(f"status {want} is kept", status == want and "P:" in text, (text, status))
        text, status = self.run("newsq", "the", "-n", "all", PAGER="head -n 1")
        self.check("a pager that ends early", status == 0 and text.count("\n") == 1, (text, status))
        text, status = self.run("newsq", "facet", "person", "-n", "all", PAGER="true")
        self.check("a pager that reads nothing", status == 0 and text == "", (text, status))
        text, status = self.run("newsq", "walruses", PAGER="no-such-pager")
        self.check("no such pager", status == 0 and "walrus" in text and "no-such-pager" in text, text)
        out = subprocess.run([BIN + "/newsq", "walruses", "--pager"], env=dict(self.env, PAGER=sed), capture_output=True)
        self.check("no pager in a pipe", b"P:" not in out.stdout and out.returncode == 0, out)
        t = self.start("newsq", "the", "-n", "all", PAGER=None or "less", rows=10)
        at = t.until(b"1. ")
        t.until(b":", at)
        t.send(b"q")
        text, status = t.done()
        self.check("less: a screen, then q", status == 0 and text.count("\n") < 40, (status, text[-200:]))
        text, status = self.run("newsq", "walruses", PAGER="less")
        self.check("less: what fits ends by itself", status == 0 and "walrus" in text and "\x1b[1m" in text, text)
        t = self.start("newsq", "the", "-n", "all", PAGER="sh -c 'trap : INT; read x; echo seen; sleep 0.2; echo left'")
        t.until(b"seen")
        t.send(b"\x03")
        text, status = t.done()
        self.check("an interrupt waits for the pager", "left" in text and status == 128 + signal.SIGINT, (text, status))

    def shell(self):
        state = self.folder + "/state"
        env = {"XDG_STATE_HOME": state, "XDG_CONFIG_HOME": self.folder + "/config"}

        def session(**more):
            t = self.start("newsq", "shell", "--no-snippets", "-n", "2", "--no-pager", "--color", "never", "--hyperlink",
                           "never", **env, **more)
            t.until(b"newsq> ")
            return t

        t = session()
        t.send(b"nothing of thi")
        t.until(b"thi") # libedit has the keys now
        t.send(b"\x03")
        at = t.until(b"newsq> ", t.until(b"^C"))
        t.send(b"walruses\r")
        at = t.until(b"newsq (1)> ", at)
        self.check("Ctrl-C gives the line up", b"1. Drones" in t.text and b"nothing of thi^C" in t.text, t.text)
        for typed, shown in ((b":fac\tper\t-n 1\r", b"Dmitry Peskov"), (b"person:pulik\t\r", b'Konstantin Pulikovsky"'),
                             (b"sourc\t\"harb\t\r", b'Harbour Gazette"'), (b":save konst\r", b"query:konst"),
                             (b"query:ko\t\r", b"nst ")):
            t.send(typed)
            at = t.until(b")> ", t.until(b"\n", t.until(shown, at)))
        self.check("Tab completes", True)
        t.send(b":s\t")
        at = t.until(b"> :s", t.until(b":story", at))
        self.check("Tab shows what is possible", b":search" in t.text[-400:] and b":story" in t.text[-400:], t.text[-400:])
        t.send(b"\x15kim\r")
        at = t.until(b"newsq (20)> ", at)
        t.send("AND “armored train”\r".encode())
        at = t.until(b"newsq (12)> ", at)
        self.check("letters beyond ASCII", "“armored train”".encode() in t.text, t.text[-600:])
        t.send(b" secret of the desk\r")
        at = t.until(b")> ", at)
        t.send(b"\x04")
        text, status = t.done()
        self.check("Ctrl-D ends", status == 0, (status, text[-200:]))
        self.check("wide lines none", not [x for x in text.split("\n") if width(x.split("\r")[-1]) > 80])
        history = state + "/newsdex/history"
        kept = open(history, encoding="utf-8").read().split("\n")
        self.check("history", kept[0] == "walruses" and "AND “armored train”" in kept and
                   not [x for x in kept if "secret" in x or "nothing" in x], kept)
        self.check("history is the user's alone", os.stat(history).st_mode & 0o777 == 0o600)
        t = session()
        t.send(b"\x1b[A\x1b[A\r") # up, up
        t.until(b"newsq (20)> ")
        t.send(b":qu\t\x15:quit\r")
        text, status = t.done()
        self.check("lines come back from the history", status == 0 and "kim" in text, text)
        with open(history, "w", encoding="utf-8") as f:
            f.write("".join(f"line{i}\n" for i in range(2500)))
        t = session()
        t.send(b"\x04")
        t.done()
        kept = open(history, encoding="utf-8").read().split("\n")
        self.check("a long history is cut", kept[0] == "line1500" and kept[-2:] == ["line2499", ""], kept[:1] + kept[-2:])
        t = session(TERM="dumb")
        t.send(b"nothing\x03")
        at = t.until(b"newsq> ", t.until(b"^C"))
        t.send(b"walruses\n")
        t.until(b"newsq (1)> ", at)
        t.send(b"\x04")
        text, status = t.done()
        self.check("a dumb terminal", status == 0 and "\x1b" not in text and "cannot be edited" in text, text)
        t = self.start("newsq", "shell", "-n", "all", rows=10, PAGER="less", **env)
        t.send(b"the\r")
        t.until(b"\x1b[", t.until(b"2. "))
        t.until(b":", t.until(b"2. "))
        t.send(b"q")
        at = t.until(b")> ")
        t.send(b":count\r")
        t.until(b")> ", at)
        t.send(b"\x04")
        self.check("the pager within", t.done()[1] == 0)

    def progress(self):
        slow = "import sys,time\nd=open(sys.argv[1],'rb').read()\n" \
               "for i in range(14): sys.stdout.buffer.write(d[i*len(d)//14:(i+1)*len(d)//14]);" \
               "sys.stdout.flush();time.sleep(.1)"
        feed = f"python3 -c \"{slow}\" {ROOT}/corpora/news.jsonl | {BIN}/newsdex add -d {self.folder}/slow -"
        dumb = Terminal(["sh", "-c", feed.replace("/slow", "/slowd")], dict(self.env, TERM="dumb"), 80)
        smart = {n: Terminal(["sh", "-c", feed.replace("/slow", f"/slow{n}")], self.env, n) for n in (40, 200)}
        for columns, t in smart.items():
            text, status = t.done()
            bars = re.findall(r"\r([^\r\n]*)\x1b\[K", text)
            self.check(f"progress in {columns}", status == 0 and any("read" in b for b in bars) and
                       all(width(b) < columns for b in bars), (status, text))
        text, status = dumb.done()
        self.check("no progress on a dumb terminal", status == 0 and "\x1b" not in text, text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        t = Tests(folder)
        subprocess.run([BIN + "/newsdex", "add", "-q", "-d", folder + "/news", ROOT + "/corpora/news.jsonl"],
                       env=t.env, check=True)
        for part in (t.widths, t.colours, t.links, t.pager, t.shell, t.progress):
            if sys.argv[1:] and part.__name__ not in sys.argv[1:]:
                continue
            try:
                part()
            except (OSError, EOFError) as e:
                t.check(part.__name__, False, str(e))
    print(f"{t.passed} passed, {t.failed} failed")
    sys.exit(t.failed > 0 or t.passed == 0)


main()
