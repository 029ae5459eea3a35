"""gdb's side of `make debug`: the line to the guest's console, and the symbols of programs.

    parley-connect GDB CONSOLE    attaches to QEMU's two sockets (parley-console does this)
    type TEXT                     types a line at the guest's keyboard
    program NAME                  takes the symbols of a program: program sh, program tests/pipe
    program                       forgets them

All programs are linked to the same address, so the symbols of one at a time are loaded.
"""
import os
import socket
import threading

import gdb

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Connect(gdb.Command):
    """parley-connect GDB CONSOLE: attaches to a halted machine."""

    def __init__(self):
        super().__init__("parley-connect", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        port, console = gdb.string_to_argv(argument)
        Type.line.connect(console)
        threading.Thread(target=self.show_output, daemon=True).start()
        gdb.execute(f"target remote {port}")
        print("The machine is halted before its first instruction. To begin: break kernel_main, continue.")
        print("`type ls -l` types at the guest's keyboard; `program sh` takes the symbols of /bin/sh.")

    @staticmethod
    def show_output():
        while data := Type.line.recv(4096):
            os.write(1, data)


class Type(gdb.Command):
    """type TEXT: types a line at the guest's keyboard. It is read once the guest runs."""

    line = socket.socket(socket.AF_UNIX)

    def __init__(self):
        super().__init__("type", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        self.line.sendall(argument.encode() + b"\n")


class Program(gdb.Command):
    """program [NAME]: the symbols of a program in build/user (bin/ may be left out), instead of those before."""

    loaded = None

    def __init__(self):
        super().__init__("program", gdb.COMMAND_FILES, gdb.COMPLETE_NONE)

    @staticmethod
    def folder():
        return os.path.join(TREE, "build/user")

    def invoke(self, argument, from_tty):
        name = argument.strip()
        path = os.path.join(self.folder(), name)
        if name and not os.path.isfile(path):
            path = os.path.join(self.folder(), "bin", name)
        if name and not os.path.isfile(path):
            raise gdb.GdbError(f"there is no program {name} in {self.folder()}")
        if Program.loaded:
            gdb.execute(f"remove-symbol-file {Program.loaded}", to_string=True)
            Program.loaded = None
        if name:
            gdb.execute(f"add-symbol-file {path}", to_string=True)
            Program.loaded = path

    def complete(self, text, word):
        names = []
        for folder, _, files in os.walk(self.folder()):
            prefix = os.path.relpath(folder, self.folder())
            names += files if prefix == "bin" else [os.path.join(prefix, file) for file in files]
        return [name for name in names if name.startswith(word)]


gdb.execute("set pagination off")
gdb.execute("set confirm off")
Connect()
Type()
Program()
