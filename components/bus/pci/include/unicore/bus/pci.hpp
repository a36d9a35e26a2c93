// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/pci/space.hpp>

#include <array>
#include <cstdint>
#include <optional>

/// PCI and PCI Express, from the driver's side. [PCI Local Bus Specification 3.0, 6]
namespace unicore::bus::pci {

/// Offsets in the configuration space. [6.1; PCI-to-PCI Bridge Architecture Specification 1.2, 3.2]
namespace offset {
inline constexpr unsigned identity = 0x00, command = 0x04, class_code = 0x08, header_type = 0x0c, bars = 0x10,
                          bus_numbers = 0x18, bridge_memory = 0x20, bridge_prefetchable = 0x24, subsystem = 0x2c,
                          capabilities = 0x34, interrupt = 0x3c;
}

/// What a base address register asks for.
struct Bar {
    std::uint64_t address;  ///< as the bus has it; 0: nobody has given it one
    std::uint64_t size;     ///< bytes, a power of two
    bool memory;            ///< not I/O ports
    bool prefetchable;
    bool wide;  ///< of 64 bits, and the next register's too
};

/// Makes [`offset`, `offset` + `size`) of a register's memory accessible; returns where it is.
/// Context: thread. Errors: unsupported for ports; out_of_range past the end, when it has no address, when the host
/// bridge does not pass it on, and when it would be RAM; out_of_memory.
Result<std::uintptr_t> map(const Bar& bar, std::uint64_t offset, std::uint32_t size) noexcept;

/// A function: where it is and what it said when it was found. A handle, to be copied; it owns nothing.
/// Context of everything: one thread at a time.
class Function {
public:
    /// The one at `address`. Errors: not_found; of space::open.
    static Result<Function> at(Address address) noexcept;

    Address address() const noexcept { return address_; }
    std::uint16_t vendor() const noexcept { return static_cast<std::uint16_t>(identity_); }
    std::uint16_t device() const noexcept { return static_cast<std::uint16_t>(identity_ >> 16); }
    bool is_bridge() const noexcept { return header_ == 1; }

    std::uint32_t read(unsigned offset) const noexcept { return space::read(address_, offset); }
    void write(unsigned offset, std::uint32_t value) const noexcept { space::write(address_, offset, value); }

    /// Base class, subclass and programming interface, 8 bits each. [6.2.1]
    std::uint32_t class_code() const noexcept { return read(offset::class_code) >> 8; }
    std::uint8_t revision() const noexcept { return static_cast<std::uint8_t>(read(offset::class_code)); }
    /// The board's own number, which is no bridge's. [6.2.4]
    std::uint16_t subsystem() const noexcept { return static_cast<std::uint16_t>(read(offset::subsystem) >> 16); }

    /// Base address register `index`. The function does not decode addresses while it is asked.
    /// Errors: not_found when there is none, or it is the second half of one; device_error for nonsense. [6.2.5.1]
    Result<Bar> bar(unsigned index) const noexcept;

    /// How many there can be.
    unsigned bars() const noexcept { return header_ == 0 ? 6 : header_ == 1 ? 2 : 0; }

    /// Lets it decode memory addresses and access memory. Registers without an address get one before, if the host
    /// bridge has free windows.
    /// Errors: unsupported when a register gets none; of bar.
    Result<void> enable() const noexcept;

private:
    friend class Walk;

    Function(Address address, std::uint32_t identity, std::uint8_t header) noexcept
        : identity_(identity), address_(address), header_(header) {}

    std::uint32_t identity_;
    Address address_;
    std::uint8_t header_;  ///< its layout, without the bit for several functions
};

/// All functions, bus by bus in ascending order, bridges before what is behind them.
class Walk {
public:
    /// Errors: of space::open.
    static Result<Walk> create() noexcept;

    /// The next one; nothing at the end.
    std::optional<Function> next() noexcept;

private:
    explicit Walk(space::Buses buses) noexcept;

    bool advance_bus() noexcept;

    std::array<std::uint32_t, 8> behind_bridges_{};  ///< a bit for each bus to visit
    std::uint8_t last_bus_;
    unsigned at_;                 ///< the next function as an Address has it
    bool has_functions_ = false;  ///< whether the device may have more than one
};

/// A capability: what it is and where it begins. [6.7]
struct Capability {
    std::uint8_t id, offset;
};

inline constexpr std::uint8_t vendor_specific = 0x09, msi_x = 0x11;

/// The capabilities of a function, as many as can be at most, whatever the function says.
class Capabilities {
public:
    explicit Capabilities(const Function& function) noexcept;

    std::optional<Capability> next() noexcept;

private:
    Function function_;
    std::uint8_t at_, left_;
};

}  // namespace unicore::bus::pci
