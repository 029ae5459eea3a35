"""tools/parley-cc compiles C programs from outside, unedited, with gcc's usual options."""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "tools/lib"))
import tap

CC = os.path.join(TREE, "tools/parley-cc")
RUN = [os.path.join(TREE, "tools/parley-run")] + sys.argv[1:]
points = tap.Points()

MAIN = r"""
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "answer.h"

int main(int argc, char **argv)
{
    char *memory = malloc(1000000);
    printf("%s %d %zu %jd %.3f\n", GREETING, answer(), sizeof memory, (intmax_t)argc, sqrt(2.0));
    free(memory);
    if (close(77) < 0)
        printf("%d %s\n", errno == EBADF, argv[1]);
    return 3;
}
"""
ANSWER = "#include \"answer.h\"\n\nint answer(void)\n{\n    return ANSWER;\n}\n"
HEADER = "int answer(void);\n"
THREAD_LOCAL = "#include <stdio.h>\n__thread int x = 5;\nint main(void)\n{\n    return printf(\"%d\\n\", x) != 2;\n}\n"
FORMATS = r"""
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

int main(void)
{
    struct stat status;
    stat("/etc/passwd", &status);
    printf("%o %u %u %d\n", status.st_mode, status.st_uid, getegid(), getpid() > 0);
    return umask(022) != 022;
}
"""
INTEGERS = r"""
#include <inttypes.h>
#include <stdio.h>

int main(void)
{
    int64_t wide = 0;
    int_fast64_t fast = 2;
    int_least16_t least = 3;
    sscanf("77777777777", "%" SCNd64, &wide);
    printf("%" PRId64 " %" PRIXFAST64 " %" PRIdLEAST16 " %" PRIuMAX " %" PRIxPTR "\n", wide, fast, least, UINTMAX_MAX,
           (uintptr_t)5);
    return 0;
}
"""


def compile(folder, *arguments):
    done = subprocess.run([CC, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          text=True)
    points.ok(done.returncode == 0 and not done.stdout, "parley-cc " + " ".join(arguments), done.stdout)


def run(program, *words):
    arguments = ["--add", f"{program}:/bin/program", " ".join(("program", *words))]
    done = subprocess.run(RUN + arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode(errors="replace"), done.returncode


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "include"))
        sources = {"main.c": MAIN, "other.c": ANSWER, "include/answer.h": HEADER, "tls.c": THREAD_LOCAL,
                   "formats.c": FORMATS, "integers.c": INTEGERS}
        for name, text in sources.items():
            with open(os.path.join(folder, name), "w", encoding="ascii") as file:
                file.write(text)
        options = ["-Iinclude", "-DANSWER=42", '-DGREETING="hi there"', "-Wall"]
        expected = ("hi there 42 4 2 1.414\n1 word\n", 3)
        compile(folder, *options, "-pthread", "-o", "one", "main.c", "other.c", "-lm")
        points.equal(run(os.path.join(folder, "one"), "word"), expected, "two files in one go")
        compile(folder, *options, "-O0", "-c", "main.c")
        compile(folder, *options, "-O2", "-c", "-o", "libanswer.o", "other.c")
        subprocess.run(["arm-none-eabi-ar", "rcs", "libanswer.a", "libanswer.o"], cwd=folder, check=True)
        compile(folder, "main.o", "-L.", "-lanswer", "-lm", "-o", "two")
        points.equal(run(os.path.join(folder, "two"), "word"), expected, "objects and a library of one's own")
        compile(folder, "-o", "tls", "tls.c")
        points.equal(run(os.path.join(folder, "tls")), ("5\n", 0), "a thread-local variable")
        compile(folder, "-Wall", "-Wextra", "-Werror", "-o", "formats", "formats.c")
        points.equal(run(os.path.join(folder, "formats")), ("100644 0 0 1\n", 0), "ids and modes are unsigned int")
        compile(folder, "-std=c99", "-Wall", "-Werror", "-o", "integers", "integers.c")
        points.equal(run(os.path.join(folder, "integers")), ("77777777777 2 3 18446744073709551615 5\n", 0),
                     "the formats of <inttypes.h>")
    return points.end()


sys.exit(main())
