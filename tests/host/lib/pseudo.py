"""A pseudo terminal with a screen: what a VT100 would show, for tests that type at a program."""
import os
import pty
import re
import select
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
import fcntl

SECONDS = 300  # what takes longer does not come
COLUMNS, ROWS = 40, 24
LEFT, RIGHT, UP, DOWN, HOME, END, DELETE = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B", "\x1b[H", "\x1b[F", "\x1b[3~"


def control(letter):
    return chr(ord(letter) - 64)


class Failure(Exception):
    pass


class Screen:
    """The few things of a VT100 that a line editor may use."""

    def __init__(self):
        self.rows, self.row, self.column, self.wrap, self.rest = [""], 0, 0, False, ""

    def line(self):
        while len(self.rows) <= self.row:
            self.rows.append("")
        return self.rows[self.row].ljust(self.column)

    def put(self, c):
        if self.wrap:
            self.row, self.column, self.wrap = self.row + 1, 0, False
        line = self.line()
        self.rows[self.row] = line[:self.column] + c + line[self.column + 1:]
        self.wrap = self.column == COLUMNS - 1
        self.column += not self.wrap

    def sequence(self, number, kind):
        self.wrap = False
        if kind == "A":
            self.row -= number or 1
            if self.row < 0:
                raise Failure("the cursor left the screen")
        elif kind == "C":
            self.column = min(self.column + (number or 1), COLUMNS - 1)
        elif kind == "H":
            self.rows, self.row, self.column = [""], 0, 0
        elif kind == "J":
            self.rows = self.rows[:self.row] + [self.line()[:self.column]]
        else:
            raise Failure(f"this escape sequence is not plain VT100: {number}{kind}")

    def feed(self, text):
        text = self.rest + text
        self.rest = ""
        while text:
            escape = re.match(r"\x1b\[(\d*)([A-Za-z])", text)
            if escape:
                self.sequence(int(escape.group(1) or 0), escape.group(2))
                text = text[escape.end():]
                continue
            if text[0] == "\x1b":
                self.rest = text
                return
            if text[0] == "\r":
                self.column, self.wrap = 0, False
            elif text[0] == "\n":
                self.row, self.wrap = self.row + 1, False
                self.line()
            elif text[0] == "\b":
                self.column = max(self.column - 1, 0)
            elif text[0] >= " ":
                self.put(text[0])
            text = text[1:]

    def text(self):
        return "\n".join(row.rstrip() for row in self.rows).rstrip("\n")


class Session:
    """A program at a pseudo terminal, in a folder of its own."""

    def __init__(self, program, show):
        self.folder = tempfile.mkdtemp()
        self.screen, self.seen, self.show = Screen(), "", show
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(self.folder)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            environment = {"PATH": os.environ["PATH"], "PS1": "$ ", "HOME": self.folder, "LC_ALL": "C.UTF-8"}
            os.execve(program, ["sh"], environment)
        self.status = None

    def pump(self, seconds):
        """Takes in what the shell writes; false when nothing came."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        if not data:
            return False
        text = data.decode(errors="replace")
        if self.show:
            sys.stderr.write(text)
        self.seen += text
        self.screen.feed(text)
        return True

    def type(self, text):
        os.write(self.fd, text.encode())

    def is_cooked(self):
        """Is the terminal in its usual mode, in which ^C, ^Z and ^D have their meaning?"""
        return bool(termios.tcgetattr(self.fd)[3] & termios.ICANON)

    def wait(self, holds, what):
        deadline = time.monotonic() + SECONDS
        while not holds():
            if not self.pump(0.05) and time.monotonic() > deadline:
                raise Failure(f"this did not come: {what!r}\nthe screen:\n{self.screen.text()}")

    def shows(self, text):
        """Waits until the screen ends in this text."""
        self.wait(lambda: self.screen.text().endswith(text), text)

    def prompt(self):
        """Waits for a fresh prompt."""
        self.wait(lambda: self.screen.text().endswith("\n$") or self.screen.text() == "$", "$ ")

    def gives(self, keys, output):
        """The keys make up a command that prints this; a new prompt comes behind it."""
        self.type(keys + "\r")
        self.shows("\n" + (output + "\n" if output else "") + "$")

    def modes(self):
        return termios.tcgetattr(self.fd)

    def end(self):
        deadline = time.monotonic() + SECONDS
        while self.status is None:
            self.pump(0.01)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise Failure(f"the shell does not end\nthe screen:\n{self.screen.text()}")
        while self.pump(0):
            pass
        return self.status

    def close(self):
        if self.status is None:
            os.close(self.fd)
            self.fd = os.open("/dev/null", os.O_RDONLY)
            try:
                self.end()
            except Failure:
                pass
        os.close(self.fd)
        shutil.rmtree(self.folder)
