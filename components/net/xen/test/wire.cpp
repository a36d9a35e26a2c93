// SPDX-License-Identifier: BSD-3-Clause
#include "wire.hpp"

#include <unicore/base/log.hpp>
#include <unicore/sched.hpp>
#include <unicore/xen/grants.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <random>

namespace unicore::test {

using namespace std::chrono_literals;

Wire::Wire(std::uint64_t seed, Netback::Values values) : store(seed), simulation(seed), values_(std::move(values)) {
    simulation.tracing(false);
    static_cast<void>(log::set_level("none"));  // what devices say of back-ends, thousands of times
}

void Wire::run(const std::function<void(net::xen::Interface&)>& body) {
    const std::size_t memory_pages = 800 + 400 * queues;
    front = &simulation.add_domain({.name = "front", .id = front_id, .memory_pages = memory_pages, .store = &store,
                                    .main = image(simulation, [&] {
        {
            pool_ = std::make_unique<net::Pool>();
            REQUIRE(pool_->open(256, 4096).has_value());
            const auto memory = std::make_unique<net::xen::Queue[]>(queues);
            const auto interface = std::make_unique<net::xen::Interface>(0U, xen::store::Path{"device/vif/0"}, address,
                                                                         mtu, std::span(memory.get(), queues));
            REQUIRE(interface->start().has_value());
            if (!bus_only) REQUIRE(interface->wait_connected(time::Monotonic::now() + 1s).has_value());
            body(*interface);
            interface->close();
            interface->stop();
            over_ = true;
            CHECK(until([&] { return interface->take_held() == 0 && xen::grants::reclaim() == 0; }));
        }
        CHECK(pool_->statistics().free == pool_->statistics().count);
        pool_.reset();
    })});
    back = &simulation.add_domain({.name = "back", .id = back_id, .memory_pages = memory_pages, .store = &store,
                                   .background = true, .main = image(simulation, [&] { serve(values_); })});
    plug(store, front_id, back_id, 0, "vif");
    const auto outcome = simulation.run(20'000'000);
    INFO(outcome.report);
    REQUIRE(outcome.finished());
    CHECK(front->leaks(front->usage().grant_frames) == "");  // beside each frame there is a page of notes
}

/// The back-end's domain.
void Wire::serve(const Netback::Values& values) {
    const auto netback = std::make_unique<Netback>(front_id, values);
    REQUIRE(netback->start().has_value());
    for (;;) {
        if (todo_) {
            todo_(*netback);
            todo_ = nullptr;
        } else if (each_turn) {
            each_turn(*netback);
        } else if (netback->attached() && echoing) {
            netback->echo();
        }
        const time::Instant deadline = time::Monotonic::now() + 20us;
        static_cast<void>(netback->waiters().wait([&] { return netback->take_event(); }, deadline));
    }
}

void Wire::on_back(const std::function<void(Netback&)>& what) {
    todo_ = what;
    REQUIRE(until([&] { return !todo_; }));
}

void Wire::rest() { static_cast<void>(sched::sleep_for(20us)); }

bool Wire::until(const std::function<bool()>& holds) {
    const time::Instant deadline = time::Monotonic::now() + 1s;
    while (!holds()) {
        if (time::Monotonic::now() > deadline) return false;
        rest();
    }
    return true;
}

net::Packet Wire::packet(std::string_view bytes, std::size_t parts) {
    net::Packet packet;
    for (std::size_t part = 0; part != parts; ++part) {
        const std::size_t begin = bytes.size() * part / parts, end = bytes.size() * (part + 1) / parts;
        std::size_t at = begin;
        do {
            net::Buffer* const buffer = pool_->take_buffer();
            REQUIRE(buffer != nullptr);
            buffer->size = static_cast<std::uint32_t>(std::min<std::size_t>(end - at, buffer->capacity));
            std::memcpy(buffer->data, bytes.data() + at, buffer->size);
            at += buffer->size;
            packet.append(net::Packet(*buffer));
        } while (at != end);
    }
    return packet;
}

std::string Wire::bytes(const net::Packet& packet) {
    if (!packet) return "no packet";
    std::string text(packet.size(), '\0');
    packet.copy_to(std::as_writable_bytes(std::span(text)));
    return text;
}

net::Packet Wire::received(net::xen::Interface& interface, unsigned queue) {
    net::Packet packet;
    until([&] { return interface.receive(queue, std::span(&packet, 1)) != 0; });
    return packet;
}

}  // namespace unicore::test
