"""tools/explore finds the schedule that breaks a program, and prints the command that repeats it."""
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import tap

TOOLS = os.path.join(TREE, "tools")
points = tap.Points()

# Two processes add to one word, without (lost update) and with an atomic instruction.
COUNTER = r"""
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    volatile int *counter = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 2; i++) {
        if (fork() == 0) {
            for (int j = 0; j < 2000; j++)
                ADD_ONE(counter);
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
    return *counter != 4000;
}
"""

# Two processes take two semaphores, one of them in the other order: ABBA.
ABBA = r"""
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    sem_t *s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    sem_init(&s[0], 1, 1);
    sem_init(&s[1], 1, 1);
    for (int i = 0; i < 2; i++) {
        if (fork() == 0) {
            int first = SAME_ORDER ? 0 : i;
            for (int j = 0; j < 200; j++) {
                sem_wait(&s[first]);
                sem_wait(&s[1 - first]);
                sem_post(&s[1 - first]);
                sem_post(&s[first]);
            }
            _exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
    return 0;
}
"""

# Three processes wait for one semaphore, and each takes it for granted that it is served in the order of arrival; or
# each waits for a semaphore of its own.
TURNS = r"""
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    sem_t turn[3], came;
    volatile int order[3], next;
} *s;

static int waits(pid_t pid)
{
    char path[40], text[40] = "";
    snprintf(path, sizeof(path), "/proc/%d/wchan", pid);
    FILE *file = fopen(path, "r");
    fgets(text, sizeof(text), file);
    fclose(file);
    return strncmp(text, "semaphore", 9) == 0;
}

int main(void)
{
    s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 3; i++)
        sem_init(&s->turn[i], 1, 0);
    sem_init(&s->came, 1, 0);
    for (int i = 0; i < 3; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            sem_wait(&s->turn[OWN ? i : 0]);
            s->order[s->next++] = i;
            sem_post(&s->came);
            _exit(0);
        }
        while (!waits(pid))
            sched_yield();
    }
    for (int i = 0; i < 3; i++) {
        sem_post(&s->turn[OWN ? i : 0]);
        sem_wait(&s->came);
    }
    while (wait(NULL) > 0)
        continue;
    return s->order[0] != 0 || s->order[1] != 1 || s->order[2] != 2;
}
"""


def build(folder, name, text, *options):
    source, program = os.path.join(folder, name + ".c"), os.path.join(folder, name)
    with open(source, "w") as file:
        file.write(text)
    subprocess.run([os.path.join(TOOLS, "parley-cc"), "-O1", *options, "-o", program, source], check=True)
    return f"{program}:/bin/{name}"


def run(*words):
    return subprocess.run(words, cwd=TREE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False, text=True)


def explore(*words):
    return run(os.path.join(TOOLS, "explore"), *sys.argv[1:], *words)


def test_broken(program, name, smp, failure):
    found = explore("--smp", smp, "--limit", "1", "--add", program, "--", name)
    what = f"{name}, {smp} CPUs"
    points.ok(found.returncode == 1 and re.search(rf"^seed \d+ fails: {failure}$", found.stdout, re.M),
              f"{what}: a seed of the first 200 fails", found.stdout)
    points.ok(len(re.findall(r"^the shortest schedule found: |seed \d+, \d+ choices: ", found.stdout, re.M)) >= 1,
              f"{what}: it tells the choices that were made", found.stdout)
    again = re.search(r"^again:  (tools/parley-run .*)$", found.stdout, re.M)
    repeated = run(*shlex.split(again.group(1))) if again else found
    same = repeated.stdout.strip() in found.stdout if smp == "1" else re.search(failure, repeated.stdout)
    points.ok(again and repeated.returncode == 1 and same,
              f"{what}: the command that it prints fails the same way", found.stdout, repeated.stdout)


def test_right(program, name, smp):
    done = explore("--smp", smp, "--add", program, "--", name)
    points.ok(done.returncode == 0 and "200 seeds, 0 failed" in done.stdout,
              f"{name}, {smp} CPUs: no seed of 200 fails", done.stdout)


def choices_with(seed):
    """How many choices a boot with that seed has left after a command that takes a while."""
    words = ["--smp", "2", "--icount", "--append", f"sched_seed={seed} sched_choices=1000000"]
    done = run(os.path.join(TOOLS, "parley-run"), *sys.argv[1:], *words,
               "seq 2000 | sort -n | wc -l; cat /proc/sys/kernel/sched_choices")
    return done.stdout


def test_same_seed():
    first, second, other = choices_with(7), choices_with(7), choices_with(8)
    points.ok(first.startswith("2000\n") and first == second, "a boot with the same seed makes the same choices",
              first + second)
    points.ok(other.startswith("2000\n") and first != other, "another seed makes others", other)


def test_refusals():
    done = explore("--seeds", "0-5", "--", "true")
    points.ok(done.returncode == 2 and "invalid seed: '0'" in done.stdout, "there is no seed 0", done.stdout)
    done = explore("--", "/bin/no-such-program")
    points.ok(done.returncode == 2 and "cannot be run" in done.stdout, "a program that is not there", done.stdout)
    done = explore("--", "false")
    points.ok(done.returncode == 1 and "no seed is needed: seed 0" in done.stdout, "one that always fails", done.stdout)


def test_fails_sometimes():
    """Programs that count their runs: what fails without a seed is not said to need one."""
    count = "n=$(cat /tmp/n); echo $((n + 1)) >/tmp/n; "
    told = "no seed is needed: 3 of 4 runs without one fail\n"
    done = explore("--seeds", "1-3", "--", "sh", "-c", count + "test $((n)) -ge 3")
    points.ok(done.returncode == 1 and told in done.stdout and "3 seeds, 0 failed" in done.stdout,
              "one that fails three times of four without a seed, and with none", done.stdout)
    done = explore("--seeds", "1-3", "--", "sh", "-c", count + "test $((n)) -eq 3 -o $((n)) -eq 4")
    points.ok(done.returncode == 1 and told in done.stdout and "seed 2 fails: exit status 1" in done.stdout,
              "one that fails three times of four without a seed, and with the second", done.stdout)


def main():
    with tempfile.TemporaryDirectory() as folder:
        broken = build(folder, "lost-update", COUNTER, "-DADD_ONE(x)=++*(x)")
        mended = build(folder, "atomic-update", COUNTER, "-DADD_ONE(x)=__atomic_fetch_add((x),1,__ATOMIC_RELAXED)")
        crossed = build(folder, "crossed-locks", ABBA, "-DSAME_ORDER=0")
        ordered = build(folder, "ordered-locks", ABBA, "-DSAME_ORDER=1")
        first_come = build(folder, "first-come", TURNS, "-DOWN=0")
        own_turn = build(folder, "own-turn", TURNS, "-DOWN=1")
        for smp in ("1", "2"):
            test_broken(first_come, "first-come", smp, "exit status 1")
            test_right(own_turn, "own-turn", smp)
            test_broken(broken, "lost-update", smp, "exit status 1")
            test_right(mended, "atomic-update", smp)
            test_broken(crossed, "crossed-locks", smp, "not ended after 1 s")
            test_right(ordered, "ordered-locks", smp)
    test_same_seed()
    test_refusals()
    test_fails_sometimes()
    sys.exit(points.end())


main()
