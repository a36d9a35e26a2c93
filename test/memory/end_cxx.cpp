// SPDX-License-Identifier: BSD-3-Clause
// The end of memory as programs in C++ and with threads see it: each way to ask answers as it has to, nothing is broken,
// and with memory it works again. [ISO C++23, new.delete, except.throw, thread.thread.constr; POSIX.1-2017,
// pthread_create, timer_create]
#include "nothing.hpp"

#include <unicore/console.hpp>
#include <unicore/debug/suites.hpp>

#include <array>
#include <cstring>
#include <exception>
#include <format>
#include <future>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

namespace {

using namespace unicore;
using namespace std::string_view_literals;
using test::Nothing;
using test::of;

/// Whether it throws that, and nothing else.
template <typename Exception, typename Function>
bool throws(Function function) noexcept {
    try {
        function();
    } catch (const Exception&) {
        return true;
    } catch (...) {
    }
    return false;
}

constexpr auto nothing_to_do = [](void*) -> void* { return nullptr; };

/// What there is to ask for. `refused` is called without memory, and says whether the answer was right; `works` with.
struct Api {
    std::string_view name;
    std::size_t least;  ///< of what is taken away first
    bool (*refused)();
    bool (*works)();
};

constinit std::vector<int>* numbers = nullptr;
constinit std::string* text = nullptr;
constinit std::map<int, int>* map = nullptr;
constinit std::FILE* late = nullptr;  ///< a stream whose buffer is not there yet
constinit pthread_key_t key = 0;

bool grow_numbers() {
    const std::size_t before = numbers->size();
    const bool refused = throws<std::bad_alloc>([] { numbers->reserve(numbers->capacity() + 20'000); }) &&
                         throws<std::bad_alloc>([] { for (;;) numbers->push_back(7); });
    bool kept = numbers->size() >= before;
    for (std::size_t i = 0; i != before; ++i) kept = kept && (*numbers)[i] == static_cast<int>(i);
    numbers->resize(before);
    return refused && kept;
}

bool format() { return std::format("{} is {:>60}", "what is formatted", 42).size() == 81; }

bool thread_runs() {
    bool ran = false;
    std::thread([&] { ran = true; }).join();
    return ran;
}

bool future_comes() { return std::async(std::launch::async, [] { return 5; }).get() == 5; }

/// Exceptions lie in the emergency storage of libc++abi: rethrown, kept by a pointer, one inside another.
bool throw_without() {
    struct Own {
        int values[8];
    };
    bool all = throws<int>([] { throw 1; }) && throws<Own>([] { throw Own{{1, 2, 3}}; });
    all = all && throws<Own>([] {
        try {
            throw Own{};
        } catch (const Own&) {
            throw;
        }
    });
    all = all && throws<std::bad_alloc>([] {
        try {
            throw 2;
        } catch (int) {
            throw std::bad_alloc();
        }
    });
    all = all && throws<int>([] {
        std::exception_ptr kept;
        try {
            throw 3;
        } catch (int) {
            kept = std::current_exception();
        }
        std::rethrow_exception(kept);
    });
    all = all && throws<std::bad_alloc>([] { throw std::runtime_error("which needs memory for what it says"); });
    for (int i = 0; i != 40; ++i) all = all && throws<int>([i] { throw i; });  // all of which is given back
    return all && std::uncaught_exceptions() == 0;
}

bool throw_with() {
    try {
        throw std::runtime_error("which has memory for what it says");
    } catch (const std::exception& error) {
        return error.what() == "which has memory for what it says"sv;
    }
}

bool pthread_runs() {
    pthread_t thread;
    return pthread_create(&thread, nullptr, nothing_to_do, nullptr) == 0 && pthread_join(thread, nullptr) == 0;
}

int make_timer(timer_t& timer) {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_notify_function = [](sigval) {};
    return timer_create(CLOCK_MONOTONIC, &event, &timer);
}

bool descriptors() {
    int ends[2];
    const int event = eventfd(0, 0);
    const bool made = event >= 0 && pipe(ends) == 0;
    return made && close(ends[0]) == 0 && close(ends[1]) == 0 && close(event) == 0;
}

bool no_streams() {
    char line[] = "a line that is longer than what any heap keeps for a word", *out = nullptr;
    std::size_t size = 0;
    errno = 0;
    const bool none = fmemopen(line, sizeof line, "r") == nullptr && open_memstream(&out, &size) == nullptr &&
                      asprintf(&out, "%s and %d more", line, 1000) == -1 && of(strdup(line)) == nullptr &&
                      errno == ENOMEM;
    // What goes to a stream without memory for a buffer goes out at once, and numbers need none.
    return none && fputs("stdio: no buffer\n", late) >= 0 && fprintf(late, "stdio: %d\n", 42) == 10 &&
           fflush(late) == 0;
}

bool streams() {
    char* out = nullptr;
    std::size_t size = 0;
    std::FILE* const stream = open_memstream(&out, &size);
    bool right = stream != nullptr && fputs("kept", stream) >= 0 && fclose(stream) == 0 && strcmp(out, "kept") == 0;
    free(out);
    right = right && asprintf(&out, "%d", 7) == 1;
    free(out);
    return right;
}

constexpr Api apis[] = {
    {"new"sv, 1, [] { return throws<std::bad_alloc>([] { of(::operator new(70'011)); }); },
     [] { return std::make_unique<char[]>(70'011) != nullptr; }},
    {"new of a byte"sv, 1,
     [] { return throws<std::bad_alloc>([] { for (;;) of(new char); }); },  // of what rounding left, all is taken
     [] { return std::make_unique<char>('a') != nullptr; }},
    {"aligned new"sv, 1,
     [] {
         return throws<std::bad_alloc>([] { of(::operator new[](70'012, std::align_val_t{128})); }) &&
                of(::operator new(70'012, std::align_val_t{128}, std::nothrow)) == nullptr;
     },
     [] {
         void* const block = ::operator new(70'012, std::align_val_t{128});
         ::operator delete(block, std::align_val_t{128});
         return block != nullptr;
     }},
    {"nothrow new"sv, 1,
     [] {
         return of(::operator new(70'013, std::nothrow)) == nullptr && of(new (std::nothrow) char[70'013]) == nullptr;
     },
     [] { return std::unique_ptr<char[]>(new (std::nothrow) char[70'013]) != nullptr; }},
    {"vector"sv, 1, grow_numbers, [] { return numbers->reserve(numbers->capacity() + 20'000), true; }},
    {"string"sv, 1,
     [] { return throws<std::bad_alloc>([] { text->append(70'015, 'x'); }) && *text == "kept"; },
     [] { return text->append(70'015, 'x').size() == 70'019; }},
    {"map"sv, Nothing::nothing_at_all,
     [] {
         const std::size_t before = map->size();
         return throws<std::bad_alloc>([] { for (int i = 1000;; ++i) (*map)[i] = i; }) && map->size() >= before &&
                map->at(3) == 9;
     },
     [] { return map->insert_or_assign(-1, 1).second; }},
    {"format"sv, Nothing::nothing_at_all, [] { return throws<std::bad_alloc>(format); }, format},
    {"throw"sv, Nothing::nothing_at_all, throw_without, throw_with},
    {"std::thread"sv, Nothing::a_stack,
     [] {
         try {
             thread_runs();
         } catch (const std::system_error& error) {
             return error.code() == std::errc::resource_unavailable_try_again;
         }
         return false;
     },
     thread_runs},
    // Of std::async only this: without a stack for its thread, libc++'s waits for ever for what nobody computes.
    {"std::async without a byte"sv, Nothing::nothing_at_all, [] { return throws<std::bad_alloc>(future_comes); },
     future_comes},
    {"std::thread without a byte"sv, Nothing::nothing_at_all, [] { return throws<std::bad_alloc>(thread_runs); },
     thread_runs},
    {"pthread_create"sv, Nothing::a_stack,
     [] {
         pthread_t thread;
         return pthread_create(&thread, nullptr, nothing_to_do, nullptr) == EAGAIN;
     },
     pthread_runs},
    {"pthread_create without a byte"sv, Nothing::nothing_at_all,
     [] {
         pthread_t thread;
         thrd_t iso;
         return pthread_create(&thread, nullptr, nothing_to_do, nullptr) == EAGAIN &&
                thrd_create(&iso, [](void*) { return 0; }, nullptr) == thrd_nomem;
     },
     pthread_runs},
    {"pthread_setspecific"sv, Nothing::nothing_at_all, [] { return pthread_setspecific(key, &key) == ENOMEM; },
     [] { return pthread_setspecific(key, &key) == 0 && pthread_getspecific(key) == &key; }},
    {"timer_create"sv, Nothing::a_stack,
     [] {
         timer_t timer;
         return make_timer(timer) == -1 && errno == EAGAIN;
     },
     [] {
         timer_t timer;
         return make_timer(timer) == 0 && timer_delete(timer) == 0;
     }},
    {"descriptors"sv, Nothing::nothing_at_all,
     [] {
         int ends[2];
         return pipe(ends) == -1 && errno == ENOMEM && eventfd(0, 0) == -1 && errno == ENOMEM;
     },
     descriptors},
    {"stdio"sv, Nothing::nothing_at_all, no_streams, streams},
};

void say(std::string_view name, std::string_view what) noexcept {
    console::write(name);
    console::write_line(what);
}

void ends(debug::Check& check) noexcept {
    std::vector<int> own_numbers{0, 1, 2, 3};
    std::string own_text = "kept";
    std::map<int, int> own_map{{3, 9}};
    numbers = &own_numbers, text = &own_text, map = &own_map;
    late = fdopen(dup(STDOUT_FILENO), "w");
    if (!check(late != nullptr && pthread_key_create(&key, nullptr) == 0, "a stream and a key")) return;
    for (const Api& api : apis) {
        {
            const Nothing nothing(api.least);
            if (check(api.refused(), api.name)) say(api.name, ": exhausted"sv);
        }
        if (check(api.works(), api.name)) say(api.name, ": works again"sv);
    }
    fclose(late);
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"the end of memory in C++", ends}};
    return debug::run_suites(suites);
}
