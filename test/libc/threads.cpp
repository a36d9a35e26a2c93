// SPDX-License-Identifier: BSD-3-Clause
// What C promises of threads: some state is of each, the rest is shared and locked.
// [ISO C17, 7.5, 2; 7.24.5.8; POSIX.1-2017, XSH 2.9.1, flockfile]
#include <unicore/debug/suites.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/thread.hpp>

#include <array>
#include <cstring>

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

using namespace unicore;
using namespace std::chrono_literals;

namespace {

template <typename Callable>
sched::Thread start(Callable& callable) noexcept {
    auto started = sched::Thread::create([](void* what) noexcept { (*static_cast<Callable*>(what))(); }, &callable,
                                         {.name = "c", .stack_size = 32 * 1024});
    return started ? std::move(*started) : sched::Thread();
}

void of_each(debug::Check& check) noexcept {
    errno = EDOM;
    bool zero = false, kept = false;
    char text[] = "a b c";
    char* next = nullptr;
    auto other = [&] {
        zero = errno == 0;
        errno = ERANGE;
        char own[] = "x y z";
        char* const first = strtok(own, " ");
        sched::yield();
        next = strtok(nullptr, " ");
        kept = errno == ERANGE && strcmp(first, "x") == 0 && strcmp(next, "y") == 0;
    };
    auto thread = start(other);
    check(thread.joinable(), "a thread starts");
    char* const first = strtok(text, " ");
    sched::yield();
    char* const second = strtok(nullptr, " ");
    check(strcmp(first, "a") == 0 && strcmp(second, "b") == 0, "strtok goes on where this thread was");
    thread.join();
    check(errno == EDOM, "errno is of each thread");
    check(zero && kept, "0 in a new one, and kept there");
}

/// What a thread had of the C library is given back at its end.
void given_back(debug::Check& check) noexcept {
    bool right = true;
    auto uses = [&] {
        char text[64];
        right = right && snprintf(text, sizeof text, "%.17g %s", 0.1, "text") == 24;
        right = right && strtod("1.5e-300", nullptr) == 1.5e-300;
        const time_t date = 86400;
        right = right && gmtime(&date)->tm_mday == 2 && strcmp(asctime(gmtime(&date)), "Fri Jan  2 00:00:00 1970\n") == 0;
        char* line = nullptr;
        std::size_t size = 0;
        FILE* const stream = open_memstream(&line, &size);
        right = right && stream != nullptr && fprintf(stream, "%f", 2.5) == 8 && fclose(stream) == 0;
        free(line);
    };
    for (int i = 0; i != 3; ++i) start(uses).join();
    const auto before = memory::heap::usage().allocated;
    for (int i = 0; i != 100; ++i) start(uses).join();
    check(right, "threads format, convert and write to streams");
    check(memory::heap::usage().allocated == before, "what they had is given back at their end");
}

/// Whole lines, whoever writes them, and a stream that one thread has locked keeps others waiting.
void streams(debug::Check& check) noexcept {
    char* text = nullptr;
    std::size_t size = 0;
    FILE* const stream = open_memstream(&text, &size);
    if (!check(stream != nullptr, "a stream in memory opens")) return;
    constexpr int count = 4, lines = 25;
    struct Writer {
        FILE* stream;
        int number;
        void operator()() noexcept {
            for (int i = 0; i != lines; ++i) {
                flockfile(stream);
                fprintf(stream, "thread %d ", number);
                sched::yield();
                fprintf(stream, "line %d\n", i);
                funlockfile(stream);
                sched::yield();
            }
        }
    };
    {
        std::array writers{Writer{stream, 0}, Writer{stream, 1}, Writer{stream, 2}, Writer{stream, 3}};
        std::array<sched::Thread, count> threads;
        for (std::size_t i = 0; i != threads.size(); ++i) threads[i] = start(writers[i]);
    }
    fclose(stream);
    std::array<int, count> next{};
    int whole = 0;
    for (const char* line = text; line != nullptr && *line != 0; line = strchr(line, '\n') + 1) {
        int thread = -1, number = -1;
        if (sscanf(line, "thread %d line %d\n", &thread, &number) == 2 && thread >= 0 && thread < count &&
            number == next[static_cast<std::size_t>(thread)]++)
            ++whole;
    }
    check(whole == count * lines, "a locked stream has whole lines, in the order of each thread");
    free(text);
    bool out = true;
    auto prints = [&] { out = puts("from a thread") >= 0; };
    start(prints).join();
    check(out && !ferror(stdout), "threads share the standard streams");
}

volatile sig_atomic_t handled = 0;

void signals(debug::Check& check) noexcept {
    signal(SIGUSR1, [](int) { handled = handled + 1; });
    auto raises = [] { raise(SIGUSR1); };
    start(raises).join();
    check(handled == 1, "a handler is there for threads that start later");
}

constexpr debug::NamedSuite suites[] = {
    {"of each thread", of_each}, {"given back", given_back}, {"streams", streams}, {"signals", signals}};

}  // namespace

int main() { return debug::run_suites(suites); }
