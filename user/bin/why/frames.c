/*
 * frames.c - reading .debug_frame ("DWARF Debugging Information Format", version 5, section 6.4).
 *
 * The section has an entry for each function, with a program for a small machine: for each of the function's addresses
 * it tells by which register the end of its frame is found, and where registers of the caller's were put.  How such
 * programs begin stands once, in an entry that they have in common.
 *
 * Left out on purpose: frames that are found by another register than sp, as those of functions with an array of
 * variable size are.
 */
#include "dwarf.h"

enum { register_sp = 13, register_lr = 14, kept_max = 8 };
enum { op_advance = 0x40, op_offset = 0x80, op_restore = 0xc0 }; /* with a number in the lower bits */
enum { op_nop, op_set, op_advance1, op_advance2, op_advance4, op_offset_extended, op_restore_extended, op_undefined };
enum { op_same = 8, op_register, op_remember, op_recall, op_frame, op_frame_register, op_frame_offset };

struct common {
    struct bytes program;
    uint32_t code_unit;
    int32_t data_unit;
};

struct machine {
    const struct common *common;
    uint32_t location;
    struct state {
        unsigned base;
        struct frame_rules rules;
    } now, kept[kept_max];
    unsigned kept_count;
};

/* Takes the next entry off the section.  False: there is none. */
static bool next_entry(struct bytes *section, struct bytes *entry)
{
    uint32_t length = bytes_get(section, 4);

    *entry = *section;
    bytes_get(section, length);
    entry->end = section->at;
    return entry->at < entry->end;
}

/* The entry that lies so far into the section, if it is one that others have in common. */
static bool read_common(struct bytes section, uint32_t offset, struct common *common)
{
    struct bytes *entry = &common->program;
    unsigned version;

    bytes_get(&section, offset);
    if (!next_entry(&section, entry) || bytes_get(entry, 4) != ~0u)
        return false;
    version = bytes_get(entry, 1);
    if (*bytes_get_string(entry) != '\0')
        return false; /* an extension */
    if (version >= 4)
        bytes_get(entry, 2); /* sizes of an address and of a segment's number */
    common->code_unit = (uint32_t)bytes_get_leb(entry, false);
    common->data_unit = bytes_get_leb(entry, true);
    bytes_get(entry, 1); /* the register that the return address has */
    return true;
}

static void put(struct machine *machine, unsigned number, uint32_t units)
{
    if (number == register_lr) {
        machine->now.rules.saved = true;
        machine->now.rules.return_offset = (int32_t)units * machine->common->data_unit;
    }
}

static void restore(struct machine *machine, unsigned number)
{
    if (number == register_lr)
        machine->now.rules.saved = false;
}

/* The operations that have no number in the lower bits.  False: not one of those that gcc makes for ARM. */
static bool step_plain(struct machine *machine, struct bytes *program, unsigned operation)
{
    struct state *now = &machine->now;
    unsigned number;

    switch (operation) {
    case op_nop:
        return true;
    case op_set:
        machine->location = bytes_get(program, 4);
        return true;
    case op_advance1:
    case op_advance2:
    case op_advance4:
        machine->location += bytes_get(program, 1u << (operation - op_advance1)) * machine->common->code_unit;
        return true;
    case op_offset_extended:
        number = (unsigned)bytes_get_leb(program, false);
        put(machine, number, (uint32_t)bytes_get_leb(program, false));
        return true;
    case op_restore_extended:
    case op_undefined:
    case op_same:
        restore(machine, (unsigned)bytes_get_leb(program, false));
        return true;
    case op_remember:
        if (machine->kept_count < kept_max)
            machine->kept[machine->kept_count++] = *now;
        return true;
    case op_recall:
        if (machine->kept_count > 0)
            *now = machine->kept[--machine->kept_count];
        return true;
    case op_frame:
    case op_frame_register:
        now->base = (unsigned)bytes_get_leb(program, false);
        if (operation == op_frame_register)
            return true;
        /* fall through */
    case op_frame_offset:
        now->rules.size = bytes_get_leb(program, false);
        return true;
    }
    return false;
}

/* The program up to the instruction at an address. */
static bool run(struct machine *machine, struct bytes program, uint32_t address)
{
    while (program.at < program.end && machine->location <= address) {
        unsigned operation = bytes_get(&program, 1), number = operation & 63;

        if ((operation & 0xc0) == op_offset)
            put(machine, number, (uint32_t)bytes_get_leb(&program, false));
        else if ((operation & 0xc0) == op_restore)
            restore(machine, number);
        else if ((operation & 0xc0) == op_advance)
            machine->location += number * machine->common->code_unit;
        else if (!step_plain(machine, &program, operation))
            return false;
    }
    return true;
}

bool frame_find(struct bytes frames, uint32_t address, struct frame_rules *rules)
{
    struct bytes rest = frames, entry;
    struct common common;

    while (next_entry(&rest, &entry)) {
        uint32_t offset = bytes_get(&entry, 4), start = bytes_get(&entry, 4), size = bytes_get(&entry, 4);
        struct machine machine = {.common = &common, .location = start};

        if (offset == ~0u || address - start >= size || !read_common(frames, offset, &common))
            continue;
        if (!run(&machine, common.program, address) || !run(&machine, entry, address) ||
            machine.now.base != register_sp)
            return false;
        *rules = machine.now.rules;
        return true;
    }
    return false;
}
