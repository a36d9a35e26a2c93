// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/mapping.hpp>
#include <unicore/base/late.hpp>
#include <unicore/bus/virtio/places.hpp>
#include <unicore/bus/virtio/transports.hpp>

#include <algorithm>

namespace unicore::bus::virtio::mmio {
namespace {

using transports::Found;

struct Search {
    DeviceId id;
    unsigned& passed_over;
    Result<Found> found;
};

/// Errors: not_found when there is no transport, none of these versions, or no device behind it; of map_around.
/// [4.2.2.2, 4.2.3.1.1]
Result<Found> look(const places::Place& place) noexcept {
    constexpr std::uint64_t most = page_size;  // of registers and configuration
    if (place.size < Registers::mmio_size) return unexpected(Error::not_found);
    const auto size = static_cast<std::uint32_t>(std::min(place.size, most));
    UNICORE_TRY(arch::map_around(place.base, size, arch::Access::device));
    const auto registers = Registers::mmio(static_cast<std::uintptr_t>(place.base), size - Registers::mmio_size);
    constexpr std::uint32_t magic = 0x7472'6976;  // "virt"
    if (registers.read(Register::magic_value) != magic) return unexpected(Error::not_found);
    const std::uint32_t version = registers.read(Register::version);
    if (version != 1 && version != 2) return unexpected(Error::not_found);
    const auto id = static_cast<DeviceId>(registers.read(Register::device_id));
    if (id == DeviceId::none) return unexpected(Error::not_found);
    return Found{registers, id, version == 1};
}

/// Whether to go on.
bool visit(const places::Place& place, void* context) noexcept {
    Search& search = *static_cast<Search*>(context);
    auto found = look(place);
    if (!found) {
        if (found.error() != Error::not_found) search.found = found;
        return true;
    }
    if (found->id != search.id) return true;
    if (search.passed_over != 0) {
        --search.passed_over;
        return true;
    }
    search.found = found;
    return false;
}

class Mmio final : public transports::Way {
public:
    Result<Found> find(DeviceId id, unsigned& passed_over) noexcept override {
        Search search{id, passed_over, unexpected(Error::not_found)};
        places::each(visit, &search);
        return search.found;
    }
};

constinit Late<Mmio> way;

}  // namespace

Result<void> start() noexcept {
    transports::add(way.construct());
    return {};
}

}  // namespace unicore::bus::virtio::mmio
