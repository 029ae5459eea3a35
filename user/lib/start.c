/*
 * start.c - from the stack that exec made to main().
 *
 * The main thread's TLS block lies in .bss, where linker/user.ld reserves it: eight bytes for the thread control block,
 * which the ABI leaves to us, then the thread-local variables (.tdata copied, .tbss zero).  Other threads get blocks of
 * the same shape.
 */
#include "libc.h"
#include <string.h>

extern char __tls_image[], __tls_image_size[], __tls_offset[], __main_tls[];
extern void (*__preinit_array_start[])(int, char **, char **), (*__preinit_array_end[])(int, char **, char **);
extern void (*__init_array_start[])(int, char **, char **), (*__init_array_end[])(int, char **, char **);

int main(int argc, char **argv, char **envp);
void __libc_start(uintptr_t *words);

char **environ;
uintptr_t *__exec_words;

static void tls_start(void)
{
    if ((size_t)__tls_image_size != 0)
        memcpy(__main_tls + (size_t)__tls_offset, __tls_image, (size_t)__tls_image_size);
    __set_tls(__main_tls);
    __reent_start_main();
}

static void run_constructors(int argc, char **argv)
{
    void (**f)(int, char **, char **);

    for (f = __preinit_array_start; f < __preinit_array_end; f++)
        (*f)(argc, argv, environ);
    for (f = __init_array_start; f < __init_array_end; f++)
        (*f)(argc, argv, environ);
}

/* `words` is the stack as exec left it (crt0.S).  Does not return. */
void __libc_start(uintptr_t *words)
{
    int argc = words[0];
    char **argv = (char **)(words + 1);

    __exec_words = words;
    environ = argv + argc + 1;
    tls_start();
    run_constructors(argc, argv);
    exit(main(argc, argv, environ));
}
