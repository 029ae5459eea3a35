/*
 * exec_strings.c - argv and envp on their way from the old space to the new one.
 *
 * Strings are copied once into a block of pages, one behind another as they will stand on the new stack, and from
 * there in one piece to that stack.  The block starts with one page and doubles up to EXEC_STRINGS_MAX.
 */
#include <proc/exec.h>

static uint32_t capacity(const struct exec_strings *strings)
{
    return PAGE_SIZE << strings->order;
}

/* The offset words, counted from the end. */
static uint32_t *offset_word(const struct exec_strings *strings, unsigned n)
{
    return (uint32_t *)(strings->bytes + capacity(strings)) - 1 - n;
}

uint32_t strings_offset(const struct exec_strings *strings, unsigned n)
{
    return *offset_word(strings, n);
}

int strings_init(struct exec_strings *strings)
{
    struct page *page = page_alloc(0, PAGE_KERNEL);

    *strings = (struct exec_strings){.bytes = page != NULL ? page_address(page) : NULL};
    return page != NULL ? 0 : -ENOMEM;
}

void strings_free(struct exec_strings *strings)
{
    if (strings->bytes != NULL)
        page_put(page_of(strings->bytes));
    strings->bytes = NULL;
}

/* Bytes that one more string may have, with its 0 byte. */
static uint32_t room(const struct exec_strings *strings)
{
    uint32_t taken = strings->used + (strings->count + 1) * sizeof(uint32_t);

    return taken < capacity(strings) ? capacity(strings) - taken : 0;
}

static int grow(struct exec_strings *strings)
{
    struct exec_strings larger = *strings;
    struct page *page;

    if (capacity(strings) >= EXEC_STRINGS_MAX)
        return -E2BIG; /* POSIX exec: E2BIG */
    larger.order++;
    page = page_alloc(larger.order, PAGE_KERNEL);
    if (page == NULL)
        return -ENOMEM;
    larger.bytes = page_address(page);
    memcpy(larger.bytes, strings->bytes, strings->used);
    memcpy(offset_word(&larger, strings->count) + 1, offset_word(strings, strings->count) + 1,
           strings->count * sizeof(uint32_t));
    strings_free(strings);
    *strings = larger;
    return 0;
}

/* `size` bytes have been put behind the others. */
static void commit(struct exec_strings *strings, uint32_t size)
{
    *offset_word(strings, strings->count++) = strings->used;
    strings->used += size;
}

int strings_add(struct exec_strings *strings, const char *string)
{
    uint32_t size = strlen(string) + 1;

    while (size > room(strings)) {
        int error = grow(strings);

        if (error < 0)
            return error;
    }
    memcpy(strings->bytes + strings->used, string, size);
    commit(strings, size);
    return 0;
}

static int add_user(struct exec_strings *strings, uaddr_t string)
{
    for (;;) {
        long length = copy_string_from_user(strings->bytes + strings->used, string, room(strings));
        int error;

        if (length >= 0) {
            commit(strings, (uint32_t)length + 1);
            return 0;
        }
        if (length != -ENAMETOOLONG)
            return (int)length;
        error = grow(strings);
        if (error < 0)
            return error;
    }
}

int strings_add_vector(struct exec_strings *strings, uaddr_t vector, unsigned first)
{
    if (vector == 0)
        return 0; /* as Linux: no vector is an empty one */
    if (vector & 3)
        return -EFAULT;
    for (unsigned i = 0;; i++) {
        uint32_t string;
        int error = user_load_word(vector + i * 4, &string);

        if (error < 0 || string == 0)
            return error;
        if (i < first)
            continue;
        error = add_user(strings, string);
        if (error < 0)
            return error;
    }
}
