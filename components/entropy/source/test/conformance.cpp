// SPDX-License-Identifier: BSD-3-Clause
// What every source that was added promises.
#include <unicore/debug/check.hpp>
#include <unicore/entropy/source.hpp>

#include <algorithm>
#include <array>

namespace unicore::entropy {

void conformance(debug::Check& check) noexcept {
    for (Source& source : sources()) {
        check(!source.name().empty(), "a source has a name");
        check(source.read({}).has_value(), "reading nothing succeeds");

        std::array<std::byte, 64> first{}, second{};
        check(source.read(first).has_value(), "a source that was added can be read");
        check(source.read(second).has_value(), "and again");
        check(!std::ranges::equal(first, second), "two reads differ");
        check(std::ranges::count(first, std::byte{0}) < 16, "all bytes are filled");

        bool inside = true, filled = true;
        for (std::size_t size = 1; size < 40; ++size) {
            std::array<std::byte, 48> bytes{};
            filled &= source.read(std::span(bytes).subspan(4, size)).has_value();
            inside &= std::ranges::count(std::span(bytes).first(4), std::byte{0}) == 4;
            inside &= std::ranges::count(std::span(bytes).subspan(4 + size), std::byte{0}) ==
                      static_cast<std::ptrdiff_t>(44 - size);
        }
        check(filled, "every size can be read");
        check(inside, "no byte beside the buffer is written");
    }
    // A machine may have none of what the image has drivers for.
    check(true, "the sources were gone through");
}

}  // namespace unicore::entropy
