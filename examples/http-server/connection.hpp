// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "answer.hpp"
#include "stream.hpp"

#include <cstddef>
#include <cstdint>

namespace http {

using Milliseconds = std::int64_t;

/// What a connection waits for, and how long it may.
enum class Wait : std::uint8_t {
    idle,       ///< the next request
    reading,    ///< the rest of a request
    writing,    ///< the client, who does not read
    lingering,  ///< the client's end, so that it gets the last answer [RFC 9112, 9.6]
};
inline constexpr std::size_t waits = 4;

struct Limits {
    Milliseconds patience[waits] = {15'000, 10'000, 30'000, 2'000};
    std::size_t connections = transport.connections;
};
/// Bytes of a request's head, and of a body that nobody wants.
inline constexpr std::size_t most_head = 8192, most_body = 65'536;

class Server;

/// A client's connection, on the heap. All of its bytes lie in the server's buffers while they are worked on; the heap
/// has what is left between: a part of a request, or of an answer that the client does not take.
class Connection {
public:
    Connection(Server& server, int descriptor) noexcept : server_(server), stream_(descriptor) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    /// Called first. False without memory.
    bool begin() noexcept { return stream_.begin(); }
    /// Something has come, or there is room: does all that can be done now. Returns false at its end.
    bool turn(bool ends) noexcept;
    /// It has waited for too long. Returns false at its end, which is now or when its last answer is out.
    bool expired() noexcept;

    // Of the server's: when its patience ends, in a list of those that wait for the same.
    Wait wait = Wait::idle;
    Milliseconds deadline = 0;
    Connection* next = nullptr;
    Connection* previous = nullptr;

private:
    enum class Sent : std::uint8_t { all, part, failed };

    Sent send(std::string_view head, std::string_view body) noexcept;
    Sent send_rest() noexcept;
    Sent flush() noexcept;
    std::size_t work(char* begin, std::size_t size) noexcept;
    bool answer_next(char* begin, char* end, std::size_t& used) noexcept;
    void refuse(int status) noexcept;
    bool keep(const char* bytes, std::size_t size) noexcept;
    bool linger() noexcept;
    bool await(Wait what) noexcept;

    Server& server_;
    Stream stream_;
    bool closing_ = false;    ///< nothing more is read but to linger
    bool unread_ = false;     ///< the client has sent what nobody will read: it must not be reset while it gets an answer
    bool lingers_ = false;
    bool failed_ = false;
    bool kept_ = false;       ///< what is kept was not looked at yet: an answer had to go out before
    char* rest_ = nullptr;    ///< of an output
    std::size_t rest_at_ = 0, rest_size_ = 0;
    std::string_view body_;   ///< goes out behind that
    char* part_ = nullptr;    ///< of a request
    std::size_t part_size_ = 0, scanned_ = 0;
    Body skipping_;
};

}  // namespace http
