// SPDX-License-Identifier: BSD-3-Clause
// How a program ends, and what nobody catches. The case is the first argument. [ISO C++23, except.terminate,
// basic.start.term, support.start.term]
#include <unicore/sched.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <vector>

namespace test {

struct Trouble {};
template <typename Type>
struct Box {};

struct Speaker {
    explicit Speaker(const char* name) : name_(name) {}
    ~Speaker() { std::printf("%s ends\n", name_); }
    const char* name_;
};

}  // namespace test

namespace {

using namespace test;

Speaker global("global");

Speaker& local() {
    static Speaker speaker("local");
    return speaker;
}

[[gnu::noinline]] void standard() { throw std::runtime_error("the reactor is too hot"); }

[[gnu::noinline]] void named() { throw Trouble(); }

[[gnu::noinline]] void templated() { throw Box<int>(); }

[[gnu::noinline]] void number() { throw 5; }

[[gnu::noinline]] void text() { throw "text"; }

[[gnu::noinline]] void coded() { throw std::system_error(EIO, std::generic_category(), "disk"); }

[[gnu::noinline]] void refused() noexcept { standard(); }

struct Thrower {
    ~Thrower() { standard(); }
};

void destructor() {
    try {
        const Thrower thrower;
        throw Trouble();
    } catch (const Trouble&) {
        std::puts("caught");
    }
}

/// The core's functions have no tables: nothing unwinds them, so nothing behind them catches.
void through_core() {
    try {
        unicore::sched::WaitQueue queue;
        static_cast<void>(queue.wait([]() -> bool { throw Trouble(); }));
    } catch (const Trouble&) {
        std::puts("caught");
    }
}

void memory() {
    std::vector<char> characters;
    characters.reserve(std::numeric_limits<std::size_t>::max() / 4);
    std::printf("%p\n", static_cast<void*>(characters.data()));
}

void terminated() { std::terminate(); }

void handled() {
    std::set_terminate([] {
        std::puts("my own end");
        std::_Exit(7);
    });
    standard();
}

void signalled() {
    std::signal(SIGABRT, [](int signal) { std::printf("signal %d\n", signal); });
    standard();
}

struct Abstract {
    Abstract() { call(); }
    void call() { virtual_call(); }
    virtual void virtual_call() = 0;
};
struct Concrete : Abstract {
    void virtual_call() override {}
};

void pure() { const Concrete object; }

void exits() {
    local();
    std::atexit([] { std::puts("atexit"); });
    std::exit(3);
}

struct Case {
    std::string_view name;
    void (*run)();
};

constexpr Case cases[] = {{"standard", standard},     {"named", named},           {"templated", templated},
                          {"number", number},         {"text", text},             {"coded", coded},
                          {"noexcept", refused},      {"destructor", destructor}, {"core", through_core},
                          {"memory", memory},         {"terminate", terminated},  {"handler", handled},
                          {"signal", signalled},      {"pure", pure},             {"exit", exits}};

}  // namespace

int main(int count, char** arguments) {
    for (const Case& known : cases)
        if (count == 2 && known.name == arguments[1]) known.run();
    return count == 2 && std::string_view(arguments[1]) == "return" ? (local(), 0) : 99;
}
