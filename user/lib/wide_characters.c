/*
 * wide_characters.c - newlib's conversions between Japanese encodings and Unicode, which it wants for every wide
 * character but leaves out with the encodings.
 */
#include "libc.h"
#include <wchar.h>

wint_t _jp2uc_l(wint_t c, struct __locale_t *locale);
wint_t _uc2jp_l(wint_t c, struct __locale_t *locale);

wint_t _jp2uc_l(wint_t c, struct __locale_t *locale)
{
    (void)locale;
    return c;
}

wint_t _uc2jp_l(wint_t c, struct __locale_t *locale)
{
    (void)locale;
    return c;
}
