// SPDX-License-Identifier: BSD-3-Clause
/// Register layouts, portable: `Registers` has read(offset) and write(offset, value), 32 bits wide, and
/// write8(offset, value) for the fields of 8 bits that can be written so. [IHI 0048B, 4.1.4]
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace unicore::interrupts::gic {

/// Interrupt identifiers: 16 to 31 are the CPU's own, from 32 on shared ones, 1020 and above mean none.
inline constexpr std::uint32_t first_private = 16, first_shared = 32, no_interrupt = 1020;

struct Input {
    std::uint32_t number;
    bool edge;
};

/// What a device tree's three cells mean. [arm,gic.yaml]
constexpr std::optional<Input> decode(std::span<const std::uint32_t> cells) noexcept {
    if (cells.size() != 3) return std::nullopt;
    const bool is_private = cells[0] == 1;
    if (cells[0] > 1 || cells[1] >= (is_private ? first_shared - first_private : no_interrupt - first_shared))
        return std::nullopt;
    return Input{cells[1] + (is_private ? first_private : first_shared), (cells[2] & 3) != 0};
}

/// The distributor, and in version 3 the redistributor's page for the CPU's own interrupts, which is laid out alike.
/// [IHI 0048B, table 4-1; IHI 0069H, table 12-25]
template <typename Registers>
struct Distributor {
    static constexpr std::uint32_t control = 0x000, group = 0x080, set_enable = 0x100, clear_enable = 0x180,
                                   priority = 0x400, targets = 0x800, configuration = 0xc00, routing = 0x6000;

    Registers registers;

    /// Sets the line up, disabled: its group, a middle priority, its trigger.
    void prepare(Input input, bool group_one) const noexcept {
        disable(input.number);
        if (group_one) set_bit(group, input.number, true);
        registers.write8(priority + input.number, 0x80);
        if (input.number < first_shared) return;  // what triggers the CPU's own is wired
        const std::uint32_t bit = input.number % 16 * 2 + 1, where = configuration + input.number / 16 * 4;
        const std::uint32_t before = registers.read(where) & ~(std::uint32_t{1} << bit);
        registers.write(where, before | std::uint32_t{input.edge} << bit);
    }
    /// Version 2: has the first CPU take it.
    void target_first(std::uint32_t number) const noexcept {
        registers.write8(targets + number, 1);
    }
    /// Version 3: has the CPU of this affinity take it. [GICD_IROUTER]
    void route(std::uint32_t number, std::uint64_t affinity) const noexcept {
        registers.write(routing + number * 8, static_cast<std::uint32_t>(affinity));
        registers.write(routing + number * 8 + 4, static_cast<std::uint32_t>(affinity >> 32));
    }
    void enable(std::uint32_t number) const noexcept { registers.write(set_enable + number / 32 * 4, 1u << number % 32); }
    void disable(std::uint32_t number) const noexcept {
        registers.write(clear_enable + number / 32 * 4, 1u << number % 32);
    }

private:
    void set_bit(std::uint32_t base, std::uint32_t number, bool value) const noexcept {
        const std::uint32_t at = base + number / 32 * 4, bit = 1u << number % 32;
        registers.write(at, (registers.read(at) & ~bit) | (value ? bit : 0));
    }
};

/// Version 2's CPU interface. [IHI 0048B, table 4-2]
template <typename Registers>
struct CpuInterface {
    static constexpr std::uint32_t control = 0x00, priority_mask = 0x04, acknowledge = 0x0c, end_of_interrupt = 0x10;

    Registers registers;

    void start() const noexcept {
        registers.write(priority_mask, 0xff);
        registers.write(control, 1);
    }
};

/// Version 3's redistributor, one for each CPU. [IHI 0069H, 12.10]
namespace redistributor {
inline constexpr std::uint32_t type_low = 0x08, type_high = 0x0c, waker = 0x14;
inline constexpr std::uint32_t last = 1 << 4, virtual_frames = 1 << 1;  // of GICR_TYPER
inline constexpr std::uint32_t processor_sleep = 1 << 1, children_asleep = 1 << 2;
inline constexpr std::uint32_t frame = 0x10000;  ///< two for each CPU, four with version 4's virtual ones
}  // namespace redistributor

}  // namespace unicore::interrupts::gic
