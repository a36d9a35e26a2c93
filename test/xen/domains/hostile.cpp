// SPDX-License-Identifier: BSD-3-Clause
#include "hostile.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/sched.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/grants/mapping.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/ring/end.hpp>
#include <unicore/xen/store.hpp>

#include <cstring>
#include <iterator>
#include <span>
#include <string>

namespace unicore::test {

using namespace xen;

namespace {

/// Writes to a ring what the other end may not expect, mostly to the indices.
void scribble(Random& random, std::span<std::byte> memory) {
    if (memory.empty()) return;
    auto& header = *reinterpret_cast<ring::Header*>(memory.data());
    std::uint32_t* const words[] = {&header.requests.producer, &header.requests.event, &header.responses.producer,
                                    &header.responses.event};
    std::uint32_t& word = *words[random() % 4];
    switch (random() % 8) {
        case 0: word = static_cast<std::uint32_t>(random()); break;
        case 1: --word; break;
        case 2: memory[random() % memory.size()] = static_cast<std::byte>(random()); break;
        case 3: word += static_cast<std::uint32_t>(random() % 600); break;
        default: word += static_cast<std::uint32_t>(random() % 3);
    }
}

void write_odd(Random& random, const store::Path& path, std::span<const char* const> names) {
    const store::Path node{path, names[random() % names.size()]};
    if (random() % 8 == 0) static_cast<void>(store::remove(node));
    else static_cast<void>(store::write(node, odd_value(random)));
}

void show(Random& random, const store::Path& path, std::uint64_t state) {
    if (random() % 4 == 0) state = random() % 10;
    static_cast<void>(store::write_number(store::Path{path, "state"}, state));
}

void rest(Random& random) {
    if (random() % 4 == 0) hypercall::yield();
    else static_cast<void>(sched::sleep_for(std::chrono::microseconds(random() % 500)));
}

constexpr events::Handler nobody{[](void*) noexcept {}, nullptr};

}  // namespace

std::string odd_value(Random& random) {
    static const std::string odd[] = {"", "0", "1", "2", "3", "4", "5", "6", "9", "-1", "4294967295", "4294967296", "32752",
                                      "18446744073709551616", "x", "1 ", std::string("8\0", 2), "/local/domain/0",
                                      "/local/domain/1/device/echo/0", std::string(125, 'p'), std::string(500, '/'), "../..",
                                      "@releaseDomain", std::string(8, '\xff')};
    return odd[random() % std::size(odd)];
}

void hostile_front(Random& random, unsigned back, unsigned rounds) {
    static constexpr const char* names[] = {"ring-ref", "event-channel", "state", "backend-id", "x/y"};
    const store::Path path{"device/echo/0"};
    const auto peer = static_cast<domid_t>(back);
    grants::SharedPage page;
    events::EventChannel channel;
    for (unsigned round = 0; round < rounds; ++round) {
        switch (random() % 10) {
            case 0:
                if (auto fresh = grants::SharedPage::create(peer)) page = std::move(*fresh);
                if (auto fresh = events::EventChannel::allocate(peer, nobody)) channel = std::move(*fresh);
                ring::format(page.bytes(), random() % 4 == 0 ? static_cast<std::uint32_t>(random()) : 0);
                static_cast<void>(store::write_number(store::Path{path, "ring-ref"}, page.reference()));
                static_cast<void>(store::write_number(store::Path{path, "event-channel"}, channel.port()));
                show(random, path, 3);
                break;
            case 1: write_odd(random, path, names); break;
            case 2: show(random, path, 1 + random() % 6); break;
            case 3:
                if (random() % 8 == 0) page = grants::SharedPage();  // the grant goes while it is in use
                break;
            case 4:
                if (random() % 8 == 0) channel = events::EventChannel();
                break;
            default:
                scribble(random, page.bytes());
                if (channel.port() != 0) channel.notify();
        }
        rest(random);
    }
}

void hostile_back(Random& random, unsigned front, unsigned rounds) {
    static constexpr const char* names[] = {"version", "state", "frontend-id", "x/y"};
    const store::Path path{"backend/echo", front, 0u};
    const store::Path other{"/local/domain", front, "device/echo/0"};
    const auto peer = static_cast<domid_t>(front);
    grants::Mapping page;
    events::EventChannel channel;
    for (unsigned round = 0; round < rounds; ++round) {
        switch (random() % 10) {
            case 0: {
                const auto reference = store::read_number(store::Path{other, "ring-ref"});
                const auto port = store::read_number(store::Path{other, "event-channel"});
                if (!reference || !port) break;
                const auto grant = static_cast<grant_ref_t>(*reference);
                if (auto mapped = grants::Mapping::map(peer, grant, grants::Access::read_write)) page = std::move(*mapped);
                if (auto fresh = events::EventChannel::connect(peer, static_cast<evtchn_port_t>(*port), nobody))
                    channel = std::move(*fresh);
                show(random, path, 4);
                break;
            }
            case 1: write_odd(random, path, names); break;
            case 2: show(random, path, random() % 2 == 0 ? 2 : 1 + random() % 6); break;
            case 3:
                static_cast<void>(store::write(store::Path{path, "version"}, "1"));
                show(random, path, 2);
                break;
            case 4:
                if (random() % 8 == 0) channel = events::EventChannel();
                if (random() % 8 == 0) page = grants::Mapping();
                break;
            default:
                scribble(random, page.bytes());
                if (channel.port() != 0) channel.notify();
        }
        rest(random);
    }
}

}  // namespace unicore::test
