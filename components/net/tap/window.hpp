// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/net/address.hpp>
#include <unicore/net/pool.hpp>
#include <unicore/platform/linux/descriptor.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace unicore::net::tap {

/// Buffers in which the next frame is received, whatever its size: always there, whole and the window's own. A frame
/// becomes a packet when others take the place of its buffers; when there are none it is lost, and they stay.
class Window {
public:
    /// In front of the frame. It puts IP's header, behind 14 bytes of Ethernet, at a multiple of 8.
    static constexpr std::size_t room_in_front = 10;
    /// The fewer buffers a large frame has, the quicker is the kernel.
    static constexpr std::size_t buffer_size = page_size;
    static constexpr std::size_t parts = (room_in_front + longest_frame) / buffer_size + 1;

    constexpr Window() noexcept = default;
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    ~Window();

    /// Takes its buffers from `pool`, whose buffers are of buffer_size. Once. Errors: busy when there are not as many,
    /// and nothing is taken.
    Result<void> open(Pool& pool) noexcept;

    /// All of it, from the room in front on.
    std::span<const platform::linux::IoVector> vectors() const noexcept { return vectors_; }
    /// Describes the bytes of the frame from `from` to `to`; returns how many vectors that took, `parts` at most.
    std::size_t describe(std::size_t from, std::size_t to, std::span<platform::linux::IoVector> into) const noexcept;
    /// The room in front of the frame.
    const std::byte* front() const noexcept { return buffers_[0]->begin; }

    /// The frame's first `size` bytes, 1 at least, as a packet. None, when there are no buffers to take their place.
    Packet take(std::size_t size) noexcept;

private:
    void place(std::size_t index, Buffer& buffer) noexcept;

    Pool* pool_ = nullptr;
    std::array<Buffer*, parts> buffers_{};
    std::array<platform::linux::IoVector, parts> vectors_{};
};

}  // namespace unicore::net::tap
