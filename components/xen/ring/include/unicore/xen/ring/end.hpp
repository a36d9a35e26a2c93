// SPDX-License-Identifier: BSD-3-Clause
/// What all ends of rings have in common, whatever the messages: the indices.
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::xen::ring {

/// One direction: how much was produced, and at which index the consumer wants to be notified.
struct Direction {
    std::uint32_t producer;
    std::uint32_t event;
};

/// The start of the shared memory; the entries follow. [Xen, xen/include/public/io/ring.h, DEFINE_RING_TYPES]
struct Header {
    Direction requests;
    Direction responses;
    std::byte reserved[48];
};
static_assert(sizeof(Header) == 64);

enum class Side : std::uint8_t { front, back };

/// Makes `memory` an empty ring whose indices are at `start`. [SHARED_RING_INIT]
void format(std::span<std::byte> memory, std::uint32_t start) noexcept;

/// One end of a ring, without the messages. Indices run freely through 2^32.
/// Context: any, one user at a time.
class End {
public:
    /// How many places there are.
    std::uint32_t size() const noexcept { return size_; }

    /// How many messages can be put now. Grows as messages are taken.
    std::uint32_t free() const noexcept { return consumed_ + (side_ == Side::front ? size_ : 0) - produced_; }

    /// How many requests wait for their response (front), or were taken and not answered (back).
    std::uint32_t outstanding() const noexcept {
        return side_ == Side::front ? produced_ - consumed_ : consumed_ - produced_;
    }

    /// Shows what was put to the other end. Returns whether the other end wants to be notified of it.
    [[nodiscard]] bool publish() noexcept;

    /// Looks for more to take, before sleeping: asks the other end to notify of the `batch`-th message
    /// from here, then looks again, as one may have come meanwhile. Returns whether there is one.
    /// Errors: device_error when the other end broke the ring.
    [[nodiscard]] Result<bool> more(std::uint32_t batch = 1) noexcept;

    /// Asks for no notification, until the next `more` that finds nothing. A new ring asks for that of the first message.
    void hush() noexcept;

    /// Whether the other end broke the rules, or there is no ring. For good.
    bool broken() const noexcept { return broken_; }

protected:
    End(void* memory, std::uint32_t entries, std::uint32_t start, Side side) noexcept;

    /// Whether the message at `consumed_` is there. Errors: device_error.
    Result<bool> look() noexcept;
    /// Whether the place at `produced_` is free. Errors: busy, device_error.
    Result<void> claim() noexcept;

    Header* header_;
    std::uint32_t size_;
    std::uint32_t produced_;  ///< what we put
    std::uint32_t consumed_;  ///< what we took

private:
    Direction& out() const noexcept { return side_ == Side::front ? header_->requests : header_->responses; }
    Direction& in() const noexcept { return side_ == Side::front ? header_->responses : header_->requests; }

    std::uint32_t published_;  ///< what the other end may know of
    std::uint32_t seen_;       ///< what the other end produced, checked
    Side side_;
    bool broken_;
};

}  // namespace unicore::xen::ring
