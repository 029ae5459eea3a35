/*
 * elf.c - ELF executables (System V ABI, chapter 5; ELF for the Arm Architecture): checked, then mapped.
 *
 * A program is a 32-bit little-endian ARM file of type ET_EXEC with nothing to be linked at run time.  Each PT_LOAD
 * segment becomes a private mapping of the file's pages - which all who run the program share until they write - and,
 * where it is longer in memory than in the file, pages of zeros behind it.
 *
 * Nothing in the file is trusted.  Segments come in rising order and do not share a page (the ELF specification asks
 * for the order, our link script for the pages); one that is both writable and executable is refused.
 *
 * Left out on purpose: interpreters (dynamic linking), position-independent programs.
 */
#include <abi/elf.h>
#include <fs/path.h>
#include <proc/exec.h>

#define SEGMENTS_MAX 16

/* What a page of a segment has behind the file's bytes.  Never written; in bss it costs the image nothing. */
static uint8_t zeros[PAGE_SIZE];

static bool header_ok(const struct elf_header *h)
{
    static const uint8_t ident[7] = {0x7f, 'E', 'L', 'F', 1 /* 32-bit */, 1 /* little-endian */, 1};

    return memcmp(h->ident, ident, sizeof(ident)) == 0 && h->type == ET_EXEC && h->machine == EM_ARM &&
           h->segment_size == sizeof(struct elf_segment) && h->segment_count > 0 && h->segment_count <= SEGMENTS_MAX;
}

/* A PT_LOAD segment that can be mapped behind `end`. */
static bool segment_ok(const struct elf_segment *s, uaddr_t end)
{
    if (s->file_size > s->memory_size || s->offset + s->file_size < s->offset)
        return false;
    if ((s->address & (PAGE_SIZE - 1)) != (s->offset & (PAGE_SIZE - 1)))
        return false;
    if ((s->flags & (PF_W | PF_X)) == (PF_W | PF_X))
        return false;
    return s->address >= USER_BASE && s->address >= end && s->address < USER_MAP_TOP &&
           s->memory_size <= USER_MAP_TOP - s->address;
}

static unsigned segment_prot(const struct elf_segment *s)
{
    return (s->flags & PF_R ? PROT_READ : 0) | (s->flags & PF_W ? PROT_WRITE : 0) | (s->flags & PF_X ? PROT_EXEC : 0);
}

/* The part of a segment that the file gives, and zeros to the end of its last page where more is wanted. */
static long map_file_part(struct space *space, struct inode *inode, const struct elf_segment *s)
{
    uaddr_t start = s->address & PAGE_MASK, end = s->address + s->file_size;
    struct backing backing;
    long result = inode_backing(inode, &backing);

    if (result < 0)
        return result;
    result = space_map(space, start, PAGE_UP(end) - start, segment_prot(s), MAP_PRIVATE | MAP_FIXED, backing,
                       s->offset >> PAGE_SHIFT);
    if (result < 0 || s->memory_size == s->file_size || end == PAGE_UP(end))
        return result;
    return space_access(space, end, (void *)zeros, PAGE_UP(end) - end, true);
}

static long map_zero_part(struct space *space, const struct elf_segment *s)
{
    static const struct backing anonymous;
    uaddr_t start = s->file_size == 0 ? s->address & PAGE_MASK : PAGE_UP(s->address + s->file_size);
    uaddr_t end = PAGE_UP(s->address + s->memory_size);

    if (end <= start)
        return 0;
    return space_map(space, start, end - start, segment_prot(s), MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, anonymous, 0);
}

static long map_segment(struct space *space, struct inode *inode, const struct elf_segment *s)
{
    long result = s->file_size > 0 ? map_file_part(space, inode, s) : 0;

    return result < 0 ? result : map_zero_part(space, s);
}

/* Where the program will find its own headers, if the segment holds them. */
static void find_headers(const struct elf_header *h, const struct elf_segment *s, struct program *program)
{
    uint32_t size = h->segment_count * (uint32_t)sizeof(*s);

    if (h->segments_offset >= s->offset && h->segments_offset - s->offset <= s->file_size &&
        size <= s->file_size - (h->segments_offset - s->offset))
        program->headers = s->address + (h->segments_offset - s->offset);
}

static int load_segments(struct inode *inode, struct space *space, const struct elf_header *h,
                         const struct elf_segment *segments, struct program *program)
{
    for (unsigned i = 0; i < h->segment_count; i++) {
        const struct elf_segment *s = &segments[i];
        long result;

        if (s->type == PT_INTERP)
            return -ENOEXEC;
        if (s->type != PT_LOAD || s->memory_size == 0)
            continue;
        if (!segment_ok(s, program->end))
            return -ENOEXEC;
        result = map_segment(space, inode, s);
        if (result < 0)
            return result == -ENOMEM ? -ENOMEM : -ENOEXEC;
        find_headers(h, s, program);
        program->end = PAGE_UP(s->address + s->memory_size);
    }
    return program->entry < program->end ? 0 : -ENOEXEC;
}

int elf_load(struct inode *inode, struct space *space, struct program *program)
{
    struct elf_segment segments[SEGMENTS_MAX];
    struct elf_header header;
    uint32_t size;
    long n = inode_read(inode, 0, &header, sizeof(header));

    if (n < 0)
        return (int)n;
    if (n < (long)sizeof(header) || !header_ok(&header))
        return -ENOEXEC; /* POSIX exec: ENOEXEC */
    size = header.segment_count * (uint32_t)sizeof(segments[0]);
    n = inode_read(inode, header.segments_offset, segments, size);
    if (n != (long)size)
        return n < 0 ? (int)n : -ENOEXEC;
    *program = (struct program){.entry = header.entry, .header_count = header.segment_count};
    return load_segments(inode, space, &header, segments, program);
}
