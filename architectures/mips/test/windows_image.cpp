// SPDX-License-Identifier: BSD-3-Clause
// Reads the image's own text through an address that must lead nowhere: a window of the CPU to all memory without
// rights, or the text's physical address.
#include <unicore/console.hpp>

#include <cstdint>
#include <string_view>

int main(int, char** arguments) {
    using namespace std::string_view_literals;
    constexpr std::uintptr_t kseg0 = 0x8000'0000, kseg1 = 0xa000'0000, window = 0x1fff'ffff;
    const std::string_view which = arguments[1];
    const std::uintptr_t base = which == "kseg0"sv ? kseg0 : which == "kseg1"sv ? kseg1 : 0;
    const auto* const alias = reinterpret_cast<const volatile std::uint32_t*>(
        base + (reinterpret_cast<std::uintptr_t>(&unicore::console::write) & window));
    static_cast<void>(*alias);
    unicore::console::write_line("nothing caught it");
    return 1;
}
