/* SPDX-License-Identifier: BSD-3-Clause */
/* Sends back what it gets, over TCP and UDP. [RFC 862] */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* A client of TCP, and what it has not taken back yet: nothing more is read from it before. */
struct client {
    int descriptor;
    uint32_t wanted; /* what it is watched for */
    char* rest;
    size_t begin, end;
};

static char bytes[65536]; /* what was read just now */
static int set;

/* A socket that is bound, or -1. */
static int bound(int type, uint16_t port) {
    const int descriptor = socket(AF_INET, type | SOCK_NONBLOCK, 0);
    const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_ANY)};
    const int yes = 1;
    if (type == SOCK_STREAM) setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    return bind(descriptor, (const struct sockaddr*)&address, sizeof address) == 0 ? descriptor : -1;
}

static int watch(int operation, int descriptor, uint32_t events, void* data) {
    struct epoll_event event = {.events = events, .data.ptr = data};
    return epoll_ctl(set, operation, descriptor, &event);
}

static void end(struct client* client) {
    close(client->descriptor);
    free(client->rest);
    free(client);
}

static void meet(int listener) {
    const int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (descriptor < 0) return;
    struct client* const client = malloc(sizeof *client);
    if (client == NULL) {
        close(descriptor);
        return;
    }
    client->descriptor = descriptor;
    client->wanted = EPOLLIN;
    client->rest = NULL;
    if (watch(EPOLL_CTL_ADD, descriptor, EPOLLIN, client) != 0) end(client);
}

/* Sends what there is; whether the client is there still. */
static int give(struct client* client, const char* from, size_t* begin, size_t end) {
    const ssize_t size = send(client->descriptor, from + *begin, end - *begin, MSG_NOSIGNAL);
    if (size > 0) *begin += (size_t)size;
    return size >= 0 || errno == EAGAIN;
}

/* The same, of what was read just now; what is left is kept. */
static int turn(struct client* client) {
    const ssize_t size = recv(client->descriptor, bytes, sizeof bytes, 0);
    if (size <= 0) return size < 0 && errno == EAGAIN;
    size_t begin = 0;
    if (!give(client, bytes, &begin, (size_t)size)) return 0;
    client->begin = 0;
    client->end = (size_t)size - begin;
    if (client->end == 0) return 1;
    client->rest = malloc(client->end);
    if (client->rest == NULL) return 0;
    memcpy(client->rest, bytes + begin, client->end);
    return 1;
}

static void serve(struct client* client) {
    if (!(client->rest == NULL ? turn(client) : give(client, client->rest, &client->begin, client->end))) {
        end(client);
        return;
    }
    if (client->rest != NULL && client->begin == client->end) {
        free(client->rest);
        client->rest = NULL;
    }
    const uint32_t wanted = client->rest == NULL ? EPOLLIN : EPOLLOUT;
    if (wanted == client->wanted) return;
    client->wanted = wanted;
    watch(EPOLL_CTL_MOD, client->descriptor, wanted, client);
}

static void answer(int datagrams) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t size;
    while ((size = recvfrom(datagrams, bytes, sizeof bytes, 0, (struct sockaddr*)&from, &length)) >= 0) {
        sendto(datagrams, bytes, (size_t)size, 0, (const struct sockaddr*)&from, length);
        length = sizeof from;
    }
}

/* The port is the first argument, 7 if there is none. */
int main(int count, char** arguments) {
    const uint16_t port = (uint16_t)(count > 1 ? atoi(arguments[1]) : 7);
    int listener = bound(SOCK_STREAM, port), datagrams = bound(SOCK_DGRAM, port);
    set = epoll_create1(0);
    if (listener < 0 || datagrams < 0 || listen(listener, SOMAXCONN) != 0 || watch(EPOLL_CTL_ADD, listener, EPOLLIN, &listener) != 0 ||
        watch(EPOLL_CTL_ADD, datagrams, EPOLLIN, &datagrams) != 0) {
        puts("echo: cannot listen");
        return 1;
    }
    puts("echo: ready");
    fflush(stdout);
    struct epoll_event events[32];
    int ready;
    while ((ready = epoll_wait(set, events, 32, -1)) >= 0) {
        for (int i = 0; i < ready; ++i) {
            void* const who = events[i].data.ptr;
            if (who == &listener) meet(listener);
            else if (who == &datagrams) answer(datagrams);
            else serve(who);
        }
    }
    return 0;
}
