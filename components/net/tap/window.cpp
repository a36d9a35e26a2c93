// SPDX-License-Identifier: BSD-3-Clause
#include "window.hpp"

#include <unicore/base/assert.hpp>

#include <algorithm>
#include <utility>

namespace unicore::net::tap {

using platform::linux::IoVector;

void Window::place(std::size_t index, Buffer& buffer) noexcept {
    buffers_[index] = &buffer;
    vectors_[index] = {buffer.begin, buffer.capacity};
}

Window::~Window() {
    if (pool_ == nullptr) return;
    for (Buffer* const buffer : buffers_) pool_->take_back(*buffer);
}

Result<void> Window::open(Pool& pool) noexcept {
    UNICORE_ASSERT(pool.buffer_size() == buffer_size);
    if (pool.statistics().free < parts) return unexpected(Error::busy);
    pool_ = &pool;
    for (std::size_t i = 0; i != parts; ++i) place(i, *pool.take_buffer());
    return {};
}

std::size_t Window::describe(std::size_t from, std::size_t to, std::span<IoVector> into) const noexcept {
    std::size_t count = 0;
    from += room_in_front;
    to += room_in_front;
    while (from != to) {
        const std::size_t offset = from % buffer_size;
        const std::size_t size = std::min(to - from, buffer_size - offset);
        into[count++] = {buffers_[from / buffer_size]->begin + offset, size};
        from += size;
    }
    return count;
}

Packet Window::take(std::size_t size) noexcept {
    const std::size_t count = (room_in_front + size - 1) / buffer_size + 1;
    // Those that take their place come first: without them the frame is as it was.
    Buffer* others = nullptr;
    for (std::size_t i = 0; i != count; ++i) {
        Buffer* const other = pool_->take_buffer();
        if (other == nullptr) {
            if (others != nullptr) Packet(*others).clear();
            return {};
        }
        other->next = others;
        others = other;
    }
    Buffer* behind = nullptr;
    for (std::size_t i = count; i-- != 0;) {
        Buffer& buffer = *buffers_[i];
        const std::size_t begin = i == 0 ? room_in_front : 0;
        const std::size_t end = std::min(room_in_front + size - i * buffer_size, buffer_size);
        buffer.data = buffer.begin + begin;
        buffer.size = static_cast<std::uint32_t>(end - begin);
        buffer.next = std::exchange(behind, &buffer);
        Buffer& other = *others;
        others = std::exchange(other.next, nullptr);
        place(i, other);
    }
    return Packet(*behind);
}

}  // namespace unicore::net::tap
