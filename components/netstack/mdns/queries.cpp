// SPDX-License-Identifier: BSD-3-Clause
// Addresses of others in the local network. [RFC 6762, 5]
#include "responder.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/late.hpp>
#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/names.hpp>
#include <unicore/sched.hpp>

#include <algorithm>

namespace unicore::netstack::mdns {

using namespace std::chrono_literals;
using Family = Address::Family;

namespace {

constinit Query* queries = nullptr;        ///< those that there are; used with the lock
constinit Late<sched::WaitQueue> changed;  ///< those who wait for answers

constexpr std::array<time::Duration, 3> pauses{1s, 2s, 2s};  ///< after each question [5.2]
constexpr time::Duration for_the_other = 250ms;              ///< version, when there is one

/// One that another host can be reached by from here: which link such an address is of is not kept.
bool is_of_link(const Address& address) noexcept {
    return address.family == Family::v6 && address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0) == 0x80;
}

}  // namespace

bool Query::has(Family family) const noexcept {
    return std::ranges::any_of(std::span(found).first(count),
                               [family](const Address& each) { return each.family == family; });
}

void Query::take(const Address& address) noexcept {
    if (!wants(address.family) || is_of_link(address) || count == found.size()) return;
    const auto known = std::span(found).first(count);
    if (std::ranges::find(known, address) == known.end()) found[count++] = address;
}

/// What somebody tells, to whoever asks for it.
void Responder::answer_queries(Reader reader, const Header& header) noexcept {
    if (queries == nullptr) return;
    for (unsigned i = 0; i != header.counts[0]; ++i)
        if (!reader.question()) return;
    const unsigned records = unsigned{header.counts[1]} + header.counts[2] + header.counts[3];
    for (unsigned i = 0; i != records; ++i) {
        const auto record = reader.record();
        if (!record) break;
        Address address{record->type == Type::a ? Family::v4 : Family::v6, {}};
        if ((record->type != Type::a && record->type != Type::aaaa) || record->size != address.size()) continue;
        if (!record->of_internet || record->ttl == 0) continue;
        std::ranges::copy(reader.data(*record), address.bytes.begin());
        for (Query* query = queries; query != nullptr; query = query->next)
            if (query->name == record->name) query->take(address);
    }
    changed->wake_all();  // it is there since the first of them
}

}  // namespace unicore::netstack::mdns

namespace unicore::netstack {

using namespace mdns;

std::optional<Result<std::size_t>> resolve_locally(std::string_view name, std::span<const Family> order,
                                                   std::span<Address> into, time::Instant deadline) noexcept {
    Query query;
    for (std::string_view rest = name; !rest.empty();) {
        const std::string_view label = rest.substr(0, rest.find('.'));
        if (!query.name.add(label)) return unexpected(Error::invalid_argument);
        rest.remove_prefix(std::min(rest.size(), label.size() + 1));
    }
    query.wants_4 = std::ranges::find(order, Family::v4) != order.end();
    query.wants_6 = std::ranges::find(order, Family::v6) != order.end();
    {
        const Lock lock;
        if (!changed.constructed()) changed.construct();
        const bool ours =
            std::ranges::any_of(responders(), [&](const Responder* each) { return each->host() == query.name; });
        if (ours)
            for (const Address& own : std::span(identity.addresses).first(identity.address_count)) query.take(own);
        query.next = queries;
        queries = &query;
    }
    const auto all = [&query] {
        return (!query.wants_4 || query.has(Family::v4)) && (!query.wants_6 || query.has(Family::v6));
    };
    Result<void> outcome;
    for (const time::Duration pause : pauses) {
        if (query.count != 0) break;
        {
            const Lock lock;
            for (Responder* const responder : responders()) responder->ask_for(query);
        }
        const time::Instant next = std::min(deadline, time::Monotonic::now() + pause);
        outcome = changed->wait([&query] { return query.count != 0; }, next);
        if (!outcome && (outcome.error() != Error::timed_out || next == deadline)) break;
    }
    if (query.count != 0) outcome = changed->wait(all, std::min(deadline, time::Monotonic::now() + for_the_other));
    {
        const Lock lock;
        Query** place = &queries;
        while (*place != &query) place = &(*place)->next;
        *place = query.next;
    }
    std::size_t count = 0;
    for (const Family family : order)
        for (const Address& each : std::span(query.found).first(query.count)) {
            if (each.family != family) continue;
            if (count < into.size()) into[count] = each;
            ++count;
        }
    if (count != 0) return count;
    // That nobody has it nobody says.
    if (!outcome && (outcome.error() != Error::timed_out || time::Monotonic::now() >= deadline))
        return unexpected(outcome.error());
    return unexpected(Error::not_found);
}

}  // namespace unicore::netstack
