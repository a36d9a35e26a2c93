// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/net/pool.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net::loopback {

/// What happens to packets on their way. The same seed, packets and times give the same faults.
struct Faults {
    // Of a million packets:
    std::uint32_t lost = 0;
    std::uint32_t duplicated = 0;
    std::uint32_t damaged = 0;    ///< a bit of it is another
    std::uint32_t overtaken = 0;  ///< it comes later by `overtaken_by`

    time::Duration delay{};         ///< of each
    time::Duration overtaken_by{};
    std::uint64_t bytes_per_second = 0;  ///< how many go into the line; 0: all that come
    std::uint64_t seed = 1;
};

/// One direction: packets go in, and come out when their time has come. They are copied, since who sends may need its own
/// again, and who receives may change what it gets.
class Line {
public:
    constexpr Line() noexcept = default;
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line() { clear(); }

    /// Gets memory for `most` packets on their way. Errors: out_of_memory. Context: thread.
    Result<void> open(std::size_t most) noexcept;
    void set_faults(const Faults& faults) noexcept;

    /// Copies a packet into the line, and completes its checksum. Returns false when there is no room for it: it is lost.
    /// Context: thread.
    bool put(const Packet& packet, time::Instant now) noexcept;
    /// Takes the packet that is due first, if it is due. Context: thread.
    Packet take(time::Instant now) noexcept;
    /// When the next one comes; never without any. Context: any.
    time::Instant due() const noexcept;
    /// Loses all that is on its way. Context: thread.
    void clear() noexcept;

    /// Who is told when something is put into the line, once.
    Listener* listener = nullptr;
    bool awaited = false;

    Pool::Statistics statistics() const noexcept { return pool_.statistics(); }

private:
    struct Flight {
        time::Instant due;
        std::uint64_t number;  ///< of two that are due at once, the one that was first is first
        Packet packet;
    };
    static bool later(const Flight& a, const Flight& b) noexcept;
    bool happens(std::uint32_t of_a_million) noexcept;
    std::uint64_t random() noexcept;
    bool fly(const Packet& packet, time::Instant due) noexcept;

    Pool pool_;
    memory::pages::Pages flights_memory_;
    std::span<Flight> flights_;  ///< a heap, of `flying_`
    std::size_t flying_ = 0;
    std::uint64_t number_ = 0;
    std::uint64_t state_ = 1;  ///< of the random numbers
    time::Instant free_at_{};  ///< when the line can take the next packet, by its speed
    Faults faults_;
};

}  // namespace unicore::net::loopback
