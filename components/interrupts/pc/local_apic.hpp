// SPDX-License-Identifier: BSD-3-Clause
/// Registers of the local APIC and what this component does with them. [Intel SDM vol. 3A, 11.4]
#pragma once

#include <cstdint>

namespace unicore::interrupts::pc::local_apic {

/// Offsets from the register page; as model-specific registers (x2APIC) they are 16 times as dense.
enum class Register : std::uint32_t {
    id = 0x020,
    end_of_interrupt = 0x0b0,
    spurious_interrupt_vector = 0x0f0,
    lvt_timer = 0x320,
    lvt_lint0 = 0x350,
    timer_initial_count = 0x380,
    timer_current_count = 0x390,
    timer_divide_configuration = 0x3e0,
};

constexpr std::uint32_t model_specific_register(Register which) noexcept {
    return 0x800 + static_cast<std::uint32_t>(which) / 16;
}

inline constexpr std::uint32_t software_enable = 1 << 8;   // spurious_interrupt_vector
inline constexpr std::uint32_t delivery_external = 7 << 8; // lvt_lint0: the vector comes from an 8259
inline constexpr std::uint32_t masked = 1 << 16;           // lvt_lint0
inline constexpr std::uint32_t divide_by_16 = 0b0011;      // timer_divide_configuration

/// IA32_APIC_BASE: where the registers are, and whether at all.
struct Base {
    static constexpr std::uint32_t number = 0x1b;
    std::uint64_t value;

    constexpr bool enabled() const noexcept { return (value & 1 << 11) != 0; }
    constexpr bool x2apic() const noexcept { return (value & 1 << 10) != 0; }
    /// The bits above the CPU's physical addresses are reserved.
    constexpr std::uint64_t address() const noexcept { return value & ~std::uint64_t{0xfff}; }
};

/// Starts it if it is not running. Panics when there is none. Context: masked.
void start() noexcept;

/// Finds the registers and makes them accessible; false when they are already. Panics when there
/// are none. The rest needs them open.
bool open() noexcept;
void write(Register which, std::uint32_t value) noexcept;
std::uint32_t read(Register which) noexcept;
/// The number that messages to this CPU are addressed to.
std::uint32_t id() noexcept;

}  // namespace unicore::interrupts::pc::local_apic
