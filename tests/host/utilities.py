#!/usr/bin/env python3
"""The utilities on the host: built with sanitizers, and put through the same tables of commands as inside Parley.

    tests/host/utilities.py [--host] [--only WORD]

With --host the tables are tried on the host's own tools instead, to prove that they ask for what others do too. init,
why and others that only Parley's kernel can serve are left out.
"""
import argparse
import glob
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCES = os.path.join(TREE, "user/bin")
OUT = os.path.join(TREE, "build/host/utilities")
CFLAGS = ("-std=gnu11 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover -Wall -Wextra -Wshadow "
          "-Wstrict-prototypes -Wmissing-prototypes -Werror").split()
SECONDS = 900  # for one table
PARLEY_ONLY = ("init", "ipcgraph", "login", "open", "passwd", "poweroff", "strace", "su", "why")


def run(*arguments):
    subprocess.run(arguments, check=True)


def newest(names):
    return max((os.path.getmtime(name) for name in names if os.path.exists(name)), default=0)


def build():
    """Links each program with the library's objects, where a source is newer than it."""
    library = sorted(glob.glob(os.path.join(SOURCES, "lib/*.c"))) + [os.path.join(TREE, "user/lib/sha256.c")]
    shared = newest(library + glob.glob(os.path.join(SOURCES, "lib/*.h")))
    os.makedirs(OUT, exist_ok=True)
    archive = os.path.join(OUT, "libutil.a")
    programs = {os.path.splitext(os.path.basename(name))[0]: [name] for name in glob.glob(os.path.join(SOURCES, "*.c"))}
    programs |= {name: glob.glob(os.path.join(SOURCES, name, "*.c")) for name in ("find", "sed")}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        if newest([archive]) < shared:
            objects = [os.path.join(OUT, os.path.basename(name)[:-2] + ".o") for name in library]
            list(pool.map(lambda pair: run("gcc", *CFLAGS, "-c", "-o", pair[1], pair[0]), zip(library, objects)))
            run("ar", "rcs", archive, *objects)
        old = [(name, sources) for name, sources in programs.items() if name not in PARLEY_ONLY and
               newest([os.path.join(OUT, name)]) < max(shared, newest(sources))]
        list(pool.map(lambda item: run("gcc", *CFLAGS, "-o", os.path.join(OUT, item[0]), *item[1], archive), old))


def main():
    parser = argparse.ArgumentParser(description="the utilities on the host")
    parser.add_argument("--host", action="store_true", help="try the host's own tools")
    parser.add_argument("--only", default="", metavar="WORD", help="tests with this word in their name")
    options = parser.parse_args()
    if not options.host:
        build()
    # A short program need not free what it has; all else that the sanitizers find is an error.
    path = os.environ["PATH"] if options.host else OUT + ":" + os.environ["PATH"]
    environment = {**os.environ, "PATH": path, "LC_ALL": "C", "ASAN_OPTIONS": "detect_leaks=0"}
    count = failed = 0
    for script in sorted(glob.glob(os.path.join(TREE, "tests/utilities/*.sh"))):
        name = os.path.basename(script)
        if name == "tap.sh" or name[:-3] in PARLEY_ONLY or options.only not in name:
            continue
        done = subprocess.run(["sh", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                              timeout=SECONDS, check=False)
        printed = done.stdout.decode(errors="replace")
        points = re.findall(r"^(ok|not ok) \d+ - (.*)\n((?:#.*\n)*)", printed, re.MULTILINE)
        for good, text, why in points + [("not ok" if done.returncode and not points else "ok", "runs to its end", "")]:
            count += 1
            failed += good != "ok"
            print(f"{good} {count} - {name}: {text}\n{why}", end="")
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
