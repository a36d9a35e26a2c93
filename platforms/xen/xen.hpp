// SPDX-License-Identifier: BSD-3-Clause
/// What the sources of this platform share.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/xen/guest.hpp>

#include <xen/memory.h>

#include <cstddef>
#include <cstdint>
#include <span>

/// The page that hypervisor and domain share. [Xen, xen/include/public/xen.h, shared_info]
extern "C" unsigned char unicore_xen_shared_info[];

namespace unicore::platform::xen {

namespace guest = unicore::xen::guest;

/// Which of x86's two entries it was. Set before anything else.
extern constinit bool pv_domain;

/// What the domain was started with, filled in by the entry.
struct Parameters {
    bool initial = false;
    guest::Connection console{};
    guest::Connection store{};
};
extern constinit Parameters parameters;

/// Asks the hypervisor where console and store are, in a domain whose memory is mapped to itself.
void ask_for_connections() noexcept;

/// Brings in the shared page, in a PV domain the one at `machine_address`, with events masked.
void share(std::uint64_t machine_address) noexcept;

/// Frames behind pages. What an architecture has to do when they come and go is its own.
namespace frames {

/// The number by which memory operations name a page of ours: a PV domain's own, else its physical address's.
xen_pfn_t number_of(const void* page) noexcept;

/// Ends the mapping of a page whose frame the hypervisor is about to get; returns whether it could.
bool take_away(void* page) noexcept;
/// Its frame is the hypervisor's now.
void forget(void* page) noexcept;
/// Maps `frame` at `page`, where nothing is; returns whether it could.
bool put(void* page, xen_pfn_t frame) noexcept;

/// An operation's argument, on single pages of this domain.
xen_memory_reservation reservation(xen_pfn_t* list, std::size_t count) noexcept;

/// Puts a page of the hypervisor's (XENMAPSPACE_*) in the place of ours, in a domain whose addresses the
/// hypervisor translates. Errors: as it has them.
Result<void> place(void* page, unsigned space, unsigned index) noexcept;

}  // namespace frames
}  // namespace unicore::platform::xen
