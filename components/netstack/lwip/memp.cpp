// SPDX-License-Identifier: BSD-3-Clause
// lwIP's objects, in place of its own memp.c: a slab for each kind, which grows with what is used, up to what lwipopts.h
// allows. [lwip/memp.h]
#include <unicore/memory/slab.hpp>

#include <lwip/opt.h>
// What memp_std.h takes the sizes of.
#include <lwip/altcp.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/igmp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/memp.h>
#include <lwip/mld6.h>
#include <lwip/pbuf.h>
#include <lwip/priv/nd6_priv.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/raw.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <lwip/udp.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::netstack::lwip {
namespace {

using memory::slab::Store;

struct Kind {
    Store store;
    std::size_t most;
    std::size_t used = 0;
};

[[clang::no_destroy]] constinit Kind kinds[] = {  // lwIP keeps some to the end
#define LWIP_MEMPOOL(name, number, size, text) {{size, MEM_ALIGNMENT, 1}, number},
#include <lwip/priv/memp_std.h>
};
static_assert(std::size(kinds) == MEMP_MAX);

}  // namespace
}  // namespace unicore::netstack::lwip

using unicore::netstack::lwip::kinds;

extern "C" {

void memp_init(void) {}

void* memp_malloc(memp_t type) {
    auto& kind = kinds[type];
    if (kind.used >= kind.most) return nullptr;
    const auto object = kind.store.take();
    if (!object) return nullptr;
    ++kind.used;
    return *object;
}

void memp_free(memp_t type, void* object) {
    if (object == nullptr) return;
    --kinds[type].used;
    kinds[type].store.give_back(object);
}

}
