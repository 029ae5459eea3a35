/*
 * undefined.c - what gcc calls where the language leaves the behaviour undefined (-fsanitize=undefined): a panic that
 * says what, and the place in the source.
 */
#include <stdint.h>

#include <core/debug.h>

/* What gcc hands over begins with the place. */
struct place {
    const char *file;
    uint32_t line, column;
};

/* A pointer that is used for what it cannot point to. */
struct mismatch {
    struct place place;
    const void *type;
    uint8_t alignment_log2;
};

void __ubsan_handle_type_mismatch_v1(const struct mismatch *mismatch, uint32_t pointer);
void __ubsan_handle_type_mismatch_v1(const struct mismatch *mismatch, uint32_t pointer)
{
    const char *what = "a pointer to too little";

    if (pointer == 0)
        what = "a null pointer";
    else if (pointer & ((1u << mismatch->alignment_log2) - 1))
        what = "an unaligned pointer";
    panic("undefined behaviour: %s, %08x, at %s:%u:%u", what, (unsigned)pointer, mismatch->place.file,
          (unsigned)mismatch->place.line, (unsigned)mismatch->place.column);
}

#define UNDEFINED(what)                                                                         \
    void __ubsan_handle_##what(const struct place *place);                                      \
    void __ubsan_handle_##what(const struct place *place)                                       \
    {                                                                                           \
        panic("undefined behaviour: %s at %s:%u:%u", #what, place->file, (unsigned)place->line, \
              (unsigned)place->column);                                                         \
    }

UNDEFINED(add_overflow)
UNDEFINED(sub_overflow)
UNDEFINED(mul_overflow)
UNDEFINED(negate_overflow)
UNDEFINED(divrem_overflow)
UNDEFINED(shift_out_of_bounds)
UNDEFINED(out_of_bounds)
UNDEFINED(pointer_overflow)
UNDEFINED(load_invalid_value)
UNDEFINED(nonnull_arg)
UNDEFINED(vla_bound_not_positive)
UNDEFINED(builtin_unreachable)
UNDEFINED(invalid_builtin)
