/*
 * makecontext.c - a context that begins with a call of a function, on a stack of its own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

#define IS(offset, value) _Static_assert((offset) == (value), "context.S")
IS(offsetof(ucontext_t, uc_link), 4);
IS(offsetof(ucontext_t, uc_mcontext.arm_r0), 32);
IS(offsetof(ucontext_t, uc_mcontext.arm_r4), 48);
IS(offsetof(ucontext_t, uc_mcontext.arm_sp), 84);
IS(offsetof(ucontext_t, uc_mcontext.arm_lr), 88);
IS(offsetof(ucontext_t, uc_mcontext.arm_pc), 92);
IS(offsetof(ucontext_t, uc_mcontext.arm_cpsr), 96);
IS(offsetof(ucontext_t, uc_sigmask), 104);
IS(offsetof(ucontext_t, uc_regspace), 232);
IS(sizeof(struct abi_vfp_frame), 288);
IS(ABI_VFP_MAGIC, 0x56465001);
IS(SIG_BLOCK, 0);
IS(SIG_SETMASK, 2);

#define PSR_USER 0x10
#define PSR_THUMB 0x20

void __context_return(void);
void __context_end(const ucontext_t *link);

/* The function has returned: go on with uc_link; without one the process ends. */
void __context_end(const ucontext_t *link)
{
    if (link != NULL)
        setcontext(link);
    exit(0);
}

/* The first four arguments go into registers, the others onto the stack, as the procedure call standard has it. */
void makecontext(ucontext_t *context, void (*function)(void), int count, ...)
{
    uintptr_t stack = (uintptr_t)context->uc_stack.ss_sp + context->uc_stack.ss_size;
    unsigned on_stack = count > 4 ? count - 4 : 0;
    unsigned *words = (unsigned *)((stack - on_stack * sizeof *words) & ~(uintptr_t)7);
    mcontext_t *m = &context->uc_mcontext;
    unsigned long *registers = &m->arm_r0;
    va_list arguments;

    va_start(arguments, count);
    for (int i = 0; i < count; i++) {
        if (i < 4)
            registers[i] = va_arg(arguments, unsigned);
        else
            words[i - 4] = va_arg(arguments, unsigned);
    }
    va_end(arguments);
    m->arm_sp = (uintptr_t)words;
    m->arm_pc = (uintptr_t)function & ~1ul;
    m->arm_cpsr = (uintptr_t)function & 1 ? PSR_USER | PSR_THUMB : PSR_USER;
    m->arm_lr = (uintptr_t)__context_return;
    m->arm_r4 = (uintptr_t)context->uc_link;
}
