// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, except.throw, except.handle, propagation, except.nested, system.error]
#include "suites.hpp"

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace unicore::libcxx {
namespace {

struct Base {
    virtual ~Base() = default;
    virtual int code() const { return 1; }
};
struct Derived : Base {
    int code() const override { return 2; }
};
struct Other {
    int number;
};
struct Both : Derived, Other {
    Both() : Other{7} {}
};

template <typename Thrown>
[[gnu::noinline]] void fail(Thrown thrown) {
    throw thrown;
}

/// Which handler takes what is thrown: the first that fits.
template <typename Thrown>
int handler_of(Thrown thrown) {
    try {
        fail(thrown);
    } catch (int value) {
        return value;
    } catch (const Derived& object) {
        return 10 * object.code();
    } catch (const Base& object) {
        return 100 * object.code();
    } catch (const char* text) {
        return text[0];
    } catch (...) {
        return -1;
    }
    return -2;
}

void handlers(debug::Check& check) {
    check(handler_of(5) == 5, "a number, by value");
    check(handler_of(Derived()) == 20, "a class, by reference");
    check(handler_of(Base()) == 100, "a base where the derived class does not fit");
    check(handler_of(Both()) == 20, "a class of several bases");
    check(handler_of("x") == 'x', "a pointer");
    check(handler_of(5L) == -1 && handler_of(std::string("x")) == -1, "anything else");
    try {
        fail(Both());
    } catch (const Other& other) {
        check(other.number == 7, "the second base, at its place in the object");
    }
    const Derived object;
    try {
        throw &object;
    } catch (const Base* base) {
        check(base == &object, "a pointer to a base");
    }
    try {
        throw nullptr;
    } catch (const Base* base) {
        check(base == nullptr, "a null pointer");
    }
}

[[gnu::noinline]] int deep(int levels) {
    const std::string text(static_cast<std::size_t>(levels), 'x');
    if (levels == 0) throw std::out_of_range("bottom");
    return deep(levels - 1) + static_cast<int>(text.size());
}

void frames(debug::Check& check) {
    std::string what;
    try {
        deep(30);
    } catch (const std::logic_error& error) {
        what = error.what();
    }
    check(what == "bottom", "through thirty frames, caught by a base");
    int count = 0;
    for (int i = 0; i < 200; ++i) {
        try {
            if (i % 2 == 0) fail(i);
            fail(std::to_string(i));
        } catch (int) {
            ++count;
        } catch (const std::string&) {
            ++count;
        }
    }
    check(count == 200, "again and again");
}

void again(debug::Check& check) {
    int order = 0;
    try {
        try {
            fail(Derived());
        } catch (Base& base) {
            order = base.code();
            throw;
        }
    } catch (const Derived&) {
        order = order * 10 + 3;
    }
    check(order == 23, "throw; passes the object on, not the handler's view of it");
    order = 0;
    try {
        try {
            fail(1);
        } catch (int) {
            try {
                fail(2L);
            } catch (long) {
                order = 1;
            }
            throw;
        }
    } catch (int value) {
        order = order * 10 + value;
    }
    check(order == 11, "an exception inside of a handler");
}

void pointers(debug::Check& check) {
    check(std::current_exception() == nullptr, "none is current outside of a handler");
    std::exception_ptr kept;
    try {
        fail(std::runtime_error("kept"));
    } catch (...) {
        kept = std::current_exception();
    }
    check(kept != nullptr && std::current_exception() == nullptr, "current_exception outlives its handler");
    int times = 0;
    for (int i = 0; i < 2; ++i) {
        try {
            std::rethrow_exception(kept);
        } catch (const std::runtime_error& error) {
            times += error.what() == std::string_view("kept");
        }
    }
    check(times == 2, "rethrow_exception, twice");
    try {
        std::rethrow_exception(std::make_exception_ptr(Other{3}));
    } catch (const Other& other) {
        check(other.number == 3, "make_exception_ptr");
    }
}

void nested(debug::Check& check) {
    std::string text;
    try {
        try {
            try {
                fail(std::runtime_error("inner"));
            } catch (...) {
                std::throw_with_nested(std::logic_error("middle"));
            }
        } catch (...) {
            std::throw_with_nested(std::runtime_error("outer"));
        }
    } catch (const std::exception& outer) {
        const auto walk = [&text](const auto& self, const std::exception& exception) -> void {
            text += exception.what();
            try {
                std::rethrow_if_nested(exception);
            } catch (const std::exception& next) {
                text += '<';
                self(self, next);
            }
        };
        walk(walk, outer);
    }
    check(text == "outer<middle<inner", "throw_with_nested, rethrow_if_nested");
}

void standard(debug::Check& check) {
    bool caught = false;
    try {
        std::vector<int>(3).at(3) = 1;
    } catch (const std::out_of_range&) {
        caught = true;
    }
    check(caught, "vector::at");
    caught = false;
    try {
        static_cast<void>(std::stoi("no number"));
    } catch (const std::invalid_argument&) {
        caught = true;
    }
    check(caught, "stoi");
    const std::system_error error(ENOENT, std::generic_category(), "open");
    check(error.code() == std::errc::no_such_file_or_directory &&
              std::string_view(error.what()).starts_with("open: "), "system_error");
}

}  // namespace

void exceptions(debug::Check& check) noexcept {
    handlers(check);
    frames(check);
    again(check);
    pointers(check);
    nested(check);
    standard(check);
}

}  // namespace unicore::libcxx
