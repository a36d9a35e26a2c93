// SPDX-License-Identifier: BSD-3-Clause
// What an exception does on its way. [ISO C++23, except.ctor, except.handle, except.uncaught, except.spec]
#include "suites.hpp"

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>

extern "C" {
/// In C, with tables: calls `function` and returns what it returned. [passing.c]
int unicore_test_pass(int (*function)(void*), void* argument);
}

namespace unicore::libcxx {
namespace {

std::string trace;

struct Tracer {
    explicit Tracer(char name) : name_(name) {}
    Tracer(const Tracer&) = delete;
    ~Tracer() { trace += name_; }
    char name_;
};

[[gnu::noinline]] void inner() {
    const Tracer a('a');
    {
        const Tracer b('b');
    }
    const Tracer c('c');
    throw 1;
}

struct Member {
    explicit Member(char name, bool fails = false) : tracer(name) {
        if (fails) throw std::runtime_error("member");
    }
    Tracer tracer;
};

struct Whole {
    Whole() : first('1'), second('2'), third('3', true) {}
    ~Whole() { trace += 'W'; }
    Member first, second, third;
};

struct Delegating {
    explicit Delegating(int) {}
    Delegating() : Delegating(1) { throw 2; }
    ~Delegating() { trace += 'D'; }
};

struct Guarded {
    Guarded() try : member('m', true) {
    } catch (const std::runtime_error&) {
        trace += 'h';  // what ends here is thrown on
    }
    Member member;
};

int function_try(bool fails) try {
    if (fails) throw 4;
    return 1;
} catch (int value) {
    return value;
}

void destructors(debug::Check& check) {
    trace.clear();
    try {
        inner();
    } catch (int) {
        trace += '!';
    }
    check(trace == "bca!", "destructors in order, before the handler");

    trace.clear();
    try {
        const Whole whole;
    } catch (const std::runtime_error&) {
        trace += '!';
    }
    check(trace == "321!", "members that were made end, the object does not");

    trace.clear();
    try {
        const Delegating object;
    } catch (int) {
        trace += '!';
    }
    check(trace == "D!", "an object whose first constructor was done ends");

    trace.clear();
    try {
        const std::unique_ptr<Member[]> members(new Member[3]{Member('x'), Member('y'), Member('z', true)});
    } catch (const std::runtime_error&) {
        trace += '!';
    }
    check(trace == "zyx!", "elements of an array end");

    trace.clear();
    try {
        const Guarded object;
    } catch (const std::runtime_error&) {
        trace += '!';
    }
    check(trace == "mh!", "the handler of a constructor");
    check(function_try(true) == 4 && function_try(false) == 1, "the handler of a function");
}

struct Counter {
    Counter(int& now, int& pointers) : now_(now), pointers_(pointers) {}
    ~Counter() {
        now_ = std::uncaught_exceptions();
        try {
            throw 1;
        } catch (int) {
            pointers_ = std::uncaught_exceptions();
        }
    }
    int& now_;
    int& pointers_;
};

void uncaught(debug::Check& check) {
    int now = -1, inside = -1;
    {
        const Counter counter(now, inside);
    }
    check(now == 0 && inside == 0, "none is on its way");
    try {
        const Counter counter(now, inside);
        throw 'c';
    } catch (char) {
        check(std::uncaught_exceptions() == 0, "a handler has caught it");
    }
    check(now == 1 && inside == 1, "one is on its way, and a destructor may throw and catch");
}

int throwing(void* argument) { throw *static_cast<int*>(argument); }

void c_frames(debug::Check& check) {
    int value = 9, caught = 0;
    try {
        unicore_test_pass(throwing, &value);
    } catch (int thrown) {
        caught = thrown;
    }
    check(caught == 9, "through a function in C");
}

}  // namespace

void unwinding(debug::Check& check) noexcept {
    destructors(check);
    uncaught(check);
    c_frames(check);
}

}  // namespace unicore::libcxx
