// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "answer.hpp"
#include "connection.hpp"

#include <cstddef>
#include <cstdint>

namespace http {

/// Accepts connections and gives them their turns; one thread, which waits in epoll.
class Server {
public:
    explicit Server(const Limits& limits) noexcept : limits_(limits) {}

    /// Listens at a port of all addresses, of version 4 and of version 6. Returns what failed, or null.
    const char* open(std::uint16_t port) noexcept;
    /// Until the program is to end.
    void run() noexcept;

    const Counters& counters() const noexcept { return counters_; }

private:
    friend class Connection;

    bool listen_at(int family, std::uint16_t port) noexcept;
    void accept_from(int listener) noexcept;
    void accept_again(bool yes) noexcept;
    void await(Connection& connection, Wait what) noexcept;
    void unlink(Connection& connection) noexcept;
    void end(Connection& connection) noexcept;
    bool make_room() noexcept;
    void free_ended() noexcept;
    void look_at_clock() noexcept;
    void expire() noexcept;
    int timeout() const noexcept;

    /// Those that wait for the same, in the order of their deadlines: each has as much time as the others.
    struct List {
        Connection* first = nullptr;
        Connection* last = nullptr;
    };

    const Limits limits_;
    Counters counters_;
    Answers answers_{counters_};
    int set_ = -1;
    int listeners_[2] = {-1, -1};
    bool accepting_ = true;
    Milliseconds now_ = 0;
    Milliseconds date_until_ = 0;
    Milliseconds accepts_again_ = 0;  ///< when there was no memory for a connection; 0 for no such moment
    List lists_[waits];
    Connection* ended_ = nullptr;  ///< events that are being looked at may still name them

    char input_[most_head];
    char output_memory_[2 * Answers::most];
    Text output_{output_memory_, sizeof output_memory_};
};

}  // namespace http
