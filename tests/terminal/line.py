"""The line typed into a program: editing, flow control, raw mode, what is typed ahead across a change of mode."""
import time

import session
from session import BACKSPACE, CTRL_C, CTRL_D, CTRL_U, Failure

CTRL_Q, CTRL_R, CTRL_S, CTRL_V, CTRL_W = "\x11", "\x12", "\x13", "\x16", "\x17"


def begin(s, line):
    """Runs a command, and waits until it has the terminal."""
    s.ready(f"sh -c 'echo READY; {line}'; echo \"@\"\"end\"")


def pause(s, seconds):
    """Lets what comes, come."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        s.guest.pump(until)


def test_editing(s):
    """ERASE, WERASE and KILL edit the line that a program reads"""
    begin(s, "head -n 3 | od -c")
    s.type(f"ab{BACKSPACE}c\n")
    s.type(f"one two{CTRL_W}three\n")
    s.type(f"lost{CTRL_U}kept\n")
    s.expect(r"0000000   a   c  \\n   o   n   e       t   h   r   e   e  \\n   k   e   p\r\n0000020   t  \\n")
    s.prompt()


def test_erase_shows(s):
    """what is erased vanishes from the screen: a letter, a control character, a tab"""
    begin(s, "exec cat")
    s.type(f"a{BACKSPACE}")
    s.expect("a\b \b$")
    s.type(f"{CTRL_V}{CTRL_C}{BACKSPACE}")
    s.expect("\\^\b\\^C\b \b\b \b$")
    s.type(f"abc\t{BACKSPACE}")
    s.expect("abc\t\b\b\b\b\b$")
    s.type(CTRL_C)
    s.prompt()


def test_reprint(s):
    """REPRINT shows the line again"""
    begin(s, "exec cat")
    s.type(f"hello{CTRL_R}")
    s.expect(r"hello\^R\r\nhello$")
    s.type(CTRL_C)
    s.prompt()


def test_quoting(s):
    """LNEXT takes a character's meaning away"""
    begin(s, "head -n 1 | od -c")
    s.type(f"a{CTRL_V}{CTRL_C}{CTRL_V}{CTRL_D}b\n")
    s.expect(r"0000000   a 003 004   b  \\n")
    s.prompt()


def test_flow(s):
    """^S holds the output, ^Q lets it go on; nothing is lost"""
    begin(s, "read go; seq 1000")
    s.type(CTRL_S + "\n")
    pause(s, 1)
    if "100" in s.seen:
        raise Failure("output came after ^S")
    s.type(CTRL_Q)
    s.expect(r"(?s)\n1\r\n.*\n1000\r\n@end\r\n")
    s.prompt()


def test_interrupt_while_stopped(s):
    """^C gets through while the output is held, and ends who waits to write"""
    begin(s, "exec seq 1000000")
    s.type(CTRL_S)
    s.type(CTRL_C)
    s.prompt()


def test_raw(s):
    """raw mode hands out each key as it comes, unechoed"""
    begin(s, "stty raw -echo; echo REA\"\"DY; head -c 5 | od -c; stty sane")
    s.expect(r"READY\n")
    s.type(f"a\r{CTRL_C}{CTRL_D}{BACKSPACE}")
    s.expect(r"^0000000   a  \\r 003 004 177")
    s.prompt()


def test_read_times_out(s):
    """MIN 0, TIME 3: a read without a key ends after 0.3 seconds with nothing"""
    s.check("stty -icanon min 0 time 3; timeout 60 head -c 1; echo $?; stty sane", "0\n")


def test_read_waits_for_bytes(s):
    """MIN 3, TIME 0: a read waits for three bytes, however long they take"""
    s.ready("stty -icanon -echo min 3; echo READY; dd bs=10 count=1 2>/dev/null | od -c; stty sane")
    s.type("ab")
    pause(s, 0.3)
    if "000" in s.seen:
        raise Failure("the read ended with two bytes")
    s.type("c")
    s.expect(r"0000000   a   b   c\r\n")
    s.prompt()


def test_read_between_bytes(s):
    """MIN 3, TIME 2: a read waits for its first byte, then 0.2 seconds for each of the others"""
    s.ready("stty -icanon -echo min 3 time 2; echo READY; dd bs=10 count=1 2>/dev/null | od -c; stty sane")
    pause(s, 0.5)
    if "000" in s.seen:
        raise Failure("the read ended without a byte")
    s.type("a")
    s.expect(r"0000000   a\r\n")
    s.prompt()


def test_echo(s):
    """-echo hides what is typed, echonl shows the end of the line, -echoctl takes ^X's place, -echoe shows ERASE"""
    steps = "stty -echo echonl; echo READY; read x; stty echo -echoctl -echoe; echo $x; read x; echo $x"
    s.ready(f"sh -c '{steps}'; stty sane")
    s.type("hidden\n")
    s.expect(r"^\r\nhidden\r\n")
    s.type(f"ab{BACKSPACE}c\n")
    s.expect("ab\x7fc\r\nac\r\n")
    s.prompt()


def test_signals_off(s):
    """-isig makes INTR, QUIT and SUSP bytes like others"""
    s.ready("stty -isig; echo READY; head -n 1 | od -c; stty sane")
    s.type(f"a{CTRL_C}\x1c\x1ab\n")
    s.expect(r"0000000   a 003 034 032   b  \\n")
    s.prompt()


def test_two_readers(s):
    """two that read the terminal at once get a whole line each, however long"""
    begin(s, "head -n 1 </dev/tty >/tmp/a & head -n 1 </dev/tty >/tmp/b; wait; wc -c </tmp/a; wc -c </tmp/b")
    for letter in "xy":
        for _ in range(10):
            s.type(100 * letter)
            s.expect(letter + "{100}")
        s.type("\n")
    s.expect(r"\n *1001\r\n *1001\r\n@end\r\n")
    s.prompt()
    s.check("cat /tmp/a /tmp/b | tr -d '\\n' | sed 's/xx*/x/g; s/yy*/y/g' | wc -c; rm /tmp/a /tmp/b", "2\n")


def test_window_size(s):
    """a new window size is told by SIGWINCH, and to who asks"""
    s.check("stty rows 50 cols 100; stty size", "50 100\n")
    begin(s, "trap \"stty size\" WINCH; stty rows 51; : ; :")
    s.expect(r"51 100\r\n")
    s.prompt()


def test_ahead_across_modes(s):
    """a line and an end of file typed while the shell has the terminal in its own mode reach the program"""
    s.type("cat >/tmp/ahead; echo \"@\"\"end $?\" $(cat /tmp/ahead)\nfirst\nsecond\n" + CTRL_D)
    s.expect(r"@end 0 first second\r\n")
    s.prompt()


def test_long_line(s):
    """a line of 4000 bytes is read whole"""
    begin(s, "head -n 1 | wc -c")
    for _ in range(40):
        s.type("x" * 100)
        s.expect("x{100}")
    s.type("\n")
    s.expect(r"4001\r\n@end\r\n")
    s.prompt()


def test_full_line(s):
    """a line that is too long is cut, with a bell, and typing goes on"""
    begin(s, "head -n 1 | wc -c")
    for _ in range(42):
        s.type("x" * 100)
        pause(s, 0.05)
    s.type("\n")
    s.expect(r"4096\r\n@end\r\n")
    if "\a" not in s.all:
        raise Failure("no bell")
    s.prompt()


if __name__ == "__main__":
    session.main(globals())
