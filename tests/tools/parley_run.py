"""tools/parley-run keeps what it promises: output byte for byte, exit statuses, time limit, panic, files in the root.

    python3 tests/tools/parley_run.py [further options for tools/parley-run]
"""
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import cpio
import tap

RUN = [os.path.join(TREE, "tools/parley-run")] + sys.argv[1:]
points = tap.Points()


def run(*arguments, **keywords):
    if "input" not in keywords:
        keywords.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run([*RUN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **keywords)


def is_run(done, output, status, text):
    points.equal((done.stdout, done.returncode, done.stderr), (output, status, b""), text)


def statuses():
    is_run(run("true"), b"", 0, "a command that does nothing")
    is_run(run("exit 7"), b"", 7, "the command's exit status")
    is_run(run("exit 124"), b"", 124, "a command's own 124 has nothing on stderr")
    is_run(run("exit 125"), b"", 125, "a command's own 125 has nothing on stderr")
    is_run(run("exit 255"), b"", 255, "the greatest exit status")
    is_run(run("kill -9 $$"), b"", 137, "a command that is killed")
    done = run("no-such-command")
    points.equal(done.returncode, 127, "a command that is not there: 127")


def output(folder):
    data = bytes(range(256)) * 4096
    name = os.path.join(folder, "data")
    with open(name, "wb") as file:
        file.write(data)
    done = run("--add", f"{name}:/tmp/data", "cat /tmp/data; cat /tmp/data >&2")
    points.equal(hashlib.sha256(done.stdout).hexdigest(), hashlib.sha256(data * 2).hexdigest(),
                 "two megabytes of every byte value come as they are, from both outputs")
    is_run(run("echo one; echo two"), b"one\ntwo\n", 0, "lines end in LF alone")
    is_run(run("printf 'no end'"), b"no end", 0, "nothing is added to a line without an end")
    is_run(run("echo '@' \"$(echo 'q\"u%te')\" 'ü€'"), '@ q"u%te ü€\n'.encode(), 0, "quotes and letters of every kind")
    is_run(run("echo a\necho b"), b"a\nb\n", 0, "a command line of two lines")


def standard_input(folder):
    is_run(run("cat; cat; echo $?"), b"0\n", 0, "/dev/null is an end of file at once, each time")
    is_run(run("read x"), b"", 1, "... for the shell's read too")
    data = bytes(range(256)) * 4096 + b"\r\n\4\3 and no end of line"
    done = run("cat", input=data)
    points.equal(hashlib.sha256(done.stdout).hexdigest(), hashlib.sha256(data).hexdigest(), "a megabyte from a pipe")
    is_run(run("read x; read y; echo $y $x; cat", input=b"one\ntwo\nthree\n"), b"two one\nthree\n", 0,
           "one after the other reads on where the one before ended")
    is_run(run("sh", input=b"echo a script\nexit 3\n"), b"a script\n", 3, "a script for the shell")
    name = os.path.join(folder, "input")
    with open(name, "wb") as file:
        file.write(b"b\na\n")
    with open(name, "rb") as file:
        is_run(run("sort", stdin=file), b"a\nb\n", 0, "a file")
    command = f"(sleep 0.3; echo late) | {' '.join(RUN)} cat"
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, check=False)
    points.equal(done.stdout, b"late\n", "a pipe whose writer takes its time")
    done = subprocess.run(["sh", "-c", f"{' '.join(RUN)} cat <&-"], stdout=subprocess.PIPE, check=False)
    points.equal((done.stdout, done.returncode), (b"", 0), "no standard input at all")
    silent = os.pipe()
    is_run(run("echo done", stdin=silent[0]), b"done\n", 0, "an open and silent pipe keeps nobody waiting")
    for descriptor in silent:
        os.close(descriptor)
    with open("/dev/zero", "rb") as file:
        done = run("cat", stdin=file)
    points.ok(done.returncode == 125 and b"16 MiB" in done.stderr, "an input without an end", done)


def files(folder):
    os.makedirs(os.path.join(folder, "root/etc/deep/er"))
    texts = {"root/etc/motd": "new\n", "root/etc/deep/er/x": "x\n", "script": "#!/bin/sh\necho ran $1\n"}
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)
    os.chmod(os.path.join(folder, "script"), 0o755)
    root, script = os.path.join(folder, "root"), os.path.join(folder, "script")
    is_run(run("--root", root, "cat /etc/motd /etc/deep/er/x; ls -d /etc/passwd"), b"new\nx\n/etc/passwd\n", 0,
           "--root adds files and replaces those that are there")
    is_run(run("--add", f"{script}:/bin/hi", "hi you"), b"ran you\n", 0, "--add keeps a file executable")
    is_run(run("--add", f"{script}:/tmp/hi", "ls -ld /tmp | cut -c 1-10"), b"drwxrwxrwt\n", 0,
           "the folders of the root stay as they are")
    done = run("--add", f"{folder}/none:/x", "true")
    points.ok(done.returncode == 125 and b"none" in done.stderr, "--add of a file that is not there", done)


def machine():
    is_run(run("--smp", "3", "grep -c ^processor /proc/cpuinfo"), b"3\n", 0, "--smp")
    done = run("--smp", "0", "true")
    points.ok(done.returncode == 125 and b"1 to 8" in done.stderr, "--smp of a machine that cannot be", done)
    is_run(run("--append", "one two=3", "grep -o 'one two=3' /proc/cmdline"), b"one two=3\n", 0, "--append")
    command = "grep MemTotal /proc/meminfo"
    small, large = (int(run("--mem", size, command).stdout.split()[1]) for size in ("64M", "512M"))
    points.ok(40000 < small < 65536 and 450000 < large < 524288, "--mem", (small, large))
    is_run(run("--mem", "129M", "echo up"), b"up\n", 0, "--mem that is no multiple of the blocks that map it")
    done = run("--append", "init=/bin/pwd", "--timeout", "300", "true")
    points.equal((done.stdout, done.returncode), (b"/\r\n", 125), "init= with any program: it finds the console open")
    command = "ls -lR / >/dev/null; cat /proc/uptime"
    first, second = (run("--smp", "2", "--icount", command) for _ in range(2))
    points.equal(first.stdout, second.stdout, "--icount: two runs take the same time to the last digit shown")


def time_limit():
    """Seconds in which this host, busy as it is, boots and runs a command several times over."""
    start = time.monotonic()
    run("true")
    return 5 + 5 * (time.monotonic() - start)


def limits(folder):
    limit = f"{time_limit():.0f}"
    done = run("--timeout", limit, "echo begun; sleep 1000")
    points.equal((done.stdout, done.returncode), (b"begun\n", 124), "the time limit: 124, and what came until then")
    words = b"sleep" in done.stderr and b"init" in done.stderr
    points.ok(words, "... with a word on where every thread stands", done.stderr)
    points.ok(b"sleep: waits for a time" in done.stderr, "... and on what each waits for", done.stderr)
    done = run("--timeout", limit, "while :; do :; done")
    points.ok(done.returncode == 124 and b"sh" in done.stderr, "the time limit of a program that computes", done)
    done = run("--append", "init=/no/such/file", "--timeout", "300", "true")
    points.ok(done.returncode == 125 and b"panic" in done.stderr, "no init: 125, and the kernel says why", done)
    name = os.path.join(folder, "bad.cpio")
    with open(name, "wb") as file:
        file.write(b"this is no archive" * 100)
    done = run("--initrd", name, "--timeout", "300", "true")
    points.ok(done.returncode == 125 and b"panic" in done.stderr, "a corrupt archive: 125, and why", done)
    with open(os.path.join(TREE, "build/root.cpio"), "rb") as file, open(name, "wb") as cut:
        cut.write(file.read()[:100001])
    done = run("--initrd", name, "--timeout", "300", "true")
    points.ok(done.returncode == 125 and b"panic" in done.stderr, "an archive cut short: 125, and why", done)


def refusals(folder):
    """Each is one line on stderr that says what to do."""
    for option, value, words in (("--smp", "0", b"1 to 8"), ("--smp", "9", b"1 to 8"), ("--mem", "8M", b"at least 16M"),
                                 ("--mem", "8192k", b"at least 16M"), ("--mem", "nonsense", b"such as 64M")):
        done = run(option, value, "true")
        right = done.returncode == 125 and words in done.stderr and done.stderr.count(b"\n") == 1
        points.ok(right, f"{option} {value}", done)
    done = run("--mem", "99999999M", "true")
    points.ok(done.returncode == 125 and b"QEMU" in done.stderr, "QEMU that does not start: 125", done)
    name = os.path.join(folder, "qemu-system-arm")
    with open(name, "w", encoding="ascii") as file:
        file.write("#!/bin/sh\necho QEMU emulator version 6.2.0\nexit 1\n")
    os.chmod(name, 0o755)
    done = run("true", env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
    points.ok(done.returncode == 125 and b"at least 7.2 is wanted" in done.stderr, "QEMU that is too old", done)


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def is_gone(pid):
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.001)
    return False


def endings():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
        process = subprocess.Popen([*RUN, "echo begun; sleep 1000"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdout.readline()
        children = children_of(process.pid)
        process.send_signal(number)
        process.wait()
        points.ok(len(children) == 1 and is_gone(children[0]), f"{number.name} ends QEMU too", children)
    process = subprocess.Popen([*RUN, "--timeout", "300", "yes"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.readline()
    children = children_of(process.pid)
    process.stdout.close()
    process.wait()
    points.ok(children and is_gone(children[0]), "nobody reads the output: QEMU ends")


def archives():
    one, two = cpio.Archive(), cpio.Archive()
    for archive in (one, two):
        archive.add_host(os.path.join(TREE, "root"), "")
        archive.add_host(os.path.join(TREE, "build/stripped/bin"), "bin")
        archive.add_manifest(os.path.join(TREE, "root/MANIFEST"))
    points.ok(one.bytes() == two.bytes() and len(one.bytes()) % 4 == 0, "an archive is the same each time")
    points.ok({"etc", "tmp"} <= cpio.folders(one.bytes() + two.bytes()), "the folders of two archives in a row")
    for line in ("x", "etc/none 644 0 0", "x 755 0 0 z", "x 9 0 0 d", "x 755 a 0 d", "x 600 0 0 c 1"):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(line + "\n")
            file.flush()
            try:
                cpio.Archive().add_manifest(file.name)
                points.ok(False, f"a bad line of a manifest: {line}")
            except cpio.Error:
                points.ok(True, f"a bad line of a manifest: {line}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        archives()
        statuses()
        output(folder)
        standard_input(folder)
        files(folder)
        machine()
        limits(folder)
        refusals(folder)
    endings()
    return points.end()


sys.exit(main())
