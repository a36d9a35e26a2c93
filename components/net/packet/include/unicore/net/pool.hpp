// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/packet.hpp>

#include <cstddef>
#include <cstdint>

namespace unicore::net {

/// Buffers of one size that a device can read and write: none crosses a page, and their descriptions are elsewhere. It
/// has them all from the beginning, so taking one is quick, and fails when they are all in use rather than when the
/// image is out of memory. Its end asserts that all are back.
class Pool final : public BufferOwner {
public:
    /// Bytes of a buffer in which a frame of Ethernet fits, with what devices put in front.
    static constexpr std::size_t frame_size = 2048;

    struct Statistics {
        std::uint32_t count;     ///< buffers
        std::uint32_t free;
        std::uint32_t least;     ///< the fewest that were ever free
        std::uint64_t failures;  ///< how often none was
    };

    constexpr Pool() noexcept = default;
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;
    ~Pool() { UNICORE_ASSERT(free_count_ == count_); }

    /// Gets the memory for `count` buffers of `size` bytes, a power of two from 64 to a page. Once. Context: thread.
    /// Errors: out_of_memory, and nothing is there.
    Result<void> open(std::size_t count, std::size_t size = frame_size) noexcept;

    /// A packet of one part, empty, with as much room in front. Context: thread.
    /// Errors: busy when none is free.
    Result<Packet> take(std::size_t room_in_front = 0) noexcept;
    /// The same for who keeps buffers without packets, such as a device's ring: null when none is free. Context: thread.
    Buffer* take_buffer(std::size_t room_in_front = 0) noexcept;
    void take_back(Buffer& buffer) noexcept override;

    Statistics statistics() const noexcept { return {count_, free_count_, least_, failures_}; }
    std::size_t buffer_size() const noexcept { return size_; }

private:
    Buffer* take_fresh() noexcept;

    memory::pages::Pages memory_;
    memory::pages::Pages descriptions_;
    Buffer* free_ = nullptr;  ///< that were taken before, linked by `next`; the last to come is the first to go
    std::uint32_t count_ = 0;
    std::uint32_t begun_ = 0;  ///< that were ever taken: those in front
    std::uint32_t free_count_ = 0;
    std::uint32_t least_ = 0;
    std::uint32_t size_ = 0;
    std::uint64_t failures_ = 0;
};

}  // namespace unicore::net
