"""Keys that send signals, and job control.

What should stay until it is stopped or killed is a cat that waits for its input, or a busy loop: under --icount a sleep
ends at once when nothing else is to be done.
"""
import session
from session import CTRL_BACKSLASH, CTRL_C, CTRL_D, CTRL_Z, Failure

BUSY = "sh -c 'while :; do :; done'"


def start(s, line):
    """Types a command and waits until its echo came."""
    s.type(line + "\n")
    s.expect(r"\n")


def test_interrupt(s):
    """^C ends the program in the foreground, status 130"""
    s.running("cat")
    s.type(CTRL_C)
    s.expect(r"\^C")
    s.prompt()
    if s.status() != 130:
        raise Failure("the status is not 130")


def test_interrupt_at_once(s):
    """^C typed while the shell begins with a command ends it, wherever the shell has got to"""
    for line in ("cat", "cat | cat", "cat <&0 | (cat; cat)") * 8:
        s.type(line + "\n" + CTRL_C)
        s.prompt()
        start(s, line)
        s.type(CTRL_C)
        s.prompt()


def test_interrupt_pipeline(s):
    """^C ends a whole pipeline"""
    s.ready("cat | cat | (echo READY; cat)")
    s.type(CTRL_C)
    s.prompt()
    s.check("ps -e | grep -c '[c]at'", "0\n")


def test_interrupt_busy_program(s):
    """^C ends a program that computes and never calls"""
    s.running("sh -c \"while :; do :; done\"")
    s.type(CTRL_C)
    s.prompt()


def test_interrupt_line(s):
    """^C at the prompt drops the line, and the shell lives on"""
    s.type("echo not this")
    s.type(CTRL_C)
    s.prompt()
    s.check("echo but this", "but this\n")


def test_quit(s):
    """^\\ ends the program in the foreground with SIGQUIT, status 131"""
    s.running("cat")
    s.type(CTRL_BACKSLASH)
    s.expect(r"\^\\")
    s.prompt()
    if s.status() != 131:
        raise Failure("the status is not 131")


def test_shell_survives_quit_and_stop(s):
    """^\\ and ^Z at the prompt do not end or stop the shell"""
    s.type(CTRL_BACKSLASH + CTRL_Z + CTRL_C)
    s.prompt()
    s.check("echo alive", "alive\n")


def test_stop_and_foreground(s):
    """^Z stops a program, fg goes on with it, and it reads the terminal again"""
    s.running("cat")
    s.type("one\n")
    s.expect(r"one\r\none\r\n")
    s.stop()
    s.type("fg\n")
    s.expect(r"fg\r*\n[^\n]*cat[^\n]*\n")
    s.type("two\n")
    s.expect(r"two\r\ntwo\r\n")
    s.type(CTRL_D)
    s.prompt()


def test_jobs(s):
    """jobs lists what is stopped and what runs"""
    s.running("cat")
    s.stop()
    start(s, BUSY + " &")
    s.prompt()
    s.type("jobs\n")
    s.expect(r"\[1\].*Stopped.*\r\n.*\[2\].*Running.*while")
    s.prompt()
    s.type("kill %1 %2; kill -CONT %1; wait\n")
    s.prompt()


def test_end_in_stopped_pipeline(s):
    """that one process of a stopped job has ended does not tell the job anew"""
    s.ready("cat | (echo READY >/dev/tty; cat)")
    s.stop()
    s.check("jobs -p >p; read p <p; rm p; kill -KILL $p; while kill -0 $p 2>/dev/null; do sh -c :; done", "")
    s.check("echo quiet", "quiet\n")
    s.type("kill %1; wait\n")
    s.prompt()


def test_background(s):
    """bg lets a stopped program run on, behind the prompt"""
    s.running("sh -c \"while :; do :; done\"")
    s.stop()
    s.type("bg\n")
    s.prompt()
    s.type("jobs\n")
    s.expect(r"\[1\].*Running")
    s.prompt()
    s.type("kill %1; wait\n")
    s.prompt()


def test_background_done(s):
    """the shell tells when a job in the background has ended"""
    start(s, "true &")
    s.prompt()
    for _ in range(1000):
        if "Done" in s.all:
            return
        s.type("\n")
        s.prompt()
    raise Failure("the shell did not say Done")


def test_background_is_not_interrupted(s):
    """^C leaves jobs in the background alone"""
    start(s, BUSY + " &")
    s.prompt()
    s.running("cat")
    s.type(CTRL_C)
    s.prompt()
    s.type("jobs\n")
    s.expect(r"\[1\].*Running")
    s.prompt()
    s.type("kill %1; wait\n")
    s.prompt()


def test_background_read_stops(s):
    """a job in the background that reads the terminal is stopped (SIGTTIN)"""
    start(s, "cat &")
    s.prompt()
    s.until_stopped()
    s.type("fg\n")
    s.expect(r"cat\r*\n")
    s.type(CTRL_D)
    s.prompt()


def test_nested_shell(s):
    """a shell in a shell has its own jobs and gives the terminal back"""
    s.type("sh -i\n")
    s.expect(r"[#$] $")
    s.running("cat")
    s.type(CTRL_C)
    s.expect(r"[#$] $")
    s.type("exit 7\n")
    s.prompt()
    if s.status() != 7:
        raise Failure("the status is not 7")


def test_hangup_leaves_nothing(s):
    """the end of a shell ends its stopped jobs"""
    s.running("cat")
    s.stop()
    s.type("exit\n")
    s.expect(r"(?i)stopped|jobs")
    s.prompt()
    s.type("exit\n")
    s.prompt()
    s.check("while ps -e | grep '[c]at' >/dev/null; do :; done", "")


session.main(globals())
