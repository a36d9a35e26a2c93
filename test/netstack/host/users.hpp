// SPDX-License-Identifier: BSD-3-Clause
/// What runs over the stack in these tests.
#pragma once

#include "world.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/tcp.hpp>
#include <unicore/netstack/udp.hpp>

#include <array>
#include <cstdlib>
#include <list>

namespace unicore::netstack::test {

/// A number that the environment may give.
inline unsigned given_number(const char* name, unsigned otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

/// Sends back what it gets, as long as it gets something.
class Echo final : public tcp::AcceptorUser {
public:
    class One final : public tcp::ConnectionUser {
    public:
        void connected(tcp::Connection&) noexcept override { connection.accepted(); }
        void received(tcp::Connection&) noexcept override { answer(); }
        void sent(tcp::Connection&) noexcept override { answer(); }
        void failed(tcp::Connection&, Failure) noexcept override {}
        tcp::Connection connection{*this};

    private:
        void answer() noexcept {
            while (!connection.readable().empty()) {
                const auto done = connection.write(connection.readable());
                if (!done || *done == 0) break;
                connection.consume(*done);
            }
            connection.flush();
            if (connection.ended() && connection.readable_size() == 0) connection.close();
        }
    };

    tcp::Connection* accept(const Endpoint&) noexcept override {
        ++accepted;
        return &ones.emplace_back().connection;
    }
    /// Ends all of them, without a word.
    void drop() {
        const Lock lock;
        for (One& one : ones) one.connection.abort();
        ones.clear();
    }

    tcp::Acceptor acceptor{*this};
    std::list<One> ones;
    std::size_t accepted = 0;
};

class EchoPort final : public udp::PortUser {
public:
    void received(udp::Port& from) noexcept override {
        ++datagrams;
        std::array<std::byte, 2000> bytes;
        static_cast<void>(from.send(std::span(bytes).first(from.copy_to(bytes)), from.from()));
        from.drop();
    }
    udp::Port port{*this};
    std::size_t datagrams = 0;
};

inline std::size_t heap_bytes() { return memory::heap::usage().allocated; }

}  // namespace unicore::netstack::test
