// SPDX-License-Identifier: BSD-3-Clause
#include "ask.hpp"

#include "recorder.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/guest.hpp>

#include <cstddef>
#include <cstring>

namespace unicore::test {

namespace store = xen::store;

namespace {

constexpr time::Duration patience = std::chrono::seconds(10);

struct Waiting final : store::Request {
    bool finished = false;
    sched::WaitQueue queue;
};

/// What xenstored said, which xen.store makes one of a few errors: it still lies in the ring.
std::string_view error_of(std::uint32_t id, std::span<char> buffer) noexcept {
    const auto* const page = static_cast<const volatile xenstore_domain_interface*>(xen::guest::store().page);
    for (XENSTORE_RING_IDX start = 0; start != XENSTORE_RING_SIZE; ++start) {
        xsd_sockmsg header;
        const auto byte_at = [&](std::size_t offset) { return page->rsp[MASK_XENSTORE_IDX(start + offset)]; };
        char bytes[sizeof header];
        for (std::size_t i = 0; i != sizeof bytes; ++i) bytes[i] = byte_at(i);
        std::memcpy(&header, bytes, sizeof header);
        if (header.type != XS_ERROR || header.req_id != id || header.len == 0 || header.len > buffer.size()) continue;
        for (std::size_t i = 0; i != header.len; ++i) buffer[i] = byte_at(sizeof header + i);
        const std::string_view text(buffer.data(), header.len);
        return text.substr(0, text.find('\0'));
    }
    return "?";
}

std::string_view name_of(unsigned type) noexcept {
    static constexpr std::string_view names[] = {"control",
                                                 "directory",
                                                 "read",
                                                 "get_perms",
                                                 "watch",
                                                 "unwatch",
                                                 "transaction_start",
                                                 "transaction_end",
                                                 "introduce",
                                                 "release",
                                                 "get_domain_path",
                                                 "write",
                                                 "mkdir",
                                                 "rm",
                                                 "set_perms",
                                                 "watch_event",
                                                 "error",
                                                 "is_domain_introduced",
                                                 "resume",
                                                 "set_target"};
    return type < std::size(names) ? names[type] : "unknown";
}

/// Nulls, and what is no text, become dots; what is long becomes its length.
void add(text::Line& line, std::string_view text) noexcept {
    if (text.size() > 60) {
        line << " (" << text.size() << " bytes)";
        return;
    }
    line << " \"";
    for (const char character : text) line << (character >= ' ' && character <= '~' ? character : '.');
    line << '"';
}

}  // namespace

std::string_view ask(const Message& message, std::span<char> reply) noexcept {
    Waiting request;
    request.type = message.type;
    request.first = message.first;
    request.second = message.second;
    request.terminated = message.terminated;
    request.transaction = message.transaction;
    request.reply = reply;
    request.done = [](store::Request& self) noexcept {
        static_cast<Waiting&>(self).finished = true;
        static_cast<Waiting&>(self).queue.wake_all();
    };
    text::Line line;
    line << "store " << name_of(message.type);
    add(line, message.shown.empty() ? message.first : message.shown);
    if (!message.second.empty() && (message.type != XS_SET_PERMS || message.shown.empty())) add(line, message.second);
    if (message.transaction != 0) line << " in a transaction";
    line << " -> ";
    char error[16];
    std::string_view result;
    if (const auto submitted = store::submit(request); !submitted) {
        line << "not sent: " << to_string(submitted.error());
    } else if (!request.queue.wait([&] { return request.finished; }, time::Monotonic::now() + patience)) {
        store::withdraw(request);
        line << "no reply";
    } else if (request.outcome) {
        result = {reply.data(), *request.outcome};
        line << "ok";
    } else {
        line << error_of(request.id, error);
    }
    const bool plain = message.type != XS_TRANSACTION_START && message.shown.empty() && result.size() < 200;
    if (plain && !result.empty() && result != std::string_view("OK", 3)) add(line, result);
    recorder().add(line.view(), true);
    return result;
}

void ask(const Message& message) noexcept {
    static char reply[XENSTORE_PAYLOAD_MAX];
    ask(message, reply);
}

}  // namespace unicore::test
