"""What a command that tools/parley-run starts finds on its standard input: the bytes of the runner's own.

They are read before the machine starts and lie in its root as /etc/run-input, which init opens as descriptor 0. So they
arrive exactly as they are, with an end of file behind them, and no line discipline sees them. Without that file the
command's standard input is the console, on which nobody types: so at a terminal, and when a pipe is open but silent.
"""
import os
import select
import stat
import sys

import machine

SIZE_MAX = 16 << 20
SILENT_SECONDS = 1  # a pipe that has said nothing by then is taken for one that nobody writes to


def _is_silent(descriptor):
    """Is it a pipe or socket that somebody holds open without a word?"""
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return False
    return not select.select([descriptor], [], [], SILENT_SECONDS)[0]


def _read_all(descriptor):
    data = bytearray()
    while len(data) <= SIZE_MAX:
        part = os.read(descriptor, 1 << 16)
        if not part:
            return bytes(data)
        data += part
    raise machine.Error(f"standard input has more than {SIZE_MAX >> 20} MiB")


def files():
    """The (path, bytes) to put into the root: one, or none for the console. A closed standard input counts as empty."""
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)  # becomes descriptor 0, before another file does
    if os.isatty(0) or _is_silent(0):
        return []
    try:
        return [("/etc/run-input", _read_all(0))]
    except OSError as error:
        raise machine.Error(f"standard input: {error.strerror}") from error
