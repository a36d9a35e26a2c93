// SPDX-License-Identifier: BSD-3-Clause
#include "../incoming.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <string>

using unicore::console::xen::input::Incoming;

namespace {

constexpr std::uint32_t size = sizeof(xencons_interface::in);

/// A console service's end of the ring, from some place of its indices on.
struct Service {
    xencons_interface ring{};
    explicit Service(std::uint32_t start = 0) { ring.in_prod = ring.in_cons = start; }

    void send(std::string_view text) {
        for (const char character : text) {
            REQUIRE(ring.in_prod - ring.in_cons < size);
            ring.in[ring.in_prod++ % size] = character;
        }
    }
};

std::string taken(Incoming& incoming, std::size_t most = 4096) {
    std::string text(most, '\0');
    text.resize(incoming.take(text));
    return text;
}

}  // namespace

TEST_CASE("characters come as they are, past the end of the ring and of the indices") {
    for (const std::uint32_t start : {0u, size - 3, 0xffff'fffeu}) {
        Service service(start);
        Incoming incoming(service.ring);
        CHECK(incoming.unread() == 0);
        CHECK(taken(incoming) == "");
        service.send(std::string_view("ab\0\xff" "c", 5));
        CHECK(incoming.unread() == 5);
        CHECK(taken(incoming, 2) == "ab");
        CHECK(service.ring.in_cons == start + 2);
        CHECK(taken(incoming) == std::string("\0\xff" "c", 3));
        CHECK(service.ring.in_cons == service.ring.in_prod);
        service.send(std::string(size, 'x'));
        CHECK(taken(incoming) == std::string(size, 'x'));
    }
}

TEST_CASE("an index that makes no sense is nothing, and an own one that was changed is not believed") {
    Service service;
    Incoming incoming(service.ring);
    for (const std::uint32_t nonsense : {size + 1, 0x7fff'ffffu, 0xffff'ffffu}) {
        service.ring.in_prod = nonsense;
        CHECK(incoming.unread() == 0);
        CHECK(taken(incoming) == "");
    }
    service.ring.in_prod = 0;
    service.send("ab");
    service.ring.in_cons = 12345;
    CHECK(taken(incoming) == "ab");
    CHECK(service.ring.in_cons == 2);

    std::minstd_rand random(1);
    for (unsigned i = 0; i != 10'000; ++i) {
        service.ring.in_prod = static_cast<std::uint32_t>(random()) * 2;
        service.ring.in_cons = static_cast<std::uint32_t>(random());
        CHECK(taken(incoming).size() <= size);
    }
}
