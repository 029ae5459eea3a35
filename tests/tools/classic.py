"""The classic problems (user/demos): their broken variants fail under one of 200 schedules, the mended ones under none.

    tests/tools/classic.py [--kernel IMAGE] [--seeds N]

With --seeds only the mended variants are run, under so many schedules: `make soak`.
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

PLAYS = ["lost-update", "buffer-semaphores", "buffer-monitor", "buffer-queue", "buffer-pipe", "readers-writers",
         "philosophers", "sleeping-barber", "priority-inversion", "abba", "missed-wake-up"]
ON_ONE_CPU = ["priority-inversion"]  # where there is nothing to find with two
SEEDS = 200
BROKEN_ROUNDS = "-r 40"  # so that each is found within a few dozen seeds, and none by luck
KINDS = {"broken": "a seed of the first {} fails", "mended": "no seed of {} fails"}

# For each play and each of its variants of that kind: a line with the first line that explore printed.
SEARCH = """
for play in {plays}; do
    /demos/$play -l | while read variant kind about; do
        case $kind in broken) rounds="{rounds}";; *) rounds=;; esac
        case $kind in {kind}) echo $play $variant $kind: \\
            $(explore -s 1-{seeds} /demos/$play -q $rounds $variant | head -n 1);;
        esac
    done
done
"""
points = tap.Points()


def lines_of(options, smp, command):
    """What the command prints, line by line, in a machine that runs the same way every time."""
    words = [os.path.join(TREE, "tools/parley-run"), "--kernel", options.kernel, "--icount", "--smp", str(smp),
             "--timeout", str(max(3600, options.seeds or 0)), command]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as machine:
        yield from machine.stdout


def guest(options, smp, command):
    return "".join(lines_of(options, smp, command))


def test_schedules(options, smp, seeds, kind):
    plays = [play for play in PLAYS if smp == 1 or play not in ON_ONE_CPU]
    found = []
    search = SEARCH.format(plays=" ".join(plays), seeds=seeds, kind=kind, rounds=BROKEN_ROUNDS)
    for line in lines_of(options, smp, search):
        match = re.match(r"(\S+) (\S+) (broken|mended): (.*)$", line)
        if not match:
            continue
        play, variant, which, first = match.groups()
        found.append(play)
        fails = re.match(r"no seed is needed: |seed \d+, \d+ choices: ", first)
        passes = first == f"{seeds} seeds, 0 failed"
        points.ok(fails if which == "broken" else passes,
                  f"{play} {variant}, {smp} CPU: {KINDS[which].format(seeds)}", first)
        if fails:
            print(f"# {first}", flush=True)
    points.equal([play for play in plays if play not in found], [], f"all plays were there, {smp} CPU")


def test_pictures(options):
    """Without a variant all are played, and those that are broken show it."""
    for play in PLAYS:
        output = guest(options, 1, f"/demos/{play}; echo status $?")
        kinds = re.findall(r"^\S+ \((broken|mended)\): ", output, re.M)
        ends = re.findall(r"^  => (wrong|right)", output, re.M)
        points.equal(ends, [{"broken": "wrong", "mended": "right"}[kind] for kind in kinds],
                     f"{play}: the pictures of the broken variants show an error, those of the mended none")
        points.ok(output.endswith("status 0\n"), f"{play}: its status when all is as it should be", output)
    output = guest(options, 1, "/demos/lost-update plain >/dev/null; echo status $?; /demos/lost-update another")
    points.ok("status 1\n" in output and "there is no variant another" in output,
              "the status of a broken variant; one that is not there", output)


def main():
    parser = argparse.ArgumentParser(prog="classic.py", description="the classic problems under many schedules")
    parser.add_argument("--kernel", default=os.path.join(TREE, "build/parley.img"), metavar="IMAGE")
    parser.add_argument("--seeds", type=int, metavar="N", help="the mended variants alone, with so many seeds")
    options = parser.parse_args()
    for smp in (1, 2):
        test_schedules(options, smp, options.seeds or SEEDS, "mended" if options.seeds else "*")
    if not options.seeds:
        test_pictures(options)
    sys.exit(points.end())


main()
