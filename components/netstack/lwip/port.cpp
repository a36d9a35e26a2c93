// SPDX-License-Identifier: BSD-3-Clause
// What lwIP stands on. [lwip/sys.h, port/arch/cc.h]
#include <unicore/base/chrono.hpp>
#include <unicore/base/copy.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/entropy/csprng.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/time/clock.hpp>

#include "siphash.hpp"

#include <lwip/ip_addr.h>
#include <lwip/opt.h>
#include <lwip/sys.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

namespace unicore::netstack::lwip {
namespace {

constinit std::array<std::uint64_t, 2> key{};  ///< of sequence numbers; drawn at the first

}  // namespace
}  // namespace unicore::netstack::lwip

using namespace unicore;

extern "C" {

u32_t sys_now(void) {
    using std::chrono::milliseconds;
    return static_cast<u32_t>(std::chrono::floor<milliseconds>(time::Monotonic::now().time_since_epoch()).count());
}

void unicore_lwip_failed(const char* what) { panic(what); }

uint32_t unicore_lwip_random(void) { return static_cast<uint32_t>(entropy::csprng::next()); }

void unicore_lwip_copy(void* to, const void* from, size_t size) { copy(to, from, size); }

void* unicore_lwip_allocate(size_t size) { return memory::heap::allocate(size).value_or(nullptr); }

void* unicore_lwip_allocate_zeroed(size_t count, size_t size) {
    std::size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
    void* const block = unicore_lwip_allocate(bytes);
    if (block != nullptr) std::memset(block, 0, bytes);
    return block;
}

void unicore_lwip_release(void* block) { memory::heap::release(block); }

/// A clock that ticks every 4 µs, and what nobody else can compute of who is connected. [RFC 6528, 3]
unsigned unicore_lwip_first_sequence_number(const void* local, unsigned short local_port, const void* remote,
                                            unsigned short remote_port) {
    using namespace netstack::lwip;
    if (key == std::array<std::uint64_t, 2>{}) key = {entropy::csprng::next(), entropy::csprng::next()};
    std::array<std::uint32_t, 9> who;
    std::size_t words = 0;
    const auto add = [&](const ip_addr_t& address) {
#if LWIP_IPV6
        if (IP_IS_V6(&address)) {
            for (const std::uint32_t word : ip_2_ip6(&address)->addr) who[words++] = word;
            return;
        }
#endif
        who[words++] = ip_2_ip4(&address)->addr;
    };
    add(*static_cast<const ip_addr_t*>(local));
    add(*static_cast<const ip_addr_t*>(remote));
    who[words++] = std::uint32_t{local_port} << 16 | remote_port;
    using Ticks = std::chrono::duration<std::uint64_t, std::ratio<4, 1'000'000>>;
    const auto now = std::chrono::duration_cast<Ticks>(time::Monotonic::now().time_since_epoch()).count();
    return static_cast<unsigned>(now + siphash(key, std::as_bytes(std::span(who).first(words))));
}

}
