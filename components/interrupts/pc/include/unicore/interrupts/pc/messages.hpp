// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstdint>
#include <utility>

namespace unicore::interrupts::pc {

/// Runs masked, on the interrupted stack; acknowledges its device, if that wants it, and wakes. The local APIC is told.
using MessageHandler = void (*)(void* context) noexcept;

/// A message-signalled interrupt: a device that writes `data` to `address` interrupts this CPU. Whoever has one tells
/// the device, and that it is no more before the end of its life.
class Message {
public:
    /// Context: thread. Errors: busy when all are taken; unsupported when messages cannot be addressed to this CPU.
    static Result<Message> create(MessageHandler handler, void* context) noexcept;

    Message(Message&& other) noexcept : address_(other.address_), vector_(std::exchange(other.vector_, none)) {}
    Message& operator=(Message&& other) noexcept {
        std::swap(address_, other.address_);
        std::swap(vector_, other.vector_);
        return *this;
    }
    ~Message() noexcept {
        if (vector_ != none) release(vector_);
    }

    /// 32 bits, all of which a device writes. [Intel SDM vol. 3A, 11.11]
    std::uint32_t address() const noexcept { return address_; }
    std::uint32_t data() const noexcept { return vector_; }

private:
    static constexpr std::uint8_t none = 0;

    Message(std::uint32_t address, std::uint8_t vector) noexcept : address_(address), vector_(vector) {}
    static void release(std::uint8_t vector) noexcept;

    std::uint32_t address_;
    std::uint8_t vector_;
};

}  // namespace unicore::interrupts::pc
