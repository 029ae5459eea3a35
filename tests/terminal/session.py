"""A session at the prompt, for tests that type: boots the machine, types, and waits for what should come.

A test file has functions test_NAME(session), each of which gets a machine of its own at its prompt, and ends with
session.main(globals()). A test never sleeps: it waits for text (expect), and fails when that does not come. The
function's doc string is the point's text.

    python3 tests/terminal/prompt.py [--smp N] [--icount] [--only WORD] [--show]
"""
import argparse
import os
import re
import sys
import time

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import guest
import machine

PROMPT = r"parley:[^\n]*# $"
SECONDS = 300  # the host's; what takes longer does not come
PAUSE_SECONDS = 0.02  # as long as bytes come, they are looked at this often
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x07")

CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_U, CTRL_Z, CTRL_BACKSLASH = "\x01", "\x03", "\x04", "\x05", "\x15", "\x1a", "\x1c"
BACKSPACE, ESCAPE = "\x7f", "\x1b"
UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"


class Failure(Exception):
    pass


class Session:
    def __init__(self, options):
        self.seen = ""  # what came and was not yet expected
        self.before = ""
        self.all = ""
        self.show = options.show
        self.guest = guest.Guest(options, self.received)

    def received(self, data):
        text = data.decode(errors="replace")
        self.seen += text
        self.all += text
        if self.show:
            sys.stderr.write(text)
            sys.stderr.flush()

    def type(self, text):
        self.guest.serial.sendall(text.encode())

    def wait(self, holds, what):
        """Waits until holds() answers something true, and answers that."""
        deadline = time.monotonic() + SECONDS
        while not (found := holds()):
            if self.guest.panicked():
                raise Failure("the kernel panicked")
            if time.monotonic() > deadline:
                raise Failure(f"this did not come: {what}")
            if not self.pump_all(deadline):
                if found := holds():
                    return found
                raise Failure(f"the machine ended before this came: {what}")
        return found

    def pump_all(self, deadline):
        """Handles what comes until nothing more comes at once: bytes come one by one."""
        open_lines = self.guest.pump(deadline)
        end = time.monotonic() + PAUSE_SECONDS
        while open_lines and time.monotonic() < end:
            size = len(self.all)
            open_lines = self.guest.pump(time.monotonic() + PAUSE_SECONDS / 10)
            if len(self.all) == size:
                break
        return open_lines

    def expect(self, pattern):
        """Waits for text that matches, drops all up to its end; answers the match. Escape sequences are not seen.

        What came before the match stays in self.before."""
        def holds():
            self.seen = ESCAPES.sub("", self.seen)
            return re.search(pattern, self.seen)

        found = self.wait(holds, pattern)
        self.before, self.seen = self.seen[:found.start()], self.seen[found.end():]
        return found

    def prompt(self):
        self.expect(PROMPT)

    def command(self, line):
        """Types a command, waits for the next prompt; answers what was printed in between, without CR."""
        self.type(line + '; echo "@""end $?"\n')
        self.expect(r'"@""end \$\?"\r*\n')
        self.expect(r"@end (\d+)\r*\n")
        printed = self.before.replace("\r", "")
        self.prompt()
        return printed

    def ready(self, line):
        """Types a command that first prints READY, and waits for that: what stands behind it has the terminal now."""
        self.type(line.replace("READY", 'REA""DY') + "\n")
        self.expect(r"\nREADY\r*\n")

    def running(self, program):
        """Runs a program in the foreground and waits until it does."""
        self.ready(f"sh -c 'echo READY; exec {program}'")

    def stop(self):
        """Stops what runs in the foreground."""
        self.type(CTRL_Z)
        self.expect(r"Stopped")
        self.prompt()

    def until_stopped(self):
        """Waits until the first job in the background is stopped."""
        for _ in range(1000):
            self.type("jobs\n")
            state = self.expect(r"\[1\].*(Running|Stopped)").group(1)
            self.prompt()
            if state == "Stopped":
                return
        raise Failure("it was not stopped")

    def check(self, line, expected):
        """A command prints exactly that."""
        printed = self.command(line)
        if printed != expected:
            raise Failure(f"{line} printed {printed!r}, should print {expected!r}")

    def status(self):
        """The exit status of the last command."""
        self.type("echo @$?@\n")
        status = int(self.expect(r"@(\d+)@").group(1))
        self.prompt()
        return status

    def ended(self):
        """Waits until the machine has ended; answers QEMU's exit status."""
        deadline = time.monotonic() + SECONDS
        while self.guest.pump(deadline):
            if time.monotonic() > deadline:
                raise Failure("the machine did not end")
        return self.guest.qemu.wait()


def run_test(options, number, function):
    """One test on a machine of its own; prints its point and answers whether it holds."""
    session = Session(options)
    try:
        session.prompt()
        function(session)
        print(f"ok {number} - {function.__doc__}", flush=True)
        return True
    except (Failure, OSError) as failure:
        where = failure.__traceback__
        while where.tb_next and where.tb_next.tb_frame.f_globals is function.__globals__:
            where = where.tb_next
        print(f"not ok {number} - {function.__doc__}")
        print(f"# {function.__name__}, line {where.tb_lineno}: {failure}")
        print("# on the terminal:\n" + "".join(f"#   {line!r}\n" for line in session.all.splitlines()), end="")
        log = session.guest.where_threads_stand() if session.guest.qemu.poll() is None else session.guest.log
        print("# the kernel's log:\n" + "".join(f"#   {line}\n" for line in log.decode(errors="replace").splitlines()),
              end="", flush=True)
        return False
    finally:
        session.guest.end()


def main(module):
    parser = argparse.ArgumentParser(description="tests that type at the prompt")
    machine.add_options(parser)
    parser.add_argument("--only", default="", metavar="WORD", help="tests with this word in their name")
    parser.add_argument("--show", action="store_true", help="the terminal on stderr, as it comes")
    options = parser.parse_args()
    machine.raise_on_signals()
    tests = [value for name, value in module.items() if name.startswith("test_") and options.only in name]
    try:
        good = [run_test(options, number, test) for number, test in enumerate(tests, 1)]
    except machine.Error as error:
        sys.exit(f"Bail out! {error}")
    print(f"1..{len(tests)}")
    sys.exit(not all(good))
