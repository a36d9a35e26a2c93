// SPDX-License-Identifier: BSD-3-Clause
// TCP's connections over lwIP's. [lwip/tcp.h]
#include <unicore/netstack/tcp.hpp>

#include "conversions.hpp"
#include "failures.hpp"
#include "stack.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/lwip/config.hpp>

#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>

#include <algorithm>
#include <utility>

namespace unicore::netstack {

Lock::Lock() noexcept { lwip::stack().lock(); }
Lock::~Lock() { lwip::stack().unlock(); }

namespace tcp {
namespace {

using lwip::failure_of;
using lwip::netif_of;
using lwip::outcome_of;

tcp_pcb* pcb_of(void* control) noexcept { return static_cast<tcp_pcb*>(control); }
pbuf* buffer_of(void* received) noexcept { return static_cast<pbuf*>(received); }

/// The connection of which a callback runs; null again when it was aborted there, which lwIP must be told.
constinit tcp_pcb* in_callback = nullptr;

/// Forgets the oldest of those that wait for late packets, where there are more than are kept: lwIP goes through all of
/// them for every new connection. So does this, and therefore looks only now and then. Sequence numbers of new ones lie
/// behind theirs. [RFC 9293, 3.6.1; RFC 6528]
void forget_oldest() noexcept {
    constexpr unsigned every = 8;
    constexpr std::size_t kept = lwip::config::time_wait - every;
    static constinit unsigned looks = 0;
    if (++looks % every != 0) return;
    std::size_t count = 0;
    for (tcp_pcb *pcb = tcp_tw_pcbs, *next; pcb != nullptr; pcb = next) {  // the latest first
        next = pcb->next;
        if (++count > kept) tcp_abort(pcb);  // nobody has it any more
    }
}

/// tcp_write. lwIP makes segments of half the greatest window that the other end has had, and expects no longer one to wait:
/// one that was made before it had told of a window is, when that is small, and so is the room that is kept behind it.
err_t write_piece(tcp_pcb* pcb, std::span<const std::byte> piece, int flags) noexcept {
    const tcpwnd_size_t greatest = pcb->snd_wnd_max;
    if (greatest / 2 < pcb->mss && pcb->unsent != nullptr) {
        const tcp_seg* last = pcb->unsent;
        while (last->next != nullptr) last = last->next;
        const tcpwnd_size_t length = last->len + pcb->unsent_oversize + LWIP_TCP_OPT_LENGTH(last->flags);
        pcb->snd_wnd_max = std::max(greatest, 2 * length);
    }
    const err_t error = tcp_write(pcb, piece.data(), static_cast<u16_t>(piece.size()), static_cast<u8_t>(flags));
    pcb->snd_wnd_max = greatest;
    return error;
}

}  // namespace

/// What lwIP calls.
struct Callbacks {
    /// Runs the user's function; what lwIP wants to be told of it.
    template <typename Function>
    static err_t call(tcp_pcb* pcb, Function function) noexcept {
        in_callback = pcb;
        function();
        return std::exchange(in_callback, nullptr) == nullptr ? ERR_ABRT : ERR_OK;
    }

    static err_t connected(void* argument, tcp_pcb* pcb, err_t) noexcept {
        auto& connection = *static_cast<Connection*>(argument);
        connection.connecting_ = false;
        return call(pcb, [&] { connection.user_.connected(connection); });
    }

    static err_t received(void* argument, tcp_pcb* pcb, pbuf* data, err_t) noexcept {
        auto& connection = *static_cast<Connection*>(argument);
        if (data == nullptr) {
            connection.ended_ = true;
            // Both ends have: lwIP goes on by itself, and frees the control block without a word.
            if (pcb->state == CLOSING || pcb->state == TIME_WAIT) {
                connection.control_ = nullptr;
                detach(pcb);
            }
        } else {
            connection.readable_size_ += data->tot_len;
            if (connection.first_received_ == nullptr) connection.first_received_ = data;
            else buffer_of(connection.last_received_)->next = data;  // a row of buffers, no packet any more
            while (data->next != nullptr) data = data->next;
            connection.last_received_ = data;
        }
        return call(pcb, [&] { connection.user_.received(connection); });
    }

    static err_t sent(void* argument, tcp_pcb* pcb, u16_t) noexcept {
        auto& connection = *static_cast<Connection*>(argument);
        return call(pcb, [&] { connection.user_.sent(connection); });
    }

    /// lwIP has freed the control block. A connection that was never there was refused.
    static void failed(void* argument, err_t error) noexcept {
        auto& connection = *static_cast<Connection*>(argument);
        connection.control_ = nullptr;
        if (error == ERR_CLSD) {  // both ends have ended it, in order
            connection.ended_ = true;
            return connection.user_.received(connection);
        }
        const bool refused = connection.connecting_ && error == ERR_RST;
        connection.user_.failed(connection, refused ? Failure::refused : failure_of(error));
    }

    static err_t accepted(void* argument, tcp_pcb* pcb, err_t error) noexcept {
        if (error != ERR_OK || pcb == nullptr) return ERR_OK;  // there was no memory for it
        auto& acceptor = *static_cast<Acceptor*>(argument);
        tcp_backlog_delayed(pcb);
        forget_oldest();
        const Endpoint from{lwip::of(pcb->remote_ip), pcb->remote_port};
        Connection* const connection = acceptor.user_.accept(from);
        if (connection == nullptr) {
            tcp_abort(pcb);
            return ERR_ABRT;
        }
        connection->pending_ = true;
        attach(*connection, pcb);
        return call(pcb, [&] { connection->user_.connected(*connection); });
    }

    static void attach(Connection& connection, tcp_pcb* pcb) noexcept {
        connection.control_ = pcb;
        connection.ended_ = false;  // it may have been another one before
        tcp_arg(pcb, &connection);
        tcp_recv(pcb, received);
        tcp_sent(pcb, sent);
        tcp_err(pcb, failed);
    }

    static void detach(tcp_pcb* pcb) noexcept {
        tcp_arg(pcb, nullptr);
        tcp_recv(pcb, nullptr);
        tcp_sent(pcb, nullptr);
        tcp_err(pcb, nullptr);
    }

    static Outcome<tcp_pcb*> control(Connection& connection, Address::Family family) noexcept {
        if (connection.control_ == nullptr) {
            tcp_pcb* const pcb = tcp_new_ip_type(lwip::type_of(family));
            if (pcb == nullptr) return std::unexpected(Failure::no_memory);
            ip_set_option(pcb, SOF_REUSEADDR);
            attach(connection, pcb);
        }
        return pcb_of(connection.control_);
    }
};

Outcome<void> Connection::bind(const Endpoint& own) noexcept {
    tcp_pcb* const pcb = UNICORE_TRY(Callbacks::control(*this, own.address.family));
    const ip_addr_t address = lwip::to_ip(own.address);
    return outcome_of(tcp_bind(pcb, &address, own.port));
}

Outcome<void> Connection::bind(const net::Device& device) noexcept {
    struct netif* const netif = netif_of(device);
    if (netif == nullptr) return std::unexpected(Failure::unreachable);
    tcp_pcb* const pcb = UNICORE_TRY(Callbacks::control(*this, Address::Family::v4));
    tcp_bind_netif(pcb, netif);
    return {};
}

Outcome<void> Connection::connect(const Endpoint& other) noexcept {
    tcp_pcb* const pcb = UNICORE_TRY(Callbacks::control(*this, other.address.family));
    const ip_addr_t address = lwip::to_ip(other.address);
    connecting_ = true;
    const err_t error = tcp_connect(pcb, &address, other.port, Callbacks::connected);
    if (error == ERR_ISCONN) return std::unexpected(Failure::invalid);
    return outcome_of(error);
}

std::span<const std::byte> Connection::readable() const noexcept {
    const pbuf* const first = buffer_of(first_received_);
    if (first == nullptr) return {};
    return {static_cast<const std::byte*>(first->payload) + consumed_of_first_, first->len - consumed_of_first_};
}

void Connection::consume(std::size_t size) noexcept {
    UNICORE_ASSERT(size <= readable_size_);
    readable_size_ -= size;
    std::size_t left = size + consumed_of_first_;
    for (pbuf* first = buffer_of(first_received_); first != nullptr && left >= first->len; first = buffer_of(first_received_)) {
        left -= first->len;
        first_received_ = std::exchange(first->next, nullptr);
        pbuf_free(first);
    }
    consumed_of_first_ = left;
    if (first_received_ == nullptr) last_received_ = nullptr;
    if (control_ == nullptr) return;
    for (std::size_t told = 0; told != size;) {
        const std::size_t piece = std::min<std::size_t>(size - told, 0xffff);
        tcp_recved(pcb_of(control_), static_cast<u16_t>(piece));
        told += piece;
    }
}

void Connection::drop_received() noexcept {
    while (pbuf* const first = buffer_of(first_received_)) {
        first_received_ = std::exchange(first->next, nullptr);
        pbuf_free(first);
    }
    last_received_ = nullptr;
    readable_size_ = consumed_of_first_ = 0;
}

Outcome<std::size_t> Connection::write(std::span<const std::byte> bytes, bool more) noexcept {
    if (control_ == nullptr) return std::unexpected(Failure::invalid);
    tcp_pcb* const pcb = pcb_of(control_);
    std::size_t done = 0;
    while (done != bytes.size()) {
        const std::size_t room = std::min<std::size_t>(tcp_sndbuf(pcb), 0xffff);
        const std::size_t piece = std::min(bytes.size() - done, room);
        if (piece == 0) break;
        const bool last = !more && done + piece == bytes.size();
        const err_t error = write_piece(pcb, bytes.subspan(done, piece), TCP_WRITE_FLAG_COPY | (last ? 0 : TCP_WRITE_FLAG_MORE));
        if (error == ERR_MEM) break;  // too many segments are under way, or there is no memory: later
        if (error != ERR_OK) return std::unexpected(Failure::invalid);
        done += piece;
    }
    return done;
}

std::size_t Connection::room() const noexcept { return control_ == nullptr ? 0 : tcp_sndbuf(pcb_of(control_)); }

Connection::Limits Connection::limits() noexcept { return {TCP_SND_BUF, TCP_WND}; }

void Connection::flush() noexcept {
    if (control_ != nullptr) tcp_output(pcb_of(control_));
}

Outcome<void> Connection::shut_down() noexcept {
    if (control_ == nullptr) return std::unexpected(Failure::invalid);
    return outcome_of(tcp_shutdown(pcb_of(control_), 0, 1));
}

void Connection::close() noexcept {
    // What nobody has read tells the other end, by a reset, that it did not arrive. [RFC 9293, 3.6.1; RFC 2525, 2.17]
    const bool unread = readable_size_ != 0;
    if (control_ == nullptr || unread) return abort();
    tcp_pcb* const pcb = pcb_of(std::exchange(control_, nullptr));
    Callbacks::detach(pcb);
    if (tcp_close(pcb) != ERR_OK) tcp_poll(pcb, [](void*, tcp_pcb* again) { return tcp_close(again), err_t{ERR_OK}; }, 1);
}

void Connection::abort() noexcept {
    drop_received();
    if (control_ == nullptr) return;
    tcp_pcb* const pcb = pcb_of(std::exchange(control_, nullptr));
    Callbacks::detach(pcb);
    if (in_callback == pcb) in_callback = nullptr;
    tcp_abort(pcb);
}

Endpoint Connection::own() const noexcept {
    if (control_ == nullptr) return {};
    return {lwip::of(pcb_of(control_)->local_ip), pcb_of(control_)->local_port};
}

Endpoint Connection::other() const noexcept {
    if (control_ == nullptr) return {};
    return {lwip::of(pcb_of(control_)->remote_ip), pcb_of(control_)->remote_port};
}

void Connection::set_no_delay(bool yes) noexcept {
    if (control_ == nullptr) return;
    if (yes) tcp_nagle_disable(pcb_of(control_));
    else tcp_nagle_enable(pcb_of(control_));
}

void Connection::set_keep_alive(const KeepAlive* how) noexcept {
    if (control_ == nullptr) return;
    tcp_pcb* const pcb = pcb_of(control_);
    if (how == nullptr) {
        ip_reset_option(pcb, SOF_KEEPALIVE);
        return;
    }
    ip_set_option(pcb, SOF_KEEPALIVE);
    pcb->keep_idle = static_cast<u32_t>(how->after.count());
    pcb->keep_intvl = static_cast<u32_t>(how->every.count());
    pcb->keep_cnt = how->times;
}

void Connection::accepted() noexcept {
    if (std::exchange(pending_, false) && control_ != nullptr) tcp_backlog_accepted(pcb_of(control_));
}

Outcome<void> Acceptor::listen(const Endpoint& own, unsigned backlog, const net::Device* device) noexcept {
    if (control_ != nullptr || backlog == 0) return std::unexpected(Failure::invalid);
    struct netif* netif = nullptr;
    if (device != nullptr && (netif = netif_of(*device)) == nullptr) return std::unexpected(Failure::unreachable);
    tcp_pcb* const pcb = tcp_new_ip_type(lwip::type_of(own.address.family));
    if (pcb == nullptr) return std::unexpected(Failure::no_memory);
    ip_set_option(pcb, SOF_REUSEADDR);  // connections of before, that wait for their end, keep nobody from listening
    if (netif != nullptr) tcp_bind_netif(pcb, netif);
    const ip_addr_t address = lwip::to_ip(own.address);
    err_t error = tcp_bind(pcb, &address, own.port);
    tcp_pcb* listening = nullptr;
    if (error == ERR_OK) listening = tcp_listen_with_backlog_and_err(pcb, static_cast<u8_t>(std::min(backlog, 255U)), &error);
    if (listening == nullptr) {
        tcp_close(pcb);
        return std::unexpected(failure_of(error));
    }
    control_ = listening;
    tcp_arg(listening, this);
    tcp_accept(listening, Callbacks::accepted);
    return {};
}

Endpoint Acceptor::own() const noexcept {
    if (control_ == nullptr) return {};
    return {lwip::of(pcb_of(control_)->local_ip), pcb_of(control_)->local_port};
}

void Acceptor::close() noexcept {
    if (control_ == nullptr) return;
    tcp_pcb* const pcb = pcb_of(std::exchange(control_, nullptr));
    tcp_arg(pcb, nullptr);
    tcp_accept(pcb, nullptr);
    tcp_close(pcb);
}

}  // namespace tcp
}  // namespace unicore::netstack
