// SPDX-License-Identifier: BSD-3-Clause
#include "responder.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/log.hpp>
#include <unicore/netstack/lock.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace unicore::netstack::mdns {

using namespace std::chrono_literals;

constinit Identity identity;

namespace {

constexpr log::Logger<"netstack.mdns"> log;

constexpr std::uint16_t port_number = 5353;
constexpr Address group_4 = Address::v4(224, 0, 0, 251);
constexpr Address group_6{Address::Family::v6, {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb}};

constexpr unsigned questions = 3, announcements = 2;                    // [8.1, 8.3]

constinit std::array<std::uint8_t, 1440> room_to_write{};  ///< a message, which a frame has room for; used with the lock
constinit std::array<std::uint8_t, 1500> room_to_read{};   ///< likewise


}  // namespace

Outcome<void> Responder::open() noexcept {
    for (const std::uint8_t byte : device_.properties().address.bytes) seed_ = seed_ << 8 | byte;
    seed_ ^= static_cast<std::uint64_t>(time::Monotonic::now().time_since_epoch().count());
    offer_numbers_.fill(1);
    {
        const Lock lock;
        for (const bool six : {false, true}) {
            udp::Port& port = six ? port_6_ : port_4_;
            const Address& group = six ? group_6 : group_4;
            UNICORE_TRY(port.set_to_groups({.device = &device_, .hops = 255, .comes_back = false}));
            const auto bound = port.bind({{group.family, {}}, port_number}, true);
            auto joined = bound ? port.bind(device_) : bound;
            if (joined) joined = port.join(group, &device_);
            if (joined) continue;
            port.close();
            if (!six) return joined;  // an image may have no version 6
        }
    }
    wake();
    return {};
}

/// Others shall hardly ever have the same; that nobody can guess it is not needed.
unsigned Responder::random(unsigned below) noexcept {
    seed_ = seed_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<unsigned>(seed_ >> 33) % below;
}

/// Questions from elsewhere are not answered. [11]
bool Responder::on_link(const Address& address) const noexcept {
    for (const Prefix& own : std::span(own_).first(own_count_)) {
        if (own.address.family != address.family) continue;
        const std::size_t whole = own.length / 8U;
        const unsigned mask = 0xff00U >> (own.length % 8U) & 0xffU;
        if (!std::equal(address.bytes.begin(), address.bytes.begin() + whole, own.address.bytes.begin())) continue;
        if (mask == 0 || ((address.bytes[whole] ^ own.address.bytes[whole]) & mask) == 0) return true;
    }
    return false;
}

/// Without the lock, which asking takes. Returns whether those of this device are others than before.
bool Responder::look_at_addresses() noexcept {
    std::array<InterfaceAddress, 32> all;
    const std::size_t count = std::min(netstack::addresses(all), all.size());
    const Lock lock;
    const auto before = own_;
    const std::size_t count_before = std::exchange(own_count_, 0);
    identity.address_count = 0;
    for (const InterfaceAddress& each : std::span(all).first(count)) {
        if (!each.valid) continue;
        identity.addresses[identity.address_count++] = each.prefix.address;
        if (each.device == &device_ && own_count_ != own_.size()) own_[own_count_++] = each.prefix;
    }
    const auto same = [](const Prefix& left, const Prefix& right) { return left.address == right.address; };
    return !std::ranges::equal(std::span(own_).first(own_count_), std::span(before).first(count_before), same);
}

void Responder::run() noexcept {
    const bool changed = look_at_addresses();
    const Lock lock;
    if (!port_4_.open() && !port_6_.open()) return;  // it was taken back
    const auto now = time::Monotonic::now();
    if (own_count_ == 0) {
        state_ = State::without_address;
    } else if (state_ == State::without_address) {
        begin(now, {});
    } else if (changed && state_ >= State::tells) {
        state_ = State::tells;
        sent_ = 0;
        due_ = now;
    }
    step(now);
    // Nobody tells when an address comes or goes.
    wake_at(std::min({due_, pending_due_, now + 1s}));
}

/// Asks whether the names are free, after up to 250 ms, since others may have come at the same time. [8.1]
void Responder::begin(time::Instant now, time::Duration delay) noexcept {
    if (own_count_ == 0) return;
    state_ = State::asks;
    sent_ = 0;
    due_ = now + delay + std::chrono::milliseconds(random(250));
    pending_ = 0;
    pending_due_ = time::never;
    wake();
}

void Responder::step(time::Instant now) noexcept {
    if (state_ == State::asks && now >= due_) {
        if (sent_ == questions) {
            state_ = State::tells;
            sent_ = 0;
            conflicts_ = 0;
            std::array<char, Name::longest_label> label;
            const std::string_view known = host_label(label);
            log.info([&](auto& line) { line << device_.name() << ": known as " << known << ".local"; });
        } else {
            ask();
            ++sent_;
            due_ = now + 250ms;
        }
    }
    if (state_ == State::tells && now >= due_) {
        send_to_all(all(), Purpose::tell);
        if (++sent_ == announcements) state_ = State::answers;
        due_ = state_ == State::answers ? time::never : now + 1s;
    }
    if (state_ >= State::tells && now >= pending_due_) {
        const Records answers = std::exchange(pending_, 0);
        pending_due_ = time::never;
        if (std::exchange(pending_4_, false)) send(answers, along_with(answers), {group_4, port_number}, Purpose::tell);
        if (std::exchange(pending_6_, false)) send(answers, along_with(answers), {group_6, port_number}, Purpose::tell);
    }
}

void Responder::ask() noexcept {
    Writer writer(room_to_write);
    writer.question(host(), Type::any, true);
    for (std::size_t i = 0; i != identity.offer_count; ++i) writer.question(instance(i), Type::any, true);
    for (const Records one : {address_4, address_6}) write(writer, Writer::authorities, one & all(), Purpose::old_client);
    for (std::size_t i = 0; i != identity.offer_count; ++i)
        write(writer, Writer::authorities, service << per_service * i, Purpose::old_client);
    const Bytes message = writer.finish(0, 0);
    if (has(Address::Family::v4)) send(message, {group_4, port_number});
    if (has(Address::Family::v6)) send(message, {group_6, port_number});
}

void Responder::ask_for(const Query& query) noexcept {
    Writer writer(room_to_write);
    if (query.wants_4) writer.question(query.name, Type::a, false);
    if (query.wants_6) writer.question(query.name, Type::aaaa, false);
    const Bytes message = writer.finish(0, 0);
    if (has(Address::Family::v4)) send(message, {group_4, port_number});
    if (has(Address::Family::v6)) send(message, {group_6, port_number});
}

void Responder::send(Bytes message, const Endpoint& to) noexcept {
    udp::Port& port = to.address.family == Address::Family::v4 ? port_4_ : port_6_;
    if (port.open()) static_cast<void>(port.send(std::as_bytes(message), to));  // it may be lost on the way as well
}

/// In more messages than one, where one has no room.
void Responder::send(Records answers, Records additional, const Endpoint& to, Purpose purpose, std::uint16_t id,
                     const Question* asked) noexcept {
    Writer writer(room_to_write);
    if (asked != nullptr) writer.question(asked->name, asked->type, false);
    const auto finish = [&] { send(writer.finish(id, response_flag | authoritative_flag), to); };
    for (Records left = answers; left != 0; left &= left - 1) {
        const Records one = left & (~left + 1);
        if (write(writer, Writer::answers, one, purpose)) continue;
        finish();
        writer = Writer(room_to_write);
        write(writer, Writer::answers, one, purpose);
    }
    for (Records left = additional; left != 0; left &= left - 1)
        write(writer, Writer::additional, left & (~left + 1), purpose);
    if (writer.count(Writer::answers) != 0) finish();
}

void Responder::send_to_all(Records answers, Purpose purpose) noexcept {
    const auto now = time::Monotonic::now();
    for (unsigned i = 0; i != count; ++i)
        if ((answers >> i & 1) != 0) last_4_[i] = last_6_[i] = now;
    if (has(Address::Family::v4)) send(answers, 0, {group_4, port_number}, purpose);
    if (has(Address::Family::v6)) send(answers, 0, {group_6, port_number}, purpose);
}

void Responder::take_back() noexcept {
    if (state_ >= State::tells) send_to_all(all(), Purpose::take_back);
    port_4_.close();
    port_6_.close();
    state_ = State::without_address;
    wake_at(time::never);
}

void Responder::received(udp::Port& port) noexcept {
    const Endpoint from = port.from();
    const std::size_t size = port.size();
    if (size <= room_to_read.size()) port.copy_to(std::as_writable_bytes(std::span(room_to_read)));
    port.drop();
    if (size > room_to_read.size() || state_ == State::without_address || !on_link(from.address)) return;
    Reader reader(std::span(room_to_read).first(size));
    const auto header = reader.header();
    if (!header || (header->flags & opcode_mask) != 0) return;  // [18.3]
    if ((header->flags & response_flag) == 0) return take_question(reader, *header, from);
    if (from.port != port_number) return;  // [11]
    answer_queries(reader, *header);
    take_response(reader, *header);
}

void Responder::take_question(Reader& reader, const Header& header, const Endpoint& from) noexcept {
    const bool old_client = from.port != port_number;
    Records answers = 0;
    bool unicast = true;
    Question first;
    for (unsigned i = 0; i != header.counts[0]; ++i) {
        const auto question = reader.question();
        if (!question) return;
        if (i == 0) first = *question;
        const Records more = answer_to(*question);
        answers |= more;
        unicast &= more == 0 || question->unicast;
    }
    if (state_ == State::asks) {
        for (unsigned i = 0; i != header.counts[1]; ++i)
            if (!reader.record()) return;
        return compare(reader, header.counts[2]);
    }
    // What who asks knows already is not told again; it may follow in a message without a question. [7.1, 7.2]
    Records& wanted = header.counts[0] == 0 ? pending_ : answers;
    for (unsigned i = 0; i != header.counts[1] && wanted != 0 && !old_client; ++i) {
        const auto known = reader.record();
        if (!known) return;
        for (Records left = wanted; left != 0; left &= left - 1) {
            const Records one = left & (~left + 1);
            if (known->ttl >= ttl_of(one) / 2 && agrees(reader, *known, one)) wanted &= ~one;
        }
    }
    if (answers == 0) return;
    if (old_client) return send(answers, 0, from, Purpose::old_client, header.id, &first);
    if (unicast) return send(answers, along_with(answers), from, Purpose::tell);

    const auto now = time::Monotonic::now();
    const bool probe = header.counts[2] != 0, six = from.address.family == Address::Family::v6;
    auto& last = six ? last_6_ : last_4_;
    // Not to all again within a second, unless it is somebody's who wants the name. [6]
    for (unsigned i = 0; i != count; ++i)
        if (now - last[i] < (probe ? 250ms : 1000ms)) answers &= ~(Records{1} << i);
    if (answers == 0) return;
    pending_ |= answers;
    (six ? pending_6_ : pending_4_) = true;
    // Others may have answers of the same name, too, unless it is ours alone. [6]
    bool shared = false;
    for (std::size_t i = 0; i != identity.offer_count; ++i)
        shared |= (answers >> per_service * i & (type_pointer | pointer)) != 0;
    auto due = now;
    if ((header.flags & truncated_flag) != 0)
        due += std::chrono::milliseconds(400 + random(100));  // known ones follow [7.2]
    else if (shared && !probe) due += std::chrono::milliseconds(20 + random(100));
    pending_due_ = std::min(pending_due_, due);
    for (unsigned i = 0; i != count; ++i)
        if ((answers >> i & 1) != 0) last[i] = due;
    wake();
}

/// Somebody tells of names: if of ours, and something else, they are no longer ours. [9]
void Responder::take_response(Reader& reader, const Header& header) noexcept {
    if (state_ == State::asks && sent_ == 0) return;  // [8.1]
    for (unsigned i = 0; i != header.counts[0]; ++i)
        if (!reader.question()) return;
    const unsigned records = unsigned{header.counts[1]} + header.counts[2] + header.counts[3];
    const Name own = host();
    for (unsigned i = 0; i != records; ++i) {
        const auto record = reader.record();
        if (!record) return;
        if (!record->of_internet || record->ttl == 0 || record->type == Type::nsec) continue;
        if (record->name == own) {
            const auto known = std::span(identity.addresses).first(identity.address_count);
            const bool ours = std::ranges::any_of(known, [&](const Address& address) {
                return (record->type == Type::a) == (address.family == Address::Family::v4) &&
                       std::ranges::equal(reader.data(*record), bytes_of(address));
            });
            const bool counts = record->type == Type::a || record->type == Type::aaaa || state_ == State::asks;
            if (counts && !ours) return give_way({});
            continue;
        }
        for (std::size_t offer = 0; offer != identity.offer_count; ++offer) {
            if (record->name != instance(offer)) continue;
            const unsigned place = per_service * static_cast<unsigned>(offer);
            if (record->type == Type::srv ? agrees(reader, *record, Records{service} << place)
                : record->type == Type::txt ? agrees(reader, *record, Records{text} << place) : state_ != State::asks)
                continue;
            return give_way(offer);
        }
    }
}

/// Somebody asks for the host's name at the same time: who has the greater records keeps it. [8.2]
void Responder::compare(Reader& reader, std::size_t authorities) noexcept {
    if (sent_ == 0) return;
    struct Entry {
        Type type;
        Bytes data;
        bool less(const Entry& other) const noexcept {
            return type != other.type ? type < other.type : std::ranges::lexicographical_compare(data, other.data);
        }
    };
    const auto less = [](const Entry& left, const Entry& right) { return left.less(right); };
    std::array<Entry, 16> theirs;
    std::size_t count = 0;
    for (std::size_t i = 0; i != authorities; ++i) {
        const auto record = reader.record();
        if (!record) return;
        if (record->name == host() && record->of_internet && count != theirs.size())
            theirs[count++] = {record->type, reader.data(*record)};
    }
    if (count == 0) return;
    std::array<Entry, std::tuple_size_v<decltype(own_)>> ours;
    for (std::size_t i = 0; i != own_count_; ++i)
        ours[i] = {own_[i].address.family == Address::Family::v4 ? Type::a : Type::aaaa, bytes_of(own_[i].address)};
    const auto left = std::span(ours).first(own_count_), right = std::span(theirs).first(count);
    std::ranges::sort(left, less);
    std::ranges::sort(right, less);
    if (std::ranges::lexicographical_compare(left, right, less)) begin(time::Monotonic::now(), 1s);
}

/// The host's name, or that of an offer, is somebody else's.
void Responder::give_way(std::optional<std::size_t> offer) noexcept {
    // Who has told of it already asks once more first; the other may be about to give way. [9]
    if (state_ == State::asks) ++(offer ? offer_numbers_[*offer] : host_number_);
    ++conflicts_;
    log.warning([&](auto& line) {
        line << device_.name() << ": somebody else has the name of " << (offer ? "a service" : "this image");
    });
    begin(time::Monotonic::now(), conflicts_ > 15 ? time::Duration(5s) : time::Duration(0));
}

}  // namespace unicore::netstack::mdns
