// SPDX-License-Identifier: BSD-3-Clause
#include "hypervisor.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/units.hpp>
#include <unicore/xen/simulator/pool.hpp>

#include <algorithm>

namespace unicore::xen::simulator::pool {
namespace {

DomainState& self() {
    UNICORE_ASSERT(the_hypervisor() != nullptr && the_hypervisor()->current != nullptr);
    return *the_hypervisor()->current;
}

}  // namespace

std::byte* take(std::size_t count, std::size_t alignment) {
    DomainState& domain = self();
    const auto page = domain.pool->take(count, alignment);
    if (!page) return nullptr;
    auto* const first = static_cast<std::byte*>(domain.address_of(*page));
    std::fill_n(first, count * page_size, std::byte{0xa5});
    return first;
}

bool taken(const std::byte* first, std::size_t count) {
    const DomainState& domain = self();
    for (std::size_t i = 0; i < count; ++i) {
        const auto page = domain.page_at(reinterpret_cast<std::uintptr_t>(first + i * page_size));
        if (!page || !domain.pool->taken(*page) || domain.pages[*page].kind != Page::Kind::memory) return false;
    }
    return true;
}

void give_back(const std::byte* first, std::size_t count) {
    DomainState& domain = self();
    domain.pool->give_back(*domain.page_at(reinterpret_cast<std::uintptr_t>(first)), count);
}

Usage usage() { return {self().pool->total(), self().pool->used()}; }

}  // namespace unicore::xen::simulator::pool
