"""What each operation costs is what bench/parley.tsv says, within 3 % or three instructions.

More instructions are a change that costs; fewer are good news that the table has to learn: both fail, and
`tools/bench --update` writes the table anew. The rows do a fifth of their steps here. That adds at most 1 % to any of
them, in the streams of large blocks, since the writer's first block is among them.

The table holds for the kernel that plain `make` builds, compiled by the compiler that the table names.

    tests/tools/bench.py [--kernel IMAGE]
"""
import argparse
import os
import sys

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import bench
import tap

PERCENT = 20  # of the usual number of steps
SHARE, INSTRUCTIONS = 0.03, 3
UPDATE = "if that is meant: tools/bench --update"
points = tap.Points()


def reason_to_skip(kernel):
    if os.path.dirname(os.path.abspath(kernel)) != os.path.join(TREE, "build"):
        return "another kernel"
    if bench.compiler() != bench.compiler_of_table():
        return f"{bench.compiler()}, not {bench.compiler_of_table()}"
    return None


def judge(name, value, expected):
    off = value - expected
    text = f"{name}: {value:,.0f} instructions"
    if abs(off) > max(SHARE * expected, INSTRUCTIONS):
        text += f", {abs(off) / expected:.1%} {'more' if off > 0 else 'fewer'} than bench/parley.tsv says"
        points.ok(False, text, UPDATE)
    else:
        points.ok(True, text)


def main():
    parser = argparse.ArgumentParser(prog="bench.py", description="what operations cost, and what they should")
    parser.add_argument("--kernel", default=os.path.join(TREE, "build/parley.img"), metavar="IMAGE")
    options = parser.parse_args()
    skip = reason_to_skip(options.kernel)
    if skip:
        points.ok(True, f"what operations cost # SKIP {skip}")
        sys.exit(points.end())
    try:
        found = bench.instructions(options.kernel, PERCENT)
    except bench.Error as error:
        points.ok(False, "the rows are measured", error)
        sys.exit(points.end())
    expected = {name: float(row["instructions"]) for name, row in bench.read_table(bench.PARLEY).items()}
    points.equal(sorted(found), sorted(expected), "the rows are those of the table")
    for name in filter(expected.get, found):
        judge(name, found[name][0], expected[name])
    sys.exit(points.end())


main()
