/*
 * pl011.c - the serial line: ARM's PL011 (ARM DDI 0183).
 *
 * Output of terminal and log goes through one ring, in the order in which it came, and from there to the device's
 * FIFO: at once as far as the FIFO has room, then from the transmit interrupt.  A panic feeds the FIFO by polling and
 * heeds no lock.  Input comes by the receive interrupt.  A BREAK asks where every thread stands
 * and, through init, who waits for whom.
 *
 * uart_lock guards the ring and the interrupt mask.  Speed is left as the firmware set it.
 */
#include <core/boot_info.h>
#include <core/irq.h>
#include <core/log.h>
#include <drivers/drivers.h>
#include <drivers/terminal.h>
#include <ipc/signal.h>

/* Registers, in words. */
#define UARTDR (0x00 / 4)
#define UARTFR (0x18 / 4)
#define UARTLCR_H (0x2c / 4)
#define UARTCR (0x30 / 4)
#define UARTIMSC (0x38 / 4)
#define UARTMIS (0x40 / 4)
#define UARTICR (0x44 / 4)

#define DR_BREAK 0x400u
#define DR_OVERRUN 0x800u
#define FR_BUSY 0x08u
#define FR_RX_EMPTY 0x10u
#define FR_TX_FULL 0x20u
#define FR_TX_EMPTY 0x80u
#define LCR_8_BITS_FIFO 0x70u
#define LCR_FIFO 0x10u
#define CR_ENABLE_TX_RX 0x301u
#define INT_RX 0x010u
#define INT_TX 0x020u
#define INT_RX_TIMEOUT 0x040u
#define INT_BREAK 0x200u
#define INT_OVERRUN 0x400u

#define FIFO_DEPTH 16
#define RING_SIZE 4096u

static struct spinlock uart_lock = SPINLOCK_INIT("uart", RANK_CONSOLE);
static volatile uint32_t *uart;
static uint32_t device_node;
static uint8_t ring[RING_SIZE];
static uint32_t ring_in, ring_out; /* count up; their difference is what the ring holds */
static uint32_t interrupt_mask;    /* as in UARTIMSC; 0 as long as output is polled */
static uint32_t overruns;

/* How many bytes the FIFO surely has room for. */
static unsigned fifo_room(void)
{
    uint32_t flags = uart[UARTFR];

    if (flags & FR_TX_EMPTY)
        return FIFO_DEPTH;
    return flags & FR_TX_FULL ? 0 : 1;
}

/* Move what the FIFO takes. */
static void ring_feed(void)
{
    unsigned room;

    while (ring_out != ring_in && (room = fifo_room()) != 0)
        for (; room != 0 && ring_out != ring_in; room--)
            uart[UARTDR] = ring[ring_out++ % RING_SIZE];
}

/* Put a byte into the ring; where that is full, wait for the FIFO. */
static void ring_put(uint8_t byte)
{
    while (ring_in - ring_out == RING_SIZE)
        ring_feed();
    ring[ring_in++ % RING_SIZE] = byte;
}

static void ring_put_text(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '\n')
            ring_put('\r');
        ring_put(bytes[i]);
    }
}

/* Have the transmit interrupt exactly while the ring holds something. */
static void update_mask(void)
{
    uint32_t mask = ring_in != ring_out ? interrupt_mask | INT_TX : interrupt_mask & ~INT_TX;

    if (mask == interrupt_mask || interrupt_mask == 0)
        return;
    interrupt_mask = mask;
    uart[UARTIMSC] = mask;
}

void pl011_drain(void)
{
    if (uart == NULL)
        return;
    while (ring_out != ring_in)
        ring_feed();
    while (uart[UARTFR] & FR_BUSY)
        continue;
}

static void pl011_log(const char *bytes, size_t n)
{
    spin_lock(&uart_lock);
    ring_put_text(bytes, n);
    ring_feed();
    if (interrupt_mask == 0)
        pl011_drain();
    update_mask();
    spin_unlock(&uart_lock);
}

static void pl011_log_emergency(const char *bytes, size_t n)
{
    ring_put_text(bytes, n);
    pl011_drain();
}

static const struct log_sink pl011_sink = {
    .write = pl011_log,
    .emergency = pl011_log_emergency,
};

unsigned pl011_write(const uint8_t *bytes, unsigned n)
{
    unsigned taken = 0;

    if (interrupt_mask == 0)
        return n;
    spin_lock(&uart_lock);
    while (taken < n && ring_in - ring_out < RING_SIZE)
        ring[ring_in++ % RING_SIZE] = bytes[taken++];
    ring_feed();
    update_mask();
    spin_unlock(&uart_lock);
    return taken;
}

bool pl011_drained(void)
{
    return interrupt_mask == 0 || (ring_in == ring_out && !(uart[UARTFR] & FR_BUSY));
}

static void receive(void)
{
    while (!(uart[UARTFR] & FR_RX_EMPTY)) {
        uint32_t data = uart[UARTDR];

        if (data & DR_OVERRUN && overruns++ == 0)
            log_line("uart: input came faster than it was taken; some is lost");
        if (data & DR_BREAK) {
            threads_print();
            if (init_process != NULL)
                signal_send_process(init_process, SIGQUIT); /* it has `why` tell the rest */
        } else {
            terminal_input((uint8_t)data);
        }
    }
}

static void pl011_interrupt(void *context)
{
    uint32_t pending = uart[UARTMIS];

    uart[UARTICR] = pending & (INT_RX_TIMEOUT | INT_BREAK | INT_OVERRUN);
    if (pending & ~INT_TX)
        receive();
    if (pending & INT_TX) {
        spin_lock(&uart_lock);
        ring_feed();
        update_mask();
        spin_unlock(&uart_lock);
        terminal_output_ready();
    }
}

void pl011_start(void)
{
    char value[4];

    device_node = fdt_next_compatible(&boot_info.fdt, FDT_NONE, "arm,pl011");
    uart = device_registers(device_node, 0);
    if (uart == NULL)
        return;
    uart[UARTIMSC] = 0;
    /* A write would empty the FIFO of what was typed already. */
    if (!(uart[UARTLCR_H] & LCR_FIFO))
        uart[UARTLCR_H] = LCR_8_BITS_FIFO;
    uart[UARTCR] = CR_ENABLE_TX_RX;
    if (!semihosting_takes_log())
        log_set_sink(&pl011_sink, boot_argument("quiet", value, sizeof(value)));
}

void pl011_start_interrupts(void)
{
    unsigned irq = gic_interrupt(device_node, 0);

    if (uart == NULL || irq == IRQ_MAX) {
        log_line("uart: none with an interrupt; the console is silent");
        return;
    }
    irq_register(irq, "uart", pl011_interrupt, NULL, true);
    log_line("uart: PL011 at %08x, interrupt %u", device_address(device_node), irq);
    spin_lock(&uart_lock);
    interrupt_mask = INT_RX | INT_RX_TIMEOUT | INT_BREAK | INT_OVERRUN;
    uart[UARTIMSC] = interrupt_mask;
    spin_unlock(&uart_lock);
}
