/*
 * unwind.c - backtraces from the unwind tables of the ARM EABI ("Exception Handling ABI for the ARM Architecture",
 * sections 5 to 9), which gcc makes with -funwind-tables.  They cost the code not one instruction.
 *
 * The index has two words for each function, in address order: where it begins, and either a few unwinding
 * instructions, or where more of them are, or that nobody unwinds past it.  The instructions say how to get from the
 * registers in the middle of the function to those of its caller.
 *
 * The table of names is made from the kernel's own symbols after a first link (tools/ksyms) and linked in by a second
 * one.
 *
 * Nothing is trusted: the stack is read only between where it stood and its end, so a wrong table ends a backtrace and
 * not the kernel.
 */
#include <arch/offsets.h>
#include <core/log.h>

#define SP 13
#define LR 14
#define PC 15

#define INDEX_CANNOT_UNWIND 1u
#define COMPACT 0x80000000u

#define FRAMES_MAX 32

struct unwind_entry {
    uint32_t function; /* prel31 */
    uint32_t content;
};

struct unwind {
    uint32_t r[16];
    uint32_t stack_end;
    const uint32_t *word; /* where the unwinding instructions come from, most significant byte first */
    unsigned byte, bytes; /* the next one in *word, and how many are left in all */
    bool failed;
};

extern const struct unwind_entry exidx_start[], exidx_end[];
extern const char kernel_start[], text_end[];

/* The names of the kernel's functions, by tools/ksyms. */
extern const uint32_t ksym_count;
extern const uint32_t ksym_address[]; /* ascending */
extern const uint32_t ksym_name_offset[];
extern const char ksym_names[];

/* What compiled code refers to, to say which unwinder it wants; there is only this one. */
void __aeabi_unwind_cpp_pr0(void);
void __aeabi_unwind_cpp_pr1(void);
void __aeabi_unwind_cpp_pr2(void);

void __aeabi_unwind_cpp_pr0(void) {}

void __aeabi_unwind_cpp_pr1(void) {}

void __aeabi_unwind_cpp_pr2(void) {}

/* A 31-bit offset from its own place. */
static uint32_t prel31(const uint32_t *place)
{
    return (uint32_t)place + (uint32_t)((int32_t)(*place << 1) >> 1);
}

/* The entry of the function around `address`, or NULL. */
static const struct unwind_entry *index_find(uint32_t address)
{
    const struct unwind_entry *low = exidx_start, *high = exidx_end;

    if (low == high || address < (uint32_t)kernel_start || address >= (uint32_t)text_end)
        return NULL;
    while (high - low > 1) {
        const struct unwind_entry *middle = low + (high - low) / 2;

        if (prel31(&middle->function) <= address)
            low = middle;
        else
            high = middle;
    }
    return prel31(&low->function) <= address ? low : NULL;
}

/* Set up to read the entry's unwinding instructions.  False: it has none. */
static bool unwind_open(struct unwind *u, const struct unwind_entry *entry)
{
    if (entry->content == INDEX_CANNOT_UNWIND)
        return false;
    u->word = entry->content & COMPACT ? &entry->content : (const uint32_t *)prel31(&entry->content);
    if (!(*u->word & COMPACT)) /* a personality routine of its own: not in a kernel in C */
        return false;
    if ((*u->word >> 24 & 15) == 0) {
        u->byte = 1;
        u->bytes = 3;
    } else {
        u->byte = 2;
        u->bytes = 2 + 4 * (*u->word >> 16 & 255);
    }
    return true;
}

#define FINISH 0xb0

static uint8_t next_byte(struct unwind *u)
{
    if (u->bytes == 0)
        return FINISH;
    uint8_t value = *u->word >> (24 - 8 * u->byte);

    u->bytes--;
    if (++u->byte == 4) {
        u->byte = 0;
        u->word++;
    }
    return value;
}

/* Pop the registers whose bits are set. */
static void unwind_pop(struct unwind *u, uint32_t registers)
{
    uint32_t sp = u->r[SP];

    for (unsigned i = 0; i < 16; i++) {
        if (!(registers & 1u << i))
            continue;
        if (sp % 4 != 0 || sp >= u->stack_end) {
            u->failed = true;
            return;
        }
        u->r[i] = *(const uint32_t *)sp;
        sp += 4;
    }
    if (!(registers & 1u << SP))
        u->r[SP] = sp;
}

static uint32_t next_uleb128(struct unwind *u)
{
    uint32_t value = 0;
    unsigned shift = 0;
    uint8_t byte;

    do {
        byte = next_byte(u);
        value |= (byte & 0x7fu) << shift;
        shift += 7;
    } while (byte & 0x80 && shift < 28);
    return value;
}

/* Obey one unwinding instruction (table 4 of the ABI). */
static void unwind_step(struct unwind *u, uint8_t code)
{
    if (code < 0x40) {
        u->r[SP] += (code & 0x3f) * 4 + 4;
    } else if (code < 0x80) {
        u->r[SP] -= (code & 0x3f) * 4 + 4;
    } else if (code < 0x90) {
        uint32_t registers = (code & 15u) << 8 | next_byte(u);

        u->failed = registers == 0;
        unwind_pop(u, registers << 4);
    } else if (code < 0xa0) {
        u->r[SP] = u->r[code & 15];
    } else if (code < 0xb0) {
        uint32_t registers = ((2u << (code & 7)) - 1) << 4;

        unwind_pop(u, registers | (code & 8 ? 1u << LR : 0));
    } else if (code == 0xb1) {
        unwind_pop(u, next_byte(u) & 15);
    } else if (code == 0xb2) {
        u->r[SP] += 0x204 + 4 * next_uleb128(u);
    } else { /* floating point registers: not in kernel code */
        u->failed = true;
    }
}

/* Go from the registers inside a function to those of its caller. */
static bool unwind_frame(struct unwind *u, bool exact)
{
    const struct unwind_entry *entry = index_find(u->r[PC] - (exact ? 0 : 4));
    uint32_t sp = u->r[SP];

    if (entry == NULL || !unwind_open(u, entry))
        return false;
    u->r[PC] = 0;
    u->failed = false;
    for (uint8_t code = next_byte(u); code != FINISH && !u->failed; code = next_byte(u))
        unwind_step(u, code);
    if (u->r[PC] == 0)
        u->r[PC] = u->r[LR];
    return !u->failed && u->r[SP] >= sp && u->r[SP] <= u->stack_end;
}

/* The name of the kernel function around `address` and the offset in it; "?" where there is none. */
static const char *symbol_name(uint32_t address, uint32_t *offset)
{
    uint32_t low = 0, high = ksym_count; /* the function sought begins in [low, high) */

    *offset = 0;
    if (address < (uint32_t)kernel_start || address >= (uint32_t)text_end || high == 0 || address < ksym_address[0])
        return "?";
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;

        if (ksym_address[middle] <= address)
            low = middle;
        else
            high = middle;
    }
    *offset = address - ksym_address[low];
    return ksym_names + ksym_name_offset[low];
}

/* Print the line of one function; false: there is none at `pc`. */
static bool frame_print(log_function *print, uint32_t pc, bool exact)
{
    uint32_t offset, back = exact ? 0 : 4;
    const char *name = symbol_name(pc - back, &offset);

    if (*name == '?')
        return false;
    print("    %08lx  %s+0x%lx", pc, name, offset + back);
    return true;
}

void backtrace_print(log_function *print, const uint32_t r[16], bool exact)
{
    struct unwind u;

    for (unsigned i = 0; i < 16; i++)
        u.r[i] = r[i];
    u.stack_end = (r[SP] | (KERNEL_STACK_SIZE - 1)) + 1;
    if (index_find(u.r[PC]) == NULL) { /* a jump into nowhere: its caller tells more */
        u.r[PC] = u.r[LR];
        exact = false;
    }
    for (unsigned n = 0; n < FRAMES_MAX && frame_print(print, u.r[PC], exact); n++) {
        uint32_t pc = u.r[PC], sp = u.r[SP];

        if (!unwind_frame(&u, exact) || (u.r[PC] == pc && u.r[SP] == sp))
            return;
        exact = false;
    }
}

void backtrace_print_here(log_function *print)
{
    uint32_t r[16];

    __asm__ volatile("stmia %0, {r0-r12}\n\t"
                     "str sp, [%0, #52]\n\t"
                     "str lr, [%0, #56]\n\t"
                     "str pc, [%0, #60]"
                     :
                     : "r"(r)
                     : "memory");
    backtrace_print(print, r, true);
}
