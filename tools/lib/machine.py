"""The machine that Parley runs on: QEMU's command line from the options that all tools share, and QEMU's life.

The root's archive and what is added to it reach QEMU as an open file without a name, so nothing is left behind.
"""
import ctypes
import os
import re
import signal
import subprocess
import sys

import cpio

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QEMU = "qemu-system-arm"
CPU_MAX, MEMORY_MIN = 8, 16
UNITS = {"K": 10, "": 20, "M": 20, "G": 30}  # of --mem, as shifts; QEMU takes a bare number as MiB
PR_SET_PDEATHSIG = 1


class Error(Exception):
    """What the user can mend: nothing built, no QEMU."""


def add_options(parser):
    def add(option, metavar, text, **keywords):
        parser.add_argument(option, metavar=metavar, help=text, **keywords)

    built = os.path.join(TREE, "build")
    add("--smp", "N", "CPUs, 1 to 8 (default 4)", type=int, default=4)
    add("--mem", "SIZE", "memory, at least 16M (default 128M)", default="128M")
    parser.add_argument("--icount", action="store_true", help="one instruction is one nanosecond: runs repeat exactly")
    add("--append", "ARGS", "further boot arguments", default="")
    add("--add", "FILE:/PATH", "put FILE into the root as /PATH", action="append", default=[])
    add("--root", "DIR", "put all that is in DIR into the root", action="append", default=[])
    add("--archive", "FILE", "put an archive behind the root's", action="append", default=[])
    add("--initrd", "FILE", "the root's archive", default=os.path.join(built, "root.cpio"))
    add("--kernel", "IMAGE", "the kernel", default=os.path.join(built, "parley.img"))


def initrd(options, files=()):
    """A descriptor of the root's archive with the options' additions; files: further (path, bytes)."""
    data = b""
    for name in [options.initrd] + options.archive:
        try:
            with open(name, "rb") as file:
                data += file.read()
        except FileNotFoundError as error:
            raise Error(f"{name} is not built: run make") from error
    extra = cpio.Archive(cpio.folders(data))
    for folder in options.root:
        extra.add_host(folder, "")
    for argument in options.add:
        extra.add_host(*cpio.split_add(argument))
    for path, contents in files:
        extra.add_bytes(path, contents)
    descriptor = os.memfd_create("root.cpio", 0)
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(data + extra.bytes())
    return descriptor


def check(options):
    """Finds what QEMU would refuse in words that help nobody."""
    if not 1 <= options.smp <= CPU_MAX:
        raise Error(f"--smp {options.smp}: 1 to {CPU_MAX} CPUs are possible")
    size = re.fullmatch(r"(\d+)([KMG]?)B?", options.mem.upper())
    if not size:
        raise Error(f"--mem {options.mem}: a size is wanted, such as 64M")
    if int(size.group(1)) << UNITS[size.group(2)] < MEMORY_MIN << 20:
        raise Error(f"--mem {options.mem}: at least {MEMORY_MIN}M are needed")


def lacking_tool():
    """What tools/setup says of a QEMU that is missing or too old, "" when all is well."""
    words = [os.path.join(TREE, "tools/setup"), "--check", "run"]
    return subprocess.run(words, stdout=subprocess.PIPE, check=False).stdout.decode().strip()


def command(options, archive, arguments=""):
    """QEMU's command line, without its character devices. archive: what initrd answered."""
    check(options)
    if not os.path.exists(options.kernel):
        raise Error(f"{options.kernel} is not built: run make")
    if not 1 <= options.smp <= 8:
        raise Error(f"{options.smp} CPUs: it can have 1 to 8")
    arguments = " ".join(filter(None, (arguments, "icount" if options.icount else "", options.append)))
    words = [QEMU, "-M", "virt", "-cpu", "cortex-a15", "-smp", str(options.smp), "-m", options.mem,
             "-nodefaults", "-no-user-config", "-nic", "none", "-display", "none",
             "-kernel", options.kernel, "-initrd", f"/proc/self/fd/{archive}",
             "-append", arguments]
    if options.icount:
        words += ["-icount", "shift=0,sleep=off"]
    return words


def spawn(words, descriptors, **keywords):
    """Starts QEMU so that it ends when this process does, however that comes about."""
    parent = os.getpid()
    prctl = ctypes.CDLL(None).prctl

    def follow_parent():
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    try:
        return subprocess.Popen(words, pass_fds=descriptors, start_new_session=True, preexec_fn=follow_parent,
                                **keywords)
    except FileNotFoundError as error:
        raise Error(f"{words[0]} is missing: run make setup") from error


def raise_on_signals():
    """Lets SIGTERM and SIGHUP unwind the program as ^C does; the exit status names the signal."""
    def unwind(number, _frame):
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, unwind)
