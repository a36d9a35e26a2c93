// SPDX-License-Identifier: BSD-3-Clause
/// A configuration space with functions that behave as the specification has it, or as a test wants.
#pragma once

#include <unicore/base/units.hpp>
#include <unicore/bus/pci.hpp>
#include <unicore/bus/pci/space.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace unicore::test {

/// A function's 256 bytes. Writes reach what `writable` says.
struct FakeFunction {
    std::array<std::uint32_t, 64> words{}, writable{};
    std::function<std::optional<std::uint32_t>(unsigned offset)> lies;  ///< what is read instead
    unsigned decoding_writes = 0;  ///< to base address registers, while it decodes

    FakeFunction() : FakeFunction(0x1234, 0x5678) {}
    FakeFunction(std::uint16_t vendor, std::uint16_t device, std::uint8_t header = 0);

    std::uint32_t& at(unsigned offset) { return words[offset / 4]; }
    /// A memory register of `size` bytes, a power of two; with an address, if that is not 0.
    void memory_bar(unsigned index, std::uint64_t size, std::uint64_t address = 0, bool wide = false,
                    bool prefetchable = false);
    void port_bar(unsigned index, std::uint32_t size, std::uint32_t address = 0);
    /// Makes it a bridge to these buses.
    void bridge_to(std::uint8_t primary, std::uint8_t secondary, std::uint8_t subordinate);
    /// Appends a capability at `offset` behind the one at `previous` (0: it is the first), with the `rest` of its words
    /// and the upper half of its first.
    void capability(unsigned offset, unsigned previous, std::uint8_t id, std::vector<std::uint32_t> rest = {},
                    std::uint16_t upper = 0);
};

/// A PC's window.
inline constexpr bus::pci::space::Window everything{
    .base = 0, .physical = 0, .size = std::uint64_t{1} << 52, .prefetchable = false, .free = false};

/// The machine, to be filled by tests.
struct FakeSpace {
    std::map<std::uint16_t, FakeFunction> functions;
    std::vector<bus::pci::space::Window> windows;
    Result<bus::pci::space::Buses> buses = bus::pci::space::Buses{0, 255};
    unsigned reads = 0;
    std::vector<MemoryRange> mapped;
    Result<void> mapping{};

    FakeFunction& operator[](bus::pci::Address address) { return functions[address.value()]; }
    /// The function there, as a walk finds it.
    bus::pci::Function found(bus::pci::Address address);
};
extern FakeSpace fakes;

}  // namespace unicore::test
