// SPDX-License-Identifier: BSD-3-Clause
/// What carries requests and answers. stream.cpp is TCP by itself, ../tls-server/stream.cpp has TLS between.
#pragma once

#include "machine.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <sys/types.h>

namespace http {

/// What a program is by that.
struct Transport {
    std::string_view program;  ///< its name
    std::uint16_t port;        ///< where it listens, unless it is told another one
    std::size_t connections;   ///< as many at a time, unless it is told another number
};
extern const Transport transport;

/// A client's connection, of which nothing ever waits.
class Stream {
public:
    explicit Stream(int descriptor) noexcept : descriptor_(descriptor) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    /// Closes it, in order as far as that takes no time.
    ~Stream();

    /// Called once, before the first of them. Returns what failed, or null.
    static const char* prepare() noexcept;
    /// What is worth to be seen of all of them, as machine::facts.
    static std::size_t facts(machine::Fact* into, std::size_t room) noexcept;

    /// Called first. False when it cannot be had; that has been said then, if anybody is told of such things.
    bool begin() noexcept;
    /// Whether it cannot carry anything yet, for which its client has the time of a request in all.
    bool opening() const noexcept;
    /// As recv: how many bytes, 0 at their end, or -1, with EAGAIN when it must wait for some.
    ssize_t receive(char* into, std::size_t room) noexcept;
    /// Whether a receive that gave `size` bytes has taken all that was there.
    bool drained(std::size_t size, std::size_t room) const noexcept;
    /// Takes from the front of both, of which one is not empty: how many bytes, or -1, with EAGAIN when it must wait; the same
    /// bytes come again then, before others. `last`: the end follows.
    ssize_t send(std::string_view head, std::string_view body, bool last) noexcept;
    /// Tells the client that nothing more will come. What it sends can still be received. False when it is gone.
    bool finish() noexcept;

private:
    struct Session;

    const int descriptor_;
    Session* session_ = nullptr;  ///< what is between
};

}  // namespace http
