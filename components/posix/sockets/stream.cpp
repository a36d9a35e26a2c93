// SPDX-License-Identifier: BSD-3-Clause
// Sockets of TCP: those that connect, those that listen, and those that are accepted. [POSIX.1-2017, 2.10]
#include "socket.hpp"

#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/tcp.hpp>
#include <unicore/posix/fd/calls.hpp>

#include <algorithm>
#include <utility>

#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>

namespace unicore::posix::sockets {
namespace {

using netstack::Failure;
using netstack::Lock;
using netstack::tcp::Acceptor;
using netstack::tcp::Connection;

class Stream final : public Socket, netstack::tcp::ConnectionUser, netstack::tcp::AcceptorUser {
public:
    Stream(Address::Family family, int flags) noexcept : Socket(family, SOCK_STREAM, flags) {}

    Outcome<std::size_t> read(Buffers& into) noexcept override;
    Outcome<std::size_t> write(Buffers& from) noexcept override;
    short state() noexcept override { return state_; }
    Outcome<int> unread() noexcept override { return static_cast<int>(connection_.readable_size()); }

    Outcome<void> bind(const Endpoint& own) noexcept override;
    Outcome<void> connect(const Endpoint& other) noexcept override;
    Outcome<void> listen(unsigned backlog) noexcept override;
    Outcome<fd::Reference> accept(Endpoint& from) noexcept override;
    Outcome<void> shut_down(bool reading, bool writing) noexcept override;
    Outcome<Received> receive(Buffers& into, bool peek) noexcept override;
    Outcome<std::size_t> send(Buffers& from, const Endpoint* to, bool more) noexcept override;
    Endpoint own() noexcept override;
    Outcome<Endpoint> other() noexcept override;
    int take_error() noexcept override {
        const Lock lock;
        return told();
    }
    bool listens() noexcept override { return phase_ == Phase::listening; }
    Outcome<void> set_tcp(int name, int value) noexcept override;
    Outcome<int> tcp(int name) noexcept override;
    void configure() noexcept override;
    int buffer(bool receiving) noexcept override;

private:
    enum class Phase : std::uint8_t { fresh, listening, connecting, connected, over };

    void connected(Connection&) noexcept override;
    void received(Connection&) noexcept override { look(POLLIN); }
    void sent(Connection&) noexcept override { look(); }
    void failed(Connection&, Failure why) noexcept override;
    Connection* accept(const Endpoint&) noexcept override;

    void destroy() noexcept override;
    void apply() noexcept;
    int told() noexcept;
    void look(int news = 0) noexcept;
    std::size_t take(Buffers& into, bool peek) noexcept;

    Connection connection_{*this};
    Acceptor acceptor_{*this};
    Phase phase_ = Phase::fresh;
    bool bound_ = false;
    bool stopped_reading_ = false, stopped_writing_ = false;
    bool no_delay_ = false;
    int error_ = 0;
    short state_ = POLLOUT | POLLHUP;  ///< what `look` saw last
    Endpoint bound_to_{};
    Connection::KeepAlive keep_alive_{};

    // Of one that listens: those that have connected. Each keeps itself until it is accepted.
    Stream* first_ = nullptr;
    Stream* last_ = nullptr;
    Stream* next_ = nullptr;  ///< behind this one, in the list of who listens
    fd::Reference self_;
};

/// Notes what holds now, and tells who waits of what did not before, and of `news`: there is more of it. With the lock.
void Stream::look(int news) noexcept {
    int state = 0;
    constexpr std::size_t enough = 1024;  // of room, to be worth a wake-up
    switch (phase_) {
    case Phase::fresh: state = POLLOUT | POLLHUP; break;
    case Phase::listening: state = first_ != nullptr ? POLLIN : 0; break;
    case Phase::connecting: break;
    case Phase::connected:
        if (connection_.ended() || stopped_reading_) state |= POLLIN | POLLRDHUP;
        else if (connection_.readable_size() != 0) state |= POLLIN;
        if (stopped_writing_ || connection_.room() >= enough) state |= POLLOUT;
        if (stopped_writing_ && (connection_.ended() || stopped_reading_)) state |= POLLHUP;
        break;
    case Phase::over: state = POLLIN | POLLOUT | POLLHUP | POLLRDHUP; break;
    }
    if (error_ != 0) state |= POLLERR;
    if ((state & POLLIN) != 0) state |= POLLRDNORM;
    if ((state & POLLOUT) != 0) state |= POLLWRNORM;
    const auto before = std::exchange(state_, static_cast<short>(state));
    if ((state_ & (~before | news)) != 0) changed();
}

/// What went wrong, which is forgotten then. With the lock.
int Stream::told() noexcept {
    const int error = std::exchange(error_, 0);
    look();
    return error;
}

void Stream::connected(Connection&) noexcept {
    phase_ = Phase::connected;
    apply();
    if (self_) return;  // told by `accept`, which puts it into the list
    look();
}

void Stream::failed(Connection&, Failure why) noexcept {
    error_ = error_of(why);
    phase_ = Phase::over;
    look();
}

/// Somebody has connected to this one, which listens.
Connection* Stream::accept(const Endpoint&) noexcept {
    auto made = make_stream(family(), 0);
    if (!made) return nullptr;
    auto& stream = static_cast<Stream&>(**made);
    stream.self_ = std::move(*made);
    stream.phase_ = Phase::connected;
    stream.settings = settings;
    stream.no_delay_ = no_delay_;
    stream.keep_alive_ = keep_alive_;
    stream.look();
    (first_ == nullptr ? first_ : last_->next_) = &stream;
    last_ = &stream;
    look(POLLIN);
    return &stream.connection_;
}

Outcome<fd::Reference> Stream::accept(Endpoint& from) noexcept {
    const Lock lock;
    if (phase_ != Phase::listening) return std::unexpected(EINVAL);
    if (first_ == nullptr) return std::unexpected(EAGAIN);
    Stream& stream = *first_;
    first_ = std::exchange(stream.next_, nullptr);
    stream.connection_.accepted();
    from = stream.connection_.other();
    look();
    stream.look();
    return std::move(stream.self_);
}

Outcome<void> Stream::bind(const Endpoint& own) noexcept {
    const Lock lock;
    if (bound_ || phase_ != Phase::fresh) return std::unexpected(EINVAL);
    if (auto outcome = connection_.bind(own); !outcome) return outcome_of(outcome);
    bound_ = true;
    bound_to_ = connection_.own();
    return {};
}

Outcome<void> Stream::connect(const Endpoint& other) noexcept {
    const Lock lock;
    switch (phase_) {
    case Phase::fresh: break;
    case Phase::listening: return std::unexpected(EOPNOTSUPP);
    case Phase::connecting: return std::unexpected(EALREADY);
    case Phase::connected: return std::unexpected(EISCONN);
    case Phase::over: return std::unexpected(error_ != 0 ? told() : EINVAL);
    }
    if (auto outcome = connection_.connect(other); !outcome) return outcome_of(outcome);
    phase_ = Phase::connecting;
    look();
    return std::unexpected(EINPROGRESS);
}

Outcome<void> Stream::listen(unsigned backlog) noexcept {
    const Lock lock;
    if (phase_ == Phase::listening) return {};
    if (phase_ != Phase::fresh) return std::unexpected(EINVAL);
    const Endpoint own = bound_ ? bound_to_ : Endpoint{{family(), {}}, 0};
    connection_.abort();  // the place is the acceptor's now
    if (auto outcome = acceptor_.listen(own, std::max(backlog, 1U)); !outcome) return outcome_of(outcome);
    phase_ = Phase::listening;
    look();
    return {};
}

Outcome<std::size_t> Stream::read(Buffers& into) noexcept {
    const auto received = receive(into, false);
    if (!received) return std::unexpected(received.error());
    return received->size;
}

Outcome<std::size_t> Stream::write(Buffers& from) noexcept {
    const auto sent = send(from, nullptr, false);
    if (!sent && sent.error() == EPIPE) raise(SIGPIPE);
    return sent;
}

std::size_t Stream::take(Buffers& into, bool peek) noexcept {
    std::size_t done = 0;
    while (into.left() != 0) {
        const auto piece = connection_.readable();
        if (piece.empty()) break;
        const std::size_t count = into.put(piece);
        done += count;
        if (peek) break;  // the first piece will do
        connection_.consume(count);
    }
    return done;
}

Outcome<Socket::Received> Stream::receive(Buffers& into, bool peek) noexcept {
    const Lock lock;
    if (phase_ == Phase::fresh || phase_ == Phase::listening) return std::unexpected(ENOTCONN);
    if (phase_ == Phase::connecting) return std::unexpected(EAGAIN);
    if (connection_.readable_size() == 0) {
        if (error_ != 0) return std::unexpected(told());
        if (connection_.ended() || stopped_reading_ || phase_ == Phase::over || into.left() == 0) return Received{0};
        return std::unexpected(EAGAIN);
    }
    const std::size_t size = take(into, peek);
    look();
    return Received{size};
}

Outcome<std::size_t> Stream::send(Buffers& from, const Endpoint* to, bool more) noexcept {
    if (to != nullptr && phase_ == Phase::connected) return std::unexpected(EISCONN);
    const Lock lock;
    if (phase_ == Phase::fresh || phase_ == Phase::listening) return std::unexpected(ENOTCONN);
    if (phase_ == Phase::connecting) return std::unexpected(EAGAIN);
    if (error_ != 0 && phase_ == Phase::over) return std::unexpected(told());
    if (phase_ == Phase::over || stopped_writing_) return std::unexpected(EPIPE);
    std::size_t done = 0;
    while (from.left() != 0) {
        const auto piece = from.piece();
        const auto written = connection_.write(piece, more || piece.size() != from.left());
        if (!written) return std::unexpected(EPIPE);
        from.skip(*written);
        done += *written;
        if (*written != piece.size()) break;
    }
    if (!more || from.left() != 0) connection_.flush();  // without room nothing follows at once
    look();
    if (done == 0 && from.left() != 0) return std::unexpected(EAGAIN);
    return done;
}

Outcome<void> Stream::shut_down(bool reading, bool writing) noexcept {
    const Lock lock;
    if (phase_ != Phase::connected) return std::unexpected(ENOTCONN);
    if (writing && !std::exchange(stopped_writing_, true)) static_cast<void>(connection_.shut_down());
    if (reading) stopped_reading_ = true;
    look();
    return {};
}

Endpoint Stream::own() noexcept {
    const Lock lock;
    if (phase_ == Phase::listening) return acceptor_.own();
    const Endpoint own = connection_.own();
    return connection_.open() ? own : Endpoint{{family(), {}}, bound_to_.port};
}

Outcome<Endpoint> Stream::other() noexcept {
    const Lock lock;
    if (phase_ != Phase::connected || !connection_.open()) return std::unexpected(ENOTCONN);
    return connection_.other();
}

Outcome<void> Stream::set_tcp(int name, int value) noexcept {
    using namespace std::chrono_literals;
    switch (name) {
    case TCP_NODELAY: no_delay_ = value != 0; break;
    case TCP_KEEPIDLE:
        if (value <= 0 || value > 32767) return std::unexpected(EINVAL);
        keep_alive_.after = value * 1s;
        break;
    case TCP_KEEPINTVL:
        if (value <= 0 || value > 32767) return std::unexpected(EINVAL);
        keep_alive_.every = value * 1s;
        break;
    case TCP_KEEPCNT:
        if (value <= 0 || value > 127) return std::unexpected(EINVAL);
        keep_alive_.times = static_cast<unsigned>(value);
        break;
    default: return std::unexpected(ENOPROTOOPT);
    }
    configure();
    return {};
}

Outcome<int> Stream::tcp(int name) noexcept {
    const auto seconds = [](auto duration) { return static_cast<int>(std::chrono::floor<std::chrono::seconds>(duration).count()); };
    switch (name) {
    case TCP_NODELAY: return no_delay_;
    case TCP_KEEPIDLE: return seconds(keep_alive_.after);
    case TCP_KEEPINTVL: return seconds(keep_alive_.every);
    case TCP_KEEPCNT: return static_cast<int>(keep_alive_.times);
    default: return std::unexpected(ENOPROTOOPT);
    }
}

void Stream::configure() noexcept {
    const Lock lock;
    apply();
}

/// With the lock.
void Stream::apply() noexcept {
    connection_.set_no_delay(no_delay_);
    connection_.set_keep_alive(settings.keep_alive ? &keep_alive_ : nullptr);
}

int Stream::buffer(bool receiving) noexcept {
    const auto [send, receive] = Connection::limits();
    return static_cast<int>(receiving ? receive : send);
}

/// Those that nobody has accepted end with it; outside of the lock, which each of them takes.
void Stream::destroy() noexcept {
    Stream* waiting;
    {
        const Lock lock;
        acceptor_.close();
        if (settings.on_close.l_onoff != 0 && settings.on_close.l_linger == 0) connection_.abort();
        else connection_.close();
        waiting = std::exchange(first_, nullptr);
    }
    while (waiting != nullptr) {
        const fd::Reference last = std::move(waiting->self_);
        waiting = std::exchange(waiting->next_, nullptr);
    }
    fd::unmake(*this);
}

}  // namespace

Outcome<fd::Reference> make_stream(Address::Family family, int flags) noexcept {
    return fd::make<Stream>(family, flags);
}

}  // namespace unicore::posix::sockets
