// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/access_fault.hpp>

#include <cstdint>

namespace unicore::arch::mips {

/// The Cause register. [MIPS32 volume III, Cause register, ExcCode]
struct Cause {
    enum class Code : std::uint8_t {
        interrupt = 0,
        modified = 1,  ///< write to a page that may be read only
        tlb_load = 2,  ///< a read, or a fetch
        tlb_store = 3,
        address_load = 4,  ///< not aligned, or out of reach
        address_store = 5,
        bus_fetch = 6,
        bus_data = 7,
        system_call = 8,
        breakpoint = 9,
        reserved_instruction = 10,
        coprocessor_unusable = 11,
        overflow = 12,
        trap = 13,
        floating_point = 15,
        read_inhibit = 19,
        execute_inhibit = 20,
    };

    std::uint32_t value;

    constexpr Code code() const noexcept { return static_cast<Code>(value >> 2 & 31); }
    /// The instruction is in the delay slot behind the one that EPC tells.
    constexpr bool in_delay_slot() const noexcept { return value >> 31 != 0; }

    /// Whether BadVAddr tells where.
    constexpr bool has_address() const noexcept {
        const Code what = code();
        return (what >= Code::modified && what <= Code::address_store) || what == Code::read_inhibit ||
               what == Code::execute_inhibit;
    }

    /// What the access to `address` by the instruction at `epc` was. A fetch is told as a load, of the instruction
    /// itself.
    constexpr Attempt attempt(std::uint32_t epc, std::uint32_t address) const noexcept {
        switch (code()) {
            case Code::modified:
            case Code::tlb_store:
            case Code::address_store: return Attempt::write;
            case Code::execute_inhibit: return Attempt::execute;
            default: return address == epc + (in_delay_slot() ? 4 : 0) ? Attempt::execute : Attempt::read;
        }
    }
};

}  // namespace unicore::arch::mips
