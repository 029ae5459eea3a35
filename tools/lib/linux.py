"""Linux on the machine that Parley runs on, to measure beside it: Debian's, and a lean one.

Debian's kernel is its package linux-image-armmp for armhf, fetched by apt with a state of its own below build/linux, so
that nothing is installed and the host's lists of packages stay as they are. The lean one is built from the source of
the same release, Debian's package linux-source-6.1, with nothing but what bench/linux-lean.config names. Their root is
an archive of two programs, linked statically against Debian's C library: bench/linux-init.c and what is to be measured.

The boot arguments turn off what Linux does for security and for accounting; and glibc does not register restartable
sequences, which the kernel would look at on each switch.
"""
import glob
import os
import shutil
import subprocess

import bench
import cpio
import machine

FOLDER = os.path.join(machine.TREE, "build/linux")
CC = "arm-linux-gnueabihf-gcc"
CFLAGS = ["-std=gnu11", "-O2", "-static"]
COMPILER_PACKAGES = "gcc-arm-linux-gnueabihf libc6-dev-armhf-cross"
PACKAGE = "linux-image-armmp"
SOURCE_PACKAGE = "linux-source-6.1"
LEAN_CONFIG = os.path.join(bench.FOLDER, "linux-lean.config")
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
SUITE = "bookworm"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
SECONDS = 900
ARGUMENTS = ("console=ttyAMA0 quiet mitigations=off audit=0 selinux=0 apparmor=0 lsm= init_on_alloc=0 init_on_free=0 "
             "hardened_usercopy=off page_alloc.shuffle=0 randomize_kstack_offset=off random.trust_cpu=on "
             "cgroup_disable=memory psi=0 GLIBC_TUNABLES=glibc.pthread.rseq=0")


class Error(Exception):
    """Something is missing that the user can get."""


def run(words, purpose):
    try:
        done = subprocess.run(words, cwd=FOLDER, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, text=True)
    except FileNotFoundError as error:
        raise Error(f"{purpose} needs {words[0]}, which is missing") from error
    if done.returncode != 0:
        raise Error(f"{purpose} failed: {' '.join(words[:1])}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def apt(command, *arguments):
    """apt for armhf, with lists, cache and sources below FOLDER; what the host says of proxies holds."""
    state = {"Dir::State::lists": "lists", "Dir::Cache": "cache", "Dir::State::status": "status",
             "Dir::Etc::sourcelist": "sources.list", "Dir::Etc::sourceparts": "none"}
    words = [command, "-q", "-o", "APT::Architecture=armhf", "-o", "APT::Architectures=armhf", "-o",
             "Acquire::Languages=none", "-o", "APT::Sandbox::User=root"]
    for name, path in state.items():
        words += ["-o", f"{name}={os.path.join(FOLDER, path)}"]
    return run(words + list(arguments), f"fetching from {MIRROR}")


def update_lists():
    """Brings the lists of Debian's packages up to date, in FOLDER."""
    for folder in ("lists/partial", "cache/archives/partial", "none"):
        os.makedirs(os.path.join(FOLDER, folder), exist_ok=True)
    with open(os.path.join(FOLDER, "sources.list"), "w", encoding="utf-8") as file:
        file.write(f"deb [signed-by={KEYS}] {MIRROR} {SUITE} main\n")
    with open(os.path.join(FOLDER, "status"), "w", encoding="utf-8"):
        pass
    apt("apt-get", "update", "-o", "APT::Update::Error-Mode=any")


def fetch(package):
    """Fetches the package and unpacks it into FOLDER/unpacked."""
    apt("apt-get", "download", package)
    archive, = glob.glob(os.path.join(FOLDER, package + "_*.deb"))
    run(["dpkg-deb", "--extract", archive, os.path.join(FOLDER, "unpacked")], f"unpacking {package}")
    os.unlink(archive)


def keep(pattern):
    """Puts the one file of this name into FOLDER/boot, and removes what it came from."""
    name, = glob.glob(os.path.join(FOLDER, "unpacked", pattern))
    os.makedirs(os.path.join(FOLDER, "boot"), exist_ok=True)
    shutil.copy(name, os.path.join(FOLDER, "boot"))
    shutil.rmtree(os.path.join(FOLDER, "unpacked"))


def fetch_debian():
    update_lists()
    fetch(apt("apt-cache", "depends", PACKAGE).split("Depends: ")[1].split()[0])
    keep("boot/vmlinuz-*")


def build_lean():
    update_lists()
    fetch(SOURCE_PACKAGE)
    source = os.path.join(FOLDER, "unpacked")
    run(["tar", "-xJf", f"{source}/usr/src/{SOURCE_PACKAGE}.tar.xz", "-C", source], "unpacking Linux")
    make = ["env", "-u", "MAKEFLAGS", f"KCONFIG_ALLCONFIG={LEAN_CONFIG}", "make", "-s",
            "-C", os.path.join(source, SOURCE_PACKAGE), f"-j{os.cpu_count()}", "ARCH=arm",
            f"CROSS_COMPILE={CC.removesuffix('gcc')}"]
    run([*make, "allnoconfig"], "configuring Linux")
    run([*make, "zImage"], "building Linux")
    keep(f"{SOURCE_PACKAGE}/arch/arm/boot/zImage")


DEBIAN = ("boot/vmlinuz-*", fetch_debian)
LEAN = ("boot/zImage", build_lean)


def image(kind):
    """The path of a kernel, DEBIAN or LEAN, which is fetched or built the first time."""
    pattern, make = kind
    found = glob.glob(os.path.join(FOLDER, pattern))
    if not found or (kind is LEAN and os.path.getmtime(found[0]) < os.path.getmtime(LEAN_CONFIG)):
        shutil.rmtree(os.path.join(FOLDER, "unpacked"), ignore_errors=True)
        for old in glob.glob(os.path.join(FOLDER, "linux-*.deb")):
            os.unlink(old)
        make()
    return max(glob.glob(os.path.join(FOLDER, pattern)))


def compile_program(name, sources):
    if not shutil.which(CC):
        raise Error(f"{CC} is missing: as root, apt-get install {COMPILER_PACKAGES}")
    os.makedirs(FOLDER, exist_ok=True)
    output = os.path.join(FOLDER, name)
    run([CC, *CFLAGS, "-o", output, *sources], f"compiling {name}")
    return output


def archive(program, sources):
    """A descriptor of the root's archive."""
    root = cpio.Archive()
    root.add_host(compile_program("init", [os.path.join(bench.FOLDER, "linux-init.c")]), "init")
    root.add_host(compile_program(program, sources), f"bin/{program}")
    descriptor = os.memfd_create("linux.cpio", 0)
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(root.bytes())
    return descriptor


def figures(program, sources, arguments=(), smp=1, icount=False, kind=DEBIAN):
    """Runs a program of measurements under Linux: value and unit by name."""
    kernel, root = image(kind), archive(program, sources)
    words = [machine.QEMU, "-M", "virt", "-cpu", "cortex-a15", "-smp", str(smp), "-m", "512M", "-nodefaults",
             "-no-user-config", "-nic", "none", "-display", "none", "-serial", "stdio", "-kernel", kernel,
             "-initrd", f"/proc/self/fd/{root}",
             "-append", f"{ARGUMENTS} -- {' '.join([f'/bin/{program}', *arguments])}"]
    words += ["-icount", "shift=0,sleep=off"] if icount else []
    qemu = machine.spawn(words, [root], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.close(root)
    try:
        text = qemu.communicate(timeout=SECONDS)[0].decode(errors="replace").replace("\r", "")
    except subprocess.TimeoutExpired as error:
        raise Error(f"Linux has not ended after {SECONDS} s") from error
    finally:
        qemu.kill()
        qemu.wait()
    if "the program ended with status 0" not in text:
        raise Error(f"{program} did not end well under Linux:\n{text}")
    return bench.figures(text)
