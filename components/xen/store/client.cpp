// SPDX-License-Identifier: BSD-3-Clause
#include "client.hpp"
#include "error.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/xen/hypercall.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

namespace unicore::xen::store {
namespace {

/// An index that the other side reads or writes at any moment.
std::atomic_ref<std::uint32_t> shared(std::uint32_t& index) noexcept { return std::atomic_ref(index); }

std::uint32_t payload_size(const Request& request) noexcept {
    return static_cast<std::uint32_t>(request.first.size() + 1 + request.second.size() + request.terminated);
}

}  // namespace

Client::Client(xenstore_domain_interface& page, evtchn_port_t port) noexcept
    : page_(page), port_(port), req_prod_(shared(page.req_prod).load(std::memory_order_relaxed)),
      rsp_cons_(shared(page.rsp_prod).load(std::memory_order_relaxed)) {
    // What a boot loader did not read is not for us.
    shared(page.rsp_cons).store(rsp_cons_, std::memory_order_relaxed);
}

void Client::serve() noexcept {
    receive();
    send();
}

Result<void> Client::submit(Request& request) noexcept {
    if (broken_) return unexpected(Error::device_error);
    if ((request.first.empty() && request.type != XS_TRANSACTION_START) ||
        request.first.find('\0') != std::string_view::npos || request.first.size() > XENSTORE_PAYLOAD_MAX ||
        request.second.size() > XENSTORE_PAYLOAD_MAX || payload_size(request) > XENSTORE_PAYLOAD_MAX)
        return unexpected(Error::invalid_argument);
    if (++last_id_ == 0) ++last_id_;
    request.id = last_id_;
    queued_.push_back(request);
    send();  // never receives: this may be a `done`, called while receiving
    return {};
}

void Client::withdraw(Request& request) noexcept {
    if (!request.requests_hook.is_linked()) return;
    const bool first = !queued_.empty() && &queued_.front() == &request;
    const auto queued = std::ranges::find(queued_, &request, [](Request& other) { return &other; });
    if (queued != queued_.end()) {
        queued_.erase(queued);
        if (first && offset_ != 0) fail();
        return;
    }
    sent_.erase(sent_.iterator_to(request));
    if (answered_ == &request) {
        answered_ = nullptr;
        target_ = {};
    } else {
        ++withdrawn_;
    }
}

void Client::add(Watch& watch) noexcept {
    if (++last_id_ == 0) ++last_id_;
    watch.id_ = last_id_;
    watches_.push_back(watch);
}

/// Copies queued messages into the ring, as far as there is room, and tells the other side.
void Client::send() noexcept {
    fill();
    if (!moved_) return;
    moved_ = false;
    evtchn_send notification{.port = port_};
    static_cast<void>(hypercall::perform(notification));
}

void Client::fill() noexcept {
    while (!broken_ && !queued_.empty()) {
        const std::uint32_t used = req_prod_ - shared(page_.req_cons).load(std::memory_order_relaxed);
        if (used > XENSTORE_RING_SIZE) return fail();
        if (used == XENSTORE_RING_SIZE) return;
        arch::Barriers::full();  // the other side has read what is overwritten now
        Request& request = queued_.front();
        const bool whole = send_some(request, XENSTORE_RING_SIZE - used);
        arch::Barriers::write();  // the bytes before the index
        shared(page_.req_prod).store(req_prod_, std::memory_order_relaxed);
        moved_ = true;
        if (!whole) continue;
        offset_ = 0;
        queued_.pop_front();
        sent_.push_back(request);
    }
}

/// Copies what `room` allows of the rest of a message; returns whether that was all.
bool Client::send_some(Request& request, std::uint32_t room) noexcept {
    const xsd_sockmsg header{request.type, request.id, request.transaction, payload_size(request)};
    const std::string_view pieces[] = {{reinterpret_cast<const char*>(&header), sizeof header},
                                       request.first,
                                       {"", 1},
                                       request.second,
                                       {"", request.terminated}};
    std::uint32_t before = offset_;
    for (std::string_view piece : pieces) {
        const std::size_t skipped = std::min<std::size_t>(before, piece.size());
        before -= static_cast<std::uint32_t>(skipped);
        for (const char byte : piece.substr(skipped)) {
            if (room-- == 0) return false;
            page_.req[MASK_XENSTORE_IDX(req_prod_++)] = byte;
            ++offset_;
        }
    }
    return true;
}

/// Takes in what is in the ring, through a copy of its own: what is looked at does not change any more.
void Client::receive() noexcept {
    while (!broken_) {
        const std::uint32_t available = shared(page_.rsp_prod).load(std::memory_order_relaxed) - rsp_cons_;
        if (available > XENSTORE_RING_SIZE) return fail();
        if (available == 0) return;
        arch::Barriers::read();  // the index before the bytes
        char chunk[64];
        const std::uint32_t size = std::min<std::uint32_t>(available, sizeof chunk);
        const volatile char* const ring = page_.rsp;
        for (std::uint32_t i = 0; i < size; ++i) chunk[i] = ring[MASK_XENSTORE_IDX(rsp_cons_++)];
        arch::Barriers::full();  // the bytes before the other side may overwrite them
        shared(page_.rsp_cons).store(rsp_cons_, std::memory_order_relaxed);
        moved_ = true;
        accept({chunk, size});
    }
}

void Client::accept(std::span<const char> bytes) noexcept {
    while (!bytes.empty() && !broken_) {
        const std::uint32_t whole = in_payload_ ? header_.len : std::uint32_t{sizeof header_};
        const auto part = bytes.first(std::min<std::size_t>(bytes.size(), whole - received_));
        bytes = bytes.subspan(part.size());
        if (!in_payload_) {
            std::memcpy(reinterpret_cast<char*>(&header_) + received_, part.data(), part.size());
        } else if (header_.type == XS_WATCH_EVENT) {
            event_.add(part);
        } else if (received_ < target_.size()) {
            const auto room = target_.subspan(received_);
            std::memcpy(room.data(), part.data(), std::min(part.size(), room.size()));
        }
        received_ += static_cast<std::uint32_t>(part.size());
        if (received_ < whole) return;
        received_ = 0;
        if (in_payload_) end();
        else begin();
    }
}

/// A header is there: whom it is for, and where the payload goes.
void Client::begin() noexcept {
    if (header_.len > XENSTORE_PAYLOAD_MAX) return fail();
    target_ = {};
    answered_ = nullptr;
    if (header_.type == XS_WATCH_EVENT) {
        event_.clear();
    } else {
        const auto found = std::ranges::find(sent_, header_.req_id, &Request::id);
        if (found != sent_.end()) {
            if (header_.type != XS_ERROR && header_.type != std::uint32_t{found->type}) return fail();
            answered_ = &*found;
            target_ = header_.type == XS_ERROR ? std::span<char>(error_) : found->reply;
        } else if (withdrawn_ != 0) {
            --withdrawn_;
        } else {
            return fail();
        }
    }
    in_payload_ = true;
    if (header_.len == 0) end();
}

/// The message is whole.
void Client::end() noexcept {
    in_payload_ = false;
    if (header_.type == XS_WATCH_EVENT) return fire();
    if (answered_ == nullptr) return;
    Request& request = *std::exchange(answered_, nullptr);
    if (header_.type == XS_ERROR) {
        const std::string_view name(error_, std::min<std::size_t>(header_.len, sizeof error_));
        finish(sent_, request, unexpected(to_error(name.substr(0, name.find('\0')))));
    } else if (header_.len > request.reply.size()) {
        finish(sent_, request, unexpected(Error::out_of_range));
    } else {
        finish(sent_, request, header_.len);
    }
}

void Client::fire() noexcept {
    // Token 0 is nobody's; one of a watch that has ended is nobody's any more.
    const auto found = std::ranges::find(watches_, event_.token(), &Watch::id_);
    if (found != watches_.end()) found->handler_(found->context_, event_.path());
}

void Client::finish(Requests& list, Request& request, Result<std::uint32_t> outcome) noexcept {
    list.erase(list.iterator_to(request));
    request.outcome = outcome;
    request.done(request);
}

/// The other side broke the rules: nobody shall wait for it any more.
void Client::fail() noexcept {
    broken_ = true;
    answered_ = nullptr;
    for (Requests* list : {&sent_, &queued_})
        while (!list->empty()) finish(*list, list->front(), unexpected(Error::device_error));
}

}  // namespace unicore::xen::store
