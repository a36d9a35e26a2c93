// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/pool.hpp>

#include <unicore/base/poison.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/base/units.hpp>

#include <algorithm>
#include <bit>
#include <new>

namespace unicore::net {

Result<void> Pool::open(std::size_t count, std::size_t size) noexcept {
    UNICORE_ASSERT(count_ == 0 && count != 0 && count <= UINT32_MAX);
    UNICORE_ASSERT(std::has_single_bit(size) && size >= 64 && size <= page_size);
    std::size_t bytes, described;
    if (__builtin_mul_overflow(count, size, &bytes) || __builtin_mul_overflow(count, sizeof(Buffer), &described))
        return unexpected(Error::out_of_memory);
    memory::pages::Pages memory = UNICORE_TRY(memory::pages::Pages::create(pages_for(bytes)));
    descriptions_ = UNICORE_TRY(memory::pages::Pages::create(pages_for(described)));
    memory_ = std::move(memory);

    count_ = free_count_ = least_ = static_cast<std::uint32_t>(count);
    size_ = static_cast<std::uint32_t>(size);
    poison::set(memory_.bytes().data(), bytes, poison::Kind::place);
    return {};
}

/// One that nobody has had yet: images that need few of them do not describe all.
Buffer* Pool::take_fresh() noexcept {
    if (begun_ == count_) return nullptr;
    const std::uint32_t number = begun_++;
    auto* const place = descriptions_.bytes().data() + number * sizeof(Buffer);
    std::byte* const begin = memory_.bytes().data() + std::size_t{number} * size_;
    return ::new (static_cast<void*>(place)) Buffer{.owner = this, .begin = begin, .capacity = size_, .number = number};
}

Buffer* Pool::take_buffer(std::size_t room_in_front) noexcept {
    UNICORE_ASSERT(room_in_front <= size_);
    const PreemptionGuard guard;
    Buffer* buffer = free_;
    if (buffer != nullptr) {
        free_ = std::exchange(buffer->next, nullptr);
    } else if (buffer = take_fresh(); buffer == nullptr) [[unlikely]] {
        ++failures_;
        return nullptr;
    }
    least_ = std::min(least_, --free_count_);
    buffer->data = buffer->begin + room_in_front;
    buffer->size = 0;
    buffer->offload = {};
    poison::clear(buffer->begin, size_);
    return buffer;
}

Result<Packet> Pool::take(std::size_t room_in_front) noexcept {
    Buffer* const buffer = take_buffer(room_in_front);
    if (buffer == nullptr) return unexpected(Error::busy);
    return Packet(*buffer);
}

void Pool::take_back(Buffer& buffer) noexcept {
    // A free one has no contents, so a second end of the same packet is noticed.
    UNICORE_ASSERT(buffer.owner == this && buffer.data != nullptr && buffer.next == nullptr);
    buffer.data = nullptr;
    poison::set(buffer.begin, size_, poison::Kind::place);
    const PreemptionGuard guard;
    buffer.next = std::exchange(free_, &buffer);
    ++free_count_;
}

}  // namespace unicore::net
