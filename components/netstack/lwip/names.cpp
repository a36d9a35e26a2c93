// SPDX-License-Identifier: BSD-3-Clause
// Names over lwIP's DNS. [lwip/dns.h]
#include <unicore/netstack/names.hpp>

#include "conversions.hpp"
#include "stack.hpp"

#include <unicore/base/late.hpp>
#include <unicore/sched.hpp>

#include <lwip/dns.h>
#include <lwip/ip.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

namespace unicore::netstack {
namespace {

using Family = Address::Family;

constexpr std::size_t longest_name = 253;  ///< [RFC 1035, 2.3.4] as text
static_assert(longest_name < DNS_MAX_NAME_LENGTH);
// Somebody who does not see the questions shall not be able to answer them. [RFC 5452]
static_assert((LWIP_DNS_SECURE & LWIP_DNS_SECURE_RAND_XID) != 0 && (LWIP_DNS_SECURE & LWIP_DNS_SECURE_RAND_SRC_PORT) != 0);

/// What lwIP was asked. It has no way to take a question back, so whoever gives up leaves it there, for the answer to end.
struct Question {
    bool used = false;
    bool done = false;
    bool left = false;  ///< by who asked
    Result<Address> answer = unexpected(Error::timed_out);
};

constinit std::array<Question, DNS_TABLE_SIZE> questions;  ///< as many as lwIP can have; used with the lock
constinit Late<sched::WaitQueue> changed;                  ///< those who wait for an answer, or for a question that is free

void answered(const char*, const ip_addr_t* address, void* argument) noexcept {
    auto& question = *static_cast<Question*>(argument);
    // lwIP does not say why there is none: with a packet at hand it is what a server said, else time has passed.
    if (address != nullptr) question.answer = lwip::of(*address);
    else question.answer = unexpected(ip_current_netif() != nullptr ? Error::not_found : Error::timed_out);
    question.done = true;
    if (question.left) question = {};
    changed->wake_all();
}

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr char small(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
constexpr bool is_hexadecimal(char c) noexcept { return is_digit(c) || (small(c) >= 'a' && small(c) <= 'f'); }
constexpr bool is_of_name(char c) noexcept {
    return is_digit(c) || (small(c) >= 'a' && small(c) <= 'z') || c == '-' || c == '_';
}

/// Whether it can be asked for. lwIP checks no label, and takes numbers at the end for addresses, in forms that others read
/// otherwise: there are no such names. [RFC 1035, 2.3.4; RFC 1123, 2.1]
bool askable(std::string_view name) noexcept {
    if (name.empty() || name.size() > longest_name) return false;
    for (;;) {
        const std::string_view label = name.substr(0, name.find('.'));
        if (label.empty() || label.size() > 63 || !std::ranges::all_of(label, is_of_name)) return false;
        if (label.size() != name.size()) {
            name.remove_prefix(label.size() + 1);
            continue;
        }
        if (std::ranges::all_of(label, is_digit)) return false;
        const bool prefixed = label[0] == '0' && label.size() > 1 && small(label[1]) == 'x';
        return !(prefixed && std::ranges::all_of(label.substr(2), is_hexadecimal));
    }
}

/// Whether it is `domain`, or below that.
bool is_within(std::string_view name, std::string_view domain) noexcept {
    if (name.size() < domain.size()) return false;
    const std::string_view end = name.substr(name.size() - domain.size());
    if (!std::ranges::equal(end, domain, {}, small)) return false;
    return end.size() == name.size() || name[name.size() - end.size() - 1] == '.';
}

/// Whether others can be reached from an address of version 6: those are tried first then. [RFC 6724, in short]
bool version_6_first() noexcept {
#if LWIP_IPV6
    const std::lock_guard lock(lwip::stack());
    for (lwip::Interface* const interface : lwip::stack().interfaces())
        for (int i = 0; i != LWIP_IPV6_NUM_ADDRESSES; ++i)
            if (ip6_addr_isvalid(netif_ip6_addr_state(&interface->netif(), i)) &&
                !ip6_addr_islinklocal(netif_ip6_addr(&interface->netif(), i)))
                return true;
#endif
    return false;
}

/// What a question came to: an answer at once, or one that is waited for.
struct Asked {
    Question* question = nullptr;
    Result<Address> answer = unexpected(Error::timed_out);
};

/// Asks, as soon as lwIP has room for a question.
Asked ask(const char* name, Family family, time::Instant deadline) noexcept {
    for (;;) {
        {
            const std::lock_guard lock(lwip::stack());
            if (!changed.constructed()) changed.construct();
            const auto question = std::ranges::find(questions, false, &Question::used);
            if (question != questions.end()) {
                ip_addr_t found{};
                *question = {.used = true};
                const u8_t type = family == Family::v4 ? LWIP_DNS_ADDRTYPE_IPV4 : LWIP_DNS_ADDRTYPE_IPV6;
                const err_t error = dns_gethostbyname_addrtype(name, &found, answered, &*question, type);
                if (error == ERR_INPROGRESS) return {&*question};
                *question = {};
                switch (error) {
                case ERR_OK: return {nullptr, lwip::of(found)};  // it was asked for before
                case ERR_MEM: return {nullptr, unexpected(Error::out_of_memory)};
                case ERR_VAL: return {nullptr, unexpected(Error::unsupported)};
                default: return {nullptr, unexpected(Error::invalid_argument)};
                }
            }
        }
        const auto free = [] { return !std::ranges::all_of(questions, &Question::used); };
        if (const auto waited = changed->wait(free, deadline); !waited) return {nullptr, unexpected(waited.error())};
    }
}

/// Waits for the answers, and gives up what has none.
void take(std::span<Asked> all, time::Instant deadline) noexcept {
    const auto done = [all] {
        return std::ranges::all_of(all,
                                   [](const Asked& asked) { return asked.question == nullptr || asked.question->done; });
    };
    Result<void> waited;
    if (!done()) waited = changed->wait(done, deadline);
    const std::lock_guard lock(lwip::stack());
    for (auto& [question, answer] : all) {
        if (question == nullptr) continue;
        if (question->done) {
            answer = question->answer;
            *question = {};
            changed->wake_all();
        } else {
            answer = unexpected(waited.error());
            question->left = true;
        }
    }
}

}  // namespace

[[gnu::weak]] std::optional<Result<std::size_t>> resolve_locally(std::string_view, std::span<const Family>,
                                                                 std::span<Address>, time::Instant) noexcept {
    return {};
}

Result<std::size_t> resolve(std::string_view name, std::optional<Family> family, std::span<Address> into,
                            time::Instant deadline) noexcept {
    std::size_t count = 0;
    const auto put = [&](const Address& address) {
        if (count < into.size()) into[count] = address;
        ++count;
    };
    if (const auto address = parse_address(name)) {
        if (family && *family != address->family) return unexpected(Error::not_found);
        put(*address);
        return count;
    }
    if (name.ends_with('.')) name.remove_suffix(1);
    if (!askable(name)) return unexpected(Error::invalid_argument);

    std::array order{Family::v4, Family::v6};
    std::size_t wanted = LWIP_IPV6 ? 2 : 1;
    if (family) {
        if (*family == Family::v6 && !LWIP_IPV6) return unexpected(Error::not_found);
        order[0] = *family;
        wanted = 1;
    } else if (version_6_first()) {
        order = {Family::v6, Family::v4};
    }
    if (is_within(name, "localhost")) {  // [RFC 6761, 6.3]
        for (const Family each : std::span(order).first(wanted)) {
            Address address{each, {}};
            if (each == Family::v4) address = Address::v4(127, 0, 0, 1);
            else address.bytes[15] = 1;
            put(address);
        }
        return count;
    }
    if (is_within(name, "local"))
        if (const auto found = resolve_locally(name, std::span(order).first(wanted), into, deadline)) return *found;
    // Without an interface nobody is reached, and lwIP's timer for its questions does not run.
    if (lwip::stack().interfaces().empty()) return unexpected(Error::unsupported);

    std::array<char, longest_name + 1> text{};
    std::memcpy(text.data(), name.data(), name.size());
    std::array<Asked, 2> all;
    const std::span asked = std::span(all).first(wanted);
    for (std::size_t i = 0; i != wanted; ++i) asked[i] = ask(text.data(), order[i], deadline);
    take(asked, deadline);
    for (const Asked& each : asked)
        if (each.answer) put(*each.answer);
    if (count != 0) return count;
    // What went wrong says more than that there is no address of the other version.
    for (const Asked& each : asked)
        if (each.answer.error() != Error::not_found) return unexpected(each.answer.error());
    return unexpected(Error::not_found);
}

}  // namespace unicore::netstack
