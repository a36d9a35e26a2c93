// SPDX-License-Identifier: BSD-3-Clause
/// A virtio entropy device as an entropy source. [VIRTIO 1.2, 5.4]
#pragma once

#include <unicore/arch/barriers.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/virtio/device.hpp>
#include <unicore/bus/virtio/queue.hpp>
#include <unicore/entropy/generator.hpp>
#include <unicore/entropy/source.hpp>
#include <unicore/entropy/virtio/config.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/time/clock.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace unicore::entropy::virtio {

/// How long a read waits in all.
inline constexpr auto patience = std::chrono::milliseconds(config::patience);

template <bus::virtio::Transport Device>
class Rng final : public Source {
public:
    explicit Rng(Device device) noexcept : device_(device) {}

    /// Takes the device into use. Once.
    /// Errors: of negotiate and use; out_of_memory. The device has nothing of ours then.
    Result<void> open() noexcept {
        const auto outcome = prepare();
        if (!outcome) bus::virtio::give_up(device_);
        else bus::virtio::go(device_);
        return outcome;
    }

    /// Errors: timed_out when the device has not answered in time; device_error when it answers nonsense, or the same
    /// again. After a timeout the request stays the device's, and until it is answered reads only look for that.
    Result<void> read(std::span<std::byte> bytes) noexcept override {
        if (bytes.empty()) return {};
        const time::Instant deadline = time::Monotonic::now() + patience;
        while (!bytes.empty()) bytes = bytes.subspan(UNICORE_TRY(draw(bytes, deadline)));
        return {};
    }
    std::string_view name() const noexcept override { return "entropy.virtio"; }

private:
    static constexpr std::uint16_t request_queue = 0;  // requestq, the only one [5.4.2]
    static constexpr std::uint32_t no_features = 0;    // there are none [5.4.3]
    static constexpr std::size_t most = 256;           ///< bytes of one request

    Result<void> prepare() noexcept {
        UNICORE_TRY(bus::virtio::negotiate(device_, no_features));
        queue_ = UNICORE_TRY(bus::virtio::Queue::create(slots_));
        memory_ = UNICORE_TRY(memory::pages::Pages::create(PageCount{1}));
        erase(buffer());
        bell_ = UNICORE_TRY(device_.use(request_queue, queue_));
        return {};
    }

    std::span<std::byte> buffer() const noexcept { return memory_.bytes().first(most); }

    /// The device's next bytes; returns how many, one at least.
    Result<std::size_t> draw(std::span<std::byte> bytes, time::Instant deadline) noexcept {
        if (!devices_) UNICORE_TRY(ask(bytes.size()));
        const std::size_t written = UNICORE_TRY(wait(deadline));
        if (written == 0) return unexpected(Error::device_error);  // it shall place at least one [5.4.6.2]

        // The end of an answer is for the comparison and given to nobody, if it is long enough.
        const std::size_t kept_back = written > sizeof last_ ? sizeof last_ : 0;
        const std::size_t size = std::min(bytes.size(), written - kept_back);
        std::memcpy(bytes.data(), buffer().data(), size);
        bool repeats = false;
        if (kept_back != 0) {
            std::uint64_t end;
            std::memcpy(&end, buffer().data() + written - kept_back, sizeof end);
            repeats = end == std::exchange(last_, end);
        }
        erase(buffer());
        if (repeats) return unexpected(Error::device_error);
        return size;
    }

    Result<void> ask(std::size_t wanted) noexcept {
        const std::size_t size = std::min(most, std::min(wanted, most) + sizeof last_);
        UNICORE_TRY(queue_.add(std::array{bus::virtio::Buffer::to_write(buffer().first(size))}));
        devices_ = true;
        if (queue_.wants_notification()) bell_.ring();
        return {};
    }

    /// How many bytes the device has written.
    Result<std::size_t> wait(time::Instant deadline) noexcept {
        for (;;) {
            const bool last = overdue_ || time::Monotonic::now() >= deadline;
            if (const auto used = UNICORE_TRY(queue_.take_used())) {
                devices_ = overdue_ = false;
                return used->written;
            }
            if (last) break;
            arch::Barriers::relax();
        }
        overdue_ = true;
        return unexpected(Error::timed_out);
    }

    Device device_;
    std::array<bus::virtio::Slot, 2> slots_;
    bus::virtio::Queue queue_;
    typename Device::Bell bell_{};
    memory::pages::Pages memory_;
    bool devices_ = false;    ///< the buffer is the device's
    bool overdue_ = false;    ///< it has had it for too long
    std::uint64_t last_ = 0;  ///< the end of the last answer; what the buffer holds before one, at first
};

}  // namespace unicore::entropy::virtio
