// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace unicore::test {

/// A table of interrupt controllers, as firmware writes it. [ACPI 6.4, 5.2.12]
struct Madt {
    std::vector<std::byte> bytes = std::vector<std::byte>(44);

    Madt& put(std::uint32_t value, unsigned size) {
        for (; size != 0; --size, value >>= 8) bytes.push_back(static_cast<std::byte>(value));
        return *this;
    }
    Madt& controller(std::uint32_t address, std::uint32_t first) {
        return put(1, 1).put(12, 1).put(0, 2).put(address, 4).put(first, 4);
    }
    Madt& source(std::uint8_t line, std::uint32_t interrupt, std::uint16_t flags) {
        return put(2, 1).put(10, 1).put(0, 1).put(line, 1).put(interrupt, 4).put(flags, 2);
    }
};

}  // namespace unicore::test
