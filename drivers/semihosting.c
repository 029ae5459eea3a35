/*
 * semihosting.c - calls to the host that runs us ("Semihosting for AArch32 and AArch64", ARM), used for two things: a
 * channel for the log beside the serial line, and ending QEMU with an exit status.
 *
 * The trap is HLT 0xf000, which QEMU takes on ARMv7 too, and which is undefined where semihosting is off (the older SVC
 * 0x123456 would enter our own system call handler).  So nothing of this is touched without the boot argument
 * `semihosting`, which only a runner gives that has turned it on.
 */
#include <core/boot_info.h>
#include <core/log.h>
#include <drivers/drivers.h>
#include <lib/string.h>

#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

#define CHUNK 256

static uint32_t semihosting_call(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;

    __asm__ volatile(".inst 0xe10f0070 @ hlt 0xf000" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void semihosting_write(const char *bytes, size_t n)
{
    char text[CHUNK]; /* the host wants a 0 byte at the end */

    while (n != 0) {
        size_t part = n < sizeof(text) - 1 ? n : sizeof(text) - 1;

        memcpy(text, bytes, part);
        text[part] = '\0';
        semihosting_call(SYS_WRITE0, text);
        bytes += part;
        n -= part;
    }
}

static const struct log_sink semihosting_sink = {
    .write = semihosting_write,
    .emergency = semihosting_write,
};

bool semihosting_available(void)
{
    char value[16];

    return boot_argument("semihosting", value, sizeof(value));
}

bool semihosting_takes_log(void)
{
    char value[16];

    return semihosting_available() && boot_argument("log", value, sizeof(value)) && strcmp(value, "semihosting") == 0;
}

void semihosting_exit(int status)
{
    uint32_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, status};

    for (;;)
        semihosting_call(SYS_EXIT_EXTENDED, block);
}

void semihosting_start(void)
{
    char value[16];

    if (semihosting_takes_log())
        log_set_sink(&semihosting_sink, boot_argument("quiet", value, sizeof(value)));
}
