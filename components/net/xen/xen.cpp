// SPDX-License-Identifier: BSD-3-Clause
// The devices that the toolstack gave the domain.
#include "interface.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/log.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/xen/config.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/store.hpp>

#include <array>
#include <new>
#include <span>
#include <string_view>

namespace unicore::net::xen {
namespace {

constexpr log::Logger<"net.xen"> log;

constexpr std::string_view folder = "device/vif";

/// All of them, as long as the image lasts.
struct Interfaces {
    std::array<Interface*, most_devices> all{};
    unsigned count = 0;
};
platform::PerImage<Interfaces> here;

/// A device with its queues.
struct Place {
    Place(unsigned number, const store::Path& path, const MacAddress& address, std::uint16_t mtu) noexcept
        : interface(number, path, address, mtu, queues) {}

    std::array<Queue, config::queues> queues{};
    Interface interface;
};
static_assert(config::queues <= most_queues);

/// The numbers of the vifs, in their order; returns how many. Errors: those of the store; there may be none at all.
Result<std::size_t> find(std::span<std::uint32_t> into) noexcept {
    char buffer[1024];
    const auto names = store::list(folder, buffer);
    if (!names && names.error() == Error::not_found) return 0;
    if (!names) return unexpected(names.error());
    std::size_t count = 0;
    for (const std::string_view name : *names) {
        const auto number = text::parse_decimal(name);
        if (!number || *number > UINT32_MAX) continue;
        if (count == into.size()) {
            log.warning([&](auto& line) { line << "only the first " << into.size() << " devices are used"; });
            break;
        }
        std::size_t place = count++;  // in order, whatever the store's is
        for (; place != 0 && into[place - 1] > *number; --place) into[place] = into[place - 1];
        into[place] = static_cast<std::uint32_t>(*number);
    }
    return count;
}

/// What the toolstack says of a frame's length, if it does.
std::uint16_t mtu_of(const store::Path& path) noexcept {
    constexpr std::uint64_t least = 68, usual = 1500, most = 65521;
    const std::uint64_t mtu = store::read_number(store::Path{path, "mtu"}).value_or(usual);
    return static_cast<std::uint16_t>(mtu >= least && mtu <= most ? mtu : usual);
}

/// A device that has begun to look for its back-end.
Result<Interface*> make(unsigned number, const store::Path& path) noexcept {
    char buffer[32];
    const MacAddress address = UNICORE_TRY(parse_address(UNICORE_TRY(store::read(store::Path{path, "mac"}, buffer))));
    const PageCount pages = pages_for(sizeof(Place));
    std::byte* const memory = UNICORE_TRY(memory::pages::take(pages));
    Place* const place = ::new (static_cast<void*>(memory)) Place(number, path, address, mtu_of(path));
    if (const auto started = place->interface.start(); !started) {
        place->~Place();
        memory::pages::give_back(memory, pages);
        return unexpected(started.error());
    }
    return &place->interface;
}

}  // namespace

/// The boot step. Back-ends are waited for, a while: who comes later finds the link down, and is told.
Result<void> start() noexcept {
    std::array<std::uint32_t, most_devices> numbers;
    if (!store::connected()) return {};
    for (const std::uint32_t number : std::span(numbers).first(UNICORE_TRY(find(numbers)))) {
        const store::Path path{folder, number};
        const auto made = make(here->count, path);
        if (!made) {
            log.warning([&](auto& line) { line << path.view() << " is not used: " << to_string(made.error()); });
            continue;
        }
        here->all[here->count++] = *made;
        add(**made);
    }
    const time::Instant deadline = time::Monotonic::now() + std::chrono::milliseconds(config::patience);
    for (Interface* const interface : std::span(here->all).first(here->count))
        if (!interface->wait_connected(deadline))
            log.warning([&](auto& line) { line << interface->name() << " is down: its back-end has not connected"; });
    return {};
}

/// The end.
void stop() noexcept {
    for (Interface* const interface : std::span(here->all).first(here->count)) interface->stop();
}

}  // namespace unicore::net::xen
