// SPDX-License-Identifier: BSD-3-Clause
#include "configuration.hpp"

#include "conversions.hpp"
#include "stack.hpp"

#include <unicore/base/late.hpp>
#include <unicore/base/log.hpp>
#include <unicore/netstack.hpp>
#include <unicore/netstack/lwip/config.hpp>
#include <unicore/sched.hpp>

#include <lwip/dhcp.h>
#include <lwip/dhcp6.h>
#include <lwip/dns.h>
#include <lwip/netif.h>

#include <algorithm>
#include <array>
#include <mutex>

namespace unicore::netstack {
namespace lwip {
namespace {

constexpr log::Logger<"netstack"> log;

/// What a setting says of an interface; of the first one, where it names none.
template <typename T>
struct Given {
    std::string_view device;
    T value;

    bool is_for(const Interface& interface) const noexcept {
        return device.empty() ? &interface == stack().interfaces().front() : device == interface.device().name();
    }
};

template <typename T>
struct List {
    std::array<Given<T>, 8> entries{};
    std::size_t count = 0;

    std::span<const Given<T>> all() const noexcept { return std::span(entries).first(count); }
};

constinit List<Prefix> given_addresses;
constinit List<Address> given_gateways;
constinit List<Address> given_servers;

/// Entries between commas, each with the name of a device and an equals sign in front, or without.
template <typename T>
Result<void> parse(std::string_view text, List<T>& list, Result<T> (*value)(std::string_view) noexcept) noexcept {
    list.count = 0;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        std::string_view entry = text.substr(0, comma);
        text.remove_prefix(std::min(text.size(), entry.size() + 1));
        Given<T> given{};
        if (const std::size_t equals = entry.find('='); equals != entry.npos) {
            given.device = entry.substr(0, equals);
            entry.remove_prefix(equals + 1);
        }
        given.value = UNICORE_TRY(value(entry));
        if (list.count == list.entries.size()) return unexpected(Error::out_of_range);
        list.entries[list.count++] = given;
    }
    return {};
}

/// Those who wait for an address, and how often any has changed.
constinit Late<sched::WaitQueue> changed;
constinit unsigned changes = 0;

void tell(struct netif* interface, netif_nsc_reason_t reason, const netif_ext_callback_args_t*) noexcept {
    constexpr unsigned addresses = LWIP_NSC_IPV4_ADDRESS_CHANGED | LWIP_NSC_IPV6_SET | LWIP_NSC_IPV6_ADDR_STATE_CHANGED;
    if ((reason & addresses) == 0 || interface->linkoutput == nullptr) return;  // the loop's are no news
    const auto& device = static_cast<const Interface*>(interface->state)->device();
    if ((reason & LWIP_NSC_IPV4_ADDRESS_CHANGED) != 0) {
        std::array<char, address_text_size> text;
        const std::string_view address = format_address(of(*netif_ip4_addr(interface)), text);
        log.info([&](auto& line) {
            line << device.name() << ": " << address << '/' << unsigned{length_of(*netif_ip4_netmask(interface))};
        });
    }
    ++changes;
    changed->wake_all();
}

NETIF_DECLARE_EXT_CALLBACK(callback)

bool usable(const InterfaceAddress& entry) noexcept {
    const auto& bytes = entry.prefix.address.bytes;
    if (!entry.valid || entry.prefix.address.unspecified()) return false;
    return entry.prefix.address.family == Address::Family::v4 ? !(bytes[0] == 169 && bytes[1] == 254)
                                                              : !(bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80);
}

}  // namespace

/// Setting `net.address`.
Result<void> set_addresses(std::string_view text) noexcept { return parse(text, given_addresses, parse_prefix); }
/// Setting `net.gateway`.
Result<void> set_gateways(std::string_view text) noexcept { return parse(text, given_gateways, parse_address); }
/// Setting `net.dns`.
Result<void> set_servers(std::string_view text) noexcept { return parse(text, given_servers, parse_address); }

void watch_addresses() noexcept {
    changed.construct();
    netif_add_ext_callback(&callback, tell);
    for (const auto& given : given_servers.all()) {
        static constinit u8_t number = 0;
        ip_addr_t server{};
        if (given.value.family == Address::Family::v4) ip_addr_copy_from_ip4(server, to_ip4(given.value));
#if LWIP_IPV6
        else ip_addr_copy_from_ip6(server, to_ip6(given.value));
#endif
        dns_setserver(number++, &server);
    }
}

void configure(Interface& interface) noexcept {
    struct netif& netif = interface.netif();
    bool has_v4 = false, has_v6 = false;
#if LWIP_IPV6
    netif_create_ip6_linklocal_address(&netif, 1);
#endif
    for (const auto& given : given_addresses.all()) {
        if (!given.is_for(interface)) continue;
        const Prefix& prefix = given.value;
        if (prefix.address.family == Address::Family::v4) {
            const ip4_addr_t address = to_ip4(prefix.address), mask = mask_of(prefix.length);
            netif_set_addr(&netif, &address, &mask, IP4_ADDR_ANY4);
            has_v4 = true;
            continue;
        }
        has_v6 = true;
#if LWIP_IPV6
        const ip6_addr_t address = to_ip6(prefix.address);
        s8_t place = -1;
        if (netif_add_ip6_address(&netif, &address, &place) != ERR_OK)
            log.warning([&](auto& line) { line << interface.device().name() << ": no room for another address"; });
        else netif_ip6_addr_set_state(&netif, place, IP6_ADDR_TENTATIVE);
#else
        log.warning([&](auto& line) { line << interface.device().name() << ": IPv6 is not in this image"; });
#endif
    }
    for (const auto& given : given_gateways.all()) {
        if (!given.is_for(interface) || given.value.family != Address::Family::v4) continue;
        const ip4_addr_t gateway = to_ip4(given.value);
        netif_set_gw(&netif, &gateway);
    }
    if (!has_v4 && dhcp_start(&netif) != ERR_OK)
        log.warning([&](auto& line) { line << interface.device().name() << ": no memory for DHCP"; });
#if LWIP_IPV6
    if (!has_v6) {
        netif_set_ip6_autoconfig_enabled(&netif, 1);
        dhcp6_enable_stateless(&netif);
    }
#else
    static_cast<void>(has_v6);
#endif
}

}  // namespace lwip

std::size_t addresses(std::span<InterfaceAddress> into) noexcept {
    const std::lock_guard lock(lwip::stack());
    std::size_t count = 0;
    const auto put = [&](const InterfaceAddress& entry) {
        if (count < into.size()) into[count] = entry;
        ++count;
    };
    for (lwip::Interface* const interface : lwip::stack().interfaces()) {
        struct netif& netif = interface->netif();
        if (!ip4_addr_isany(netif_ip4_addr(&netif)))
            put({&interface->device(), {lwip::of(*netif_ip4_addr(&netif)), lwip::length_of(*netif_ip4_netmask(&netif))}, true});
#if LWIP_IPV6
        for (int i = 0; i != LWIP_IPV6_NUM_ADDRESSES; ++i) {
            if (ip6_addr_isinvalid(netif_ip6_addr_state(&netif, i))) continue;
            put({&interface->device(), {lwip::of(*netif_ip6_addr(&netif, i)), 64},
                 ip6_addr_isvalid(netif_ip6_addr_state(&netif, i)) != 0});
        }
#endif
    }
    return count;
}

Result<void> wait_for_address(time::Instant deadline) noexcept {
    if (lwip::stack().interfaces().empty()) return unexpected(Error::not_found);
    for (;;) {
        // A condition is looked at masked, where no lock can be taken: addresses are looked at in between.
        const unsigned before = lwip::changes;
        std::array<InterfaceAddress, 64> all;
        const auto count = static_cast<std::ptrdiff_t>(std::min(addresses(all), all.size()));
        if (std::any_of(all.begin(), all.begin() + count, lwip::usable)) return {};
        UNICORE_TRY(lwip::changed->wait([&] { return lwip::changes != before; }, deadline));
    }
}

}  // namespace unicore::netstack
