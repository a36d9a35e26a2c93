// SPDX-License-Identifier: BSD-3-Clause
#include "word.hpp"

#include <unicore/base/log.hpp>
#include <unicore/platform/kvm/devices.hpp>

namespace unicore::bus::virtio {
namespace {

constexpr log::Logger<"bus.virtio.monitor"> log;

}  // namespace

void places::each(Visit visit, void* context) noexcept {
    for (const std::string_view word : platform::kvm::devices_of_monitor()) {
        const auto place = monitor::place_of(word);
        if (!place) log.warning([&](auto& line) { line << "not understood: virtio_mmio.device=" << word; });
        else if (!visit(*place, context)) return;
    }
}

Result<places::Specifier> places::interrupt(std::uint64_t base) noexcept {
    for (const std::string_view word : platform::kvm::devices_of_monitor()) {
        const auto place = monitor::place_of(word);
        if (!place || place->base != base) continue;
        const auto number = monitor::interrupt_of(word);
        if (!number) return unexpected(Error::device_error);
        return Specifier{{*number}, 1};
    }
    return unexpected(Error::not_found);
}

}  // namespace unicore::bus::virtio
