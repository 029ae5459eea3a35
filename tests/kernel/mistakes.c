/*
 * mistakes.c - a kernel that is wrong on purpose: one mistake of each kind that the checks of debug and sanitizer
 * builds shall find, and some that the hardware finds in any.
 *
 * The boot argument mistake=NAME makes one of them, before there is a process; mistake=list logs them all, each with
 * what the panic must say.  tests/tools/mistakes.py boots for each.  None of them does harm that is not found at once.
 */
#include <core/boot_info.h>
#include <core/log.h>
#include <core/sanitize.h>
#include <core/lock.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/page.h>

#define SANITIZED (SANITIZE_GAP > 0)

/* What the compiler cannot know, so that it neither warns nor leaves the mistake out. */
static volatile unsigned zero, four = 4, thirty_two = 32;
static volatile int largest = INT32_MAX;
static volatile uint32_t sink;

static struct spinlock outer = SPINLOCK_INIT("outer", RANK_OBJECT), inner = SPINLOCK_INIT("inner", RANK_FILES);
static struct mutex mutex = MUTEX_INIT(mutex, "mistake");
static uint32_t of_the_file[4], next_to_it[4];
static const uint32_t constant = 1;

static uint32_t *through(uint32_t *pointer)
{
    __asm__("" : "+r"(pointer));
    return pointer;
}

static void use_freed_object(void)
{
    uint32_t *object = kmalloc(64);

    kfree(object);
    sink = *through(object);
}

static void free_twice(void)
{
    uint32_t *object = kmalloc(64), *neighbour = kmalloc(64);

    kfree(object);
    kfree(through(object));
    sink = *neighbour;
}

static void write_behind_object(void)
{
    uint8_t *object = kmalloc(41);

    *(volatile uint8_t *)through((uint32_t *)(object + 41)) = 0;
}

static void copy_behind_object(void)
{
    memcpy(through(kmalloc(44)), of_the_file, 4 * four);
    memcpy(through(kmalloc(12)), of_the_file, 4 * four);
}

static void use_freed_page(void)
{
    struct page *page = page_alloc(0, PAGE_KERNEL);

    page_put(page);
    sink = *through(page_address(page));
}

static void put_page_twice(void)
{
    struct page *page = page_alloc(0, PAGE_KERNEL);

    page_put(page);
    page_put(page);
}

static void write_behind_variable(void)
{
    uint32_t variable[3] = {1, 2, 3};

    through(variable)[four - 1] = 0;
    sink = variable[zero];
}

static void use_out_of_scope(void)
{
    uint32_t *pointer = NULL;

    for (unsigned i = 0; i < four; i++) {
        uint32_t inside[4] = {i};

        pointer = through(inside);
    }
    sink = *pointer;
}

static void read_behind_file_variable(void)
{
    sink = *through(&of_the_file[zero] + four) + next_to_it[zero];
}

static void read_unaligned(void)
{
    sink = *through((uint32_t *)((uint8_t *)of_the_file + four / 2));
}

static void read_null(void)
{
    sink = *through((uint32_t *)zero);
}

static void overflow(void)
{
    sink = (uint32_t)(largest + (int)four);
}

static void shift_too_far(void)
{
    sink = four << thirty_two;
}

static void index_too_large(void)
{
    sink = of_the_file[four];
}

static void lock_out_of_order(void)
{
    spin_lock(&inner);
    spin_lock(&outer);
}

static void lock_twice(void)
{
    spin_lock(&outer);
    spin_lock(&outer);
}

static void unlock_free_lock(void)
{
    spin_unlock(&outer);
}

static void go_without_lock(void)
{
    debug_lock_held(&outer);
}

static void sleep_with_lock(void)
{
    spin_lock(&outer);
    mutex_lock(&mutex);
}

static void allocate_with_lock(void)
{
    spin_lock(&outer);
    kfree(kmalloc(64));
}

static void wrong_assertion(void)
{
    debug_assert(zero == four);
}

static unsigned recurse(unsigned depth)
{
    volatile unsigned frame[16] = {depth};

    return depth == (unsigned)largest ? 0 : recurse(depth + 1) + frame[zero];
}

static void overflow_stack(void)
{
    sink = recurse(0);
}

static void write_constant(void)
{
    *through((uint32_t *)&constant) = 0;
}

static void write_code(void)
{
    *(volatile uint32_t *)through((uint32_t *)write_code) = 0;
}

static void execute_data(void)
{
    next_to_it[0] = 0xe12fff1e; /* bx lr */
    ((void (*)(void))through(next_to_it))();
}

static const struct mistake {
    const char *name;
    void (*make)(void);
    bool found; /* by this build */
    const char *panic;
} mistakes[] = {
    {"use-freed-object", use_freed_object, SANITIZED, "read of 4 bytes at"},
    {"free-twice", free_twice, SANITIZED, "is freed twice"},
    {"write-behind-object", write_behind_object, SANITIZED, "behind an object"},
    {"copy-behind-object", copy_behind_object, SANITIZED, "write of 16 bytes at"},
    {"use-freed-page", use_freed_page, SANITIZED, "in a free page"},
    {"write-behind-variable", write_behind_variable, SANITIZED, "behind a function's variable"},
    {"use-out-of-scope", use_out_of_scope, SANITIZED, "in a variable that is out of scope"},
    {"read-behind-file-variable", read_behind_file_variable, SANITIZED, "behind a file's variable"},
    {"read-unaligned", read_unaligned, SANITIZED, "unaligned"},
    {"overflow", overflow, SANITIZED, "add_overflow at tests/kernel/mistakes.c"},
    {"shift-too-far", shift_too_far, SANITIZED, "shift_out_of_bounds at tests/kernel/mistakes.c"},
    {"index-too-large", index_too_large, SANITIZED, "out_of_bounds at tests/kernel/mistakes.c"},
    {"lock-out-of-order", lock_out_of_order, true, "lock outer (rank 2) taken while inner (rank 5) is held"},
    {"lock-twice", lock_twice, true, "lock outer: taken twice"},
    {"unlock-free-lock", unlock_free_lock, true, "lock outer: given up by a CPU that does not hold it"},
    {"go-without-lock", go_without_lock, true, "lock outer: expected to be held here"},
    {"sleep-with-lock", sleep_with_lock, true, "sleep or user memory with lock outer held"},
    {"allocate-with-lock", allocate_with_lock, true, "sleep or user memory with lock outer held"},
    {"wrong-assertion", wrong_assertion, true, "expected zero == four"},
    {"put-page-twice", put_page_twice, true, "expected page->references > 0"},
    {"read-null", read_null, true, SANITIZED ? "null pointer" : "access at address 00000000"},
    {"overflow-stack", overflow_stack, true, "kernel stack overflow"},
    {"write-constant", write_constant, true, "access at address"},
    {"write-code", write_code, true, "access at address"},
    {"execute-data", execute_data, true, "jump at address"},
};

void(debug_make_mistake)(void)
{
    char name[32];

    if (!boot_argument("mistake", name, sizeof name))
        return;
    for (const struct mistake *m = mistakes; m < mistakes + sizeof mistakes / sizeof mistakes[0]; m++) {
        if (strcmp(name, "list") == 0 && m->found)
            log_line("mistake %s: %s", m->name, m->panic);
        if (strcmp(name, m->name) == 0)
            m->make();
    }
}
