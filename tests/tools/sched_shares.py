"""Time-sharing threads get their shares on several CPUs, within 5 % over a second of virtual time.

It is tests/user/sched_share.c that measures; here time is exact, so that nothing that the host does changes the result.

    tests/tools/sched_shares.py [--kernel IMAGE]
"""
import argparse
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import tap

points = tap.Points()


def shares(kernel, smp):
    words = [os.path.join(TREE, "tools/parley-run"), "--kernel", kernel, "--archive",
             os.path.join(TREE, "build/tests.cpio"), "--icount", "--smp", smp, "--timeout", "600", "/tests/sched_share"]
    return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, text=True)


def main():
    parser = argparse.ArgumentParser(prog="sched_shares.py", description="shares of time on several CPUs")
    parser.add_argument("--kernel", default=os.path.join(TREE, "build/parley.img"), metavar="IMAGE")
    options = parser.parse_args()
    for smp in ("2", "4", "8"):
        done = shares(options.kernel, smp)
        errors = re.findall(r"the worst error is within 5 % of the second: (\d+) us$", done.stdout, re.M)
        worst = max(map(int, errors), default=0)
        points.ok(done.returncode == 0 and len(errors) == 8 + int(smp),
                  f"{smp} CPUs: each has its share, but for {worst} us of a second at worst", done.stdout)
    sys.exit(points.end())


main()
