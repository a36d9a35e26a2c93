// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio.hpp>

namespace unicore::bus::virtio {

Result<Device> find(DeviceId id, unsigned index) noexcept {
    Error error = Error::not_found;
    for (transports::Way& way : transports::ways()) {
        const auto found = way.find(id, index);
        if (found) return Device(found->registers, found->id, found->legacy);
        if (found.error() != Error::not_found) error = found.error();
    }
    return unexpected(error);
}

}  // namespace unicore::bus::virtio
