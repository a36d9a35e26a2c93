// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, any, optional, variant, expected, func.wrap, smartptr, charconv]
#include "suites.hpp"

#include <any>
#include <charconv>
#include <coroutine>
#include <expected>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace unicore::libcxx {
namespace {

template <typename Exception, typename Function>
bool throws(Function function) {
    try {
        function();
    } catch (const Exception&) {
        return true;
    }
    return false;
}

void vocabulary(debug::Check& check) {
    std::any any = std::string("text");
    check(std::any_cast<std::string>(any) == "text" && throws<std::bad_any_cast>([&] { std::any_cast<int>(any); }), "any");
    check(throws<std::bad_optional_access>([] { std::optional<int>().value(); }), "optional");
    const std::variant<int, std::string> variant = "text";
    check(std::visit([](const auto& value) { return sizeof value; }, variant) == sizeof(std::string) &&
              throws<std::bad_variant_access>([&] { std::get<int>(variant); }), "variant");
    check(throws<std::bad_expected_access<int>>([] { std::expected<void, int>(std::unexpect, 3).value(); }), "expected");
    std::function<int(int)> function;
    check(throws<std::bad_function_call>([&] { function(1); }), "an empty function");
    function = [add = std::string("xyz")](int value) { return value + static_cast<int>(add.size()); };
    check(function(1) == 4 && std::invoke(std::bind(function, std::placeholders::_1), 2) == 5, "function, bind");
}

struct Node : std::enable_shared_from_this<Node> {
    explicit Node(int& ends) : ends_(ends) {}
    ~Node() { ++ends_; }
    int& ends_;
};

void pointers(debug::Check& check) {
    int ends = 0;
    auto shared = std::make_shared<Node>(ends);
    std::weak_ptr<Node> weak = shared;
    check(shared->shared_from_this().use_count() == 2 && weak.lock() == shared, "shared_ptr, weak_ptr");
    shared.reset();
    check(ends == 1 && weak.expired(), "the last owner ends it");
    check(throws<std::bad_weak_ptr>([&] { std::shared_ptr<Node> late(weak); }), "bad_weak_ptr");
}

/// The shortest text of a number reads back as the same.
template <typename Number>
std::string text_of(Number number) {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    return {text, end};
}

void conversions(debug::Check& check) {
    check(text_of(std::numeric_limits<long long>::min()) == "-9223372036854775808" && text_of(0.1) == "0.1" &&
              text_of(1e300) == "1e+300" && text_of(0.3f) == "0.3" && text_of(5e-324) == "5e-324", "to_chars");
    char text[64];
    const auto fixed = std::to_chars(text, text + sizeof text, 2.0 / 3, std::chars_format::fixed, 20).ptr;
    check(std::string_view(text, fixed) == "0.66666666666666662966", "to_chars with a precision");
    int number = 0;
    const std::string_view digits = "ffz";
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number, 16);
    check(number == 255 && *end == 'z' && error == std::errc(), "from_chars");
    const std::string_view large = "99999999999";
    check(std::from_chars(large.begin(), large.end(), number).ec == std::errc::result_out_of_range, "out of range");
}

/// A coroutine, whose frame is allocated.
struct Numbers {
    struct promise_type {
        int value = 0;
        Numbers get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(int next) noexcept { return value = next, std::suspend_always(); }
        void return_void() {}
        void unhandled_exception() { throw; }
    };
    ~Numbers() { handle.destroy(); }
    std::coroutine_handle<promise_type> handle;
};

Numbers count_to(int last) {
    for (int i = 1; i <= last; ++i) co_yield i;
    throw last;
}

void coroutines(debug::Check& check) {
    const Numbers numbers = count_to(3);
    int sum = 0, thrown = 0;
    try {
        for (;;) {
            numbers.handle.resume();
            sum += numbers.handle.promise().value;
        }
    } catch (int value) {
        thrown = value;
    }
    check(sum == 6 && thrown == 3 && numbers.handle.done(), "a coroutine, and what it throws");
}

}  // namespace

void utilities(debug::Check& check) noexcept {
    vocabulary(check);
    pointers(check);
    conversions(check);
    coroutines(check);
}

}  // namespace unicore::libcxx
