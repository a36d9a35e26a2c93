// SPDX-License-Identifier: BSD-3-Clause
// Sends the shortest frames of Ethernet through an interface, as many as it takes. Prints how many it took.
// Arguments: the interface's name, seconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { burst = 64, size = 60, type = 0x88b5 };  // a type for experiments [IEEE 802, 9.2.3]

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char** arguments) {
    if (count != 3) return fprintf(stderr, "blast INTERFACE SECONDS\n"), 2;
    const int link = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll where = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(arguments[1])};
    if (link < 0 || where.sll_ifindex == 0 || bind(link, (struct sockaddr*)&where, sizeof where) != 0)
        return perror(arguments[1]), 1;
    static unsigned char frame[size] = {2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 1, type >> 8, type & 0xff};
    struct iovec piece = {frame, size};
    struct mmsghdr messages[burst];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < burst; ++i) messages[i].msg_hdr.msg_iov = &piece, messages[i].msg_hdr.msg_iovlen = 1;
    unsigned long sent = 0;
    for (const double end = now() + atof(arguments[2]); now() < end;) {
        const int taken = sendmmsg(link, messages, burst, 0);
        if (taken > 0) sent += (unsigned long)taken;
        else if (errno != ENOBUFS && errno != EAGAIN) return perror("sendmmsg"), 1;
        if (taken < burst) usleep(50);  // who takes them needs the CPU
    }
    printf("%lu\n", sent);
    return 0;
}
