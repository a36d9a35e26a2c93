// SPDX-License-Identifier: BSD-3-Clause
// The records that a responder has. [RFC 6762, 10; RFC 6763, 4 to 9]
#include "responder.hpp"

#include <algorithm>
#include <bit>

namespace unicore::netstack::mdns {
namespace {

constexpr std::uint32_t host_ttl = 120, other_ttl = 4500, old_ttl = 10;  // seconds [RFC 6762, 10 and 6.7]

Name types_of_services() noexcept { return {"_services", "_dns-sd", "_udp", "local"}; }

/// In front of the host's name: priority, weight, port. [RFC 2782]
constexpr std::size_t service_size = 6;
std::array<std::uint8_t, service_size> front_of(const Offer& offer) noexcept {
    return {0, 0, 0, 0, static_cast<std::uint8_t>(offer.port >> 8), static_cast<std::uint8_t>(offer.port)};
}

/// Writes a label with a number behind it, if that is not 1; what gets too long loses its end.
std::string_view numbered(std::string_view label, unsigned number, std::string_view before, std::string_view behind,
                          std::span<char, Name::longest_label> into) noexcept {
    std::array<char, 10> digits;
    std::size_t first = digits.size();
    for (unsigned rest = number; rest != 0; rest /= 10) digits[--first] = static_cast<char>('0' + rest % 10);
    const std::string_view text(digits.data() + first, digits.size() - first);
    const std::size_t more = number == 1 ? 0 : before.size() + text.size() + behind.size();
    std::size_t size = std::min(label.size(), into.size() - more);
    while (size != label.size() && (label[size] & 0xc0) == 0x80) --size;  // not within a letter of UTF-8
    char* end = std::ranges::copy(label.substr(0, size), into.data()).out;
    if (number != 1)
        for (const std::string_view part : {before, text, behind}) end = std::ranges::copy(part, end).out;
    return {into.data(), static_cast<std::size_t>(end - into.data())};
}

}  // namespace

std::string_view Responder::host_label(std::span<char, Name::longest_label> into) const noexcept {
    return numbered(identity.host(), host_number_, "-", "", into);
}

Name Responder::host() const noexcept {
    std::array<char, Name::longest_label> label;
    return Name{host_label(label), "local"};
}

Name Responder::instance(std::size_t offer) const noexcept {
    const Offer& it = *identity.offers[offer];
    const std::string_view own(it.instance, it.instance_size);
    std::array<char, Name::longest_label> label;
    Name name{numbered(own.empty() ? identity.host() : own, offer_numbers_[offer], " (", ")", label)};
    for (Bytes rest = it.type.bytes(); rest[0] != 0; rest = rest.subspan(rest[0] + 1U))
        static_cast<void>(name.add({reinterpret_cast<const char*>(rest.data()) + 1, rest[0]}));
    return name;
}

bool Responder::has(Address::Family family) const noexcept {
    const auto own = std::span(own_).first(own_count_);
    return std::ranges::any_of(own, [family](const Prefix& prefix) { return prefix.address.family == family; });
}

std::size_t Responder::offer_of(Records one) noexcept {
    return (static_cast<std::size_t>(std::countr_zero(one)) - of_host) / per_service;
}

Responder::Records Responder::kind_of(Records one) noexcept {
    return one <= no_other ? one : one >> per_service * offer_of(one);
}

std::uint32_t Responder::ttl_of(Records one) noexcept {
    return kind_of(one) <= no_other || kind_of(one) == service ? host_ttl : other_ttl;
}

Responder::Records Responder::all() const noexcept {
    Records all = (has(Address::Family::v4) ? address_4 : 0) | (has(Address::Family::v6) ? address_6 : 0);
    for (std::size_t i = 0; i != identity.offer_count; ++i) all |= Records{of_service} << per_service * i;
    return all;
}

Responder::Records Responder::answer_to(const Question& question) const noexcept {
    if (!question.of_internet) return 0;
    const bool any = question.type == Type::any;
    if (question.name == host()) {
        Records answers = 0;
        if (any || question.type == Type::a) answers |= all() & address_4;
        if (any || question.type == Type::aaaa) answers |= all() & address_6;
        return answers != 0 ? answers : Records{no_other};  // [6.1]
    }
    Records answers = 0;
    const bool of_types = (any || question.type == Type::ptr) && question.name == types_of_services();
    for (std::size_t i = 0; i != identity.offer_count; ++i) {
        const unsigned place = per_service * static_cast<unsigned>(i);
        if (of_types) answers |= Records{type_pointer} << place;
        const bool of_type = (any || question.type == Type::ptr) && question.name == identity.offers[i]->type;
        if (of_type) answers |= Records{pointer} << place;
        if (!(any || question.type == Type::srv || question.type == Type::txt) || question.name != instance(i)) continue;
        if (question.type != Type::txt) answers |= Records{service} << place;
        if (question.type != Type::srv) answers |= Records{text} << place;
    }
    return answers;
}

/// [RFC 6763, 12]
Responder::Records Responder::along_with(Records answers) const noexcept {
    Records more = 0;
    bool addresses = (answers & (address_4 | address_6)) != 0;
    for (std::size_t i = 0; i != identity.offer_count; ++i) {
        const unsigned place = per_service * static_cast<unsigned>(i);
        if ((answers >> place & pointer) != 0) more |= Records{service | text} << place;
        addresses |= (answers >> place & (pointer | service)) != 0;
    }
    if (addresses) {
        const Records known = all() & (address_4 | address_6);
        more |= known != (address_4 | address_6) ? known | no_other : known;
    }
    return more & ~answers;
}

/// One of them, or nothing; false when there was no room.
bool Responder::write(Writer& writer, Writer::Part part, Records one, Purpose purpose) const noexcept {
    const bool flush = purpose != Purpose::old_client;
    if (one == 0) return true;
    const std::uint32_t ttl = purpose == Purpose::take_back ? 0 : purpose == Purpose::old_client ? old_ttl : ttl_of(one);
    if (one <= no_other) {
        const Name name = host();
        if (one == no_other) {
            // The next name is the same, and these are the types that it has. [6.1; RFC 4034, 4.1]
            std::array<std::uint8_t, Name::longest + 6> data{};
            const std::size_t size = name.bytes().size();
            std::ranges::copy(name.bytes(), data.begin());
            data[size + 1] = 4;
            if (has(Address::Family::v4)) data[size + 2] = 0x80 >> 1;
            if (has(Address::Family::v6)) data[size + 5] = 0x80 >> (28 % 8);
            return writer.record(part, name, Type::nsec, flush, ttl, std::span(data).first(size + 6));
        }
        const auto family = one == address_4 ? Address::Family::v4 : Address::Family::v6;
        const Type type = one == address_4 ? Type::a : Type::aaaa;
        for (const Prefix& own : std::span(own_).first(own_count_))
            if (own.address.family == family && !writer.record(part, name, type, flush, ttl, bytes_of(own.address)))
                return false;
        return true;
    }
    const Offer& it = *identity.offers[offer_of(one)];
    const Name name = instance(offer_of(one));
    switch (kind_of(one)) {
    case type_pointer: return writer.record(part, types_of_services(), Type::ptr, false, ttl, {}, &it.type);
    case pointer: return writer.record(part, it.type, Type::ptr, false, ttl, {}, &name);
    case service: {
        // Not in short: those who know of DNS alone could not read it. [18.14]
        std::array<std::uint8_t, service_size + Name::longest> data;
        const Name target = host();
        std::ranges::copy(target.bytes(), std::ranges::copy(front_of(it), data.begin()).out);
        return writer.record(part, name, Type::srv, flush, ttl, std::span(data).first(service_size + target.bytes().size()));
    }
    default: return writer.record(part, name, Type::txt, flush, ttl, std::span(it.text).first(it.text_size));
    }
}

bool Responder::agrees(const Reader& reader, const Record& record, Records one) const noexcept {
    const Bytes data = reader.data(record);
    const auto is_ours = [data](const Address& address) { return std::ranges::equal(data, bytes_of(address)); };
    if (one <= no_other) {
        if (record.name != host()) return false;
        if (one == no_other) return record.type == Type::nsec;
        // All of them, or it would not do.
        const auto family = one == address_4 ? Address::Family::v4 : Address::Family::v6;
        bool alone = record.type == (one == address_4 ? Type::a : Type::aaaa);
        for (const Prefix& own : std::span(own_).first(own_count_))
            if (own.address.family == family) alone &= is_ours(own.address);
        return alone;
    }
    const Offer& it = *identity.offers[offer_of(one)];
    const Name name = instance(offer_of(one));
    const auto leads_to = [&](const Name& owner, const Name& target) {
        return record.type == Type::ptr && record.name == owner && reader.name_in(record) == target;
    };
    switch (kind_of(one)) {
    case type_pointer: return leads_to(types_of_services(), it.type);
    case pointer: return leads_to(it.type, name);
    case service: {
        return record.type == Type::srv && record.name == name && data.size() > service_size &&
               std::ranges::equal(data.first(service_size), front_of(it)) && reader.name_in(record, service_size) == host();
    }
    default: {
        const Bytes ours = std::span(it.text).first(it.text_size);
        return record.type == Type::txt && record.name == name && std::ranges::equal(data, ours);
    }
    }
}

}  // namespace unicore::netstack::mdns
