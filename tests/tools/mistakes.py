"""What the checks of debug and sanitizer kernels find: tests/kernel/mistakes.c makes one mistake of each kind.

    python3 tests/tools/mistakes.py [further options for tools/parley-run]

The kernel itself says which mistakes its build finds, and what its panic says then. One without checks has none.
"""
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import tap

STATUS_PANIC = 125
MISTAKE = re.compile(r"mistake ([-a-z]+): (.*)$", re.MULTILINE)
points = tap.Points()


def boot(mistake):
    """The exit status of a boot with that mistake, and the kernel's log."""
    command = [os.path.join(TREE, "tools/parley-run"), "--smp", "1", "--verbose", "--append", f"mistake={mistake}"]
    done = subprocess.run(command + sys.argv[1:] + ["true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stderr.decode(errors="replace")


def panic_line(log):
    """What the panic said, or nothing."""
    return "".join(line.split("panic: ", 1)[1] for line in log.splitlines() if "Kernel panic: " in line)


status, listed = boot("list")
points.equal(status, 0, "a kernel that makes no mistake boots")
for name, text in MISTAKE.findall(listed.replace("\r", "")):
    status, log = boot(name)
    points.ok(status == STATUS_PANIC and text in panic_line(log), f"{name}: {text}", f"status {status}", log)
sys.exit(points.end())
