#!/usr/bin/env python3
"""The shell on the host: built with sanitizers, compared with dash, and typed at through a pseudo terminal.

    tests/host/shell.py [--only WORD] [--show]

First the scripts of tests/shell run with our shell and with dash (where it is installed), and each of their points has
to hold for both. Then the functions test_NAME(s) below type at a shell of their own; what they look at is the screen
that a VT100 would show (lib/pseudo.py). The sanitizers make any leak or wrong access an error.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import termios
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from pseudo import COLUMNS, DELETE, DOWN, END, HOME, LEFT, RIGHT, UP, Failure, Session, control

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHELL = os.path.join(TREE, "build/host/sh")
CFLAGS = ("-std=gnu11 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover -Wall -Wextra -Wshadow "
          "-Wstrict-prototypes -Wmissing-prototypes -Werror").split()


def test_prompt(s):
    """a command at the prompt"""
    s.gives("echo hello", "hello")


def test_insert(s):
    """left, right and inserting"""
    s.gives("echo wrd" + LEFT * 2 + "o" + RIGHT * 2 + "s", "words")


def test_begin_end(s):
    """^A, ^E, home and end"""
    s.gives("ho a" + control("A") + "ec" + control("E") + "b" + HOME + " " + END + "c", "abc")


def test_delete(s):
    """backspace, delete, ^D, ^K, ^U, ^W"""
    s.type("xxecho one two\x7f\x7fXY" + control("W") + "zzz")
    s.gives(LEFT * 3 + control("K") + HOME + DELETE + control("D"), "one")
    s.gives("garbage" + control("U") + "echo two", "two")


def test_utf8(s):
    """characters of several bytes are moved over and deleted whole"""
    s.gives("echo äöü" + LEFT + "\x7f" + "x", "äxü")


def test_history(s):
    """up and down"""
    s.gives("echo 1", "1")
    s.gives("echo 2", "2")
    s.gives(UP + UP, "1")
    s.gives(UP + UP + DOWN, "1")
    s.type("new" + UP + DOWN)
    s.shows("\n$ new")
    s.type(control("U"))
    s.gives("history", "    1  echo 1\n    2  echo 2\n    3  echo 1\n    4  history")


def test_long_line(s):
    """a line longer than the screen is wide"""
    words = " ".join(f"w{i:02}" for i in range(30))
    whole = "$ echo " + words
    rows = "\n".join(whole[i:i + COLUMNS].rstrip() for i in range(0, len(whole), COLUMNS))
    s.type("echo " + words)
    s.shows(rows)
    s.type(HOME)
    s.wait(lambda: (s.screen.row, s.screen.column) == (0, 2), "the cursor at the begin")
    s.type("x" + DELETE * 5 + END + control("W") * 27)
    s.shows("$ xw00 w01 w02")
    s.type(HOME + DELETE + "echo ")
    s.gives("", "w00 w01 w02")


def test_full_row(s):
    """a line that just fills a row"""
    s.type("echo " + "x" * (COLUMNS - 7))
    s.wait(lambda: (s.screen.row, s.screen.column) == (1, 0), "the cursor in the next row")
    s.type("\x7f" * 3 + "\r")
    s.shows("\n" + "x" * (COLUMNS - 10) + "\n$")


def test_completion(s):
    """Tab: one name, the common part of several, a choice of several, a folder"""
    s.gives("mkdir folder; : >alpha.txt; : >beta1; : >beta2; : >folder/inner", "")
    s.gives("echo al\t!", "alpha.txt !")
    s.type("echo b\t")
    s.shows("$ echo beta")
    s.type("\t")
    s.wait(lambda: "beta1" in s.screen.text() and s.screen.text().endswith("$ echo beta"), "both names")
    s.gives("2", "beta2")
    s.gives("echo fo\tin\t", "folder/inner")
    s.gives("unam\t-s", "Linux")


def test_clear(s):
    """^L clears the screen and keeps the line"""
    s.gives("echo x", "x")
    s.type("echo y" + control("L"))
    s.wait(lambda: s.screen.text() == "$ echo y", "an empty screen")
    s.gives("", "y")


def test_interrupt_line(s):
    """^C drops the line"""
    s.type("echo no")
    s.shows("$ echo no")
    s.type(control("C"))
    s.shows("$ echo no^C\n$")
    s.gives("echo $?", "130")


def test_continued(s):
    """PS2 for a command that goes on; ^C there"""
    s.type("if true\r")
    s.shows("$ if true\n>")
    s.type("then echo yes\r")
    s.shows("\n>")
    s.gives("fi", "yes")
    s.type("echo 'a\r")
    s.shows("\n>")
    s.type(control("C"))
    s.shows("\n> ^C\n$")
    s.gives("cat <<E\ra b\rE", "> a b\n> E\na b")


def test_end_of_file(s):
    """^D on an empty line ends the shell with the last status"""
    s.type("(exit 3)\r" + control("D"))
    if s.end() != 3:
        raise Failure(f"status {s.status}")


def test_errors(s):
    """errors come back to the prompt"""
    s.type("fi\recho ${none?gone}\rreadonly r=1; r=2\rshift 9\rexec /none\r. /none\recho al''ive\r")
    s.shows("\nalive\n$")


def processes(group):
    """The name and the state of each process of a process group."""
    found = []
    for name in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(name, encoding="utf-8") as file:
                before, _, behind = file.read().rpartition(")")
        except OSError:
            continue
        state, _, its_group = behind.split()[:3]
        if int(its_group) == group:
            found.append((before.partition("(")[2], state))
    return found


def in_foreground(s):
    """The names of the programs that have the terminal."""
    return {name for name, _ in processes(os.tcgetpgrp(s.fd))}


def test_interrupt_command(s):
    """^C ends the command and the rest of its line"""
    s.type("sleep 100; echo n''o\r")
    s.shows("n''o")
    s.wait(lambda: in_foreground(s) == {"sleep"} and s.is_cooked(), "sleep in the foreground")
    s.type(control("C"))
    s.shows("\n$")
    s.gives("echo $?", "130")
    if "\nno" in s.screen.text():
        raise Failure("the line went on")


def test_interrupt_loop(s):
    """^C ends a loop of built-ins, and one of commands"""
    s.type("echo be''gun; while :; do :; done\r")
    s.shows("\nbegun")
    s.wait(s.is_cooked, "the usual mode of the terminal")
    s.type(control("C"))
    s.prompt()
    s.type("while :; do sleep 0.02; done\r")
    s.shows("0.02; done")
    # One that comes when the command has just ended, and has the terminal still, is lost.
    while not s.screen.text().endswith("\n$"):
        s.type(control("C"))
        time.sleep(0.1)
        s.pump(0)
    s.gives("echo ok", "ok")


def reads_lines(s):
    """Does the shell itself sleep on the terminal, in its usual mode?"""
    with open(f"/proc/{s.pid}/stat", encoding="utf-8") as file:
        asleep = file.read().rpartition(")")[2].split()[0] == "S"
    return asleep and s.is_cooked()


def test_interrupt_read(s):
    """^C ends read"""
    s.type("echo be''gun; read x; echo n''o\r")
    s.shows("\nbegun")
    s.wait(lambda: reads_lines(s), "read reads")
    s.type(control("C"))
    s.prompt()
    s.gives("echo ok", "ok")


def test_trap_interrupt(s):
    """a trap for INT runs in an interactive shell"""
    s.gives("trap 'echo got' INT; kill -INT $$; echo on; trap - INT", "got\non")


def stop(s, line, programs=None):
    """Types a command, and ^Z when all its programs run: until then they are shells, which heed no ^Z.

    The shell looks at its own children alone, so its prompt may come before a program further down has stopped; what is
    typed then that one may still take out of the terminal.
    """
    s.type(line + "\r")
    s.shows(line)
    programs = programs or {command.split()[0] for command in line.split("|")}
    s.wait(lambda: in_foreground(s) == programs and s.is_cooked(), "these in the foreground: " + line)
    group = os.tcgetpgrp(s.fd)
    s.type(control("Z"))
    s.wait(lambda: all(state == "T" for _, state in processes(group)), "all of them stopped: " + line)


def test_stop(s):
    """^Z, jobs, fg, ^C"""
    stop(s, "sleep 100")
    s.shows("\n[1]+  Stopped   sleep 100\n$")
    s.gives("echo $?", "148")
    s.gives("jobs", "[1]+  Stopped   sleep 100")
    s.type("fg\r")
    s.shows("\nsleep 100")
    s.wait(lambda: os.tcgetpgrp(s.fd) != s.pid and s.is_cooked(), "the job in the foreground")
    s.type(control("C"))
    s.prompt()
    s.gives("jobs", "")


def test_stop_pipeline(s):
    """^Z stops a whole pipeline, fg lets it go on"""
    stop(s, "cat | tr a-z A-Z")
    s.shows("\n[1]+  Stopped   cat | tr a-z A-Z\n$")
    s.type("fg %1\r")
    s.shows("\ncat | tr a-z A-Z")
    s.wait(lambda: os.tcgetpgrp(s.fd) != s.pid and s.is_cooked(), "the job in the foreground")
    s.type("text\n" + control("D"))
    s.shows("\nTEXT\n$")


def test_background(s):
    """bg, and the notice when it is done"""
    s.gives("mkfifo go", "")
    stop(s, "cat go")
    s.shows("Stopped   cat go\n$")
    s.gives("bg", "[1] cat go &")
    s.gives("jobs", "[1]+  Running   cat go &")
    s.gives(": >go; wait", "[1]+  Done      cat go")
    s.type("sleep 0.1 &\r")
    while "+  Done      sleep 0.1\n" not in s.screen.text():
        s.prompt()
        s.type("\r")
        time.sleep(0.05)
        s.pump(0)


def test_background_read(s):
    """a job in the background that reads the terminal stops"""
    s.type("cat &\r")
    while "[1]+  Stopped (tty input) cat" not in s.screen.text():
        s.prompt()
        s.type("\r")
        time.sleep(0.05)
        s.pump(0)
    s.prompt()
    s.type("fg\r")
    s.wait(lambda: os.tcgetpgrp(s.fd) != s.pid and s.is_cooked(), "the job in the foreground")
    s.type("text\n" + control("D"))
    s.shows("\ntext\ntext\n$")


def test_job_names(s):
    """%n, %+, %-, %text, %?text; kill and wait"""
    s.type("sleep 101 & sleep 102 &\r")
    s.prompt()
    s.type("kill %?101; wait %1; echo $?; kill %sleep; wait %%; echo $?\r")
    s.shows("\n143\n143\n[2]+  Terminated sleep 102\n[1]-  Terminated sleep 101\n$")
    s.gives("kill %9", "sh: kill: %9: no such job")


def test_killed(s):
    """what killed a command is told"""
    s.gives("sh -c 'kill -SEGV $$'", "Segmentation fault")
    s.gives("sh -c 'kill -TERM $$'; echo $?", "Terminated\n143")


def test_stopped_jobs_at_exit(s):
    """exit warns of stopped jobs, once"""
    stop(s, "sleep 100")
    s.prompt()
    s.gives("exit", "sh: there are stopped jobs")
    s.type("exit 5\r")
    if s.end() != 5:
        raise Failure(f"status {s.status}")


def test_modes(s):
    """commands find the terminal as it was; a killed one does not leave it raw"""
    s.gives("stty -a | tr ' ;' '\\n\\n' | grep -cx -e icanon -e echo -e isig -e icrnl", "4")
    s.gives("sh -c 'stty raw -echo; kill -9 $$'", "Killed")
    s.gives("stty -a | tr ' ;' '\\n\\n' | grep -cx -e icanon -e echo", "2")


def test_typed_ahead(s):
    """a hundred lines typed at once, and while a command runs"""
    s.type("".join(f"echo n=$(({i}))\r" for i in range(100)))
    s.wait(lambda: "\nn=99\n$" in s.screen.text(), "n=99")
    printed = re.findall(r"^n=(\d+)$", s.screen.text(), re.MULTILINE)
    if printed != [str(i) for i in range(100)]:
        raise Failure(f"these came: {printed}")
    s.type("sleep 0.3\r")
    time.sleep(0.1)
    s.type("echo ahead" + LEFT * 2 + "x\r")
    s.shows("\nahexad\n$")


def test_signals_at_prompt(s):
    """an interactive shell survives TERM and QUIT"""
    s.gives("kill -TERM $$; kill -QUIT $$; echo alive", "alive")


def test_subshell_stop(s):
    """a subshell and a group in a pipeline stop and go on as one"""
    stop(s, "(cat; echo done)", {"sh", "cat"})
    s.shows("\n[1]+  Stopped   (cat; echo done)\n$")
    s.type("fg\r")
    s.wait(lambda: os.tcgetpgrp(s.fd) != s.pid and s.is_cooked(), "the job in the foreground")
    s.type(control("D"))
    s.shows("\ndone\n$")


def test_nested(s):
    """a shell in the shell"""
    s.type(f"PS1='inner> ' {SHELL}\r")
    s.shows("\ninner>")
    s.type("exit 7\r")
    s.prompt()
    s.gives("echo $?", "7")


def test_ignoreeof(s):
    """set -o ignoreeof, and aliases that are made at the prompt"""
    s.type("set -o ignoreeof\r" + control("D"))
    s.shows("\nsh: use exit to leave\n$")
    s.gives("alias hi='echo hello'; date >/dev/null", "")
    s.gives("hi you", "hello you")


def without_terminal(options):
    """an interactive shell without a controlling terminal says so and works"""
    done = subprocess.run([SHELL, "-i"], input=b"echo a; sleep 0 & wait; echo b\n", start_new_session=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
    if done.stdout != b"a\nb\n" or b"job control is off" not in done.stderr:
        raise Failure(repr(done))


def hangup(options):
    """a terminal that goes away ends the shell"""
    s = Session(SHELL, options.show)
    try:
        s.prompt()
        os.close(s.fd)
        s.fd = os.open("/dev/null", os.O_RDONLY)
        s.end()
    finally:
        s.close()


def build():
    """Compiles the shell with sanitizers, if a source is newer than it."""
    library = [os.path.join(TREE, "user/bin/lib", name) for name in ("signals.c", "number.c", "util.c")]
    sources = sorted(glob.glob(os.path.join(TREE, "user/bin/sh/*.[ch]"))) + library
    if os.path.exists(SHELL) and all(os.path.getmtime(name) < os.path.getmtime(SHELL) for name in sources):
        return
    os.makedirs(os.path.dirname(SHELL), exist_ok=True)
    subprocess.run(["gcc", *CFLAGS, "-o", SHELL, *(name for name in sources if name.endswith(".c"))], check=True)


def run_script(script, shell, arguments, environment):
    """Every point of a script of tests/shell is one of ours: a list of (good, text, why)."""
    done = subprocess.run(arguments + [script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env={**os.environ, **environment})
    printed = done.stdout.decode(errors="replace")
    name = f"{shell}: {os.path.basename(script)}"
    points = [(good == "ok", f"{name}: {text}", why)
              for good, text, why in re.findall(r"^(ok|not ok) \d+ - (.*)\n((?:#.*\n)*)", printed, re.MULTILINE)]
    return points + [(done.returncode == 0 and "Sanitizer" not in printed, f"{name}: ends well", printed[-2000:])]


def run_typed(options, function):
    s = Session(SHELL, options.show) if function.__name__.startswith("test_") else None
    try:
        if s:
            s.prompt()
        function(s or options)
        if s and "Sanitizer" in s.seen:
            raise Failure(s.seen)
        return [(True, function.__doc__, "")]
    except (Failure, OSError) as failure:
        return [(False, function.__doc__, f"{function.__name__}: {failure}")]
    finally:
        if s:
            s.close()


def all_tests(options):
    """Calls that each answer a list of points."""
    dash = shutil.which("dash")
    for script in sorted(glob.glob(os.path.join(TREE, "tests/shell/*.sh"))):
        if script.endswith("/tap.sh") or options.only not in script:
            continue
        yield run_script, script, "sh", [SHELL], {"SH": SHELL}
        if dash:
            yield run_script, script, "dash", [dash], {"SH": dash, "REFERENCE": "dash"}
    for name, function in globals().items():
        if (name.startswith("test_") or name in ("without_terminal", "hangup")) and options.only in name:
            yield run_typed, options, function


def main():
    parser = argparse.ArgumentParser(description="the shell on the host")
    parser.add_argument("--only", default="", metavar="WORD", help="tests with this word in their name")
    parser.add_argument("--show", action="store_true", help="the terminal on stderr, as it comes")
    options = parser.parse_args()
    build()
    count = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for running in [pool.submit(*test) for test in list(all_tests(options))]:
            for good, text, why in running.result():
                count += 1
                failed += not good
                print(f"{'ok' if good else 'not ok'} {count} - {text}", flush=True)
                for line in [] if good else why.splitlines():
                    print(f"# {line}")
    print(f"1..{count}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
