// SPDX-License-Identifier: BSD-3-Clause
// Addresses for functions that have none. What others have is never asked of them, which would stop them for a moment:
// an address is a multiple of its register's size, so its lowest bit says how far it reaches at most.
#include "assign.hpp"

#include <unicore/arch/mapping.hpp>

#include <algorithm>

namespace unicore::bus::pci {
namespace {

/// Of each window: how much of its beginning is taken. Firmware gives addresses from there upwards, as this does.
constinit std::array<std::uint64_t, space::most_windows> taken{};
constinit bool looked = false;

/// [`base`, `base` + `size`) belongs to somebody.
void take(std::uint64_t base, std::uint64_t size) noexcept {
    for (unsigned i = 0; const auto window = space::window(i); ++i) {
        const std::uint64_t inside = base - window->base;
        if (base < window->base || inside >= window->size) continue;
        taken[i] = std::max(taken[i], size < window->size - inside ? inside + size : window->size);
    }
}

void take_bars(const Function& function) noexcept {
    const unsigned count = function.bars();
    for (unsigned i = 0; i < count; ++i) {
        const std::uint32_t value = function.read(offset::bars + 4 * i);
        if ((value & 1) != 0) continue;
        std::uint64_t address = value & ~std::uint32_t{15};
        if ((value & 6) == 4 && ++i < count) address |= std::uint64_t{function.read(offset::bars + 4 * i)} << 32;
        take(address, address & (0 - address));
    }
}

/// What a bridge passes on, in units of 1 MiB: base and limit, 12 bits each. [PCI-to-PCI Bridge 1.2, 3.2.5.8, 3.2.5.9]
void take_passed_on(const Function& bridge, unsigned at, bool wide) noexcept {
    const std::uint32_t value = bridge.read(at);
    std::uint64_t base = (value & 0xfff0) << 16, limit = (value & 0xfff0'0000) | 0xf'ffff;
    if (wide && (value & 1) != 0) {
        base |= std::uint64_t{bridge.read(at + 4)} << 32;
        limit |= std::uint64_t{bridge.read(at + 8)} << 32;
    }
    if (base <= limit) take(base, limit - base + 1);
}

Result<void> look() noexcept {
    if (looked) return {};
    Walk walk = UNICORE_TRY(Walk::create());
    while (const auto function = walk.next()) {
        take_bars(*function);
        if (!function->is_bridge()) continue;
        take_passed_on(*function, offset::bridge_memory, false);
        take_passed_on(*function, offset::bridge_prefetchable, true);
    }
    looked = true;
    return {};
}

}  // namespace

Result<void> assign(const Function& function, unsigned index, const Bar& bar) noexcept {
    if (function.address().bus() != UNICORE_TRY(space::open()).first) return unexpected(Error::unsupported);
    constexpr std::uint64_t most = std::uint64_t{1} << 47;  // of a register: what is larger cannot be reached anyway
    for (unsigned i = 0; const auto window = space::window(i); ++i) {
        if (!window->free || (window->prefetchable && !bar.prefetchable) || bar.size > most) continue;
        UNICORE_TRY(look());
        // Aligned as the function sees it, and within all that has a say.
        const std::uint64_t base = (window->base + taken[i] + bar.size - 1) & ~(bar.size - 1);
        const std::uint64_t inside = base - window->base;
        if (base < window->base || base == 0 || inside > window->size || bar.size > window->size - inside) continue;
        if (!bar.wide && base + bar.size - 1 > UINT32_MAX) continue;
        if (window->physical + inside + bar.size > arch::mapping_end) continue;
        taken[i] = inside + bar.size;
        const unsigned at = offset::bars + 4 * index;
        function.write(at, static_cast<std::uint32_t>(base));
        if (bar.wide) function.write(at + 4, static_cast<std::uint32_t>(base >> 32));
        return {};
    }
    return unexpected(Error::unsupported);
}

}  // namespace unicore::bus::pci
