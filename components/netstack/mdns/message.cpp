// SPDX-License-Identifier: BSD-3-Clause
#include "message.hpp"

#include <unicore/base/assert.hpp>

#include <algorithm>
#include <utility>

namespace unicore::netstack::mdns {
namespace {

constexpr std::uint16_t internet = 1, any_class = 255, top_bit = 0x8000;
constexpr unsigned pointer_bits = 0xc0;
constexpr std::size_t pointer_limit = 0x4000;

constexpr std::uint8_t small(std::uint8_t c) noexcept { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; }

/// Lengths are below the letters, so all bytes may be compared alike.
bool same(Bytes left, Bytes right) noexcept { return std::ranges::equal(left, right, {}, small, small); }

}  // namespace

Name::Name(std::initializer_list<std::string_view> labels) noexcept {
    for (const std::string_view label : labels) {
        const bool fits = add(label).has_value();
        UNICORE_ASSERT(fits);
        static_cast<void>(fits);
    }
}

Result<void> Name::add(std::string_view label) noexcept {
    if (label.empty() || label.size() > longest_label || size_ + label.size() + 1 > longest)
        return unexpected(Error::out_of_range);
    bytes_[size_ - 1U] = static_cast<std::uint8_t>(label.size());
    std::ranges::transform(label, bytes_.begin() + size_, [](char c) { return static_cast<std::uint8_t>(c); });
    size_ = static_cast<std::uint8_t>(size_ + label.size() + 1);
    bytes_[size_ - 1U] = 0;
    return {};
}

bool operator==(const Name& left, const Name& right) noexcept { return same(left.bytes(), right.bytes()); }

Result<std::uint16_t> Reader::word() noexcept {
    if (message_.size() - place_ < 2) return unexpected(Error::invalid_argument);
    const auto result = static_cast<std::uint16_t>(message_[place_] << 8 | message_[place_ + 1]);
    place_ += 2;
    return result;
}

Result<Header> Reader::header() noexcept {
    Header header;
    header.id = UNICORE_TRY(word());
    header.flags = UNICORE_TRY(word());
    for (auto& count : header.counts) count = UNICORE_TRY(word());
    return header;
}

/// A pointer leads to the front alone, so each name has an end.
Result<Name> Reader::name(std::size_t& place) const noexcept {
    Name name;
    std::size_t at = place, limit = place;
    bool jumped = false;
    for (;;) {
        if (at >= message_.size()) return unexpected(Error::invalid_argument);
        const unsigned length = message_[at++];
        if (length == 0) break;
        if ((length & pointer_bits) == pointer_bits) {
            if (at >= message_.size()) return unexpected(Error::invalid_argument);
            const std::size_t target = (length & ~pointer_bits) << 8 | message_[at++];
            if (!jumped) place = at;
            jumped = true;
            if (target < Writer::header_size || target >= limit) return unexpected(Error::invalid_argument);
            at = limit = target;
            continue;
        }
        if (length > Name::longest_label || length > message_.size() - at) return unexpected(Error::invalid_argument);
        const Bytes label = message_.subspan(at, length);
        if (!name.add({reinterpret_cast<const char*>(label.data()), label.size()}))
            return unexpected(Error::invalid_argument);
        at += length;
    }
    if (!jumped) place = at;
    return name;
}

Result<Question> Reader::question() noexcept {
    Question question;
    question.name = UNICORE_TRY(name(place_));
    question.type = static_cast<Type>(UNICORE_TRY(word()));
    const std::uint16_t kind = UNICORE_TRY(word());
    const auto of = kind & ~top_bit;
    question.of_internet = of == internet || of == any_class;
    question.unicast = (kind & top_bit) != 0;
    return question;
}

Result<Record> Reader::record() noexcept {
    Record record;
    record.name = UNICORE_TRY(name(place_));
    record.type = static_cast<Type>(UNICORE_TRY(word()));
    const std::uint16_t kind = UNICORE_TRY(word());
    record.of_internet = (kind & ~top_bit) == internet;
    record.flush = (kind & top_bit) != 0;
    const unsigned high = UNICORE_TRY(word());
    record.ttl = high << 16 | UNICORE_TRY(word());
    record.size = UNICORE_TRY(word());
    record.place = place_;
    if (record.size > message_.size() - place_) return unexpected(Error::invalid_argument);
    place_ += record.size;
    return record;
}

Result<Name> Reader::name_in(const Record& record, std::size_t offset) const noexcept {
    std::size_t place = record.place + offset;
    if (offset >= record.size) return unexpected(Error::invalid_argument);
    Name result = UNICORE_TRY(name(place));
    if (place != record.place + record.size) return unexpected(Error::invalid_argument);
    return result;
}

void Writer::byte(std::uint8_t value) noexcept {
    if (size_ == room_.size()) full_ = true;
    else room_[size_++] = value;
}

void Writer::word(unsigned value) noexcept {
    byte(static_cast<std::uint8_t>(value >> 8));
    byte(static_cast<std::uint8_t>(value));
}

void Writer::put(Bytes bytes) noexcept {
    for (const std::uint8_t one : bytes) byte(one);
}

/// Whether what was written there is `rest`.
bool Writer::same_at(std::size_t place, Bytes rest) const noexcept {
    for (;;) {
        const unsigned length = room_[place];
        if ((length & pointer_bits) == pointer_bits) {
            place = (length & ~pointer_bits) << 8 | room_[place + 1];
            continue;
        }
        const std::size_t size = length + 1;
        if (rest.size() < size || !same(Bytes(room_).subspan(place, size), rest.first(size))) return false;
        if (length == 0) return true;
        place += size;
        rest = rest.subspan(size);
    }
}

void Writer::put(const Name& name) noexcept {
    std::array<std::size_t, 16> begins{};
    std::size_t count = 0, at = 0;
    for (; name.from(at)[0] != 0; at += name.from(at)[0] + 1U) {
        const auto known = std::span(known_).first(known_count_);
        const auto found = std::ranges::find_if(known, [&](std::uint16_t place) { return same_at(place, name.from(at)); });
        if (found != known.end()) {
            word(0xc000U | *found);
            break;
        }
        if (count != begins.size()) begins[count++] = size_;
        put(name.from(at).first(name.from(at)[0] + 1U));
    }
    if (name.from(at)[0] == 0) byte(0);
    if (full_) return;
    for (const std::size_t begin : std::span(begins).first(count))
        if (known_count_ != known_.size() && begin < pointer_limit)
            known_[known_count_++] = static_cast<std::uint16_t>(begin);
}

bool Writer::question(const Name& name, Type type, bool unicast) noexcept {
    const std::size_t before = size_, known = known_count_;
    put(name);
    word(static_cast<unsigned>(type));
    word(unicast ? internet | top_bit : internet);
    if (std::exchange(full_, false)) {
        size_ = before;
        known_count_ = known;
        return false;
    }
    ++counts_[questions];
    return true;
}

bool Writer::record(Part part, const Name& name, Type type, bool flush, std::uint32_t ttl, Bytes fixed,
                    const Name* target) noexcept {
    const std::size_t before = size_, known = known_count_;
    put(name);
    word(static_cast<unsigned>(type));
    word(flush ? internet | top_bit : internet);
    word(ttl >> 16);
    word(ttl & 0xffff);
    const std::size_t length = size_;
    word(0);
    put(fixed);
    if (target != nullptr) put(*target);
    if (std::exchange(full_, false)) {
        size_ = before;
        known_count_ = known;
        return false;
    }
    const std::size_t size = size_ - length - 2;
    room_[length] = static_cast<std::uint8_t>(size >> 8);
    room_[length + 1] = static_cast<std::uint8_t>(size);
    ++counts_[part];
    return true;
}

Bytes Writer::finish(std::uint16_t id, std::uint16_t flags) noexcept {
    const std::size_t size = std::exchange(size_, 0);
    word(id);
    word(flags);
    for (const std::uint16_t count : counts_) word(count);
    size_ = size;
    return room_.first(size);
}

}  // namespace unicore::netstack::mdns
