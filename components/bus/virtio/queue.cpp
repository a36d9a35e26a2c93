// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio/queue.hpp>

#include "packed.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/units.hpp>

#include <bit>
#include <utility>

namespace unicore::bus::virtio {

static_assert(std::endian::native == std::endian::little, "virtio 1 is little-endian, legacy devices are as the guest");

namespace {

/// struct virtq_desc [2.7.5]
namespace descriptor {
constexpr std::size_t bytes = 16, address = 0, length = 8, flags = 12, next = 14;
constexpr std::uint16_t flag_next = 1, flag_write = 2;
}  // namespace descriptor

/// struct virtq_avail [2.7.6], struct virtq_used [2.7.8]
namespace ring {
constexpr std::size_t flags = 0, index = 2, entries = 4, event = 2;
constexpr std::size_t available_bytes = 2, used_bytes = 8, used_id = 0, used_length = 4;
constexpr std::uint16_t no_interrupt = 1;  // in the available ring
constexpr std::uint16_t no_notify = 1;     // in the used ring
}  // namespace ring

constexpr std::size_t available_of(std::size_t size) noexcept { return descriptor::bytes * size; }
/// On the next multiple of QueueAlign. [2.7.2]
constexpr std::size_t used_of(std::size_t size) noexcept {
    return align_up(available_of(size) + ring::entries + ring::available_bytes * size + ring::event, page_size);
}
constexpr std::size_t bytes_of(std::size_t size) noexcept {
    return used_of(size) + ring::entries + ring::used_bytes * size + ring::event;
}

}  // namespace

Result<Queue> Queue::create(std::span<Slot> slots, Rings rings) noexcept {
    UNICORE_ASSERT(std::has_single_bit(slots.size()) && slots.size() <= 32768);
    const std::size_t bytes = rings == Rings::packed ? packed::bytes_of(slots.size()) : bytes_of(slots.size());
    return Queue(slots, UNICORE_TRY(memory::pages::Pages::create(pages_for(bytes))), rings);
}

Queue::Queue(std::span<Slot> slots, memory::pages::Pages memory, Rings rings) noexcept
    : slots_(slots), memory_(std::move(memory)), available_(memory_.bytes().data() + available_of(size())),
      used_(memory_.bytes().data() + used_of(size())), free_count_(size()), rings_(rings) {
    for (std::size_t i = 0; i < slots_.size(); ++i) slots_[i] = {0, 0, static_cast<std::uint16_t>(i + 1)};
    if (rings_ == Rings::packed) {
        open_packed();
        return;
    }
    // What one of the two sides looks at before the other has written it. Entries are written before their index: zeroing
    // all of it, as 4.1.5.1.3 describes, touches 12 KiB for a queue of 256 and shows nobody anything.
    for (std::byte* const head : {available_, used_}) at<std::uint32_t>(head) = 0;
    for (std::byte* const event : {used_event(), available_event()}) at<std::uint16_t>(event) = 0;
    // An event that is as far away as can be, since flags count for nothing beside it. [2.7.7.1]
    if (rings_ == Rings::split_event_index) at<std::uint16_t>(used_event()) = UINT16_MAX;
    else no_interrupts();
}

/// Behind each ring: which request the other side is to tell of. [2.7.6, 2.7.8]
std::byte* Queue::used_event() const noexcept { return available_ + ring::entries + ring::available_bytes * slots_.size(); }
std::byte* Queue::available_event() const noexcept { return used_ + ring::entries + ring::used_bytes * slots_.size(); }

Queue::Layout Queue::layout() const noexcept {
    const auto base = reinterpret_cast<std::uintptr_t>(memory_.bytes().data());
    return {base, reinterpret_cast<std::uintptr_t>(available_), reinterpret_cast<std::uintptr_t>(used_)};
}

Result<std::uint16_t> Queue::add(std::span<const Buffer> buffers) noexcept {
    UNICORE_ASSERT(!buffers.empty() && buffers.size() <= slots_.size());
    if (broken_) return unexpected(Error::device_error);
    if (buffers.size() > free_count_) return unexpected(Error::busy);

    const std::uint16_t first = free_;
    const auto parts = static_cast<std::uint16_t>(buffers.size());
    std::uint64_t writable = 0;
    for (const Buffer& buffer : buffers) {
        UNICORE_ASSERT(buffer.size != 0 && (buffer.for_device_to_write || writable == 0));
        if (buffer.for_device_to_write) writable += buffer.size;
    }
    UNICORE_ASSERT(writable <= UINT32_MAX);
    slots_[first].writable = static_cast<std::uint32_t>(writable);
    slots_[first].parts = parts;
    free_count_ = static_cast<std::uint16_t>(free_count_ - parts);
    ++requests_;
    if (rings_ == Rings::packed) {
        free_ = slots_[first].next;
        add_packed(buffers, first);
        return first;
    }
    for (const Buffer& buffer : buffers) {
        const std::uint16_t next = slots_[free_].next;
        const bool last = &buffer == &buffers.back();
        std::byte* const place = descriptor_at(free_);
        at<std::uint64_t>(place + descriptor::address) = buffer.address;
        at<std::uint32_t>(place + descriptor::length) = buffer.size;
        at<std::uint16_t>(place + descriptor::flags) =
            static_cast<std::uint16_t>((buffer.for_device_to_write ? descriptor::flag_write : 0) |
                                       (last ? 0 : descriptor::flag_next));
        at<std::uint16_t>(place + descriptor::next) = last ? std::uint16_t{0} : next;
        free_ = next;
    }
    at<std::uint16_t>(available_ + ring::entries + ring::available_bytes * (added_ & (size() - 1U))) = first;
    ++added_;
    arch::Barriers::write();  // the request is there before the index tells of it [2.7.13.3.1]
    at<std::uint16_t>(available_ + ring::index) = added_;
    return first;
}

bool Queue::wants_notification() noexcept {
    const auto told = std::exchange(told_, added_);
    if (told == added_) return false;
    arch::Barriers::full();  // the index is seen before the flag is read, so that one side sees the other [2.7.13.4.1]
    if (rings_ == Rings::packed) return (at<std::uint32_t>(used_) & packed::events::kind) != packed::events::none;
    if (rings_ == Rings::split) return (at<std::uint16_t>(used_ + ring::flags) & ring::no_notify) == 0;
    const auto event = at<std::uint16_t>(available_event());
    return static_cast<std::uint16_t>(added_ - event - 1) < static_cast<std::uint16_t>(added_ - told);  // [2.7.10.1]
}

bool Queue::await_used() noexcept {
    if (rings_ == Rings::packed) return await_used_packed();
    if (rings_ == Rings::split_event_index) at<std::uint16_t>(used_event()) = taken_;
    else at<std::uint16_t>(available_ + ring::flags) = 0;
    arch::Barriers::full();  // the device sees it before we look, so that one side sees the other [2.7.7.2]
    return at<std::uint16_t>(used_ + ring::index) == taken_;
}

void Queue::no_interrupts() noexcept {
    if (rings_ == Rings::split_event_index) return;
    if (rings_ == Rings::packed) at<std::uint32_t>(available_) = packed::events::none;
    else at<std::uint16_t>(available_ + ring::flags) = ring::no_interrupt;
}

Result<std::optional<Queue::Used>> Queue::take_used() noexcept {
    if (broken_) return unexpected(Error::device_error);
    // Each is read once: what is checked is what is used.
    if (rings_ == Rings::packed) {
        if (!has_used_packed()) return std::nullopt;
        arch::Barriers::read();  // the flags before the rest, and before what the device wrote
        std::byte* const place = descriptor_at(taken_);
        const std::uint32_t request = at<std::uint16_t>(place + packed::id);
        const Used used = UNICORE_TRY(taken(request, at<std::uint32_t>(place + packed::length)));
        return used;
    }
    const auto finished = static_cast<std::uint16_t>(at<std::uint16_t>(used_ + ring::index) - taken_);
    if (finished == 0) return std::nullopt;
    if (finished > requests_) return broken();
    arch::Barriers::read();  // the index before the entry, and before what the device wrote

    std::byte* const entry = used_ + ring::entries + ring::used_bytes * (taken_ & (size() - 1U));
    const std::uint32_t request = at<std::uint32_t>(entry + ring::used_id);
    const Used used = UNICORE_TRY(taken(request, at<std::uint32_t>(entry + ring::used_length)));
    return used;
}

/// The device says that it has finished this one.
Result<Queue::Used> Queue::taken(std::uint32_t request, std::uint32_t written) noexcept {
    if (request >= slots_.size() || slots_[request].parts == 0 || written > slots_[request].writable) return broken();
    const auto known = static_cast<std::uint16_t>(request);
    if (rings_ == Rings::packed) {
        const auto next = static_cast<std::uint16_t>(taken_ + slots_[known].parts);
        const bool wraps = next >= size();
        taken_ = static_cast<std::uint16_t>(wraps ? next - size() : next);
        used_wrap_ ^= wraps;
    } else {
        ++taken_;
    }
    release(known);
    return Used{known, written};
}

void Queue::release(std::uint16_t request) noexcept {
    const std::uint16_t parts = std::exchange(slots_[request].parts, std::uint16_t{0});
    std::uint16_t last = request;
    if (rings_ != Rings::packed)
        for (unsigned left = parts; left > 1; --left) last = slots_[last].next;
    slots_[last].next = free_;
    free_ = request;
    free_count_ = static_cast<std::uint16_t>(free_count_ + parts);
    --requests_;
}

std::unexpected<Error> Queue::broken() noexcept {
    broken_ = true;
    return unexpected(Error::device_error);
}

}  // namespace unicore::bus::virtio
