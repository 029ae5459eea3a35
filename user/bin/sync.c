/*
 * sync.c - has all that is written reach its place.
 */
#include <unistd.h>

int main(void)
{
    sync();
    return 0;
}
