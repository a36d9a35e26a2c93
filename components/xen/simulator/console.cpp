// SPDX-License-Identifier: BSD-3-Clause
#include "console.hpp"

#include "hypervisor.hpp"

#include <xen/io/console.h>

#include <algorithm>
#include <atomic>

namespace unicore::xen::simulator {
namespace {

std::uint32_t load(const XENCONS_RING_IDX& index) { return __atomic_load_n(&index, __ATOMIC_ACQUIRE); }
void store(XENCONS_RING_IDX& index, std::uint32_t value) { __atomic_store_n(&index, value, __ATOMIC_RELEASE); }

/// Nonsense in the indices makes it read nothing, as the real one. [Xen, tools/console/daemon/io.c, buffer_append]
bool collect(xencons_interface& ring, std::string& text) {
    const std::uint32_t consumed = load(ring.out_cons), produced = load(ring.out_prod);
    const std::uint32_t size = produced - consumed;
    if (size == 0 || size > sizeof ring.out) return false;
    for (std::uint32_t i = consumed; i != produced; ++i) text += ring.out[MASK_XENCONS_IDX(i, ring.out)];
    store(ring.out_cons, produced);
    return true;
}

bool type(xencons_interface& ring, std::string& text) {
    const std::uint32_t consumed = load(ring.in_cons), produced = load(ring.in_prod);
    const std::uint32_t used = produced - consumed;
    if (text.empty() || used > sizeof ring.in) return false;
    const auto count = static_cast<std::uint32_t>(std::min(text.size(), sizeof ring.in - used));
    for (std::uint32_t i = 0; i != count; ++i) ring.in[MASK_XENCONS_IDX(produced + i, ring.in)] = text[i];
    text.erase(0, count);
    store(ring.in_prod, produced + count);
    return count != 0;
}

}  // namespace

void ConsoleDaemon::on_event(Attachment& attachment) {
    DomainState& domain = Hypervisor::state_of(attachment.domain());
    auto& ring = *reinterpret_cast<xencons_interface*>(attachment.page().data());
    const bool collected = collect(ring, domain.console_output);
    const bool typed = type(ring, domain.console_input);
    if (collected || typed) attachment.notify();
}

}  // namespace unicore::xen::simulator
