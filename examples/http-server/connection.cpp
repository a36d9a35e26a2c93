// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"

#include "server.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace http {

Connection::~Connection() {
    std::free(rest_);
    std::free(part_);
}

// Output: in the server's buffer, until it goes out.

/// Sends both, one behind the other. What the client does not take now is kept; it has nothing kept before.
Connection::Sent Connection::send(std::string_view head, std::string_view body) noexcept {
    while (!head.empty() || !body.empty()) {
        const ssize_t size = stream_.send(head, body, closing_);
        if (size < 0 && errno == EINTR) continue;
        if (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return Sent::failed;
        const std::size_t sent = size < 0 ? 0 : static_cast<std::size_t>(size);
        const std::size_t of_head = sent < head.size() ? sent : head.size();
        head.remove_prefix(of_head);
        body.remove_prefix(sent - of_head);
        if (size >= 0) continue;  // until it is told to wait: an edge is told once
        body_ = body;
        if (!head.empty()) {
            rest_ = static_cast<char*>(std::malloc(head.size()));
            if (rest_ == nullptr) return Sent::failed;
            std::memcpy(rest_, head.data(), head.size());
            rest_at_ = 0;
            rest_size_ = head.size();
        }
        return Sent::part;
    }
    return Sent::all;
}

Connection::Sent Connection::send_rest() noexcept {
    if (rest_ == nullptr && body_.empty()) return Sent::all;
    char* const rest = rest_;
    const std::string_view body = body_;
    rest_ = nullptr;
    body_ = {};
    const Sent sent = send({rest, rest == nullptr ? 0 : rest_size_}, body);
    std::free(rest);
    return sent;
}

/// Sends what the server's buffer has.
Connection::Sent Connection::flush() noexcept {
    if (server_.output_.size() == 0 && body_.empty()) return Sent::all;
    const std::string_view body = body_;
    body_ = {};
    const Sent sent = send(server_.output_.view(), body);
    server_.output_.clear();
    return sent;
}

// Input.

/// Keeps a part of a request for later. False without memory.
bool Connection::keep(const char* bytes, std::size_t size) noexcept {
    if (size != 0) {
        part_ = static_cast<char*>(std::malloc(size));
        if (part_ == nullptr) return false;
        std::memcpy(part_, bytes, size);
    }
    part_size_ = size;
    return true;
}

void Connection::refuse(int status) noexcept {
    server_.answers_.refuse(status, server_.output_);
    closing_ = unread_ = true;
}

/// Takes the next request, or what is there of a body. False when there is nothing that could be done with what is left.
bool Connection::answer_next(char* begin, char* end, std::size_t& used) noexcept {
    const std::size_t size = static_cast<std::size_t>(end - begin);
    if (!skipping_.over()) {
        int status = 0;
        used = skipping_.skip({begin, size}, most_body, status);
        if (status != 0) closing_ = unread_ = true;  // it has been answered
        return status == 0 && used != size;
    }
    if (scanned_ != 0 && !has_end({begin, size}, scanned_)) {
        scanned_ = size;
        if (size == most_head) refuse(std::memchr(begin, '\n', size) == nullptr ? 414 : 431);
        return false;
    }
    scanned_ = 0;
    Request request;
    const Parsed parsed = parse(begin, end, request);
    used = parsed.size;
    if (parsed.status == incomplete) {
        scanned_ = size - used;
        if (scanned_ == most_head) refuse(std::memchr(begin, '\n', size) == nullptr ? 414 : 431);
        return false;
    }
    if (parsed.status != 0) return refuse(parsed.status), false;
    ++server_.counters_.requests;
    if (request.has_body()) {
        if (!request.chunked && request.length > most_body) return refuse(413), false;
        // Whether it comes now, nobody can tell: it is not asked for.
        if (request.expects) request.keep_alive = false;
        skipping_ = Body(request);
    }
    body_ = server_.answers_.answer(request, server_.output_);
    if (!request.keep_alive) {
        closing_ = true;
        unread_ = request.has_body() || parsed.size != size;
        return false;
    }
    return parsed.size != size;
}

/// Answers what there is. Returns how much of it was used; output is left where the client does not take it.
std::size_t Connection::work(char* begin, std::size_t size) noexcept {
    std::size_t done = 0;
    kept_ = false;
    for (bool more = size != 0; more;) {
        std::size_t used = 0;
        more = answer_next(begin + done, begin + size, used);
        done += used;
        if (body_.empty() && (more ? server_.output_.room() >= Answers::most : true)) continue;
        // A large body ends the output, and so does a full buffer.
        const Sent sent = flush();
        if (sent == Sent::failed) failed_ = true;
        if (sent == Sent::all) continue;
        kept_ = more;
        return done;
    }
    if (flush() == Sent::failed) failed_ = true;
    return done;
}

/// The client gets the last answer before it is told that what it sends does not arrive.
bool Connection::linger() noexcept {
    if (!lingers_) {
        if (!unread_) return false;
        if (!stream_.finish()) return false;
        lingers_ = true;
        server_.await(*this, Wait::lingering);
    }
    for (;;) {
        const ssize_t size = stream_.receive(server_.input_, sizeof server_.input_);
        if (size == 0) return false;
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
    }
}

bool Connection::await(Wait what) noexcept {
    server_.await(*this, what);
    return true;
}

bool Connection::turn(bool ends) noexcept {
    if (lingers_) return linger();
    switch (send_rest()) {
    case Sent::all: break;
    case Sent::part: return await(Wait::writing);
    case Sent::failed: return false;
    }
    char* const input = server_.input_;
    const bool began = part_size_ != 0 || !skipping_.over();
    std::size_t size = part_size_;
    if (size != 0) {
        std::memcpy(input, part_, size);
        std::free(part_);
        part_ = nullptr;
        part_size_ = 0;
    }
    bool reads = !kept_;
    bool answered = false;
    while (!closing_) {
        bool drained = false;
        if (reads) {
            const std::size_t room = most_head - size;
            const ssize_t got = stream_.receive(input + size, room);
            if (got == 0) return false;
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
            if (got < 0) break;
            drained = stream_.drained(static_cast<std::size_t>(got), room) && !ends;
            size += static_cast<std::size_t>(got);
        }
        reads = true;
        const std::uint64_t requests = server_.counters_.requests;
        const std::size_t done = work(input, size);
        answered |= requests != server_.counters_.requests;
        if (failed_) return false;
        size -= done;
        if (size != 0 && done != 0) std::memmove(input, input + done, size);
        if (rest_ != nullptr || !body_.empty()) {
            if (!keep(input, size)) return false;
            return await(Wait::writing);
        }
        if (drained) break;
    }
    if (closing_) return linger();
    if (stream_.opening()) return true;
    if (!keep(input, size)) return false;
    if (size == 0 && skipping_.over()) return await(Wait::idle);
    // The time for a request counts from its first byte.
    if (!began || answered || wait != Wait::reading) await(Wait::reading);
    return true;
}

bool Connection::expired() noexcept {
    if (wait != Wait::reading || closing_) return false;
    if (part_size_ == 0 && skipping_.over()) return false;  // it has asked nothing at all
    if (skipping_.over()) {
        refuse(408);
        if (flush() != Sent::all) return false;
    }
    closing_ = unread_ = true;
    return linger();
}

}  // namespace http
