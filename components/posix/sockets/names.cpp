// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, freeaddrinfo, gai_strerror, getnameinfo; getaddrinfo(3)]
#include "socket.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/netstack.hpp>
#include <unicore/netstack/names.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <string_view>

#include <errno.h>
#include <netdb.h>

using namespace unicore;
using namespace unicore::posix::sockets;
using namespace std::chrono_literals;
using netstack::Address;
using Family = Address::Family;

namespace {

/// What sockets there are.
struct Kind {
    int type, protocol;
};
constexpr Kind kinds[] = {{SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, IPPROTO_UDP}};

/// Those that programs ask for by name. [IANA, Service Name and Transport Protocol Port Number Registry]
struct Service {
    std::string_view name;
    std::uint16_t port;
    bool stream, datagram;

    bool has(int type) const noexcept { return type == SOCK_STREAM ? stream : datagram; }
};
constexpr Service services[] = {
    {"echo", 7, true, true},  {"ssh", 22, true, false},  {"domain", 53, true, true},
    {"http", 80, true, false}, {"ntp", 123, false, true}, {"https", 443, true, true},
};

/// What one entry of a list is made of, in one block.
struct Entry {
    addrinfo info;
    union {
        sockaddr_in v4;
        sockaddr_in6 v6;
    } address;
    char name[1];  ///< as long as it is
};

constexpr int known_flags = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG | AI_NUMERICSERV;
/// How long a program that starts by asking waits for what the network says of itself.
constexpr auto patience = 10s;

/// The port, all of `text`.
std::optional<std::uint16_t> number_of(std::string_view text) noexcept {
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// What a list is made for: kinds of sockets, each with the port.
struct Wanted {
    std::array<Kind, std::size(kinds)> kinds;
    std::size_t count = 0;
    std::uint16_t port = 0;
};

int want(const addrinfo& hints, const char* service, Wanted& wanted) noexcept {
    const Service* known = nullptr;
    if (service != nullptr) {
        if (const auto number = number_of(service)) {
            wanted.port = *number;
        } else {
            if ((hints.ai_flags & AI_NUMERICSERV) != 0) return EAI_NONAME;
            known = std::ranges::find(services, std::string_view(service), &Service::name);
            if (known == std::end(services)) return EAI_SERVICE;
            wanted.port = known->port;
        }
    }
    bool any = false;
    for (const Kind& kind : kinds) {
        if (hints.ai_socktype != 0 && hints.ai_socktype != kind.type) continue;
        if (hints.ai_protocol != 0 && hints.ai_protocol != kind.protocol) continue;
        any = true;
        if (known == nullptr || known->has(kind.type)) wanted.kinds[wanted.count++] = kind;
    }
    if (!any) return EAI_SOCKTYPE;
    return wanted.count != 0 ? 0 : EAI_SERVICE;
}

bool link_local(const Address& address) noexcept {
    return address.family == Family::v6 && address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0) == 0x80;
}

/// Whether an interface has an address of the version; those that every interface has do not count.
bool configured(Family family) noexcept {
    std::array<netstack::InterfaceAddress, 64> all;
    const std::size_t count = std::min(netstack::addresses(all), all.size());
    return std::ranges::any_of(std::span(all).first(count), [family](const netstack::InterfaceAddress& entry) {
        return entry.valid && entry.prefix.address.family == family && !link_local(entry.prefix.address);
    });
}

int error_of(Error error) noexcept {
    switch (error) {
    case Error::timed_out:
    case Error::unsupported: return EAI_AGAIN;
    case Error::out_of_memory: return EAI_MEMORY;
    case Error::stopped: errno = EINTR; return EAI_SYSTEM;
    default: return EAI_NONAME;
    }
}

using Addresses = std::array<Address, 2>;

/// The addresses of a host, or of this one for null.
int find(const char* host, int flags, std::optional<Family> family, Addresses& addresses, std::size_t& count) noexcept {
    count = 0;
    if (host == nullptr) {
        // Version 4 first: a socket of version 6 takes no connections of version 4, and most servers take the first one.
        for (const Family each : {Family::v4, Family::v6}) {
            if (family && *family != each) continue;
            Address address{each, {}};
            if ((flags & AI_PASSIVE) == 0) {
                if (each == Family::v4) address = Address::v4(127, 0, 0, 1);
                else address.bytes[15] = 1;
            }
            addresses[count++] = address;
        }
        return 0;
    }
    if ((flags & AI_NUMERICHOST) != 0 && !netstack::parse_address(host)) return EAI_NONAME;
    auto found = netstack::resolve(host, family, addresses);
    if (!found && found.error() == Error::unsupported) {
        // No server: it may be that the network has not said yet who that is.
        if (const auto waited = netstack::wait_for_address(time::Monotonic::now() + patience); !waited)
            return waited.error() == Error::stopped ? error_of(Error::stopped) : EAI_AGAIN;
        found = netstack::resolve(host, family, addresses);
    }
    if (!found) return error_of(found.error());
    count = std::min(*found, addresses.size());
    return 0;
}

addrinfo* make(const Address& address, const Kind& kind, std::uint16_t port, std::string_view name) noexcept {
    const auto block = memory::heap::allocate(sizeof(Entry) + name.size(), alignof(Entry));
    if (!block) return nullptr;
    auto* const entry = ::new (*block) Entry{};
    addrinfo& info = entry->info;
    info.ai_family = address.family == Family::v4 ? AF_INET : AF_INET6;
    info.ai_socktype = kind.type;
    info.ai_protocol = kind.protocol;
    info.ai_addr = reinterpret_cast<sockaddr*>(&entry->address);
    info.ai_addrlen = sizeof entry->address;
    tell({address, port}, info.ai_addr, &info.ai_addrlen);
    if (!name.empty()) {
        char* const place = reinterpret_cast<char*>(entry) + offsetof(Entry, name);
        std::memcpy(place, name.data(), name.size());
        place[name.size()] = '\0';
        info.ai_canonname = place;
    }
    return &info;
}

/// Text for a caller, with its end. Errors: EAI_OVERFLOW.
int put(std::string_view text, char* into, socklen_t size) noexcept {
    if (text.size() >= size) return EAI_OVERFLOW;
    std::memcpy(into, text.data(), text.size());
    into[text.size()] = '\0';
    return 0;
}

}  // namespace

extern "C" {

/// Errors: EAI_AGAIN when no server answers, or none is known; EAI_BADFLAGS; EAI_FAMILY; EAI_MEMORY; EAI_NONAME;
/// EAI_SERVICE; EAI_SOCKTYPE; EAI_SYSTEM with EINTR when the image is to stop.
int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** result) {
    constexpr addrinfo any{};
    const addrinfo& wish = hints != nullptr ? *hints : any;
    if ((wish.ai_flags & ~known_flags) != 0 || ((wish.ai_flags & AI_CANONNAME) != 0 && host == nullptr)) return EAI_BADFLAGS;
    if (host == nullptr && service == nullptr) return EAI_NONAME;
    std::optional<Family> family;
    if (wish.ai_family == AF_INET) family = Family::v4;
    else if (wish.ai_family == AF_INET6) family = Family::v6;
    else if (wish.ai_family != AF_UNSPEC) return EAI_FAMILY;
    Wanted wanted;
    if (const int error = want(wish, service, wanted); error != 0) return error;
    Addresses addresses;
    std::size_t count = 0;
    if (const int error = find(host, wish.ai_flags, family, addresses, count); error != 0) return error;

    std::string_view name = (wish.ai_flags & AI_CANONNAME) != 0 ? host : "";
    addrinfo* first = nullptr;
    addrinfo** next = &first;
    for (const Address& address : std::span(addresses).first(count)) {
        if ((wish.ai_flags & AI_ADDRCONFIG) != 0 && !configured(address.family)) continue;
        for (const Kind& kind : std::span(wanted.kinds).first(wanted.count)) {
            *next = make(address, kind, wanted.port, name);
            if (*next == nullptr) {
                freeaddrinfo(first);
                return EAI_MEMORY;
            }
            next = &(*next)->ai_next;
            name = {};  // the first one has it
        }
    }
    if (first == nullptr) return EAI_NONAME;
    *result = first;
    return 0;
}

void freeaddrinfo(addrinfo* list) {
    while (list != nullptr) {
        addrinfo* const next = list->ai_next;
        memory::heap::release(list);
        list = next;
    }
}

const char* gai_strerror(int error) {
    switch (error) {
    case 0: return "Success";
    case EAI_BADFLAGS: return "Flags that are not known, or not together";
    case EAI_NONAME: return "No such host, or no such address of it";
    case EAI_AGAIN: return "No server of names answers";
    case EAI_FAIL: return "Names cannot be looked up";
    case EAI_FAMILY: return "No such family of addresses";
    case EAI_SOCKTYPE: return "No such type of socket";
    case EAI_SERVICE: return "No such service";
    case EAI_MEMORY: return "Out of memory";
    case EAI_SYSTEM: return "See errno";
    case EAI_OVERFLOW: return "Too little room";
    default: return "Unknown error";
    }
}

/// Hosts by number alone: nobody is asked. Errors: EAI_BADFLAGS; EAI_FAMILY; EAI_NONAME; EAI_OVERFLOW.
int getnameinfo(const sockaddr* address, socklen_t size, char* host, socklen_t host_size, char* service,
                socklen_t service_size, int flags) {
    if ((flags & ~(NI_NUMERICHOST | NI_NUMERICSERV | NI_NOFQDN | NI_NAMEREQD | NI_DGRAM | NI_NUMERICSCOPE)) != 0)
        return EAI_BADFLAGS;
    if (address == nullptr || size < sizeof(sa_family_t)) return EAI_FAMILY;
    const auto endpoint = endpoint_of(address, size, address->sa_family == AF_INET6 ? Family::v6 : Family::v4);
    if (!endpoint) return EAI_FAMILY;
    const bool wants_host = host != nullptr && host_size != 0, wants_service = service != nullptr && service_size != 0;
    if (!wants_host && !wants_service) return EAI_NONAME;
    if (wants_host) {
        if ((flags & NI_NAMEREQD) != 0) return EAI_NONAME;
        std::array<char, netstack::address_text_size> text;
        if (const int error = put(netstack::format_address(endpoint->address, text), host, host_size); error != 0) return error;
    }
    if (!wants_service) return 0;
    const int type = (flags & NI_DGRAM) != 0 ? SOCK_DGRAM : SOCK_STREAM;
    const auto known = std::ranges::find_if(
        services, [&](const Service& each) { return each.port == endpoint->port && each.has(type); });
    if ((flags & NI_NUMERICSERV) == 0 && known != std::end(services)) return put(known->name, service, service_size);
    std::array<char, 5> text;
    const char* const end = std::to_chars(text.data(), text.data() + text.size(), endpoint->port).ptr;
    return put({text.data(), end}, service, service_size);
}

}  // extern "C"
