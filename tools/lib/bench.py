"""The programs of bench/ run in Parley, and the tables of what they found.

A table is a file of columns with tabs between them, a line for each row: `name`, `unit`, and figures by the names in
its first line; lines with a # before that are remarks. `-` stands for no figure.

    bench/linux.tsv     what Linux needs on the same machine, and what is wanted of Parley
    bench/parley.tsv    what Parley needs: written by tools/bench --update, held against each test run

The tables count operations; what a row says of bytes as well is the same time divided by another number.
"""
import os
import re
import subprocess

import machine

FOLDER = os.path.join(machine.TREE, "bench")
LINUX = os.path.join(FOLDER, "linux.tsv")
PARLEY = os.path.join(FOLDER, "parley.tsv")
DOCUMENT = os.path.join(machine.TREE, "docs/benchmarks.md")
COMPILER = "arm-none-eabi-gcc"
FIGURE = re.compile(r"^bench (\S+) (\d+\.\d+) (\S+)\r?$", re.MULTILINE)
FORMAT = "{:<22}{:>10}{:>10}{:>10}{:>10}{:>14}{:>12}{:>8}"
TROUBLE = re.compile(r"^\w+: (?:unsupported|failed .*)$", re.MULTILINE)


class Error(Exception):
    """A program of measurements did not do all of its rows."""


def figures(text):
    """What a program printed: value and unit by name."""
    trouble = TROUBLE.findall(text)
    if trouble:
        raise Error("; ".join(trouble))
    return {name: (float(value), unit) for name, value, unit in FIGURE.findall(text) if not name.endswith("_per_byte")}


def parley(words, program="ipcbench", arguments=()):
    """Runs a program in Parley. words: what tools/parley-run is told of the machine."""
    built = os.path.join(machine.TREE, "build/stripped/bench", program)
    command = [os.path.join(machine.TREE, "tools/parley-run"), *words, "--timeout", "600",
               "--add", f"{built}:/bin/{program}", " ".join([f"/bin/{program}", *arguments])]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, text=True)
    if done.returncode != 0:
        raise Error(f"{program} ended with status {done.returncode}\n{done.stdout}{done.stderr}")
    return figures(done.stdout)


def instructions(kernel, percent=100, names=()):
    """Instructions for each operation: what ipcbench finds on one CPU under icount."""
    words = ["--kernel", kernel, "--smp", "1", "--icount"]
    found = parley(words, "ipcbench", ("-s", str(percent), *names))
    if "calibrate" in found and abs(found["calibrate"][0] - 2) > 0.01:
        raise Error(f"a loop of two instructions takes {found['calibrate'][0]} ns")
    return found


def read_table(name):
    """A table's rows, by their names: dictionaries by the columns' names."""
    with open(name, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return {line[0]: dict(zip(lines[0], line)) for line in lines[1:]}


def replace(name, text):
    """Puts a file in place of an older one, in one step."""
    with open(name + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(name + ".new", name)


def compiler():
    version = subprocess.run([COMPILER, "-dumpfullversion"], stdout=subprocess.PIPE, check=True, text=True).stdout
    return f"{COMPILER} {version.strip()}"


def write_parley(found):
    lines = ["# Instructions for each operation of bench/ipcbench.c in Parley, one CPU, -icount shift=0,sleep=off.",
             "# tools/bench --update writes this file; tests/tools/bench.py holds what it measures against it.",
             f"# Kernel and program were compiled by {compiler()}.", "name\tunit\tinstructions"]
    lines += [f"{name}\t{unit}\t{value:.3f}" for name, (value, unit) in found.items()]
    replace(PARLEY, "\n".join(lines) + "\n")


def compiler_of_table():
    with open(PARLEY, encoding="utf-8") as file:
        return re.search(r"compiled by (.*)\.$", file.read(), re.MULTILINE).group(1)


def number(figure):
    return "-" if figure == "-" else f"{float(figure):,.0f}"


def ratio(linux, value):
    return "-" if linux == "-" else f"{float(linux) / value:.1f}"


def mark(wanted, value):
    return "" if wanted == "-" or round(value) <= float(wanted) else "above"


def table(found, measured=None):
    """Parley's figures beside Linux's and what is wanted, as text. measured: figures, by the names of their columns, in
    place of the file's."""
    lines = [FORMAT.format("instructions", "Debian's", "lean", "wanted,", "Parley", "Debian's/", "lean/", ""),
             FORMAT.format("for each operation", "Linux", "Linux", "at most", "", "Parley", "Parley", "")]
    above = 0
    for name, row in read_table(LINUX).items():
        if name not in found or name == "calibrate":
            continue
        value = found[name][0]
        row |= {column: figures_of[name][0] for column, figures_of in (measured or {}).items()}
        above += mark(row["wanted"], value) != ""
        lines.append(FORMAT.format(name.removesuffix("_per_op"), number(row["debian"]), number(row["lean"]),
                                   number(row["wanted"]), number(value), ratio(row["debian"], value),
                                   ratio(row["lean"], value), mark(row["wanted"], value)))
    lines.append(f"{above} rows are above what is wanted" if above else "no row is above what is wanted")
    return "".join(line.rstrip() + "\n" for line in lines)


def put_into_document(title, text):
    """Puts text, as it would be printed, between the document's two remarks of this title."""
    with open(DOCUMENT, encoding="utf-8") as file:
        document = file.read()
    block = "".join("    " + line if line.strip() else line for line in text.splitlines(keepends=True))
    begin, end = f"<!-- {title} -->\n", f"<!-- end of {title} -->\n"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(document):
        raise Error(f"{DOCUMENT} has no place for {title}")
    replace(DOCUMENT, pattern.sub(lambda _: f"{begin}\n{block}\n{end}", document))
