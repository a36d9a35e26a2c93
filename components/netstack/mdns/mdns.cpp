// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/netstack/mdns.hpp>

#include "responder.hpp"

#include <unicore/base/boot.hpp>
#include <unicore/base/log.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/netstack/lock.hpp>

#include <algorithm>
#include <new>

namespace unicore::netstack::mdns {
namespace {

constexpr log::Logger<"netstack.mdns"> log;

constexpr std::size_t most = 16;
constinit std::array<Responder*, most> made{};
constinit std::size_t made_count = 0;

constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_of_label(char c) noexcept { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }

/// [RFC 1123, 2.1]
bool is_label(std::string_view text, std::size_t longest) noexcept {
    return !text.empty() && text.size() <= longest && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, is_of_label);
}

/// The name of the image, as far as it may be one of a host.
void take_name_of_image() noexcept {
    std::size_t size = 0;
    for (const char c : std::string_view(boot::image_name)) {
        if (size == Name::longest_label) break;
        const char taken = is_of_label(c) ? c : '-';
        if (taken != '-' || (size != 0 && identity.name[size - 1] != '-')) identity.name[size++] = taken;
    }
    while (size != 0 && identity.name[size - 1] == '-') --size;
    constexpr std::string_view other = "unicore";
    if (size == 0)
        size = static_cast<std::size_t>(std::ranges::copy(other, identity.name).out - identity.name);
    identity.name_size = static_cast<std::uint8_t>(size);
}

/// "_http._tcp" as a name below local. Errors: invalid_argument. [RFC 6335, 5.1; RFC 6763, 7]
Result<Name> type_of(std::string_view text) noexcept {
    const std::size_t dot = text.find('.');
    const std::string_view service = text.substr(0, dot), protocol = dot == text.npos ? "" : text.substr(dot + 1);
    const bool right = service.starts_with('_') && is_label(service.substr(1), 15) && service.find("--") == service.npos &&
                       std::ranges::any_of(service, is_letter) && (protocol == "_tcp" || protocol == "_udp");
    if (!right) return unexpected(Error::invalid_argument);
    return Name{service, protocol, "local"};
}

}  // namespace

std::span<Responder* const> responders() noexcept { return std::span(made).first(made_count); }

/// Setting `net.name`.
Result<void> set_name(std::string_view text) noexcept {
    if (!is_label(text, Name::longest_label)) return unexpected(Error::invalid_argument);
    std::ranges::copy(text, identity.name);
    identity.name_size = static_cast<std::uint8_t>(text.size());
    return {};
}

/// The boot step.
Result<void> start() noexcept {
    if (identity.name_size == 0) take_name_of_image();
    for (const net::Device* device = net::first_device(); device != nullptr && made_count != most;
         device = device->next) {
        void* const place = UNICORE_TRY(memory::heap::allocate(sizeof(Responder), alignof(Responder)));
        auto* const responder = ::new (place) Responder(*device);
        if (!responder->open()) {
            log.warning([&](auto& line) { line << device->name() << ": nobody is told of this image there"; });
            responder->~Responder();
            memory::heap::release(place);
            continue;
        }
        made[made_count++] = responder;
    }
    return {};
}

/// The step of the orderly stop.
void stop() noexcept {
    const Lock lock;
    for (Responder* const responder : responders()) responder->take_back();
}

Result<void> announce(const Service& service) noexcept {
    const Name type = UNICORE_TRY(type_of(service.type));
    std::size_t text_size = 0;
    for (const std::string_view each : service.text) {
        if (each.size() > 255) return unexpected(Error::invalid_argument);
        text_size += each.size() + 1;
    }
    if (service.port == 0 || service.instance.size() > Name::longest_label || text_size > sizeof Offer::text)
        return unexpected(Error::invalid_argument);
    void* const place = UNICORE_TRY(memory::heap::allocate(sizeof(Offer), alignof(Offer)));
    auto* const offer = ::new (place) Offer{};
    offer->type = type;
    offer->instance_size = static_cast<std::uint8_t>(service.instance.size());
    offer->port = service.port;
    std::ranges::copy(service.instance, offer->instance);
    for (const std::string_view each : service.text) {
        offer->text[offer->text_size++] = static_cast<std::uint8_t>(each.size());
        std::ranges::transform(each, offer->text + offer->text_size, [](char c) { return static_cast<std::uint8_t>(c); });
        offer->text_size = static_cast<std::uint8_t>(offer->text_size + each.size());
    }
    if (offer->text_size == 0) offer->text_size = 1;  // an empty text has one, which is empty [RFC 6763, 6.1]
    const Lock lock;
    if (identity.offer_count == most_services) {
        memory::heap::release(place);
        return unexpected(Error::busy);
    }
    identity.offers[identity.offer_count++] = offer;
    for (Responder* const responder : responders()) responder->restart();
    return {};
}

std::string_view name(std::span<char, 63> into) noexcept {
    const Lock lock;
    if (!responders().empty()) return responders().front()->host_label(into);
    return {into.data(), static_cast<std::size_t>(std::ranges::copy(identity.host(), into.data()).out - into.data())};
}

}  // namespace unicore::netstack::mdns
