// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, new.delete, alloc.errors, mem.res]
#include "suites.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <memory_resource>
#include <new>
#include <vector>

namespace unicore::libcxx {
namespace {

constexpr std::size_t too_much = std::numeric_limits<std::size_t>::max() / 4;

int calls = 0;

/// Gives up at the third call, as a handler without anything to give back must.
void handler() {
    if (++calls == 3) std::set_new_handler(nullptr);
}

/// Takes what the compiler would leave out, had nobody seen it.
void* volatile seen = nullptr;

template <typename Function>
bool runs_out(Function function) {
    try {
        function();
    } catch (const std::bad_alloc&) {
        return true;
    }
    return false;
}

struct alignas(256) Wide {
    char bytes[300];
};

}  // namespace

void allocation(debug::Check& check) noexcept {
    const auto plain = [] { return ::operator new(too_much); };
    check(runs_out(plain), "operator new throws bad_alloc");
    check(runs_out([] { return ::operator new[](too_much, std::align_val_t{64}); }), "so do the others");
    check(::operator new(too_much, std::nothrow) == nullptr &&
              ::operator new[](too_much, std::align_val_t{64}, std::nothrow) == nullptr, "nothrow returns null");
    std::set_new_handler(handler);
    check(std::get_new_handler() == handler && runs_out(plain) && calls == 3, "the new_handler is called until it gives up");
    check(std::get_new_handler() == nullptr, "set_new_handler takes a handler away");
    volatile std::size_t negative = too_much;
    check(runs_out([&] { seen = new int[negative + too_much * 3]; }), "an array that is too long");
    const auto wide = std::make_unique<Wide[]>(2);
    check(reinterpret_cast<std::uintptr_t>(wide.get()) % 256 == 0, "alignment");
    std::byte room[256];
    std::pmr::monotonic_buffer_resource resource(room, sizeof room, std::pmr::null_memory_resource());
    std::pmr::vector<int> numbers(&resource);
    numbers.assign(16, 5);
    check(numbers.back() == 5 && runs_out([&] { numbers.assign(1000, 1); }), "memory resources");
    check(runs_out([] {
        std::vector<char> characters;
        characters.reserve(too_much);
        seen = characters.data();
    }), "a container without memory");
}

}  // namespace unicore::libcxx
