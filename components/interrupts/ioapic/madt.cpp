// SPDX-License-Identifier: BSD-3-Clause
#include "madt.hpp"

#include <cstring>

namespace unicore::interrupts::ioapic {
namespace {

constexpr std::size_t entries_at = 44;  // after the header, the local APIC's address and the flags

struct [[gnu::packed]] Controller {
    static constexpr std::uint8_t expected_type = 1;
    std::uint8_t type, length, id, reserved;
    std::uint32_t address;
    std::uint32_t first_interrupt;  ///< the global system interrupt of input 0
};

struct [[gnu::packed]] Override {
    static constexpr std::uint8_t expected_type = 2;
    std::uint8_t type, length, bus, line;
    std::uint32_t interrupt;
    std::uint16_t flags;

    bool active_low() const noexcept { return (flags & 3) == 3; }
    bool level_triggered() const noexcept { return (flags >> 2 & 3) == 3; }
};

/// Calls `use` with each entry of type T that is as long as one.
template <typename T>
void for_each(std::span<const std::byte> madt, auto use) noexcept {
    if (madt.size() < entries_at) return;
    for (auto left = madt.subspan(entries_at); left.size() >= 2;) {
        const auto type = static_cast<std::uint8_t>(left[0]), length = static_cast<std::uint8_t>(left[1]);
        if (length < 2 || length > left.size()) return;
        if (type == T::expected_type && length >= sizeof(T)) {
            T entry;
            std::memcpy(&entry, left.data(), sizeof entry);
            use(entry);
        }
        left = left.subspan(length);
    }
}

}  // namespace

Result<Input> find_input(std::span<const std::byte> madt, std::uint8_t line) noexcept {
    std::uint32_t interrupt = line;
    Input result{};
    for_each<Override>(madt, [&](const Override& entry) noexcept {
        if (entry.line != line) return;
        interrupt = entry.interrupt;
        result.active_low = entry.active_low();
        result.level_triggered = entry.level_triggered();
    });
    // The one that begins last before it; how many inputs one has, only its registers tell.
    std::uint32_t best = 0;
    for_each<Controller>(madt, [&](const Controller& entry) noexcept {
        if (entry.address == 0 || entry.first_interrupt > interrupt) return;
        if (result.controller != 0 && entry.first_interrupt < best) return;
        best = entry.first_interrupt;
        result.controller = entry.address;
        result.number = interrupt - best;
    });
    if (result.controller == 0) return unexpected(Error::not_found);
    return result;
}

}  // namespace unicore::interrupts::ioapic
