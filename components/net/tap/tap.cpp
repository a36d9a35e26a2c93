// SPDX-License-Identifier: BSD-3-Clause
// The devices that the settings ask for.
#include "interface.hpp"
#include "open.hpp"
#include "setting.hpp"
#include "stream.hpp"

#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/device.hpp>
#include <unicore/platform/linux/system_call.hpp>

#include <array>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace unicore::net::tap {

namespace linux = platform::linux;

namespace {

// What the settings say: texts of the process's environment, which stay.
constinit std::string_view places{};
constinit std::string_view addresses{};

/// Checks a setting's items, each with `parse`.
template <typename Parse>
Result<void> check(std::string_view list, Parse parse) noexcept {
    std::size_t count = 0;
    for (Items items(list); const auto item = items.next(); ++count)
        if (count == most_devices || !parse(*item)) return unexpected(Error::invalid_argument);
    return {};
}

/// An address that no other machine has, most likely: of all that are locally administered. [IEEE 802, 8.4]
Result<MacAddress> random_address() noexcept {
    MacAddress address;
    const long result = linux::system_call(linux::Call::getrandom, address.bytes.data(), address.bytes.size(), 0U);
    if (result != static_cast<long>(address.bytes.size())) {
        text::report("net.tap: the host gives no random numbers for an address: net.tap.address=ADDRESS gives one");
        return unexpected(Error::device_error);
    }
    constexpr std::uint8_t group = 1, local = 2;
    address.bytes[0] = static_cast<std::uint8_t>((address.bytes[0] & ~group) | local);
    return address;
}

/// A device of type T, which stays as long as the image.
template <typename T, typename... Arguments>
Result<void> make(Arguments&&... arguments) noexcept {
    std::byte* const memory = UNICORE_TRY(memory::pages::take(pages_for(sizeof(T))));
    add(*::new (static_cast<void*>(memory)) T(std::forward<Arguments>(arguments)...));
    return {};
}

Result<void> start(unsigned number, const Place& place, const MacAddress& address) noexcept {
    if (place.socket) return make<Stream>(number, UNICORE_TRY(connect(place.name)), address);
    OpenInterface opened = UNICORE_TRY(open_interface(place.name));
    opened.properties.address = address;
    return make<Interface>(number, std::move(opened.descriptor), opened.properties);
}

}  // namespace

Result<void> set_places(std::string_view value) noexcept {
    UNICORE_TRY(check(value, parse_place));
    places = value;
    return {};
}

Result<void> set_addresses(std::string_view value) noexcept {
    UNICORE_TRY(check(value, parse_address));
    addresses = value;
    return {};
}

Result<void> start() noexcept {
    if (places.empty()) return {};
    Items of_addresses(addresses);
    unsigned number = 0;
    for (Items items(places); const auto item = items.next(); ++number) {
        const auto given = addresses.empty() ? std::nullopt : of_addresses.next();
        const MacAddress address = UNICORE_TRY(given ? parse_address(*given) : random_address());
        UNICORE_TRY(start(number, UNICORE_TRY(parse_place(*item)), address));
    }
    return {};
}

}  // namespace unicore::net::tap
