// SPDX-License-Identifier: BSD-3-Clause
/// Page tables of a PV domain. The hypervisor checks and makes every change; the tables themselves
/// can be read only. Addresses follow each other as the domain's pages do: page n lies n pages behind
/// the image's first. Machine frames come in any order.
/// [Xen, xen/include/public/xen.h, HYPERVISOR_mmu_update]
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>

#include <xen/xen.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::platform::xen::pv {

/// Entry bits. [Intel SDM vol. 3A, 4.5; a PV domain runs in ring 3]
inline constexpr std::uint64_t present = 1 << 0, writable = 1 << 1, user = 1 << 2, accessed = 1 << 5, dirty = 1 << 6;
inline constexpr std::uint64_t no_execute = std::uint64_t{1} << 63;
inline constexpr std::uint64_t read_only = present | user | accessed | no_execute;
inline constexpr std::uint64_t read_write = read_only | writable | dirty;
inline constexpr std::uint64_t execute = present | user | accessed;

/// Takes over what the domain builder made: for frame_of, and the tables themselves.
void start(const start_info& info) noexcept;

/// The machine frame behind an address.
xen_pfn_t& frame_of(std::uintptr_t address) noexcept;
inline constexpr xen_pfn_t no_frame = ~xen_pfn_t{0};

/// Gives every page that the domain builder mapped the right that it should have, one at a time.
void protect() noexcept;

/// As platform::commit.
Result<MemoryRange> commit(MemoryRange range) noexcept;

/// Makes pages that the hypervisor mapped for us not executable.
void forbid_execution(std::span<void* const> pages) noexcept;

/// Sets the entry of an address that has one. Errors: as the hypervisor has it.
Result<void> set_entry(std::uintptr_t address, std::uint64_t entry) noexcept;

}  // namespace unicore::platform::xen::pv
