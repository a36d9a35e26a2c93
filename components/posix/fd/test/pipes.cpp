// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, pipe, read, readv, write, writev; pipe(2), pipe(7)]
#include "suites.hpp"

#include <unicore/posix/fd/config.hpp>

#include <string.h>

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

constexpr int pipe_size = config::pipe;
char block[2 * pipe_size], back[2 * pipe_size];

struct Pipe {
    int ends[2]{-1, -1};
    explicit Pipe(int flags = 0) noexcept { pipe2(ends, flags); }
    ~Pipe() {
        close(ends[0]);
        close(ends[1]);
    }
    int in() const { return ends[0]; }
    int out() const { return ends[1]; }
};

void made(debug::Check& check) noexcept {
    int ends[2]{};
    struct stat status{};
    check(pipe(ends) == 0 && ends[0] == 3 && ends[1] == 4, "the lowest numbers, the reader first");
    check(fcntl(ends[0], F_GETFL) == O_RDONLY && fcntl(ends[1], F_GETFL) == O_WRONLY &&
          fcntl(ends[0], F_GETFD) == 0, "flags");
    check(fstat(ends[0], &status) == 0 && S_ISFIFO(status.st_mode) &&
          fails(lseek(ends[1], 0, SEEK_SET), ESPIPE), "a pipe");
    check(fails(write(ends[0], "x", 1), EBADF) && fails(read(ends[1], block, 1), EBADF), "each end in its direction");
    close(ends[0]);
    close(ends[1]);
    check(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 && fcntl(ends[0], F_GETFL) == (O_RDONLY | O_NONBLOCK) &&
              fcntl(ends[1], F_GETFL) == (O_WRONLY | O_NONBLOCK) &&
                  fcntl(ends[1], F_GETFD) == FD_CLOEXEC, "with flags");
    close(ends[0]);
    close(ends[1]);
    check(fails(pipe2(ends, O_APPEND), EINVAL), "which can be wrong");
}

void bytes(debug::Check& check) noexcept {
    const Pipe pipe(O_NONBLOCK);
    int unread = -1;
    check(fails(read(pipe.in(), back, 1), EAGAIN) && read(pipe.in(), back, 0) == 0, "nothing is there");
    check(write(pipe.out(), "abc", 3) == 3 && write(pipe.out(), "defg", 4) == 4 &&
          ioctl(pipe.in(), FIONREAD, &unread) == 0 &&
              unread == 7, "bytes");
    check(read(pipe.in(), back, 5) == 5 && memcmp(back, "abcde", 5) == 0 && read(pipe.in(), back, sizeof back) == 2 &&
              memcmp(back, "fg", 2) == 0, "come in order, as many as there are");
    char one[2], two[3];
    iovec in[] = {{one, 2}, {nullptr, 0}, {two, 3}};
    iovec out[] = {{const_cast<char*>("12"), 2}, {const_cast<char*>("34"), 2}};
    check(writev(pipe.out(), out, 2) == 4 && readv(pipe.in(), in, 3) == 4 && memcmp(one, "12", 2) == 0 &&
          memcmp(two, "34", 2) == 0,
              "in pieces");
    // Around the end of the ring, many times.
    for (unsigned i = 0; i != sizeof block; ++i) block[i] = static_cast<char>(i * 7 + i / 256);
    bool same = true;
    for (unsigned i = 0; i != 100; ++i) {
        const int size = static_cast<int>(i * 41 % 1000 + 1);
        same = same && write(pipe.out(), block + i, static_cast<std::size_t>(size)) == size &&
            read(pipe.in(), back, sizeof back) == size &&
               memcmp(back, block + i, static_cast<std::size_t>(size)) == 0;
    }
    check(same, "around its end");
}

/// At most PIPE_BUF bytes are one piece. [write: "Write requests to a pipe or FIFO"]
void full(debug::Check& check) noexcept {
    const Pipe pipe(O_NONBLOCK);
    check(write(pipe.out(), block, sizeof block) == pipe_size, "of much it takes what it holds");
    check(fails(write(pipe.out(), block, 1), EAGAIN) &&
          fails(write(pipe.out(), block, sizeof block), EAGAIN), "and then nothing");
    check(read(pipe.in(), back, PIPE_BUF - 1) == PIPE_BUF - 1 &&
          fails(write(pipe.out(), block, PIPE_BUF), EAGAIN), "a small piece is not taken apart");
    check(write(pipe.out(), block, PIPE_BUF + 1) == PIPE_BUF - 1, "a large one is");
    check(read(pipe.in(), back, PIPE_BUF) == PIPE_BUF &&
          write(pipe.out(), block, PIPE_BUF) == PIPE_BUF, "nor where there is room");
}

volatile sig_atomic_t signals = 0;

void ends(debug::Check& check) noexcept {
    {
        Pipe pipe;
        const int other = dup(pipe.out());
        write(pipe.out(), "rest", 4);
        close(pipe.out());
        check(read(pipe.in(), back, 2) == 2 && read(pipe.in(), back, 10) == 2, "what was written before the end");
        fcntl(pipe.in(), F_SETFL, O_NONBLOCK);
        check(fails(read(pipe.in(), back, 1), EAGAIN), "no end, as long as somebody could write");
        close(other);
        check(read(pipe.in(), back, 1) == 0 && read(pipe.in(), back, 1) == 0, "the end");
    }
    Pipe pipe;
    close(pipe.in());
    signals = 0;
    signal(SIGPIPE, [](int) { signals = signals + 1; });
    check(fails(write(pipe.out(), "x", 1), EPIPE) && signals == 1, "nobody can read: EPIPE and a signal");
    signal(SIGPIPE, SIG_IGN);
    check(fails(write(pipe.out(), "x", 1), EPIPE) && signals == 1, "which can be ignored");
}

void waits(debug::Check& check) noexcept {
    Pipe pipe;
    {
        const Later writer([&] { write(pipe.out(), "late", 4); });
        check(read(pipe.in(), back, 10) == 4 && memcmp(back, "late", 4) == 0, "a reader waits");
    }
    {
        // Twice of what it holds, and by and by somebody takes it.
        std::size_t taken = 0;
        const Later reader([&] {
            while (taken != sizeof block) taken += static_cast<std::size_t>(read(pipe.in(), back + taken, 1000));
        });
        check(write(pipe.out(), block, sizeof block) == sizeof block, "a writer waits until all is written");
    }
    check(memcmp(block, back, sizeof block) == 0, "and all arrives");
    {
        const Later closer([&] { close(pipe.out()); });
        check(read(pipe.in(), back, 1) == 0, "an end wakes readers");
    }
    Pipe broken;
    fcntl(broken.out(), F_SETFL, O_NONBLOCK);
    while (write(broken.out(), block, 512) > 0) {}
    fcntl(broken.out(), F_SETFL, 0);
    const Later closer([&] { close(broken.in()); });
    check(fails(write(broken.out(), "x", 1), EPIPE), "and writers");
}

/// Two threads write small pieces, and none of them is taken apart.
void atomic(debug::Check& check) noexcept {
    Pipe pipe;
    bool whole = true;
    const auto write_many = [&](char letter) {
        char piece[300];
        memset(piece, letter, sizeof piece);
        for (unsigned i = 0; i != 20; ++i) whole = whole && write(pipe.out(), piece, sizeof piece) == sizeof piece;
    };
    const Later first([&] { write_many('a'); });
    const Later second([&] { write_many('b'); });
    for (unsigned i = 0; i != 40; ++i) {
        char piece[300];
        std::size_t size = 0;
        while (size != sizeof piece) size += static_cast<std::size_t>(read(pipe.in(), piece + size,
            sizeof piece - size));
        for (const char letter : piece) whole = whole && letter == piece[0];
    }
    check(whole, "pieces of several writers");
}

}  // namespace

void pipes(debug::Check& check) noexcept {
    errno = 0;
    made(check);
    bytes(check);
    full(check);
    ends(check);
    waits(check);
    atomic(check);
}

}  // namespace unicore::posix::fd
