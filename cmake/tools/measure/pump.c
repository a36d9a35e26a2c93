// SPDX-License-Identifier: BSD-3-Clause
// Sends to who sends it back, and reads that at the same time. Prints megabits per second that came back.
// Arguments: IPv4 address, port, seconds, and `reflected` for who has no TCP of its own (reflect.c).
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { piece = 1 << 18 };
static char bytes[piece];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char** arguments) {
    if (count < 4) return fprintf(stderr, "pump ADDRESS PORT SECONDS [reflected]\n"), 2;
    const int link = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[2]))};
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = there.sin_port};
    if (inet_pton(AF_INET, arguments[1], &there.sin_addr) != 1) return fprintf(stderr, "no address: %s\n", arguments[1]), 2;
    if (count > 4 && bind(link, (struct sockaddr*)&here, sizeof here) != 0) return perror("bind"), 1;
    if (connect(link, (struct sockaddr*)&there, sizeof there) != 0) return perror(arguments[1]), 1;
    const pid_t sender = fork();
    if (sender < 0) return perror("fork"), 1;
    while (sender == 0)
        if (write(link, bytes, piece) < 0) return perror("write"), 1;
    const double seconds = atof(arguments[3]), begin = now() + seconds / 4;  // it has got going by then
    double last = begin;
    unsigned long long got = 0;
    for (double time = now(); time < begin + seconds; time = now()) {
        const long size = read(link, bytes, piece);
        if (size <= 0) return perror("read"), kill(sender, SIGKILL), 1;
        if (time < begin) continue;
        got += (unsigned long long)size;
        last = now();
    }
    kill(sender, SIGKILL);
    waitpid(sender, NULL, 0);
    printf("%.0f\n", last > begin ? (double)got * 8e-6 / (last - begin) : 0);
    return 0;
}
