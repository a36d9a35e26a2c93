// SPDX-License-Identifier: BSD-3-Clause
#include "rng.hpp"

#include <unicore/base/late.hpp>
#include <unicore/base/log.hpp>
#include <unicore/bus/virtio.hpp>

namespace unicore::entropy::virtio {
namespace {

constexpr log::Logger<"entropy.virtio"> log;

constinit Late<Rng<bus::virtio::Device>> rng;

}  // namespace

Result<void> start() noexcept {
    const auto device = bus::virtio::find(bus::virtio::DeviceId::entropy);
    if (!device) return device.error() == Error::not_found ? Result<void>() : unexpected(device.error());
    if (const auto opened = rng.construct(*device).open()) add(*rng);
    else log.warning([&](auto& line) { line << "the device is not used: " << to_string(opened.error()); });
    return {};
}

}  // namespace unicore::entropy::virtio
