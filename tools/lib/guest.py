"""A running Parley and the lines to it: the serial line, the kernel's log, QEMU's monitor and its errors.

The serial line carries what programs print and what is typed. The kernel writes its log to QEMU's semihosting console
(boot argument log=semihosting) and ends QEMU with an exit status (semihosting).
"""
import json
import os
import re
import selectors
import socket
import subprocess
import time

import coverage
import machine

ARGUMENTS = "semihosting log=semihosting"
STAMP = rb"^(?:\[[^]\n]*\] )?"  # the time in front of a line of the log
PANIC = re.compile(STAMP + rb"(?:Kernel )?panic: ", re.MULTILINE)
POWER_OFF = re.compile(STAMP + rb"reboot: power off, status (\d+)", re.MULTILINE)
QUIET_SECONDS = 3  # the log is taken to be complete when nothing came for so long,
WHY_SECONDS = 0.5  # or for so long when the last words of `why -a` have come
WHY_END = re.compile(STAMP + rb"(?:no deadlock|deadlock: )", re.MULTILINE)
ANSWER_SECONDS = 10
IDLE_REMARK = re.compile(rb"^.*icount sleep disabled and no active timers\r?\n", re.MULTILINE)


class Guest:
    def __init__(self, options, on_serial, arguments="", files=(), on_log=None):
        """Starts the machine. on_serial(bytes) is called with what comes on the serial line, on_log with the log."""
        archive = machine.initrd(options, files)
        self.memory = coverage.Memory(options.kernel, options.mem)
        words = machine.command(options, archive, f"{ARGUMENTS} {arguments}") + self.memory.words()
        ours, theirs = {}, {}
        for name in ("serial", "log", "monitor", "errors"):
            ours[name], theirs[name] = socket.socketpair()
        for name in ("serial", "log", "monitor"):
            words += ["-chardev", f"socket,id={name},fd={theirs[name].fileno()}"]
        words += ["-serial", "chardev:serial", "-mon", "chardev=monitor,mode=control",
                  "-semihosting-config", "enable=on,target=native,chardev=log"]
        self.log = self.answers = self.errors = b""
        self.on_log = on_log
        self.serial, self.monitor = ours["serial"], ours["monitor"]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.serial, selectors.EVENT_READ, on_serial)
        self.selector.register(ours["log"], selectors.EVENT_READ, self.keep_log)
        self.selector.register(self.monitor, selectors.EVENT_READ, self.keep_answer)
        self.selector.register(ours["errors"], selectors.EVENT_READ, self.keep_errors)
        descriptors = [archive] + [other.fileno() for other in theirs.values()]
        self.qemu = machine.spawn(words, descriptors, stdin=subprocess.DEVNULL, stderr=theirs["errors"])
        for other in theirs.values():
            other.close()
        os.close(archive)

    def keep_log(self, data):
        self.log += data
        if self.on_log:
            self.on_log(data)

    def keep_answer(self, data):
        self.answers += data

    def keep_errors(self, data):
        """QEMU's own words; under icount it remarks on a guest that only waits, which is no error."""
        self.errors = IDLE_REMARK.sub(b"", self.errors + data)

    def panicked(self):
        return bool(PANIC.search(self.log))

    def status_said(self):
        """The exit status that the kernel announced on its way out, or None."""
        said = POWER_OFF.findall(self.log)
        return int(said[-1]) if said else None

    def pump(self, until):
        """Waits for something to come, at most until that time, and handles it; False when all lines are closed."""
        for key, _ in self.selector.select(max(0, until - time.monotonic())):
            data = key.fileobj.recv(65536)
            if data:
                key.data(data)
            else:
                self.selector.unregister(key.fileobj)
        return bool(self.selector.get_map())

    def ask_monitor(self, name, **arguments):
        """Sends a command to QEMU's monitor; answers its result, "" when it fails. The other lines are read on."""
        end = time.monotonic() + ANSWER_SECONDS
        self.monitor.sendall(json.dumps({"execute": name, "arguments": arguments}).encode() + b"\n")
        while time.monotonic() < end:
            line, newline, rest = self.answers.partition(b"\n")
            if newline:
                self.answers = rest
                answer = json.loads(line)
                if "return" in answer or "error" in answer:
                    return answer.get("return", "")
            elif not self.pump(end):
                break
        return ""

    def where_threads_stand(self):
        """What the kernel logs when a BREAK comes on the serial line, and then `why -a`, which init starts; when
        nothing comes, the CPUs' registers."""
        before = len(self.log)
        self.ask_monitor("qmp_capabilities")
        self.ask_monitor("chardev-send-break", id="serial")
        registers = self.ask_monitor("human-monitor-command", **{"command-line": "info registers -a"})
        end = time.monotonic() + ANSWER_SECONDS
        quiet = end  # until the first of it comes
        while time.monotonic() < min(end, quiet):
            size = len(self.log)
            if not self.pump(min(end, quiet)):
                break
            if len(self.log) > size:
                quiet = time.monotonic() + (WHY_SECONDS if WHY_END.search(self.log, before) else QUIET_SECONDS)
        if len(self.log) > before:
            return self.log[before:]
        return self.log + b"(the kernel does not answer)\n" + registers.replace("\r", "").encode()

    def end(self):
        self.qemu.kill()
        self.qemu.wait()
        self.memory.keep()
