/* SPDX-License-Identifier: BSD-3-Clause */
/* Waits for lines and for time at once, without ever blocking in a read. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* Returns whether nothing went wrong. */
static int take_lines(void) {
    char text[64];
    for (;;) {
        const ssize_t size = read(STDIN_FILENO, text, sizeof text);
        if (size == 0) return puts("end") >= 0;
        if (size < 0) return errno == EAGAIN ? -1 : 0;
        /* A pipe gives several lines at once, what is typed one. */
        for (char *line = text, *end; line < text + size; line = end + 1) {
            end = memchr(line, '\n', (size_t)(text + size - line));
            if (end == NULL) return 0;
            printf("read: [%.*s]\n", (int)(end - line), line);
        }
    }
}

int main(void) {
    char byte;
    int unread = -1;
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    const struct itimerspec often = {{0, 5000000}, {0, 5000000}};
    struct pollfd both[] = {{STDIN_FILENO, POLLIN, 0}, {timer, POLLIN, 0}};

    if (fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK) != 0 || read(STDIN_FILENO, &byte, 1) != -1 ||
        errno != EAGAIN) return 1;
    if (ioctl(STDIN_FILENO, FIONREAD, &unread) != 0 || unread != 0) return 2;
    if (timerfd_settime(timer, 0, &often, NULL) != 0) return 3;
    for (int ticks = 0;;) {
        if (poll(both, 2, -1) < 1) return 4;
        if (both[1].revents != 0) {
            uint64_t times;
            if (read(timer, &times, sizeof times) != sizeof times) return 5;
            if (++ticks == 3) puts("ready");
        }
        if (both[0].revents != 0) {
            const int taken = take_lines();
            if (taken != -1) return taken == 1 ? 0 : 6;
        }
    }
}
