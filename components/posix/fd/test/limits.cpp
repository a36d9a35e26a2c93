// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, XSH 2.3, EMFILE and ENOMEM]
#include "suites.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/posix/fd/config.hpp>

#include <cstddef>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

constexpr int most = config::most;

void no_numbers(debug::Check& check) noexcept {
    int last = 2;
    for (;;) {
        const int next = dup(1);
        if (next < 0) break;
        check(next == last + 1, "one after the other");
        last = next;
    }
    int ends[2]{-1, -1};
    check(errno == EMFILE && last == most - 1 && fails(fcntl(1, F_DUPFD, most - 1), EMFILE) &&
          fails(eventfd(0, 0), EMFILE) &&
              fails(pipe(ends), EMFILE) &&
                  fails(timerfd_create(CLOCK_MONOTONIC, 0), EMFILE), "as many as there can be");
    close(10);
    const auto allocated = memory::heap::usage().allocated;
    check(fails(pipe(ends), EMFILE) && ends[0] == -1 && memory::heap::usage().allocated == allocated && dup(1) == 10,
              "one is too few for a pipe, and nothing of it is left");
    check(dup2(1, most - 1) == most - 1 && fails(dup2(1, most), EBADF), "numbers that are taken can be taken over");
    for (int number = 3; number != most; ++number) check(close(number) == 0, "all are closed");
}

struct Block {
    Block* next;
};

void no_memory(debug::Check& check) noexcept {
    Block* blocks = nullptr;
    for (std::size_t size = std::size_t{1} << 20; size >= sizeof(Block);) {
        const auto block = memory::heap::allocate(size);
        if (block) blocks = new (*block) Block{blocks};
        else size /= 2;
    }
    int ends[2]{-1, -1};
    check(fails(pipe(ends), ENOMEM) && fails(eventfd(0, 0), ENOMEM) &&
          fails(timerfd_create(CLOCK_REALTIME, 0), ENOMEM) &&
              ends[0] == -1, "no memory for what is new");
    check(dup(1) == 3 && close(3) == 0, "and none is needed for another number");
    while (blocks != nullptr) {
        Block* const next = blocks->next;
        memory::heap::release(blocks);
        blocks = next;
    }
    check(pipe(ends) == 0 && close(ends[0]) == 0 && close(ends[1]) == 0, "until there is some again");
}

}  // namespace

void limits(debug::Check& check) noexcept {
    errno = 0;
    const auto before = memory::heap::usage().allocated;
    no_numbers(check);
    const auto table = memory::heap::usage().allocated - before;
    no_memory(check);
    check(memory::heap::usage().allocated == before + table, "nothing is lost");
}

}  // namespace unicore::posix::fd
