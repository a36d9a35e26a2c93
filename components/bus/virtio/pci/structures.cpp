// SPDX-License-Identifier: BSD-3-Clause
#include "structures.hpp"

#include <unicore/base/units.hpp>

#include <algorithm>

namespace unicore::bus::virtio::pci {
namespace {

using bus::pci::Bar;
using bus::pci::Capabilities;
using bus::pci::Function;

/// struct virtio_pci_cap [4.1.4]
namespace capability {
constexpr unsigned bar = 4, offset = 8, length = 12, multiplier = 16;
constexpr std::uint8_t bytes = 16, bytes_of_notify = 20;
}  // namespace capability

constexpr std::uint32_t configuration_space = 256;

/// What a structure has to be, and how much of it is of use.
struct Wanted {
    std::uint32_t alignment, least, most;
    bool optional;
};
constexpr std::array<Wanted, kinds> wanted{{
    {4, Registers::common_size, Registers::common_size, false},
    {2, 2, 1 << 20, false},  // 256 queues, where each has a page for its own
    {1, 1, 1, false},
    {4, 1, page_size, true},
}};

/// Maps parts of a function's registers, each of which is asked for its size once in a row.
class Mapper {
public:
    explicit Mapper(const Function& function) noexcept : function_(function) {}

    /// The first `most` bytes at most. Errors: of bar and map; device_error when it is not within the register.
    Result<Registers::Area> map(const Structure& structure, std::uint32_t most) noexcept {
        if (structure.bar != last_) {
            bar_ = UNICORE_TRY(function_.bar(structure.bar));
            last_ = structure.bar;
        }
        if (structure.offset > bar_.size || structure.size > bar_.size - structure.offset)
            return unexpected(Error::device_error);
        const std::uint32_t size = std::min(structure.size, most);
        return Registers::Area{UNICORE_TRY(bus::pci::map(bar_, structure.offset, size)), size};
    }

private:
    Function function_;
    Bar bar_{};
    unsigned last_ = ~0U;
};

}  // namespace

DeviceId device_of(const Function& function) noexcept {
    constexpr std::uint16_t vendor = 0x1af4, first = 0x1000, first_modern = 0x1040, last = 0x107f;
    const std::uint16_t device = function.device();
    if (function.vendor() != vendor || function.bars() != 6 || device < first || device > last) return DeviceId::none;
    if (device >= first_modern) return static_cast<DeviceId>(device - first_modern);
    return static_cast<DeviceId>(function.subsystem());  // of transitional devices [4.1.2.1]
}

Structures structures_of(const Function& function) noexcept {
    Structures found{};
    for (Capabilities capabilities(function); const auto each = capabilities.next();) {
        if (each->id != bus::pci::vendor_specific) continue;
        const std::uint32_t head = function.read(each->offset);
        const unsigned bytes = head >> 16 & 0xff, kind = (head >> 24) - 1;
        if (bytes < capability::bytes || each->offset + bytes > configuration_space) continue;
        // Others are those that nobody here uses, and those of the future.
        if (kind >= kinds || found.all[kind].size != 0) continue;
        const bool bells = kind == static_cast<unsigned>(Kind::notify);
        if (bells && bytes < capability::bytes_of_notify) continue;
        const Structure structure{function.read(each->offset + capability::offset),
                                  function.read(each->offset + capability::length),
                                  static_cast<std::uint8_t>(function.read(each->offset + capability::bar))};
        if (structure.bar >= function.bars() || structure.size < wanted[kind].least ||
            structure.offset % wanted[kind].alignment != 0)
            continue;
        if ((function.read(bus::pci::offset::bars + 4U * structure.bar) & 1) != 0) continue;  // ports
        found.all[kind] = structure;
        if (bells) found.multiplier = function.read(each->offset + capability::multiplier);
    }
    return found;
}

Result<Registers> open(const Function& function) noexcept {
    const Structures structures = structures_of(function);
    for (unsigned i = 0; i != kinds; ++i)
        if (structures.all[i].size == 0 && !wanted[i].optional) return unexpected(Error::unsupported);
    UNICORE_TRY(function.enable());
    Mapper mapper(function);
    std::array<Registers::Area, kinds> areas{};
    for (unsigned i = 0; i != kinds; ++i)
        if (structures.all[i].size != 0) areas[i] = UNICORE_TRY(mapper.map(structures.all[i], wanted[i].most));
    const auto area = [&](Kind kind) { return areas[static_cast<unsigned>(kind)]; };
    return Registers::pci(function.address().value(), area(Kind::common).base, area(Kind::notify), structures.multiplier,
                          area(Kind::isr).base, area(Kind::device));
}

}  // namespace unicore::bus::virtio::pci
