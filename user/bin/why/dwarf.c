/*
 * dwarf.c - reading .debug_line ("DWARF Debugging Information Format", version 5, section 6.2).
 *
 * The section is a row of units, one for each source file that was compiled.  A unit has a header, with the names of
 * its files, and a program for a small machine, which makes a table of addresses, each with its file and line, in
 * order.  The program is run until the address asked for lies between two rows.
 */
#include "dwarf.h"

#include <stdio.h>
#include <string.h>

enum { form_data2 = 0x05, form_data4, form_string = 0x08, form_block, form_data1 = 0x0b, form_strp = 0x0e };
enum { form_udata = 0x0f, form_data16 = 0x1e, form_line_strp };
enum { content_path = 1, content_directory };
enum { op_extended, op_copy, op_advance_pc, op_advance_line, op_set_file, op_const_add_pc = 8, op_fixed_advance_pc };
enum { extended_end_sequence = 1, extended_set_address };
enum { formats_max = 8 };

struct unit {
    struct bytes line_strings, strings;
    unsigned version;
    unsigned minimum, opcode_base, line_range;
    int line_base;
    const uint8_t *operands; /* how many each standard opcode has */
    struct bytes directories, files, program;
    unsigned formats[formats_max][2], format_count; /* of `files`, version 5: content and form */
    unsigned directory_formats[formats_max][2], directory_format_count;
};

uint32_t bytes_get(struct bytes *bytes, unsigned size)
{
    uint32_t value = 0;

    if (bytes->end - bytes->at < (ptrdiff_t)size) {
        bytes->at = bytes->end;
        return 0;
    }
    for (unsigned i = 0; i < size && i < 4; i++)
        value |= (uint32_t)bytes->at[i] << 8 * i;
    bytes->at += size;
    return value;
}

int32_t bytes_get_leb(struct bytes *bytes, bool is_signed)
{
    uint32_t value = 0, byte;
    unsigned shift = 0;

    do {
        byte = bytes_get(bytes, 1);
        if (shift < 32)
            value |= (byte & 127) << shift;
        shift += 7;
    } while (byte & 128);
    if (is_signed && byte & 64 && shift < 32)
        value |= ~0u << shift;
    return (int32_t)value;
}

const char *bytes_get_string(struct bytes *bytes)
{
    const char *text = (const char *)bytes->at;
    const uint8_t *end = memchr(bytes->at, '\0', (size_t)(bytes->end - bytes->at));

    bytes->at = end ? end + 1 : bytes->end;
    return end ? text : "";
}

static const char *string_at(struct bytes section, uint32_t offset)
{
    bytes_get(&section, offset);
    return bytes_get_string(&section);
}

/* A value of that form: a text or a number. */
static uint32_t get_form(struct unit *unit, struct bytes *bytes, unsigned form, const char **text)
{
    switch (form) {
    case form_string:
        *text = bytes_get_string(bytes);
        return 0;
    case form_line_strp:
        *text = string_at(unit->line_strings, bytes_get(bytes, 4));
        return 0;
    case form_strp:
        *text = string_at(unit->strings, bytes_get(bytes, 4));
        return 0;
    case form_data1:
        return bytes_get(bytes, 1);
    case form_data2:
        return bytes_get(bytes, 2);
    case form_data4:
        return bytes_get(bytes, 4);
    case form_data16:
        return bytes_get(bytes, 16);
    case form_block:
        return bytes_get(bytes, (unsigned)bytes_get_leb(bytes, false));
    default:
        return (uint32_t)bytes_get_leb(bytes, false);
    }
}

/* One entry of a table of version 5: its path, and the number of its directory. */
static const char *get_entry(struct unit *unit, struct bytes *bytes, unsigned formats[][2], unsigned count,
                             uint32_t *directory)
{
    const char *path = "", *text;

    for (unsigned i = 0; i < count; i++) {
        uint32_t value;

        text = "";
        value = get_form(unit, bytes, formats[i][1], &text);
        if (formats[i][0] == content_path)
            path = text;
        else if (formats[i][0] == content_directory && directory)
            *directory = value;
    }
    return path;
}

static unsigned get_formats(struct bytes *bytes, unsigned formats[][2])
{
    unsigned count = bytes_get(bytes, 1);

    for (unsigned i = 0; i < count; i++) {
        unsigned content = (unsigned)bytes_get_leb(bytes, false), form = (unsigned)bytes_get_leb(bytes, false);

        if (i < formats_max) {
            formats[i][0] = content;
            formats[i][1] = form;
        }
    }
    return count < formats_max ? count : formats_max;
}

static void read_tables(struct unit *unit, struct bytes header)
{
    unit->directories = header;
    if (unit->version >= 5) {
        unit->directory_format_count = get_formats(&header, unit->directory_formats);
        unit->directories = header;
        for (int32_t left = bytes_get_leb(&header, false); left > 0 && header.at < header.end; left--)
            get_entry(unit, &header, unit->directory_formats, unit->directory_format_count, NULL);
        unit->format_count = get_formats(&header, unit->formats);
    } else {
        while (*bytes_get_string(&header))
            continue;
    }
    unit->files = header;
}

/* Takes the next unit off the section.  False: there is none that can be read. */
static bool next_unit(struct bytes *section, struct unit *unit)
{
    struct bytes header = {section->at, section->end};
    uint32_t length = bytes_get(&header, 4), to_program;

    if (length == 0 || length > (uint32_t)(header.end - header.at))
        return false;
    header.end = section->at = header.at + length;
    unit->version = bytes_get(&header, 2);
    if (unit->version >= 5)
        bytes_get(&header, 2); /* sizes of an address and of a segment's number */
    to_program = bytes_get(&header, 4);
    if (unit->version < 2 || unit->version > 5 || to_program > (uint32_t)(header.end - header.at))
        return false;
    unit->program = (struct bytes){header.at + to_program, header.end};
    header.end = unit->program.at;
    unit->minimum = bytes_get(&header, 1);
    bytes_get(&header, unit->version >= 4 ? 2 : 1); /* operations in one instruction; is a row a statement's begin? */
    unit->line_base = (int8_t)bytes_get(&header, 1);
    unit->line_range = bytes_get(&header, 1);
    unit->opcode_base = bytes_get(&header, 1);
    unit->operands = header.at;
    bytes_get(&header, unit->opcode_base - 1);
    read_tables(unit, header);
    return unit->line_range != 0 && header.at < header.end; /* the header holds all operands */
}

static const char *directory_name(struct unit *unit, uint32_t number)
{
    struct bytes table = unit->directories;
    const char *name = "";

    if (unit->version < 5) {
        for (; number > 0 && table.at < table.end; number--)
            name = bytes_get_string(&table);
        return name;
    }
    bytes_get_leb(&table, false);
    for (uint32_t i = 0; i <= number && table.at < table.end; i++)
        name = get_entry(unit, &table, unit->directory_formats, unit->directory_format_count, NULL);
    return name;
}

static void name_file(struct unit *unit, uint32_t number, char *path, size_t size)
{
    struct bytes table = unit->files;
    uint32_t directory = 0;
    const char *name = "", *folder;

    if (unit->version >= 5) {
        bytes_get_leb(&table, false);
        for (uint32_t i = 0; i <= number && table.at < table.end; i++)
            name = get_entry(unit, &table, unit->formats, unit->format_count, &directory);
    } else {
        for (; number > 0 && table.at < table.end; number--) {
            name = bytes_get_string(&table);
            directory = (uint32_t)bytes_get_leb(&table, false);
            bytes_get_leb(&table, false);
            bytes_get_leb(&table, false);
        }
    }
    folder = *name == '/' ? "" : directory_name(unit, directory);
    snprintf(path, size, "%s%s%s", folder, *folder ? "/" : "", name);
}

struct row {
    uint32_t address, file;
    unsigned line;
    bool valid; /* there was a row before in this sequence */
};

/* One step of the unit's program.  True: it made a row. */
static bool step(const struct unit *unit, struct bytes *program, struct row *row, bool *ends)
{
    unsigned opcode = bytes_get(program, 1);

    if (opcode >= unit->opcode_base) {
        unsigned advance = opcode - unit->opcode_base;

        row->address += advance / unit->line_range * unit->minimum;
        row->line += (unsigned)(unit->line_base + (int)(advance % unit->line_range));
        return true;
    }
    if (opcode == op_extended) {
        uint32_t length = (uint32_t)bytes_get_leb(program, false);
        struct bytes rest = *program;
        unsigned extended = bytes_get(&rest, 1);

        bytes_get(program, length);
        if (extended == extended_set_address)
            row->address = bytes_get(&rest, 4);
        return *ends = extended == extended_end_sequence;
    }
    if (opcode == op_advance_pc)
        row->address += (uint32_t)bytes_get_leb(program, false) * unit->minimum;
    else if (opcode == op_advance_line)
        row->line += (unsigned)bytes_get_leb(program, true);
    else if (opcode == op_set_file)
        row->file = (uint32_t)bytes_get_leb(program, false);
    else if (opcode == op_const_add_pc)
        row->address += (255 - unit->opcode_base) / unit->line_range * unit->minimum;
    else if (opcode == op_fixed_advance_pc)
        row->address += bytes_get(program, 2);
    else
        for (unsigned i = unit->operands[opcode - 1]; i > 0; i--)
            bytes_get_leb(program, false);
    return opcode == op_copy;
}

/* The row whose addresses begin at or before the one asked for. */
static bool find_row(const struct unit *unit, uint32_t address, struct row *found)
{
    static const struct row start = {.file = 1, .line = 1};
    struct bytes program = unit->program;
    struct row row = start, before = start;

    while (program.at < program.end) {
        bool ends = false;

        if (!step(unit, &program, &row, &ends))
            continue;
        if (before.valid && before.address <= address && address < row.address) {
            *found = before;
            return true;
        }
        before = ends ? start : row;
        before.valid = !ends;
        if (ends)
            row = start;
    }
    return false;
}

bool dwarf_line(struct bytes lines, struct bytes line_strings, struct bytes strings, uint32_t address,
                struct source_line *found)
{
    struct unit unit = {.line_strings = line_strings, .strings = strings};
    struct row row;

    while (next_unit(&lines, &unit))
        if (find_row(&unit, address, &row)) {
            name_file(&unit, row.file, found->path, sizeof found->path);
            found->line = row.line;
            return true;
        }
    return false;
}
