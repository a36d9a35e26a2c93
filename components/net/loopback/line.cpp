// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/loopback/line.hpp>

#include <unicore/base/assert.hpp>
#include <unicore/base/units.hpp>
#include <unicore/net/checksum.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace unicore::net::loopback {
namespace {

/// Does what a device does that completes checksums. What does not make sense is left as it is.
void complete(const Offload& offload, std::span<std::byte> frame) noexcept {
    if (offload.checksum != Offload::Checksum::partial) return;
    const std::size_t place = std::size_t{offload.checksum_start} + offload.checksum_offset;
    if (place + 2 > frame.size()) return;
    Checksum checksum;
    checksum.add(frame.subspan(offload.checksum_start));
    // 0 says of UDP that there is none; all ones are the same number. [RFC 768]
    const std::uint16_t result = checksum.result() == 0 ? std::uint16_t{0xffff} : checksum.result();
    std::memcpy(frame.data() + place, &result, 2);
}

}  // namespace

Result<void> Line::open(std::size_t most) noexcept {
    memory::pages::Pages memory = UNICORE_TRY(memory::pages::Pages::create(pages_for(most * sizeof(Flight))));
    UNICORE_TRY(pool_.open(most));
    flights_memory_ = std::move(memory);
    flights_ = {reinterpret_cast<Flight*>(flights_memory_.bytes().data()), most};
    std::uninitialized_default_construct(flights_.begin(), flights_.end());
    return {};
}

void Line::set_faults(const Faults& faults) noexcept {
    faults_ = faults;
    state_ = faults.seed;
}

/// SplitMix64. [Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014]
std::uint64_t Line::random() noexcept {
    std::uint64_t z = state_ += 0x9e37'79b9'7f4a'7c15;
    z = (z ^ z >> 30) * 0xbf58'476d'1ce4'e5b9;
    z = (z ^ z >> 27) * 0x94d0'49bb'1331'11eb;
    return z ^ z >> 31;
}

bool Line::happens(std::uint32_t of_a_million) noexcept {
    return of_a_million != 0 && random() % 1'000'000 < of_a_million;
}

bool Line::later(const Flight& a, const Flight& b) noexcept {
    return a.due != b.due ? a.due > b.due : a.number > b.number;
}

bool Line::put(const Packet& packet, time::Instant now) noexcept {
    if (faults_.bytes_per_second != 0) {
        const auto takes = std::chrono::nanoseconds(packet.size() * std::nano::den / faults_.bytes_per_second);
        free_at_ = now = std::max(now, free_at_) + takes;
    }
    if (happens(faults_.lost)) return true;
    const time::Instant due = now + faults_.delay + (happens(faults_.overtaken) ? faults_.overtaken_by : time::Duration{});
    const bool twice = happens(faults_.duplicated);
    if (!fly(packet, due)) return false;
    if (twice) fly(packet, due);
    return true;
}

bool Line::fly(const Packet& packet, time::Instant due) noexcept {
    Buffer* const copy = pool_.take_buffer();
    if (copy == nullptr) return false;
    UNICORE_ASSERT(packet.size() <= copy->capacity);
    copy->size = static_cast<std::uint32_t>(packet.copy_to({copy->data, copy->capacity}));
    complete(packet.offload(), copy->bytes());
    if (happens(faults_.damaged)) {
        const std::uint64_t bit = random() % (std::uint64_t{copy->size} * 8);
        copy->data[bit / 8] ^= std::byte{1} << bit % 8;
    }
    flights_[flying_++] = {due, number_++, Packet(*copy)};
    std::push_heap(flights_.begin(), flights_.begin() + static_cast<std::ptrdiff_t>(flying_), later);
    return true;
}

Packet Line::take(time::Instant now) noexcept {
    if (due() > now || flying_ == 0) return {};
    std::pop_heap(flights_.begin(), flights_.begin() + static_cast<std::ptrdiff_t>(flying_), later);
    return std::move(flights_[--flying_].packet);
}

time::Instant Line::due() const noexcept { return flying_ == 0 ? time::never : flights_.front().due; }

void Line::clear() noexcept {
    while (flying_ != 0) flights_[--flying_].packet.clear();
}

}  // namespace unicore::net::loopback
