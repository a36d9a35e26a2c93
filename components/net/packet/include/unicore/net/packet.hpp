// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/assert.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace unicore::net {

struct Buffer;

/// Whom a buffer goes back to when its packet ends: a pool, or who lent the memory.
class BufferOwner {
public:
    /// Nobody uses the buffer any more; it is in no packet. Context: thread.
    virtual void take_back(Buffer& buffer) noexcept = 0;

protected:
    ~BufferOwner() = default;
};

/// What a device does, or did, about checksums and segments of a packet, as far as it can: Properties says that.
struct Offload {
    enum class Checksum : std::uint8_t {
        none,      ///< to send: nothing to do; received: nobody has looked
        partial,   ///< to send: the device completes it; received: it need not be looked at, nor is it complete
        verified,  ///< received: the device found it right
    };
    enum class Segments : std::uint8_t {
        none,
        tcp4,  ///< TCP over IPv4: to send, the device makes segments of it; received, several were merged
        tcp6,  ///< over IPv6
    };

    Checksum checksum = Checksum::none;
    Segments segments = Segments::none;
    /// Bytes of TCP's payload in each segment; the last has what is left.
    std::uint16_t segment_size = 0;
    /// Of a partial checksum: the sum is over what is from here on, in bytes from the packet's start, and is put where
    /// `checksum_offset` says, from there. The sum of the pseudo header is there already. [RFC 9293, 3.1; RFC 768]
    std::uint16_t checksum_start = 0;
    std::uint16_t checksum_offset = 0;

    friend bool operator==(const Offload&, const Offload&) = default;
};

/// Memory in a row that is a packet, or a part of one. Its description is never in memory that a device or another
/// domain can write.
struct Buffer {
    Buffer* next = nullptr;         ///< the next part, or the next that is free
    BufferOwner* owner = nullptr;
    std::byte* begin = nullptr;     ///< of the memory that there is
    std::byte* data = nullptr;      ///< of the contents
    std::uint32_t capacity = 0;     ///< bytes from `begin` on
    std::uint32_t size = 0;         ///< bytes from `data` on
    Offload offload{};              ///< of the packet, in its first part
    std::uint32_t number = 0;       ///< the owner's own: in a pool, from 0 on, always the same

    std::span<std::byte> bytes() const noexcept { return {data, size}; }
    std::size_t room_in_front() const noexcept { return static_cast<std::size_t>(data - begin); }
    std::size_t room_behind() const noexcept { return capacity - room_in_front() - size; }
};

/// A frame as it is on the wire, without its frame check sequence, from a device or for one; or none. Owns its buffers,
/// which go back where they came from. Context of all of it: thread.
class Packet {
public:
    constexpr Packet() noexcept = default;
    /// Owns `first` from now on, and what follows.
    explicit Packet(Buffer& first) noexcept : first_(&first) {}
    Packet(Packet&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
    Packet& operator=(Packet&& other) noexcept {
        if (this != &other) {
            clear();
            first_ = std::exchange(other.first_, nullptr);
        }
        return *this;
    }
    ~Packet() {
        if (first_ != nullptr) give_back(first_);
    }

    explicit operator bool() const noexcept { return first_ != nullptr; }
    void clear() noexcept {
        if (first_ != nullptr) give_back(std::exchange(first_, nullptr));
    }
    /// Leaves the buffers to the caller, who makes a packet of them again, or gives each back to its owner.
    Buffer* release() noexcept { return std::exchange(first_, nullptr); }

    /// The first part. There is a packet.
    Buffer& first() const noexcept {
        UNICORE_ASSERT(first_ != nullptr);
        return *first_;
    }
    /// The first part's contents. There is a packet.
    std::span<std::byte> bytes() const noexcept { return first().bytes(); }
    Offload& offload() const noexcept { return first().offload; }

    /// Bytes of all parts; 0 without a packet.
    std::size_t size() const noexcept;
    std::size_t parts() const noexcept;

    /// Puts the parts of `more` behind those of this one, whose offload stays. Either may be none.
    void append(Packet more) noexcept;
    /// Makes room of `size` bytes in front of the first part: empty, and nothing done, when there is not as much.
    std::span<std::byte> prepend(std::size_t size) noexcept;
    /// Cuts off the first bytes, or the last so that `size` are left: all that there are at most. Parts without contents
    /// are given back, but the first: who wants none at all clears.
    void trim_front(std::size_t count) noexcept;
    void trim_to(std::size_t size) noexcept;
    /// Copies bytes from `offset` on; returns how many there were, not more than there is room for.
    std::size_t copy_to(std::span<std::byte> into, std::size_t offset = 0) const noexcept;

private:
    static void give_back(Buffer* first) noexcept;

    Buffer* first_ = nullptr;
};

}  // namespace unicore::net
