// SPDX-License-Identifier: BSD-3-Clause
#include "server.hpp"

#include <cerrno>
#include <cstdlib>
#include <new>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

namespace http {

const char* Server::open(std::uint16_t port) noexcept {
    if (!answers_.open()) return "no memory for files";
    set_ = epoll_create1(EPOLL_CLOEXEC);
    if (set_ < 0) return "epoll_create1";
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;
    if (const int end = machine::end_descriptor(); end >= 0 && epoll_ctl(set_, EPOLL_CTL_ADD, end, &event) != 0) return "epoll_ctl";
    const bool four = listen_at(AF_INET, port), six = listen_at(AF_INET6, port);
    if (!four && !six) return "cannot listen at the port";
    return nullptr;
}

bool Server::listen_at(int family, std::uint16_t port) noexcept {
    const int listener = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) return false;
    sockaddr_in four{};
    sockaddr_in6 six{};
    four.sin_family = AF_INET;
    six.sin6_family = AF_INET6;
    four.sin_port = six.sin6_port = htons(port);
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    // An answer is one piece: it does not wait for others. Those that are accepted have it, too.
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (family == AF_INET6) setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    const bool bound = family == AF_INET ? bind(listener, reinterpret_cast<const sockaddr*>(&four), sizeof four) == 0
                                         : bind(listener, reinterpret_cast<const sockaddr*>(&six), sizeof six) == 0;
    epoll_event event{};
    event.events = EPOLLIN;
    int& place = listeners_[family == AF_INET ? 0 : 1];
    event.data.ptr = &place;
    if (!bound || listen(listener, SOMAXCONN) != 0 || epoll_ctl(set_, EPOLL_CTL_ADD, listener, &event) != 0) {
        close(listener);
        return false;
    }
    place = listener;
    return true;
}

/// Whether somebody who connects is looked at: not while there is no room.
void Server::accept_again(bool yes) noexcept {
    if (accepting_ == yes) return;
    accepting_ = yes;
    for (int& listener : listeners_) {
        if (listener < 0) continue;
        epoll_event event{};
        event.events = yes ? EPOLLIN : 0;
        event.data.ptr = &listener;
        epoll_ctl(set_, EPOLL_CTL_MOD, listener, &event);
    }
}

/// Who has waited longest for a client to ask something makes room for another.
bool Server::make_room() noexcept {
    Connection* const idle = lists_[static_cast<std::size_t>(Wait::idle)].first;
    if (idle == nullptr) return false;
    end(*idle);
    return true;
}

void Server::accept_from(int listener) noexcept {
    for (bool first = true;; first = false) {
        if (counters_.open >= limits_.connections) {
            if (!first) return;  // whether there is another one is told
            if (!make_room()) return accept_again(false);
        }
        const int descriptor = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK) return;
            // No number or no memory for one: later.
            accepts_again_ = now_ + 100;
            return accept_again(false);
        }
        void* const place = std::malloc(sizeof(Connection));
        if (place == nullptr) {
            close(descriptor);
            continue;
        }
        auto& connection = *new (place) Connection(*this, descriptor);
        ++counters_.accepted;
        ++counters_.open;
        epoll_event event{};
        event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
        event.data.ptr = &connection;
        await(connection, Wait::reading);  // who connects asks something
        if (!connection.begin() || epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &event) != 0) end(connection);
    }
}

void Server::unlink(Connection& connection) noexcept {
    List& list = lists_[static_cast<std::size_t>(connection.wait)];
    if (connection.deadline == 0) return;
    (connection.previous == nullptr ? list.first : connection.previous->next) = connection.next;
    (connection.next == nullptr ? list.last : connection.next->previous) = connection.previous;
}

void Server::await(Connection& connection, Wait what) noexcept {
    const Milliseconds deadline = now_ + limits_.patience[static_cast<std::size_t>(what)];
    if (connection.wait == what && connection.next == nullptr && connection.deadline != 0) {  // the last one stays that
        connection.deadline = deadline;
        return;
    }
    unlink(connection);
    List& list = lists_[static_cast<std::size_t>(what)];
    connection.wait = what;
    connection.deadline = deadline;
    connection.next = nullptr;
    connection.previous = list.last;
    (list.last == nullptr ? list.first : list.last->next) = &connection;
    list.last = &connection;
}

/// It is closed when nobody can name it any more.
void Server::end(Connection& connection) noexcept {
    unlink(connection);
    connection.deadline = 0;
    connection.next = ended_;
    ended_ = &connection;
    --counters_.open;
}

void Server::free_ended() noexcept {
    if (ended_ == nullptr) return;
    while (ended_ != nullptr) {
        Connection* const connection = ended_;
        ended_ = connection->next;
        connection->~Connection();
        std::free(connection);
    }
    if (accepts_again_ == 0) accept_again(true);
}

void Server::look_at_clock() noexcept {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    now_ = Milliseconds{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000 + 1;
    if (now_ < date_until_) return;
    clock_gettime(CLOCK_REALTIME, &time);
    date_until_ = now_ + (1'000'000'000 - time.tv_nsec) / 1'000'000;
    answers_.set_date(time.tv_sec);
}

void Server::expire() noexcept {
    for (List& list : lists_) {
        while (list.first != nullptr && list.first->deadline <= now_) {
            Connection& connection = *list.first;
            if (!connection.expired()) end(connection);
        }
    }
    if (accepts_again_ != 0 && accepts_again_ <= now_) {
        accepts_again_ = 0;
        accept_again(true);
    }
}

int Server::timeout() const noexcept {
    Milliseconds first = accepts_again_;
    for (const List& list : lists_)
        if (list.first != nullptr && (first == 0 || list.first->deadline < first)) first = list.first->deadline;
    if (first == 0) return -1;
    return first <= now_ ? 0 : static_cast<int>(first - now_);
}

void Server::run() noexcept {
    look_at_clock();
    for (bool goes_on = true; goes_on;) {
        epoll_event events[64];
        const int count = epoll_wait(set_, events, 64, timeout());
        if (count < 0 && (errno != EINTR || machine::end_descriptor() < 0)) break;
        look_at_clock();
        for (int i = 0; i < count; ++i) {
            void* const whose = events[i].data.ptr;
            if (whose == nullptr) {
                goes_on = false;
                continue;
            }
            if (whose == &listeners_[0] || whose == &listeners_[1]) {
                accept_from(*static_cast<const int*>(whose));
                continue;
            }
            auto& connection = *static_cast<Connection*>(whose);
            if (connection.deadline == 0) continue;  // it ended in this round
            if (!connection.turn((events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)) end(connection);
        }
        expire();
        free_ended();
    }
    for (const List& list : lists_)
        while (list.first != nullptr) end(*list.first);
    free_ended();
    for (const int listener : listeners_)
        if (listener >= 0) close(listener);
    close(set_);
}

}  // namespace http
