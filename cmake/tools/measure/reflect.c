// SPDX-License-Identifier: BSD-3-Clause
// Sends back each frame that comes out of a TAP interface, its addresses exchanged, segments of 64 KiB in one piece: the least
// that an echo can do. A socket that connects to the address behind it from the port that it connects to talks to itself
// (pump.c). Argument: the interface's name.
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { header = 10, ethernet = 14, most = 65536 + ethernet };

static void exchange(unsigned char* one, unsigned char* other, unsigned size) {
    unsigned char kept[16];
    memcpy(kept, one, size);
    memcpy(one, other, size);
    memcpy(other, kept, size);
}

// Whether there is something to send back.
static int turn(unsigned char* frame, long size) {
    static const unsigned char station[6] = {2, 0, 0, 0, 0, 0x98};
    exchange(frame, frame + 6, 6);
    if (size >= 42 && frame[12] == 8 && frame[13] == 6 && frame[21] == 1) {  // who has this address? [RFC 826]
        memcpy(frame + 6, station, 6);
        frame[21] = 2;
        exchange(frame + 22, frame + 32, 10);
        memcpy(frame + 22, station, 6);
        return 1;
    }
    if (size < 34 || frame[12] != 8 || frame[13] != 0) return 0;
    exchange(frame + 26, frame + 30, 4);  // no sum changes
    return 1;
}

int main(int count, char** arguments) {
    if (count != 2) return fprintf(stderr, "reflect INTERFACE\n"), 2;
    const int device = open("/dev/net/tun", O_RDWR);
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
    strncpy(request.ifr_name, arguments[1], sizeof request.ifr_name - 1);
    if (device < 0 || ioctl(device, TUNSETIFF, &request) != 0 ||
        ioctl(device, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) != 0)
        return perror(arguments[1]), 1;
    puts("reflect: ready");
    fflush(stdout);
    static unsigned char all[header + most];
    for (;;) {
        const long size = read(device, all, sizeof all);
        if (size < 0) return perror("read"), 1;
        if (turn(all + header, size - header) && write(device, all, (size_t)size) != size) return perror("write"), 1;
    }
}
