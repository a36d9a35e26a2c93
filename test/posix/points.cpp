// SPDX-License-Identifier: BSD-3-Clause
// Cancellation in functions of descriptors. [POSIX.1-2017, XSH 2.9.5.2]
#include "posix.hpp"

#include <array>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/uio.h>
#include <unistd.h>

namespace unicore::posix {

namespace {

int reader, writer;  // of a pipe that is empty
int full;            // the end to write to of one that is not
char byte;

void cancel_in(debug::Check& check, const char* what, void (*point)()) noexcept {
    bool begun = false, further = false;
    auto body = [&] {
        begun = true;
        point();
        further = true;
    };
    pthread_t thread = start(body);
    check(eventually([&] { return begun; }), what);
    pause();
    check(pthread_cancel(thread) == 0 && end_of(thread) == PTHREAD_CANCELED && !further, what);
    // A request that is there already.
    bool go_on = false;
    auto late = [&] {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
        while (!go_on) pause(1);
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
        point();
        further = true;
    };
    thread = start(late);
    pthread_cancel(thread);
    go_on = true;
    check(end_of(thread) == PTHREAD_CANCELED && !further, what);
}

void points(debug::Check& check) noexcept {
    cancel_in(check, "read", [] { read(reader, &byte, 1); });
    cancel_in(check, "readv", [] {
        const iovec piece{&byte, 1};
        readv(reader, &piece, 1);
    });
    cancel_in(check, "write", [] { write(full, &byte, 1); });
    cancel_in(check, "writev", [] {
        const iovec piece{&byte, 1};
        writev(full, &piece, 1);
    });
    cancel_in(check, "poll", [] {
        pollfd descriptors[] = {{reader, POLLIN, 0}, {full, POLLOUT, 0}};
        poll(descriptors, 2, -1);
    });
    cancel_in(check, "poll with a deadline", [] {
        pollfd descriptor{reader, POLLIN, 0};
        poll(&descriptor, 1, 100'000);
    });
    cancel_in(check, "ppoll", [] {
        pollfd descriptor{reader, POLLIN, 0};
        ppoll(&descriptor, 1, nullptr, nullptr);
    });
    cancel_in(check, "select", [] {
        fd_set set;
        FD_ZERO(&set), FD_SET(reader, &set);
        select(reader + 1, &set, nullptr, nullptr, nullptr);
    });
    cancel_in(check, "pselect", [] {
        const timespec time{100, 0};
        pselect(0, nullptr, nullptr, nullptr, &time, nullptr);
    });
    const char letter = 'a';
    check(write(writer, &letter, 1) == 1 && read(reader, &byte, 1) == 1 && byte == 'a', "all of them work as before");
}

/// Who is cancelled has read nothing; who has read something is not cancelled there.
void what_is_there(debug::Check& check) noexcept {
    const char letter = 'b';
    bool had = false, further = false;
    auto reads = [&] {
        char own;
        had = read(reader, &own, 1) == 1 && own == 'b';
        pthread_testcancel();
        further = true;
    };
    for (int i = 0; i != 10; ++i) {
        had = further = false;
        const pthread_t thread = start(reads);
        pause(1);
        if (i % 2 == 0) {
            pthread_cancel(thread);
            write(writer, &letter, 1);
        } else {
            write(writer, &letter, 1);
            pthread_cancel(thread);
        }
        const void* const end = end_of(thread);
        const pollfd look{reader, POLLIN, 0};
        pollfd descriptor = look;
        const bool left = poll(&descriptor, 1, 0) == 1;
        check(left != had && (end == PTHREAD_CANCELED) == !further, "it is read, or still there");
        if (left) read(reader, &byte, 1);
    }
    auto keeps = [&] {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
        had = read(reader, &byte, 1) == 1;
    };
    had = false;
    const pthread_t thread = start(keeps);
    pause();
    pthread_cancel(thread);
    pause();
    check(!had && write(writer, &letter, 1) == 1 && end_of(thread) == &keeps && had, "a request that is put off waits");
}

/// Streams are no points: their locks would stay.
void streams(debug::Check& check) noexcept {
    FILE* const stream = fdopen(dup(reader), "r");
    if (!check(stream != nullptr, "a stream")) return;
    int got = 0;
    bool further = false;
    auto reads = [&] {
        got = fgetc(stream);
        further = true;
        pthread_testcancel();
    };
    const pthread_t thread = start(reads);
    pause();
    pthread_cancel(thread);
    pause();
    check(!further, "who reads a stream goes on");
    const char letter = 'c';
    check(write(writer, &letter, 1) == 1 && end_of(thread) == PTHREAD_CANCELED && further && got == 'c',
          "until it has read, and is cancelled later");
    check(ftrylockfile(stream) == 0, "the stream is free");
    funlockfile(stream);
    fclose(stream);
}

/// Many that wait for the same, some of whom are cancelled: the others are told.
void crowd(debug::Check& check) noexcept {
    const int event = eventfd(0, EFD_SEMAPHORE);
    int taken = 0, cancelled = 0;
    auto takes = [&] {
        std::uint64_t value;
        if (read(event, &value, sizeof value) == sizeof value) __atomic_add_fetch(&taken, 1, __ATOMIC_SEQ_CST);
    };
    std::array<pthread_t, 12> threads;
    for (pthread_t& thread : threads) thread = start(takes);
    pause();
    for (std::size_t i = 0; i < threads.size(); i += 2) pthread_cancel(threads[i]);
    const std::uint64_t many = threads.size();
    check(write(event, &many, sizeof many) == sizeof many, "an event for all");
    for (const pthread_t thread : threads) cancelled += end_of(thread) == PTHREAD_CANCELED;
    check(taken + cancelled == static_cast<int>(threads.size()) && taken >= 6, "who is not cancelled has it");
    std::uint64_t left = 0;
    int rest = 0;
    fcntl(event, F_SETFL, O_NONBLOCK);
    while (read(event, &left, sizeof left) == sizeof left) ++rest;
    check(rest == cancelled, "nobody takes one along");
    close(event);
}

void all(debug::Check& check) noexcept {
    int empty[2], stuffed[2];
    if (!check(pipe(empty) == 0 && pipe(stuffed) == 0, "two pipes")) return;
    reader = empty[0], writer = empty[1], full = stuffed[1];
    fcntl(full, F_SETFL, O_NONBLOCK);
    while (write(full, &byte, 1) == 1) {}
    fcntl(full, F_SETFL, 0);
    points(check);
    what_is_there(check);
    streams(check);
    crowd(check);
}

}  // namespace

}  // namespace unicore::posix

int main() {
    using namespace unicore;
    static constexpr debug::NamedSuite suites[] = {{"cancellation points of descriptors", posix::all}};
    return debug::run_suites(suites);
}
