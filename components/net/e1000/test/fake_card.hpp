// SPDX-License-Identifier: BSD-3-Clause
/// A model of the 82574, or the 82540EM, which behaves as its data sheet says, or as a test wants.
#pragma once

#include "../registers.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace unicore::test {

class FakeCard {
public:
    using Register = net::e1000::Register;
    using Bytes = std::vector<std::uint8_t>;

    /// What the driver has of it.
    struct Registers {
        FakeCard* card;
        std::uint32_t read(Register which) const noexcept { return card->read(static_cast<std::uint32_t>(which)); }
        void write(Register which, std::uint32_t value) const noexcept {
            card->write(static_cast<std::uint32_t>(which), value);
        }
    };

    FakeCard();
    Registers registers() noexcept { return {this}; }
    std::uint32_t& at(Register which) { return registers_[static_cast<std::uint32_t>(which)]; }

    // How it misbehaves.
    bool express = true;      ///< an 82574
    bool resets = true;       ///< a reset ends
    bool forgets = true;      ///< at a reset; QEMU 7.2's does not
    bool lets_go = true;      ///< of memory, when it is asked to
    bool stays_on = false;    ///< it receives though it was told not to
    bool gone = false;        ///< all reads are ones
    bool finishes = true;     ///< it marks what it has sent
    std::uint32_t address[2] = {0x1200'5452, 0x8000'5634};

    // What it did.
    std::vector<Bytes> sent;         ///< frames on the wire
    std::vector<std::uint16_t> unfinished;
    unsigned contexts = 0, tails = 0, reads = 0;
    std::size_t most_descriptors = 0;  ///< of a packet

    // Interrupts: whom it calls.
    std::function<void(unsigned message)> message;
    std::function<void()> line;
    std::function<void()> rung;  ///< and what comes of it when it was told of something to send
    std::function<void()> before_access;  ///< of a register
    std::uint32_t masked() const { return ~ims_; }
    void cause(std::uint32_t bits);

    /// A frame comes from the wire; false when there is no room, or nobody wants it.
    bool arrive(const Bytes& frame, std::optional<std::uint16_t> said = {}, std::uint8_t status = 3,
                std::uint8_t errors = 0);
    void set_link(bool up);
    void finish(std::uint16_t index);
    std::size_t buffers();                     ///< that it has
    std::span<std::byte> ring(Register base);  ///< its memory, to write nonsense into
    bool running();

private:
    struct Frame {
        Bytes bytes;
        std::uint32_t options = 0, command = 0;
        std::size_t descriptors = 0;
    };
    std::uint32_t read(std::uint32_t offset);
    void write(std::uint32_t offset, std::uint32_t value);
    void reset();
    void deliver();
    void transmit();
    void take(const std::byte* descriptor);
    void put_on_wire();
    void cut();

    std::map<std::uint32_t, std::uint32_t> registers_;
    std::uint32_t icr_ = 0, ims_ = 0, told_ = 0;
    std::uint32_t context_[4]{};
    Frame frame_;
    bool link_ = true;
};

}  // namespace unicore::test
