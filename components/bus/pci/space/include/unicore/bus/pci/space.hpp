// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstdint>
#include <optional>

namespace unicore::bus::pci {

/// Which function of which device on which bus.
class Address {
public:
    constexpr Address() noexcept = default;
    constexpr Address(unsigned bus, unsigned device, unsigned function) noexcept
        : value_(static_cast<std::uint16_t>(bus << 8 | device << 3 | function)) {}
    /// As `value` has it.
    explicit constexpr Address(std::uint16_t value) noexcept : value_(value) {}

    constexpr unsigned bus() const noexcept { return value_ >> 8; }
    constexpr unsigned device() const noexcept { return value_ >> 3 & 31U; }
    constexpr unsigned function() const noexcept { return value_ & 7U; }
    /// All of it, as requests on the bus have it: the bus in the upper 8 bits, the device in 5, the function in 3.
    constexpr std::uint16_t value() const noexcept { return value_; }

    constexpr bool operator==(const Address&) const noexcept = default;

private:
    std::uint16_t value_ = 0;
};

/// The configuration space behind the machine's host bridge, and what memory that passes on. One segment.
namespace space {

/// Buses, the bridge's own first.
struct Buses {
    std::uint8_t first, last;
};

/// Memory addresses that the bridge passes on to its buses.
struct Window {
    std::uint64_t base;      ///< as functions see it
    std::uint64_t physical;  ///< as the CPU sees it
    std::uint64_t size;
    bool prefetchable;  ///< it may merge writes and read ahead
    bool free;          ///< addresses of it that no function has may be given to one
};

/// Makes it accessible; nothing else may be called before. Again, it says the same.
/// Context: thread. Errors: not_found when the machine has none that can be reached; device_error when what describes
/// it is nonsense; out_of_memory.
Result<Buses> open() noexcept;

/// The 32 bits at `offset`, a multiple of 4 below 256; all ones where there is no function.
/// Context: any.
std::uint32_t read(Address function, unsigned offset) noexcept;
void write(Address function, unsigned offset, std::uint32_t value) noexcept;

inline constexpr unsigned most_windows = 4;

/// Window `index`, the same each time; nothing past the last, which is one of most_windows.
std::optional<Window> window(unsigned index) noexcept;

}  // namespace space
}  // namespace unicore::bus::pci
