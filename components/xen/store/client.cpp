// SPDX-License-Identifier: BSD-3-Clause
#include "client.hpp"
#include "error.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/xen/hypercall.hpp>

#include <atomic>
#include <cstring>
#include <memory>
#include <utility>

namespace unicore::xen::store {
namespace {

/// An index that the other side reads or writes at any moment.
std::atomic_ref<std::uint32_t> shared(std::uint32_t& index) noexcept { return std::atomic_ref(index); }

std::size_t payload_size(const Request& request) noexcept {
    return request.first.size() + 1 + request.second.size() + request.terminated;
}

/// What of a message comes `at` bytes behind its start: the header, `first`, a null, `second`, and maybe a null.
char byte_of(const Request& request, const xsd_sockmsg& header, std::size_t at) noexcept {
    if (at < sizeof header) return reinterpret_cast<const char*>(&header)[at];
    at -= sizeof header;
    if (at < request.first.size()) return request.first[at];
    at -= request.first.size() + 1;  // beyond everything for the null between them
    return at < request.second.size() ? request.second[at] : '\0';
}

}  // namespace

void Client::connect(xenstore_domain_interface& page, evtchn_port_t port) noexcept {
    page_ = &page;
    port_ = port;
    req_prod_ = shared(page.req_prod).load(std::memory_order_relaxed);
    // What a boot loader did not read is not for us.
    rsp_cons_ = shared(page.rsp_prod).load(std::memory_order_relaxed);
    shared(page.rsp_cons).store(rsp_cons_, std::memory_order_relaxed);
    open_ = true;
}

void Client::serve() noexcept {
    receive();
    send();
}

Result<void> Client::submit(Request& request) noexcept {
    if (!open_) return unexpected(page_ == nullptr ? Error::not_found : Error::device_error);
    if ((request.first.empty() && request.type != XS_TRANSACTION_START) || request.first.contains('\0') ||
        payload_size(request) > XENSTORE_PAYLOAD_MAX)
        return unexpected(Error::invalid_argument);
    request.id = 0;
    requests_.append(request);
    send();  // never receives: this may be a `done`, called while receiving
    return {};
}

void Client::withdraw(Request& request) noexcept {
    const bool half_sent = sent_ != 0 && requests_.find(0) == &request;
    if (!requests_.remove(request)) return;
    if (half_sent) fail();
    else if (answered_ == &request) answered_ = nullptr;
    else if (request.id != 0) ++withdrawn_;
}

void Client::add(Observer& observer) noexcept {
    observer.id = last_token_ + 1;
    observer.token.set(observer.id);
    last_token_ += 2;
    observers_.append(observer);
}

void Client::replace(Observer& before, Observer& now) noexcept {
    if (!observers_.remove(before)) return;
    now = std::exchange(before, {});
    observers_.append(now);
}

/// Copies messages into the ring, as far as there is room, and tells the other side.
void Client::send() noexcept {
    while (Entry* const next = requests_.find(0)) {
        Request& request = *static_cast<Request*>(next);
        std::uint32_t room = XENSTORE_RING_SIZE - (req_prod_ - shared(page_->req_cons).load(std::memory_order_relaxed));
        if (room > XENSTORE_RING_SIZE) return fail();
        if (room == 0) break;
        arch::Barriers::full();  // the other side has read what is overwritten now
        const xsd_sockmsg header{request.type, last_id_ + 1, request.transaction,
                                 static_cast<std::uint32_t>(payload_size(request))};
        const std::uint32_t size = sizeof header + header.len;
        for (; room != 0 && sent_ != size; --room)
            page_->req[MASK_XENSTORE_IDX(req_prod_++)] = byte_of(request, header, sent_++);
        arch::Barriers::write();  // the bytes before the index
        shared(page_->req_prod).store(req_prod_, std::memory_order_relaxed);
        moved_ = true;
        if (sent_ != size) continue;
        sent_ = 0;
        request.id = header.req_id;
        last_id_ += 2;
    }
    if (!moved_) return;
    moved_ = false;
    evtchn_send notification{.port = port_};
    static_cast<void>(hypercall::perform(notification));
}

/// Takes in what is in the ring. Each byte is read once: what is looked at does not change any more.
void Client::receive() noexcept {
    while (open_) {
        std::uint32_t available = shared(page_->rsp_prod).load(std::memory_order_relaxed) - rsp_cons_;
        if (available > XENSTORE_RING_SIZE) return fail();
        if (available == 0) return;
        arch::Barriers::read();  // the index before the bytes
        const volatile char* const ring = page_->rsp;
        for (; available != 0 && open_; --available) take(ring[MASK_XENSTORE_IDX(rsp_cons_++)]);
        arch::Barriers::full();  // the bytes before the other side may overwrite them
        shared(page_->rsp_cons).store(rsp_cons_, std::memory_order_relaxed);
        moved_ = true;
    }
}

void Client::take(char byte) noexcept {
    const std::uint32_t at = received_++;
    if (at < sizeof header_) {
        reinterpret_cast<char*>(&header_)[at] = byte;
        if (received_ != sizeof header_) return;
        begin();
    } else if (header_.type == XS_WATCH_EVENT) {
        event_.add(byte);
    } else if (answered_ != nullptr) {
        // What is too long is cut; an error's name is null-terminated all the same.
        const std::span<char> room = header_.type == XS_ERROR ? std::span(error_, sizeof error_ - 1) : answered_->reply;
        if (at - sizeof header_ < room.size()) room[at - sizeof header_] = byte;
    }
    if (received_ == sizeof header_ + header_.len) end();
}

/// A header is there: whom it is for.
void Client::begin() noexcept {
    if (header_.len > XENSTORE_PAYLOAD_MAX) return fail();
    answered_ = nullptr;
    if (header_.type == XS_WATCH_EVENT) return event_.clear();
    // Nothing that was sent has the number 0.
    auto* const request = header_.req_id == 0 ? nullptr : static_cast<Request*>(requests_.find(header_.req_id));
    if (request == nullptr) {
        if (withdrawn_ == 0) return fail();
        --withdrawn_;
        return;
    }
    if (header_.type != XS_ERROR && header_.type != std::uint32_t{request->type}) return fail();
    answered_ = request;
    std::memset(error_, 0, sizeof error_);
}

/// The message is whole.
void Client::end() noexcept {
    received_ = 0;
    if (header_.type == XS_WATCH_EVENT) {
        // Token 0 is nobody's; one of a watch that has ended is nobody's any more.
        const auto* const observer = static_cast<const Observer*>(observers_.find(event_.token()));
        if (observer != nullptr) observer->handler(observer->context, event_.path());
        return;
    }
    if (answered_ == nullptr) return;
    Request& request = *std::exchange(answered_, nullptr);
    if (header_.type == XS_ERROR) finish(request, unexpected(to_error(error_)));
    else if (header_.len > request.reply.size()) finish(request, unexpected(Error::out_of_range));
    else finish(request, header_.len);
}

void Client::finish(Request& request, Result<std::uint32_t> outcome) noexcept {
    requests_.remove(request);
    std::construct_at(&request.outcome, outcome);  // assigning would ask first what was there
    request.done(request);
}

/// The other side broke the rules: nobody shall wait for it any more.
void Client::fail() noexcept {
    open_ = false;
    answered_ = nullptr;
    while (Entry* const first = requests_.first())
        finish(*static_cast<Request*>(first), unexpected(Error::device_error));
}

}  // namespace unicore::xen::store
