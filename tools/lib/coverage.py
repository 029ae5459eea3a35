"""The counters of a kernel that counts how often its code runs (COVERAGE=1).

gcc gives each basic block a counter, and each file a record of where its counters are (struct gcov_info of gcc's
libgcov, listed in the kernel's section .gcov_info). Nothing in the kernel knows of them: the machine's memory is a file
of the host, and when the machine has ended the counters are read out of it. So those of a kernel that hangs or panics
count too. They are kept in the folder `counters` beside the kernel, a file for each boot, if there is that folder.
"""
import array
import os
import struct
import subprocess
import tempfile

LINKED = 0x80000000  # where the kernel has the first byte of memory
NM = "arm-none-eabi-nm"
GCC = "arm-none-eabi-gcc"


def folder(kernel):
    """Where the counters of this kernel are kept; None when they are not."""
    name = os.path.join(os.path.dirname(os.path.abspath(kernel)), "counters")
    return name if os.path.isdir(name) else None


class Memory:
    """A machine's memory as a file, for one boot; the object is true when counters are wanted."""

    def __init__(self, kernel, size):
        self.kernel, self.folder, self.name = kernel, folder(kernel), None
        if self.folder:
            descriptor, self.name = tempfile.mkstemp(prefix="memory-", dir=self.folder)
            os.close(descriptor)
            self.size = size + "M" * size.isdigit()

    def words(self):
        """What QEMU's command line has to say of it."""
        if not self.name:
            return []
        backend = f"memory-backend-file,id=memory,size={self.size},mem-path={self.name},share=on"
        return ["-object", backend, "-machine", "memory-backend=memory"]

    def keep(self):
        """The machine has ended: keep the counters alone."""
        if not self.name:
            return
        if os.path.getsize(self.name) == 0:  # QEMU did not start
            os.unlink(self.name)
            return
        with open(self.name, "rb") as file:
            image = Image(self.kernel, file)
            counters = [value for record in image.records() for function in record.functions
                        for value in image.counters(function)]
        os.unlink(self.name)
        with open(os.path.join(self.folder, os.path.basename(self.name).replace("memory", "boot")), "wb") as file:
            array.array("Q", counters).tofile(file)
        self.name = None


class Record:
    """A file that was compiled: where its notes are, and its functions as (identity, checksums, counters' places)."""

    def __init__(self, name, version, stamp, checksum):
        self.name, self.version, self.stamp, self.checksum = name, version, stamp, checksum
        self.functions = []


class Image:
    """What a kernel's memory, or before it ran its image, tells about its counters."""

    def __init__(self, kernel, file, in_image=False):
        elf = os.path.splitext(kernel)[0] + ".elf"
        symbols = subprocess.run([NM, elf], stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")
        places = {words[2]: int(words[0], 16) for words in map(str.split, symbols) if len(words) == 3}
        file.seek(0 if in_image else places["kernel_start"] - LINKED)
        self.base = places["kernel_start"]
        self.bytes = file.read(places["kernel_end"] - self.base)
        self.first, self.last = places["gcov_info_start"], places["gcov_info_end"]
        version = subprocess.run([GCC, "-dumpversion"], stdout=subprocess.PIPE, check=True).stdout
        self.kinds = 9 if int(version.split(b".")[0]) >= 14 else 8  # of counters; the first one counts arcs

    def read(self, address, words):
        return struct.unpack_from(f"<{words}I", self.bytes, address - self.base)

    def text(self, address):
        start = address - self.base
        return self.bytes[start:self.bytes.index(b"\0", start)].decode()

    def records(self):
        for place in range(self.first, self.last, 4):
            info = self.read(place, 1)[0]
            version, _, stamp, checksum, name = self.read(info, 5)
            record = Record(self.text(name), version, stamp, checksum)
            count, table = self.read(info + 20 + 4 * self.kinds, 2)
            for function in self.read(table, count):
                if function and self.read(function, 1)[0] == info:
                    record.functions.append(self.read(function + 4, 5))
            yield record

    def counters(self, function):
        count, place = function[3:]
        return struct.unpack_from(f"<{count}Q", self.bytes, place - self.base)
