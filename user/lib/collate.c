/*
 * collate.c - what newlib's regular expressions ask about the order of characters: there are no tables of it, so a
 * range like a-z goes by the characters' codes.
 */
int __collate_load_error = 1;

int __collate_range_cmp(int a, int b);

int __collate_range_cmp(int a, int b)
{
    return a - b;
}
