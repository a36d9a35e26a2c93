// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/memory/pages.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace unicore::bus::virtio {

/// Memory that is part of a request: of memory.pages, which lies at the physical address of the same value. It is the
/// device's until `take_used` returns the request, or the device was reset.
struct Buffer {
    std::uintptr_t address;
    std::uint32_t size;  ///< bytes, not 0
    bool for_device_to_write;

    static Buffer to_read(std::span<const std::byte> bytes) noexcept { return of(bytes, false); }
    static Buffer to_write(std::span<std::byte> bytes) noexcept { return of(bytes, true); }

private:
    static Buffer of(std::span<const std::byte> bytes, bool write) noexcept {
        return {reinterpret_cast<std::uintptr_t>(bytes.data()), static_cast<std::uint32_t>(bytes.size()), write};
    }
};

/// What the driver remembers of a descriptor, or, in a packed queue, of a request. Nothing of it is ever read back from
/// memory that a device can write.
struct Slot {
    std::uint32_t writable;  ///< bytes that the device may write, of a request's first descriptor
    std::uint16_t parts;     ///< descriptors of a request, at its first; 0: no request begins here
    std::uint16_t next;      ///< the next of the request, or of those that are free
};

/// How a queue lies in memory and how each side says that it wants to be told, as was agreed on.
enum class Rings : std::uint8_t {
    split,              ///< by flags
    split_event_index,  ///< by the number of the request: feature_bits::event_index
    packed,             ///< feature_bits::ring_packed, without that index; by flags
};

/// A virtqueue, split or packed, the driver's side. Whatever the device writes is checked: what can not be is
/// device_error, from then on for ever, since nothing that such a device says is worth anything.
///
/// The owner resets the device before the queue ends. Context of everything: one thread; what an interrupt handler
/// calls, with that interrupt masked elsewhere. Source: VIRTIO 1.2, 2.6 to 2.8.
class Queue {
public:
    /// Where the parts lie, physical addresses; of a split queue in one piece with the used ring on a page, as legacy devices
    /// want it.
    struct Layout {
        std::uint64_t descriptors;  ///< "descriptor area"
        std::uint64_t available;    ///< "driver area"
        std::uint64_t used;         ///< "device area"
    };

    /// A finished request: what `add` called it, and how many bytes the device says to have written, not more than
    /// there were for it to write.
    struct Used {
        std::uint16_t request;
        std::uint32_t written;
    };

    /// A queue of as many descriptors as there are slots: a power of two, at most 32,768. Slots live as long as the
    /// queue. Devices are asked not to interrupt. Errors: out_of_memory.
    static Result<Queue> create(std::span<Slot> slots, Rings rings = Rings::split) noexcept;

    /// None: may be assigned to only.
    Queue() noexcept = default;

    /// Makes a request available, of at most `size` buffers; first those that the device reads, then those that it
    /// writes, less than 4 GiB of these. Returns what the request is called while it is the device's.
    /// Errors: busy when there are not enough descriptors now; device_error when the queue is broken.
    Result<std::uint16_t> add(std::span<const Buffer> buffers) noexcept;

    /// What the next request will be called, if there are enough descriptors for it; and how many there are.
    std::uint16_t next_request() const noexcept { return free_; }
    std::uint16_t free_count() const noexcept { return free_count_; }

    /// Whether the device wants to be notified of what was added since this was asked the last time.
    /// [2.7.13.4, 2.8.21.3]
    bool wants_notification() noexcept;

    /// Takes a request that the device has finished, if there is one. What it wrote can be read then.
    /// Errors: device_error when the device finished more than it was given, or other things than these, or wrote more
    /// than there was room for. [2.7.14, 2.8.22]
    Result<std::optional<Used>> take_used() noexcept;

    /// Asks the device to interrupt when it finishes the next request. False, when there is one to take already: then
    /// it may interrupt or not. With an event index it does so once, else for each request until it is asked not to, and
    /// it need not heed that. [2.7.7, 2.8.14]
    bool await_used() noexcept;
    /// Asks a device that has no event index not to interrupt. Context: any, the interrupt's handler included. [2.7.7, 2.8.14]
    void no_interrupts() noexcept;

    std::uint16_t size() const noexcept { return static_cast<std::uint16_t>(slots_.size()); }
    Layout layout() const noexcept;

private:
    Queue(std::span<Slot> slots, memory::pages::Pages memory, Rings rings) noexcept;

    std::unexpected<Error> broken() noexcept;
    void release(std::uint16_t request) noexcept;
    Result<Used> taken(std::uint32_t request, std::uint32_t written) noexcept;
    std::byte* descriptor_at(std::size_t index) const noexcept { return memory_.bytes().data() + 16 * index; }
    template <typename T>
    static volatile T& at(std::byte* place) noexcept {
        return *reinterpret_cast<volatile T*>(place);
    }

    std::byte* used_event() const noexcept;
    std::byte* available_event() const noexcept;

    void open_packed() noexcept;
    void add_packed(std::span<const Buffer> buffers, std::uint16_t request) noexcept;
    bool await_used_packed() noexcept;
    bool has_used_packed() const noexcept;

    std::span<Slot> slots_;
    memory::pages::Pages memory_;
    std::byte* available_ = nullptr;  ///< the ring, or the driver's event suppression
    std::byte* used_ = nullptr;       ///< the ring, or the device's event suppression
    std::uint16_t free_ = 0;       ///< the first free descriptor, or request, if there are any
    std::uint16_t free_count_ = 0;  ///< descriptors
    std::uint16_t requests_ = 0;   ///< that the device has
    std::uint16_t added_ = 0;      ///< all that there were, modulo 2^16
    std::uint16_t taken_ = 0;      ///< likewise; of a packed queue, where the next used descriptor will be
    std::uint16_t told_ = 0;       ///< what `added_` was when a notification was thought of
    std::uint16_t next_ = 0;       ///< of a packed queue, where the next descriptor goes
    bool wrap_ = true;             ///< its wrap counter there
    bool used_wrap_ = true;        ///< and at `taken_` [2.8.1]
    Rings rings_ = Rings::split;
    bool broken_ = false;
};

}  // namespace unicore::bus::virtio
