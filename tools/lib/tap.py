"""Judges what a test printed: TAP, points and a plan.

A point is `ok N - text` or `not ok N - text`, the plan `1..N`. That the plan is there and right, and that the test
ended well, is judged too: each of these that is wrong counts as one more failed point.
"""
import re

POINT = re.compile(r"^(not )?ok\b\s*(\d*)\s*(?:- )?(.*)$")
PLAN = re.compile(r"^1\.\.(\d+)\s*$")


class Verdict:
    def __init__(self):
        self.passed = 0
        self.skipped = 0
        self.failures = []  # what was wrong, a line each

    def fail(self, text):
        self.failures.append(text)


def judge(text, status=0):
    """The verdict on a test that printed `text` and ended with `status` (negative: by a signal)."""
    verdict = Verdict()
    plans = []
    points = 0
    for line in text.splitlines():
        plan, point = PLAN.match(line), POINT.match(line)
        if plan:
            plans.append(int(plan.group(1)))
        elif line.startswith("Bail out!"):
            verdict.fail(line)
        elif point:
            points += 1
            if point.group(2) not in ("", str(points)):
                verdict.fail(f"point {points} is numbered {point.group(2)}")
            if point.group(1):
                verdict.fail(line)
            elif "# SKIP" in line.upper():
                verdict.skipped += 1
            else:
                verdict.passed += 1
    if len(plans) != 1:
        verdict.fail(f"{len(plans)} plans" if plans else "no plan")
    elif plans[0] != points:
        verdict.fail(f"the plan says {plans[0]} points, there are {points}")
    if status < 0:
        verdict.fail(f"killed by signal {-status}")
    elif status > 0 and not verdict.failures:
        verdict.fail(f"all points hold, but the exit status is {status}")
    return verdict


class Points:
    """The voice of a test in Python."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, right, text, *remarks):
        self.count += 1
        self.failed += not right
        print(f"{'' if right else 'not '}ok {self.count} - {text}")
        for remark in remarks if not right else ():
            print("".join(f"# {line}\n" for line in str(remark).splitlines()), end="", flush=True)

    def equal(self, actual, expected, text):
        self.ok(actual == expected, text, f"is        {actual!r}", f"should be {expected!r}")

    def end(self):
        """Prints the plan; answers the exit status."""
        print(f"1..{self.count}")
        return self.failed > 0
