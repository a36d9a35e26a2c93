// SPDX-License-Identifier: BSD-3-Clause
/// A board in virtual time: Count, Compare and an 8254.
#pragma once

#include "../../i8254/test/model.hpp"

#include <cstdint>
#include <functional>

namespace unicore::test {

struct Board {
    static constexpr std::uint64_t second = I8254::second, microsecond = second / 1'000'000;

    // The machine.
    std::uint64_t hertz = 160'000'000;
    std::uint64_t latency = 3 * microsecond;    ///< from the interrupt to the end of the halt
    std::uint64_t port_time = microsecond;
    std::uint64_t look_time = microsecond / 100;  ///< of a read of Count
    std::uint64_t write_time = microsecond / 100;  ///< of a write to Compare
    std::uint64_t interrupt_every = 0;          ///< of something else
    std::function<void()> other = [] {};        ///< and what it does
    std::uint32_t first_count = 0;
    I8254 pit;

    // What happened.
    std::uint64_t now = 0;
    unsigned halts = 0;
    void (*handler)(void*) noexcept = nullptr;
    bool pending = false;

    std::uint32_t count_at(std::uint64_t time) const {
        const auto passed = static_cast<unsigned __int128>(time) * hertz / second;
        return static_cast<std::uint32_t>(first_count + static_cast<std::uint64_t>(passed));
    }
    std::uint32_t count() {
        pass(look_time);
        return count_at(now);
    }
    void set_compare(std::uint32_t value) {
        pass(write_time);
        compare = value;
        pending = false;
        armed_at = now;
    }
    /// When Count is Compare next.
    std::uint64_t expiry() const {
        const std::uint64_t left = static_cast<std::uint32_t>(compare - count_at(armed_at) - 1) + std::uint64_t{1};
        return armed_at + static_cast<std::uint64_t>(static_cast<unsigned __int128>(left) * second / hertz) + 1;
    }
    void pass(std::uint64_t time) {
        if (handler != nullptr && expiry() <= now + time) pending = true;
        now += time;
    }
    void halt();

    std::uint32_t compare = 0;
    std::uint64_t armed_at = 0;
};

/// The one that the fakes are about; a new one for every test case.
Board& board();

/// For Cp0Clock.
struct Cpu {
    static std::uint32_t count() noexcept { return board().count(); }
    static void set_compare(std::uint32_t value) noexcept { board().set_compare(value); }
    static void attach(void (*handler)(void*) noexcept, void*) noexcept { board().handler = handler; }
};

}  // namespace unicore::test
