// SPDX-License-Identifier: BSD-3-Clause
#include "server.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace iperf {

namespace {

using namespace unicore;
using netstack::Failure;
using netstack::tcp::Connection;

/// What is sent: anything.
constinit std::array<std::byte, 16 * 1024> pattern{};

/// Takes what there is to read, up to the room, and returns how much.
std::size_t read(Connection& connection, std::span<std::byte> into) noexcept {
    std::size_t done = 0;
    while (done != into.size()) {
        const auto bytes = connection.readable();
        if (bytes.empty()) break;
        const std::size_t here = std::min(bytes.size(), into.size() - done);
        std::memcpy(into.data() + done, bytes.data(), here);
        connection.consume(here);
        done += here;
    }
    return done;
}

void say(std::string_view what) noexcept {
    text::Line line;
    line << "iperf: " << what;
    console::write_line(line.view());
}

}  // namespace

void Link::received(Connection& connection) noexcept {
    if (role_ == Role::unknown) {
        cookie_size_ += read(connection, std::as_writable_bytes(std::span(cookie_)).subspan(cookie_size_));
        if (cookie_size_ == cookie_.size()) server_->identified(*this);
        else if (connection.ended()) server_->gone(*this);
    }
    // More may have come behind the cookie.
    if (free() || role_ == Role::unknown) return;
    if (role_ == Role::control) return server_->control_received();
    const std::size_t size = connection.readable_size();
    connection.consume(size);
    if (!sends_ && server_->counts()) counted_ += size;
    if (connection.ended()) server_->gone(*this);
}

void Link::sent(Connection&) noexcept {
    if (role_ == Role::stream && sends_) fill();
}

void Link::fill() noexcept {
    bool any = false;
    while (const std::size_t size = std::min(connection_.room(), pattern.size())) {
        const auto done = connection_.write(std::span(pattern).first(size));
        if (!done || *done == 0) break;
        if (server_->counts()) counted_ += *done;
        any = true;
    }
    if (any) connection_.flush();
}

void Link::failed(Connection&, Failure) noexcept { server_->gone(*this); }

netstack::Outcome<void> Server::listen() noexcept {
    constexpr netstack::Endpoint v4{{.family = netstack::Address::Family::v4}, port},
        v6{{.family = netstack::Address::Family::v6}, port};
    if (acceptors_[1].listen(v6)) static_cast<void>(ports_[1].bind(v6));  // if the stack has it
    const auto bound = ports_[0].bind(v4);
    return bound ? acceptors_[0].listen(v4) : bound;
}

Connection* Server::accept(const netstack::Endpoint&) noexcept {
    auto link = std::ranges::find_if(links_, &Link::free);
    if (link == links_.end()) {
        // Who has connected and says nothing is in nobody's way.
        link = std::ranges::find(links_, Link::Role::unknown, &Link::role_);
        if (link == links_.end()) return nullptr;
        link->end();
    }
    return &link->begin(*this);
}

void Server::enter(Phase phase) noexcept {
    phase_ = phase;
    heard_ = time::Monotonic::now();
}

/// Whether the client keeps us waiting where it should not.
bool Server::stuck() const noexcept {
    constexpr auto patience = std::chrono::seconds(10);
    return phase_ != Phase::idle && phase_ != Phase::running && time::Monotonic::now() - heard_ > patience;
}

void Server::identified(Link& link) noexcept {
    link.connection().accepted();
    if (stuck()) finish("the client says nothing");
    if (phase_ == Phase::idle) {
        link.role_ = Link::Role::control;
        control_ = &link;
        enter(Phase::parameters);
        sized_ = false;
        tell(State::param_exchange);
        return;
    }
    if (phase_ != Phase::streams || parameters_.udp || link.cookie() != control_->cookie() || count_ == expected()) {
        const auto denied = static_cast<std::byte>(State::access_denied);
        static_cast<void>(link.connection().write({&denied, 1}));
        link.connection().close();
        return link.end();
    }
    link.role_ = Link::Role::stream;
    link.counted_ = 0;
    link.sends_ = sends(count_);
    streams_[count_++] = &link;
    if (count_ == expected()) start();
}

void Server::start() noexcept {
    enter(Phase::running);
    counts_from_ = time::Monotonic::now() + std::chrono::seconds(parameters_.omit);
    counting_ = false;
    tell(State::test_start);
    tell(State::test_running);
    for (unsigned i = 0; i != count_; ++i) {
        if (!sends(i)) continue;
        if (parameters_.udp) {
            flows_[i].due = heard_;
            sending_ = true;
        } else if (streams_[i] != nullptr) {
            streams_[i]->fill();
        }
    }
    if (sending_) sending_changes_.wake_one();
}

bool Server::counts() noexcept {
    if (!counting_) counting_ = phase_ == Phase::running && time::Monotonic::now() >= counts_from_;
    return counting_;
}

/// A piece of JSON behind its size, as much as has come; true when it is whole. What there is no room for is passed over.
bool Server::take(std::span<std::byte> into) noexcept {
    Connection& connection = control_->connection();
    if (!sized_) {
        if (connection.readable_size() < 4) return false;
        std::array<std::byte, 4> size;
        read(connection, size);
        wanted_ = static_cast<std::uint32_t>(read_number(size));
        got_ = 0;
        sized_ = true;
    }
    while (wanted_ != 0) {
        const auto bytes = connection.readable();
        if (bytes.empty()) return false;
        const auto here = static_cast<std::uint32_t>(std::min<std::size_t>(bytes.size(), wanted_));
        if (got_ < into.size()) {
            const auto fits = static_cast<std::uint32_t>(std::min<std::size_t>(here, into.size() - got_));
            std::memcpy(into.data() + got_, bytes.data(), fits);
            got_ += fits;
        }
        connection.consume(here);
        wanted_ -= here;
    }
    sized_ = false;
    return true;
}

void Server::control_received() noexcept {
    Connection& connection = control_->connection();
    const auto text = std::as_writable_bytes(std::span(text_));
    while (phase_ != Phase::idle && connection.readable_size() != 0) {
        if (phase_ == Phase::parameters) {
            if (!take(text)) break;
            take_parameters({text_.data(), got_});
            continue;
        }
        if (phase_ == Phase::results) {
            if (!take(text)) break;
            give_results();
            continue;
        }
        std::byte said;
        read(connection, {&said, 1});
        const auto state = static_cast<State>(said);
        if (state == State::test_end && phase_ == Phase::running) {
            // Their end is what a client waits for that takes what is still on its way, a whole block at a time.
            for (Link* const stream : streams_)
                if (stream != nullptr && std::exchange(stream->sends_, false)) stream->connection().close();
            sending_ = false;
            counting_ = false;
            enter(Phase::results);
            tell(State::exchange_results);
        } else if (state == State::iperf_done && phase_ == Phase::done) {
            return finish("done");
        } else {
            return finish(state == State::client_terminate ? "ended by the client" : "the client says what cannot be");
        }
    }
    if (phase_ != Phase::idle && connection.ended()) finish("the client is gone");
}

void Server::take_parameters(std::string_view text) noexcept {
    const auto parameters = parse_parameters(text);
    if (!parameters) return refuse(bad_parameters, "the client asks for what is not known");
    if (parameters->udp && (parameters->length < datagram_header_size(parameters->wide_numbers) ||
                            parameters->length > netstack::udp::Port::most))
        return refuse(bad_parameters, "the client asks for datagrams of a size that there is not");
    parameters_ = *parameters;
    enter(Phase::streams);
    tell(State::create_streams);
}

void Server::give_results() noexcept {
    const std::uint64_t milliseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(time::Monotonic::now() - counts_from_).count());
    std::array<Counted, most_streams> counted;
    for (unsigned i = 0; i != count_; ++i) counted[i] = this->counted(i);
    const std::string_view results = write_results(text_, std::span(counted).first(count_), milliseconds);
    std::array<std::byte, 4> size;
    write_number(size, results.size());
    static_cast<void>(control_->connection().write(size, true));
    static_cast<void>(control_->connection().write(std::as_bytes(std::span(results))));
    enter(Phase::done);
    tell(State::display_results);

    std::uint64_t sent = 0, received = 0, packets = 0, lost = 0;
    for (unsigned i = 0; i != count_; ++i) {
        (sends(i) ? sent : received) += counted[i].bytes;
        packets += counted[i].packets;
        lost += counted[i].lost;
    }
    text::Line line;
    line << "iperf: " << count_ << " streams, " << milliseconds << " ms, received " << received << " B, sent " << sent << " B";
    if (parameters_.udp) line << ", " << packets << " datagrams, " << lost << " of them lost on the way here";
    console::write_line(line.view());
}

void Server::tell(State state) noexcept {
    const auto byte = static_cast<std::byte>(state);
    static_cast<void>(control_->connection().write({&byte, 1}));
    control_->connection().flush();
}

void Server::refuse(std::uint32_t error, std::string_view why) noexcept {
    tell(State::server_error);
    std::array<std::byte, 8> words{};  // iperf's error, and none of the system's
    write_number(std::span(words).first(4), error);
    static_cast<void>(control_->connection().write(words));
    control_->connection().flush();
    finish(why);
}

void Server::finish(std::string_view how) noexcept {
    phase_ = Phase::idle;
    counting_ = false;
    sending_ = false;
    for (Link*& stream : streams_)
        if (stream != nullptr) std::exchange(stream, nullptr)->end();
    count_ = 0;
    control_->connection().close();
    control_->end();
    control_ = nullptr;
    say(how);
}

void Server::gone(Link& link) noexcept {
    if (&link == control_) return finish("the client is gone");
    // A stream is counted to the end of the test, which the client declares.
    const bool stream = std::ranges::find(streams_, &link) != streams_.end();
    link.connection().close();
    if (!stream) link.end();
}

}  // namespace iperf
