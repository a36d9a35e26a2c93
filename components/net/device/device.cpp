// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/device.hpp>

namespace unicore::net {
namespace {

constinit Device* first = nullptr;

}  // namespace

void add(Device& device) noexcept {
    Device** end = &first;
    while (*end != nullptr) end = &(*end)->next;
    *end = &device;
}

Device* first_device() noexcept { return first; }

Device* find_device(std::string_view name) noexcept {
    Device* device = first;
    while (device != nullptr && device->name() != name) device = device->next;
    return device;
}

}  // namespace unicore::net
