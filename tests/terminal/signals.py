"""What the terminal does with signals besides keys and jobs: hang-up, SIGTTOU; and ^C as a program likes it."""
import session
from session import CTRL_C


def test_demo(s):
    """^C caught, ignored and left alone"""
    s.type("/demos/signal-interrupt by-hand\n")
    s.expect(r"caught: type \^C\r\n")
    s.type(CTRL_C)
    s.expect(r"the handler runs[^\n]*\n *it went on")
    s.expect(r"ignored: type \^C, and Enter\r\n")
    s.type(CTRL_C)
    s.expect(r"\^C")
    s.type("\n")
    s.expect(r"it went on")
    s.expect(r"left alone: type \^C\r\n")
    s.type(CTRL_C)
    s.expect(r"ended by signal 2")
    s.prompt()


def test_output_stops(s):
    """a job in the background that writes to a terminal with TOSTOP is stopped (SIGTTOU)"""
    s.type("stty tostop; sh -c 'echo writ\"\"ten' &\n")
    s.prompt()
    s.until_stopped()
    s.type("stty -tostop; fg\n")
    s.expect(r"\nwritten\r\n")
    s.prompt()


def test_hangup_signal(s):
    """the end of the session's leader sends SIGHUP to the foreground group"""
    s.type("rm -f /tmp/hup; mkfifo /tmp/go; (read x </tmp/go; kill -KILL $$) &\n")
    s.prompt()
    s.ready("sh -c 'trap \"echo told >/tmp/hup; exit\" HUP; echo READY; : >/tmp/go; cat; cat'")
    s.prompt()
    s.check("until [ -s /tmp/hup ]; do :; done; cat /tmp/hup", "told\n")


session.main(globals())
