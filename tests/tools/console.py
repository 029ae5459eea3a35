"""make run and make debug: tools/parley-console at a terminal, with and without gdb."""
import os
import pty
import re
import select
import signal
import sys
import time

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import tap

CONSOLE = os.path.join(TREE, "tools/parley-console")
SECONDS = 300  # the host's; what takes longer does not come
points = tap.Points()


class Terminal:
    """A program on a pseudo terminal."""

    def __init__(self, *arguments):
        self.seen = self.all = ""
        self.pid, self.line = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(CONSOLE, [CONSOLE, *arguments, *sys.argv[1:]])

    def read(self, deadline):
        """More of what comes, "" at the end or at the deadline."""
        if not select.select([self.line], [], [], max(0, deadline - time.monotonic()))[0]:
            return ""
        try:
            text = os.read(self.line, 4096).decode(errors="replace")
        except OSError:
            return ""
        self.seen += text
        self.all += text
        return text

    def expect(self, pattern, point):
        """A point: text that matches comes."""
        deadline = time.monotonic() + SECONDS
        while not (found := re.search(pattern, self.seen)) and self.read(deadline):
            continue
        points.ok(found, point, self.all)
        self.seen = self.seen[found.end():] if found else self.seen

    def type(self, text):
        os.write(self.line, text.encode())

    def ends(self, point):
        deadline = time.monotonic() + SECONDS
        while self.read(deadline):
            continue
        gone = time.monotonic() < deadline
        if not gone:
            os.kill(self.pid, signal.SIGKILL)
        points.ok(gone and os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]) == 0, point, self.all)


def run():
    terminal = Terminal("--smp", "2", "--append", "greeting")
    terminal.expect(r"# $", "a prompt")
    terminal.type("grep -c ^processor /proc/cpuinfo; grep -o greeting /proc/cmdline\r")
    terminal.expect(r"\n2\r*\ngreeting\r*\n", "... on the machine that was asked for")
    terminal.type("\x01x")
    terminal.ends("^A x leaves")
    terminal = Terminal()
    terminal.expect(r"# $", "a prompt")
    terminal.type("poweroff\r")
    terminal.ends("poweroff ends QEMU")


def debug():
    terminal = Terminal("--gdb")
    terminal.expect(r"\(gdb\) $", "gdb is attached")
    for command, answer in (
            ("break kernel_main", r"Breakpoint 1 at"),
            ("continue", r"hit Breakpoint 1, kernel_main"),
            ("delete", r"\(gdb\) "),
            ("program sh", r"\(gdb\) "),
            ("break main", r"Breakpoint 2 at .*user/bin/sh/main.c"),
            ("continue", r"hit Breakpoint 2, main .*\s.*user/bin/sh/main.c"),
            ("processes", r"1 init\r*\n +thread 1: \w+[\s\S]* sh\r*\n +thread \d+: running"),
            ("break sys_getpid", r"Breakpoint 3 at"),
            ("disable 2", r"\(gdb\) "),
            ("type sh -c :", r"\(gdb\) "),
            ("continue", r"hit Breakpoint 3, sys_getpid"),
            ("backtrace", r"sys_getpid .*\s[\s\S]*getpid \(\)[\s\S]* main \(argc=")):
        terminal.type(command + "\n")
        terminal.expect(answer, command)
    terminal.type("quit\n")
    terminal.ends("QEMU ends with gdb")


run()
debug()
sys.exit(points.end())
