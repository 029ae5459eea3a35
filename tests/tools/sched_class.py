"""A kernel with a time-sharing class of one's own: tests/class/round_robin.c, what it promises and what holds for all.

    python3 tests/tools/sched_class.py --kernel build/class-round_robin/parley.img

`make CLASS=tests/class/round_robin.c` builds that kernel. With the option --kernel build/parley.img it can be seen that
the usual class takes no turns.
"""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import tap

MACHINES = {"1 CPU": ["--smp", "1", "--icount"], "4 CPUs": ["--smp", "4"]}
# What every class must do: real-time threads come first, and all of the system goes on.
FOR_EVERY_CLASS = ("sched_realtime", "sched_kernel", "pipe_stream", "thread_cond", "futex_pi", "time_sleep")
points = tap.Points()


def build(folder):
    """Compiles the program that sees the class at work."""
    program = os.path.join(folder, "turns")
    tests = os.path.join(TREE, "tests")
    sources = [os.path.join(tests, name) for name in ("class/turns.c", "user/tap.c", "user/leak.c")]
    subprocess.run([os.path.join(TREE, "tools/parley-cc"), "-O2", "-Wall", "-Wextra", "-Werror",
                    "-I", os.path.join(tests, "user"), "-o", program, *sources], check=True)
    return program


def test(machine, how, program):
    tests = ["/turns"] + [f"/tests/{name}" for name in FOR_EVERY_CLASS]
    command = [os.path.join(TREE, "tools/parley-run"), *sys.argv[1:], *how, "--timeout", "900", "--add",
               f"{program}:/turns", "--archive", os.path.join(TREE, "build/tests.cpio"),
               "/tests/run-list 600 " + " ".join(tests)]
    done = subprocess.run(command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    output = done.stdout.decode(errors="replace").replace("\r", "")
    for name in tests:
        said = output.partition(f"@@ begin {name}\n")[2].partition("@@ end ")
        points.ok(said[2].startswith(f"{name} 0\n"), f"{machine}: {os.path.basename(name)} holds with this class",
                  said[0] or output)


with tempfile.TemporaryDirectory() as temporary:
    turns = build(temporary)
    for which, options in MACHINES.items():
        test(which, options, turns)
sys.exit(points.end())
