"""Archives for the root: the format that `cpio -H newc` writes, and nothing that depends on the machine or the hour.

An archive is a set of entries by path. Owners, times and inode numbers come from here, not from the host: all belongs
to root, all was written at time 0, and what the host's tree cannot hold (a device, another owner) comes from a
manifest. So no root rights are needed, and the same input gives the same bytes.

A manifest's lines are `path mode uid gid [type [argument]]`, the mode octal, the path without a leading slash, types:
    d             a folder, made also when the tree has none
    f             a file whose contents are in the tree (so when no type is given)
    l TARGET      a symbolic link
    p             a FIFO
    c MAJOR MINOR, b MAJOR MINOR    a device
"""
import os
import stat
from dataclasses import dataclass

TYPES = {"d": stat.S_IFDIR, "f": stat.S_IFREG, "l": stat.S_IFLNK, "p": stat.S_IFIFO, "c": stat.S_IFCHR,
         "b": stat.S_IFBLK}
TRAILER = "TRAILER!!!"


class Error(Exception):
    """What the user can mend: a bad manifest, a file that is not there."""


@dataclass
class Entry:
    mode: int
    data: bytes = b""
    uid: int = 0
    gid: int = 0
    major: int = 0
    minor: int = 0


class Archive:
    def __init__(self, beneath=()):
        """beneath: paths of folders that are there already (in an archive before this one)."""
        self.entries = {}
        self.beneath = set(beneath) | {""}

    def add(self, path, entry):
        """Puts an entry in place of an older one, and the folders above it where there are none."""
        path = os.path.normpath("/" + path).lstrip("/")
        if not path:
            return
        above = os.path.dirname(path)
        if above not in self.entries and above not in self.beneath:
            self.add(above, Entry(stat.S_IFDIR | 0o755))
        if not (stat.S_ISDIR(entry.mode) and path in self.beneath):
            self.entries[path] = entry

    def add_bytes(self, path, data, permissions=0o644):
        self.add(path, Entry(stat.S_IFREG | permissions, data))

    def add_host(self, host, path):
        """A file of the host, or a folder with all that is in it."""
        try:
            status = os.lstat(host)
            if stat.S_ISLNK(status.st_mode):
                self.add(path, Entry(stat.S_IFLNK | 0o777, os.fsencode(os.readlink(host))))
            elif stat.S_ISDIR(status.st_mode):
                self.add(path, Entry(stat.S_IFDIR | 0o755))
                for name in sorted(os.listdir(host)):
                    self.add_host(os.path.join(host, name), path + "/" + name)
            elif stat.S_ISREG(status.st_mode):
                with open(host, "rb") as file:
                    self.add_bytes(path, file.read(), 0o755 if status.st_mode & 0o100 else 0o644)
            else:
                raise Error(f"{host}: neither a file, a folder nor a link")
        except OSError as error:
            raise Error(f"{host}: {error.strerror}") from error

    def add_manifest(self, name):
        with open(name, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                words = line.split()
                if not words or words[0].startswith("#"):
                    continue
                try:
                    self._manifest_line(*words)
                except (TypeError, ValueError, KeyError) as error:
                    raise Error(f"{name}:{number}: {line.strip()}: not a line of a manifest ({error})") from error

    def _manifest_line(self, path, mode, uid, gid, kind=None, *arguments):
        old = self.entries.get(path)
        if kind in (None, "f") and old is None:
            raise ValueError("there is no such file")
        entry = Entry(TYPES[kind] if kind else stat.S_IFMT(old.mode), uid=int(uid), gid=int(gid))
        entry.mode |= int(mode, 8)
        if kind in (None, "f"):
            entry.data = old.data
        elif kind == "l":
            entry.data = os.fsencode(*arguments)
        elif kind in "cb":
            entry.major, entry.minor = map(int, arguments)
        self.add(path, entry)

    def bytes(self):
        """The archive, padded so that another may follow."""
        parts = []
        for inode, path in enumerate(sorted(self.entries), 1):
            parts.append(_record(path, inode, self.entries[path]))
        parts.append(_record(TRAILER, 0, Entry(0)))
        return b"".join(parts)


def _padded(data):
    return data + bytes(-len(data) % 4)


def _record(path, inode, entry):
    name = os.fsencode(path) + b"\0"
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    fields = (inode, entry.mode, entry.uid, entry.gid, links, 0, len(entry.data),
              0, 0, entry.major, entry.minor, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields)
    return _padded(head + name) + _padded(entry.data)


def folders(data):
    """The paths of the folders in an archive (several, when they follow one another)."""
    found, at = set(), 0
    while data[at:at + 6] == b"070701":
        field = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        name = os.fsdecode(data[at + 110:at + 110 + field[11] - 1])
        if stat.S_ISDIR(field[1]):
            found.add(name)
        at += -(-(110 + field[11]) // 4) * 4 + -(-field[6] // 4) * 4
    return found


def split_add(argument):
    """FILE:/PATH as (file, path)."""
    file, colon, path = argument.rpartition(":/")
    if not colon or not file or not path:
        raise Error(f"--add {argument}: should be FILE:/PATH")
    return file, path
