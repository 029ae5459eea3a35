/*
 * lines.c - where in its program a thread waits, as far as the program's file tells: a program that was not stripped
 * has names of functions and tables of lines.
 *
 * The call into the kernel is made in the C library; what is asked for is the call in the program that led there.  So
 * the frames on the stack are gone through, from the innermost on: the first function that lies in a file of the
 * program's own is it.  A function whose last act is the call may have no frame any more (gcc makes that call a jump):
 * then its caller is told.
 */
#include <abi/elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/util.h"
#include "dwarf.h"
#include "why.h"

enum { frames_max = 64 };

#define SHF_EXECINSTR 4
#define STT_OBJECT 1
#define STT_FUNC 2

struct elf_section {
    uint32_t name, type, flags, address, offset, size, link, info, align, entry_size;
};

struct elf_symbol {
    uint32_t name, value, size;
    uint8_t info, other;
    uint16_t section;
};

static struct bytes file; /* of the program looked at last */

static struct bytes part(uint32_t offset, uint32_t size)
{
    uint32_t all = (uint32_t)(file.end - file.at);

    if (offset > all || size > all - offset)
        return (struct bytes){file.at, file.at};
    return (struct bytes){file.at + offset, file.at + offset + size};
}

static const struct elf_section *sections(size_t *count)
{
    const struct elf_header *header = (const void *)file.at;
    struct bytes table = part(header->sections_offset, header->section_count * (uint32_t)sizeof(struct elf_section));

    *count = header->sections_offset % 4 == 0 ? (size_t)(table.end - table.at) / sizeof(struct elf_section) : 0;
    return (const void *)table.at;
}

static struct bytes section_named(const char *name)
{
    const struct elf_header *header = (const void *)file.at;
    size_t count;
    const struct elf_section *list = sections(&count);

    for (size_t i = 0; i < count && header->names_index < count; i++) {
        struct bytes text = part(list[header->names_index].offset + list[i].name, (uint32_t)strlen(name) + 1);

        if (text.at < text.end && memcmp(text.at, name, strlen(name) + 1) == 0)
            return part(list[i].offset, list[i].size);
    }
    return (struct bytes){file.at, file.at};
}

/* Has the file of the thread's program in reach. */
static bool open_program(const struct thread *thread)
{
    static int last;
    struct stat status;
    char path[32];
    int fd;

    if (last == thread->pid)
        return file.at != NULL;
    if (file.at)
        munmap((void *)file.at, (size_t)(file.end - file.at));
    file.at = NULL;
    last = thread->pid;
    snprintf(path, sizeof path, "/proc/%d/exe", thread->pid);
    fd = open(path, O_RDONLY);
    if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > (off_t)sizeof(struct elf_header)) {
        void *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

        if (map != MAP_FAILED)
            file = (struct bytes){map, (const uint8_t *)map + status.st_size};
    }
    if (fd >= 0)
        close(fd);
    return file.at != NULL;
}

/* The instruction at an address of the program's code; 0: there is none. */
static uint32_t instruction(uint32_t address)
{
    size_t count;
    const struct elf_section *list = sections(&count);
    uint32_t word;

    for (size_t i = 0; i < count; i++) {
        struct bytes at = part(list[i].offset + (address - list[i].address), 4);

        if (list[i].flags & SHF_EXECINSTR && address - list[i].address < list[i].size && at.at < at.end)
            return memcpy(&word, at.at, 4), word;
    }
    return 0;
}

/* Does a text with its 0 byte begin there? */
static bool is_string(struct bytes names, uint32_t offset)
{
    size_t size = (size_t)(names.end - names.at);

    return offset < size && memchr(names.at + offset, '\0', size - offset) != NULL;
}

/* The name of the function or variable around an address, or NULL; *offset is how far into it that is. */
static const char *symbol_at(uint32_t address, int kind, uint32_t *offset)
{
    struct bytes symbols = section_named(".symtab"), names = section_named(".strtab");
    const struct elf_symbol *list = (const void *)symbols.at;

    if ((uintptr_t)list % 4 != 0)
        return NULL;
    for (size_t i = 0; i < (size_t)(symbols.end - symbols.at) / sizeof *list; i++)
        if ((list[i].info & 15) == kind && address - list[i].value < list[i].size && is_string(names, list[i].name)) {
            *offset = address - list[i].value;
            return (const char *)names.at + list[i].name;
        }
    return NULL;
}

void name_variable(const struct thread *thread, uint32_t address, char *name, size_t size)
{
    uint32_t offset = 0;
    const char *symbol = thread->open && open_program(thread) ? symbol_at(address, STT_OBJECT, &offset) : NULL;

    if (!symbol)
        snprintf(name, size, "0x%lx", (unsigned long)address);
    else if (offset == 0)
        snprintf(name, size, "%s", symbol);
    else
        snprintf(name, size, "%s+%lu", symbol, (unsigned long)offset);
}

bool symbol_value(const struct thread *thread, const char *name, uint32_t *value)
{
    struct bytes symbols, names;
    const struct elf_symbol *list;

    if (!thread->open || !open_program(thread))
        return false;
    symbols = section_named(".symtab");
    names = section_named(".strtab");
    list = (const void *)symbols.at;
    for (size_t i = 0; (uintptr_t)list % 4 == 0 && i < (size_t)(symbols.end - symbols.at) / sizeof *list; i++)
        if (is_string(names, list[i].name) && strcmp((const char *)names.at + list[i].name, name) == 0)
            return *value = list[i].value, true;
    return false;
}

static bool is_library(const char *path)
{
    return strncmp(path, "user/lib/", 9) == 0 || strstr(path, "/user/lib/") || strstr(path, "newlib");
}

/* The function that the call before this address calls by its name (bl), or NULL. */
static const char *called_by(uint32_t address)
{
    uint32_t call = instruction(address - 4), offset;
    int32_t distance = (int32_t)(call << 8) >> 6;

    return (call & 0x0f000000) == 0x0b000000 ? symbol_at(address + 4 + (uint32_t)distance, STT_FUNC, &offset) : NULL;
}

/* A function's frame: the instruction before `pc` has called the next function, or the kernel. */
struct frame {
    uint32_t pc, sp;
};

/* From a frame to the caller's.  False: it is the outermost, or the way is not known. */
static bool step_out(const struct thread *thread, struct frame *frame)
{
    bool innermost = frame->pc == thread->call[call_pc];
    struct frame_rules rules;

    if (!frame_find(section_named(".debug_frame"), frame->pc - 4, &rules) || (!rules.saved && !innermost))
        return false;
    frame->sp += (uint32_t)rules.size;
    frame->pc = thread->lr;
    return !rules.saved || thread_memory(thread, frame->sp + (uint32_t)rules.return_offset, &frame->pc, 4);
}

/* The innermost frame. */
static struct frame frame_of(const struct thread *thread)
{
    return (struct frame){thread->call[call_pc], thread->call[call_sp]};
}

static const char *function_of(const struct frame *frame)
{
    uint32_t offset;

    return symbol_at(frame->pc - 4, STT_FUNC, &offset);
}

static bool is_name(const char *name, const char *wanted)
{
    return name && strcmp(name, wanted) == 0;
}

bool place_is_in(const struct thread *thread, const char *function)
{
    struct frame frame = frame_of(thread);
    unsigned count = 0;

    if (!thread->open || !open_program(thread))
        return false;
    do {
        if (is_name(function_of(&frame), function) || is_name(called_by(frame.pc), function))
            return true;
    } while (++count < frames_max && step_out(thread, &frame));
    return false;
}

/* "function (file:line), which called name" into `place` if the frame's function stands in a file of the program's. */
static bool place_frame(const struct frame *frame, char *place, size_t size)
{
    const char *name = function_of(frame), *called = called_by(frame->pc);
    struct source_line source;

    if (!dwarf_line(section_named(".debug_line"), section_named(".debug_line_str"), section_named(".debug_str"),
                    frame->pc - 4, &source) ||
        is_library(source.path))
        return false;
    snprintf(place, size, "%s (%s:%u)%s%s", name ? name : "?", util_basename(source.path), source.line,
             called ? ", which called " : "", called ? called : "");
    return true;
}

const char *place_of(const struct thread *thread)
{
    struct frame frame = frame_of(thread);
    static char place[160];
    unsigned count = 0;
    const char *name;

    *place = '\0';
    if (!thread->open || !*thread->reason || !open_program(thread))
        return place;
    do {
        if (place_frame(&frame, place, sizeof place))
            return place;
    } while (++count < frames_max && step_out(thread, &frame));
    frame = frame_of(thread);
    name = function_of(&frame);
    if (name)
        snprintf(place, sizeof place, "%s", name);
    return place;
}
