// SPDX-License-Identifier: BSD-3-Clause
// What network_test.py talks to: TCP at port 7 sends everything back, at port 19 some millions of bytes of its own.
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>
#include <unicore/net/device.hpp>
#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/tcp.hpp>
#include <unicore/sched.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace {

using namespace unicore;
using namespace unicore::netstack;

constexpr std::size_t most = 8;  // connections

/// A connection, and whose it is.
struct Peer final : tcp::ConnectionUser {
    explicit Peer(std::size_t size) noexcept : left(size) {}

    void serve() noexcept {
        connection.accepted();
        if (left != 0) return generate();
        while (!connection.readable().empty()) {
            const std::size_t done = connection.write(connection.readable()).value_or(0);
            if (done == 0) break;
            connection.consume(done);
        }
        connection.flush();
        if (connection.ended() && connection.readable().empty()) connection.close();
    }
    void generate() noexcept {
        constexpr std::size_t line = 64;
        std::array<std::byte, 64 * line> block;
        for (std::size_t i = 0; i != block.size(); ++i)
            block[i] = static_cast<std::byte>(i % line == line - 1 ? '\n' : 'a' + i % line % 26);
        for (std::size_t done = block.size(); left != 0 && done == block.size(); left -= done) {
            // Whole blocks, so that each begins at the first letter.
            if (connection.room() < block.size()) break;
            done = connection.write(std::span(block).first(std::min(left, block.size()))).value_or(0);
        }
        connection.flush();
        if (left == 0) connection.close();
    }
    void connected(tcp::Connection&) noexcept override {}
    void received(tcp::Connection&) noexcept override { serve(); }
    void sent(tcp::Connection&) noexcept override { serve(); }
    void failed(tcp::Connection&, Failure) noexcept override {}

    std::size_t left;  ///< to be sent by itself
    tcp::Connection connection{*this};
};

struct Server final : tcp::AcceptorUser {
    tcp::Connection* accept_for(std::size_t size) noexcept {
        for (std::optional<Peer>& peer : peers)
            if (!peer || !peer->connection.open()) return &peer.emplace(size).connection;
        return nullptr;
    }
    tcp::Connection* accept(const Endpoint&) noexcept override { return accept_for(0); }

    struct Generators final : tcp::AcceptorUser {
        explicit Generators(Server& owner) noexcept : server(owner) {}
        tcp::Connection* accept(const Endpoint&) noexcept override {
            return server.accept_for(6'400'000);
        }
        Server& server;
    };

    std::array<std::optional<Peer>, most> peers;
    Generators generators{*this};
    tcp::Acceptor echo{*this}, echo_six{*this};
    tcp::Acceptor source{generators}, source_six{generators};
};

void account(const net::Device& device) noexcept {
    const net::Statistics statistics = device.statistics();
    text::Line line;
    line << device.name() << (device.link().up ? " up" : " down");
    for (const auto& [name, counts] : {std::pair{" received=", statistics.received}, {" sent=", statistics.sent}})
        line << name << counts.packets << '/' << counts.bytes << '/' << counts.dropped << '/' << counts.errors;
    line << " interrupts=" << statistics.interrupts << '\n';
    console::write(line.view());
}

}  // namespace

int main() {
    static Server server;
    {
        const Lock lock;
        const Address any = Address::v4(0, 0, 0, 0), any_six{.family = Address::Family::v6};
        if (!server.echo.listen({any, 7}) || !server.source.listen({any, 19})) return 1;
        if (!server.echo_six.listen({any_six, 7}) || !server.source_six.listen({any_six, 19})) return 1;
    }
    console::write("ready\n");
    static_cast<void>(sched::sleep_until(time::never));
    for (const net::Device* device = net::first_device(); device != nullptr; device = device->next) account(*device);
    return 0;
}
