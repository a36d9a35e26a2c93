// SPDX-License-Identifier: BSD-3-Clause
// The heap's conformance suite under checks; with an argument, a mistake that they must find.
#include <unicore/console.hpp>
#include <unicore/debug/suites.hpp>
#include <unicore/memory/heap.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace unicore::memory::heap {
void conformance(debug::Check& check) noexcept;
}

namespace {

namespace heap = unicore::memory::heap;

/// Fresh blocks hold no zeroes that a program might rely on.
void filled(unicore::debug::Check& check) noexcept {
    const auto block = heap::allocate(100);
    if (!check(block.has_value(), "a block can be had")) return;
    const auto* const bytes = static_cast<const unsigned char*>(*block);
    bool fresh = true;
    for (std::size_t i = 0; i < 100; ++i) fresh = fresh && bytes[i] == 0xA5;
    check(fresh, "fresh blocks are filled");
    heap::release(*block);
    check(bytes[50] == 0xDF, "and so are released ones, while they are held");
}

void make(std::string_view mistake) noexcept {
    auto* block = static_cast<char*>(heap::allocate(100).value_or(nullptr));
    asm volatile("" : "+r"(block));
    if (mistake == "behind") block[100] = 'A';
    if (mistake == "before") std::memset(block - 2, 'B', 2);
    if (mistake == "inside") heap::release(block + 16);
    heap::release(block);
    if (mistake == "stale") std::memset(block + 50, 'C', 3);
    if (mistake == "twice") heap::release(block);
    for (int i = 0; i < 32; ++i) heap::release(heap::allocate(100).value_or(nullptr));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1) {
        make(argv[1]);
        unicore::console::write_line("survived");
        return 0;
    }
    static constexpr unicore::debug::NamedSuite suites[] = {{"memory.heap with checks", heap::conformance},
                                                            {"patterns", filled}};
    return unicore::debug::run_suites(suites);
}
