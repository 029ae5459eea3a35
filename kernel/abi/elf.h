/*
 * elf.h - how an ELF file of 32 bits begins: its header, and the segments that are mapped to run it (System V ABI,
 * chapters 4 and 5).
 */
#pragma once

#include <stdint.h>

#define ET_EXEC 2
#define EM_ARM 40
#define PT_LOAD 1
#define PT_INTERP 3
#define PF_X 1
#define PF_W 2
#define PF_R 4

struct elf_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version, entry, segments_offset, sections_offset, flags;
    uint16_t header_size, segment_size, segment_count, section_size, section_count, names_index;
};

struct elf_segment {
    uint32_t type, offset, address, physical, file_size, memory_size, flags, align;
};
