// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/interrupts.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace unicore::interrupts::mips {

/// The lines of a CPU. `Cpu` has pending(), a bit for each line that asks, mask() and set_mask(bits), all static;
/// a set bit of the mask lets the line interrupt. Context of all: masked. [MIPS32 volume III, Status.IM, Cause.IP]
template <typename Cpu>
class Lines {
public:
    static constexpr std::uint32_t count = 8;

    /// Which line `specifier` means. Errors: invalid_argument for none.
    static Result<std::uint32_t> number(std::span<const std::uint32_t> specifier) noexcept {
        if (specifier.size() != 1 || specifier[0] >= count) return unexpected(Error::invalid_argument);
        return specifier[0];
    }

    /// Errors: busy when the line is taken.
    Result<void> take(std::uint32_t number, Handler handler, void* context) noexcept {
        if (entries_[number].handler != nullptr) return unexpected(Error::busy);
        entries_[number] = {handler, context};
        Cpu::set_mask(Cpu::mask() | 1u << number);
        return {};
    }

    void release(std::uint32_t number) noexcept {
        Cpu::set_mask(Cpu::mask() & ~(1u << number));
        entries_[number] = {};
    }

    /// Runs the handlers of what asks.
    void handle() noexcept {
        const std::uint32_t asking = Cpu::pending() & Cpu::mask();
        for (std::uint32_t i = 0; i != count; ++i)
            if ((asking >> i & 1) != 0 && entries_[i].handler != nullptr) entries_[i].handler(entries_[i].context);
    }

private:
    struct Entry {
        Handler handler;
        void* context;
    };
    std::array<Entry, count> entries_{};
};

}  // namespace unicore::interrupts::mips
