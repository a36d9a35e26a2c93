// SPDX-License-Identifier: BSD-3-Clause
// Guest that shows whether an accelerator really runs 64-bit kernel code: it computes with SSE,
// which software implementations of KVM get wrong, and prints one line on COM1.

static void put(const char* text) {
    for (; *text != '\0'; ++text) {
        __asm__ volatile("outb %0, %1" : : "a"(*text), "Nd"((unsigned short)0x3f8));
    }
}

int main(void) {
    volatile double two = 2.0;
    volatile long counted = 0;
    for (long i = 0; i < 100; ++i) {
        counted = (long)(two * (double)(counted + 1)) / 2;
    }
    put(counted == 100 ? "probe: good\r\n" : "probe: wrong\r\n");
    return 0;
}
