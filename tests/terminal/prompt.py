"""The prompt: commands typed one after the other, edited, ahead of time; pipelines; leaving."""
import session
from session import BACKSPACE, CTRL_A, CTRL_D, CTRL_E, CTRL_U, DOWN, LEFT, RIGHT, UP, Failure


def test_pipeline(s):
    """ps | grep sh | wc -l counts the shells"""
    if int(s.command("ps | grep sh | wc -l")) < 1:
        raise Failure("ps shows no shell")


def test_output_is_cooked(s):
    """a line on the terminal ends in CR LF"""
    s.type("echo cooked\n")
    s.expect(r"\ncooked\r\n")
    s.prompt()


def test_input_cr(s):
    """the Enter key (CR) ends a line"""
    s.type("echo $((6 * 7))\r")
    s.expect(r"\n42\r\n")
    s.prompt()


def test_empty_lines(s):
    """an empty line gives a new prompt and nothing else"""
    s.type("\n")
    s.prompt()
    s.type("   \n")
    s.prompt()
    s.check("echo still here", "still here\n")


def test_backspace(s):
    """backspace takes a character away"""
    s.type("echo goox" + BACKSPACE + "d\n")
    s.expect(r"\ngood\r\n")
    s.prompt()


def test_cursor_keys(s):
    """the cursor keys move in the line, and what is typed goes in there"""
    s.type("echo wrd" + LEFT * 2 + "o" + RIGHT * 2 + "s\n")
    s.expect(r"\nwords\r\n")
    s.prompt()


def test_begin_and_end(s):
    """^A and ^E go to the line's begin and end"""
    s.type("xy" + CTRL_A + "echo " + CTRL_E + "z\n")
    s.expect(r"\nxyz\r\n")
    s.prompt()


def test_kill_line(s):
    """^U drops what was typed"""
    s.type("nonsense" + CTRL_U + "echo sense\n")
    s.expect(r"\nsense\r\n")
    s.prompt()


def test_history(s):
    """the up key brings back earlier commands, the down key later ones"""
    s.check("echo first", "first\n")
    s.type("echo sec\"\"ond\n")
    s.expect(r"\nsecond\r\n")
    s.prompt()
    s.type("echo th\"\"ird\n")
    s.expect(r"\nthird\r\n")
    s.prompt()
    s.type(UP + UP + "\n")
    s.expect(r"\nsecond\r\n")
    s.prompt()
    s.type(UP + UP + DOWN + "\n")
    s.expect(r"\nsecond\r\n")
    s.prompt()


def test_typed_ahead(s):
    """what is typed while a command runs is read by the shell afterwards"""
    s.type("sleep 1\n")
    s.expect(r"sleep 1\r*\n")
    s.type("echo a\"\"head\n")
    s.expect(r"\nahead\r\n")
    s.prompt()


def test_many_lines_at_once(s):
    """a hundred commands typed at once are all run, in order"""
    count = 100
    for number in range(count):
        s.type(f"echo n=$(({number} + 0))\n")
    for number in range(count):
        s.expect(rf"\bn={number}\r\n")
    s.prompt()


def test_no_lost_output(s):
    """ten thousand lines come whole and in order"""
    printed = s.command("seq 1 10000").split()
    if printed != [str(number) for number in range(1, 10001)]:
        raise Failure(f"{len(printed)} lines came")


def test_continued_line(s):
    """an open quote asks for more"""
    s.type("echo 'one\n")
    s.expect(r"> $")
    s.type("two'\n")
    s.expect(r"\none\r\ntwo\r\n")
    s.prompt()


def test_not_found(s):
    """a command that is not there: status 127"""
    s.type("no-such-command\n")
    s.expect(r"not found")
    s.prompt()
    if s.status() != 127:
        raise Failure("the status is not 127")


def test_end_of_file(s):
    """^D at the prompt ends the shell, and init starts another"""
    s.check("left=here; echo $left", "here\n")
    s.type(CTRL_D)
    s.prompt()
    s.check("echo \"<$left>\"", "<>\n")


def test_end_of_input(s):
    """^D ends what a program reads from the terminal"""
    s.type("wc -l\n")
    s.expect(r"wc -l\r*\n")
    s.type("one\ntwo\n" + CTRL_D)
    s.expect(r"\b2\r\n")
    s.prompt()


def test_end_of_input_within_line(s):
    """^D within a line gives the reader what is there; a second one ends"""
    s.type("env echo ready; cat\n")
    s.expect(r"\nready\r*\n")  # a program has run: the terminal is out of the shell's own mode, and echoes
    s.type("abc" + CTRL_D)
    s.expect(r"abcabc")
    s.type(CTRL_D)
    s.prompt()


def test_top_shows_threads(s):
    """top's key H: no thread has used more CPUs than one"""
    s.type("/demos/speed-up 8 >/dev/null & top -d 0.2\n")
    s.expect(r"COMMAND[\s\S]*speed-up")
    s.type("H")
    rows = s.expect(r"Threads:[\s\S]*?COMMAND\s+([\s\S]*?speed-up[\s\S]*?)Threads:").group(1).splitlines()
    used = [float(row.split()[7]) for row in rows if row.endswith(("speed-up", "top"))]
    if not used or max(used) > 105:
        raise Failure(f"so many per cent of a CPU: {used}")
    s.type("q")
    s.prompt()
    s.command("kill %1")


def test_power_off(s):
    """poweroff ends QEMU with status 0"""
    s.type("poweroff\n")
    if s.ended() != 0:
        raise Failure("QEMU's status is not 0")


session.main(globals())
