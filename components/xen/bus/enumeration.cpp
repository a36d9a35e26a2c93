// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/bus/enumeration.hpp>

#include <unicore/base/text.hpp>
#include <unicore/sched.hpp>
#include <unicore/xen/bus/config.hpp>
#include <unicore/xen/bus/device.hpp>

#include <algorithm>

namespace unicore::xen::bus {

Enumeration::Enumeration(Side side, std::string_view type, Owner& owner) noexcept
    : side_(side), owner_(owner), folder_(side == Side::front ? "device" : "backend", type) {}

Result<void> Enumeration::start() noexcept {
    watch_ = UNICORE_TRY(store::Watch::create(
        folder_,
        [](void* object, std::string_view changed) noexcept {
            Enumeration& self = *static_cast<Enumeration*>(object);
            if (self.concerns(changed)) self.wake();
        },
        this));
    wake();
    sched::yield();
    return {};
}

/// Whether a device may have come or gone, or its other end moved. Our own writes are not of interest.
bool Enumeration::concerns(std::string_view changed) const noexcept {
    if (!changed.starts_with(folder_.view())) return true;
    changed.remove_prefix(folder_.view().size());
    const auto depth = std::ranges::count(changed, '/');
    return depth <= (side_ == Side::front ? 1 : 2) || changed.find("/backend", 1) != changed.npos ||
           changed.find("/frontend", 1) != changed.npos;
}

void Enumeration::run() noexcept {
    wake_devices();
    if (side_ == Side::front) return look_below(folder_, 0);
    char buffer[config::listing];
    const auto names = store::list(folder_, buffer);
    if (!names) return;
    for (const std::string_view name : *names)
        if (const auto domain = text::parse_decimal(name); domain && *domain < DOMID_FIRST_RESERVED)
            look_below(store::Path{folder_, name}, static_cast<domid_t>(*domain));
}

void Enumeration::look_below(const store::Path& folder, domid_t domain) noexcept {
    char buffer[config::listing];
    const auto names = store::list(folder, buffer);
    if (!names) return;
    for (const std::string_view name : *names) {
        const auto index = text::parse_decimal(name);
        if (!index || *index > UINT32_MAX) continue;
        const Address address{domain, static_cast<std::uint32_t>(*index)};
        if (!owner_.known(address)) owner_.add(address, store::Path{folder, name});
    }
}

}  // namespace unicore::xen::bus
