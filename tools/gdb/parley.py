"""gdb's side of `make debug`: the line to the guest's console, and the symbols of programs.

    parley-connect GDB CONSOLE    attaches to QEMU's two sockets (parley-console does this)
    type TEXT                     types a line at the guest's keyboard
    program NAME                  takes the symbols of a program: program sh, program tests/pipe
    program                       forgets them
    processes                     lists processes and what each of their threads does

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
        gdb.execute("set remotetimeout 60")  # QEMU may have to wait for the host
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


def each(head, kind, member):
    """The structures on one of the kernel's lists (lib/list.h)."""
    pointer = gdb.lookup_type("struct " + kind).pointer()
    offset = next(field.bitpos // 8 for field in pointer.target().fields() if field.name == member)
    node = head["next"]
    while node and node != head.address:
        yield gdb.Value(int(node) - offset).cast(pointer).dereference()
        node = node["next"]


class Processes(gdb.Command):
    """processes: every process, and what each of its threads does or waits for."""

    def __init__(self):
        super().__init__("processes", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        selected = gdb.selected_thread()
        if not self.select_kernel():
            raise gdb.GdbError("all CPUs run programs now, and through them the kernel cannot be seen: `stepi` into it")
        try:
            self.show()
        finally:
            selected.switch()

    @staticmethod
    def select_kernel():
        """Selects a CPU that is in the kernel: QEMU lets gdb see what the selected CPU may see."""
        for cpu in gdb.selected_inferior().threads():
            cpu.switch()
            if int(gdb.parse_and_eval("$cpsr")) & 0x1F != 0x10:
                return True
        return False

    @staticmethod
    def show():
        for process in each(gdb.parse_and_eval("process_list"), "process", "all_link"):
            print(f"{int(process['pid']):5} {process['name'].string()}")
            for thread in each(process["threads"], "thread", "process_link"):
                state = str(thread["state"]).removeprefix("THREAD_").lower()
                reason = f", waits for {thread['wait_reason'].string()}" if thread["wait_reason"] else ""
                print(f"      thread {int(thread['tid'])}: {state}{reason}, CPU {int(thread['cpu']['number'])}")


gdb.execute("set pagination off")
gdb.execute("set confirm off")
Connect()
Type()
Processes()
Program()
