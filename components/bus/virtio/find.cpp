// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio.hpp>

#include <unicore/arch/mapping.hpp>
#include <unicore/bus/virtio/places.hpp>

namespace unicore::bus::virtio {
namespace {

struct Search {
    DeviceId id;
    unsigned left;  ///< devices of the kind to pass over
    Result<Device> found;
};

/// Whether to go on.
bool look(const places::Place& place, void* context) noexcept {
    constexpr std::uint64_t least = 0x100;  // the registers; what is behind them is the device's own
    Search& search = *static_cast<Search*>(context);
    if (place.size < least) return true;
    if (const auto mapped = arch::map_around(place.base, least, arch::Access::device); !mapped) {
        search.found = unexpected(mapped.error());
        return true;
    }
    const auto device = Device::create({static_cast<std::uintptr_t>(place.base)});
    if (!device || device->device_id() != search.id || search.left-- != 0) return true;
    search.found = *device;
    return false;
}

}  // namespace

Result<Device> find(DeviceId id, unsigned index) noexcept {
    Search search{id, index, unexpected(Error::not_found)};
    places::each(look, &search);
    return search.found;
}

}  // namespace unicore::bus::virtio
