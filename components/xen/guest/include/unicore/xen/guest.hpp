// SPDX-License-Identifier: BSD-3-Clause
/// What a Xen domain sees of its hypervisor. Provided by platform.xen, and on the host by a simulated
/// hypervisor, so that whatever is built on it runs against both.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/xen/guest/shared.hpp>

#include <xen/event_channel.h>
#include <xen/xen.h>

#include <cstddef>
#include <cstdint>
#include <span>

/// The gate to the hypervisor, with the number behind the arguments: yields what the hypercall
/// returns, a negative errno value for most failures. Use xen/hypercall.hpp, which is typed.
/// Context: any. [Xen, xen/include/public/arch-x86/xen-x86_64.h,
/// "Hypercall interface"; xen/include/public/arch-arm.h, "Hypercall Calling Convention"]
extern "C" std::int64_t unicore_xen_hypercall(std::uintptr_t first, std::uintptr_t second, std::uintptr_t third,
                                              std::uintptr_t fourth, std::uintptr_t fifth, unsigned number) noexcept;

namespace unicore::xen::guest {

/// The page that hypervisor and domain share: pending and masked event channels, time. The other
/// side writes to it at any moment. Context: any.
Shared& shared() noexcept;

/// Whether this is a PV domain, whose page tables hold machine frames, rather than any other.
bool paravirtual() noexcept;

/// Whether this is the initial domain, or one that the hypervisor started like it: no toolstack, so no console ring
/// and no xenstore, but the hypervisor's own console.
bool initial() noexcept;

/// A page shared with a service of the toolstack, and its event channel.
struct Connection {
    void* page;  ///< null when there is none
    evtchn_port_t port;
};
Connection console() noexcept;
Connection store() noexcept;

/// What runs when event channels are pending: masked, in interrupt context. Set once, before
/// anything is bound. Until then events stay pending. Context: thread.
/// Errors: unsupported when the hypervisor cannot deliver them.
Result<void> set_upcall(void (*upcall)() noexcept) noexcept;

/// The frame number by which the hypervisor and other domains know a page of this domain: a machine
/// frame in a PV domain, else a guest frame. Context: any.
xen_pfn_t frame_of(const void* page) noexcept;

/// Puts frame `index` of the grant table in the place of `page`, page-aligned and of the image; the
/// frame that was there goes back to the hypervisor. Context: thread. Errors: out_of_memory, unsupported.
Result<void> place_grant_frame(unsigned index, void* page) noexcept;

/// How many pages the domain was built with, as the toolstack counts them in memory/static-max and, at
/// first, in memory/target: what the builder and the hypervisor add for themselves is not among them.
/// Context: any.
PageCount memory() noexcept;

/// Clears `pages`, which others may get as they are, and gives the frames behind them back to the
/// hypervisor. The addresses stay this domain's, with nothing there: foreign grants may be mapped at
/// them. Returns how many it gave, from the front; the others still have theirs, with undefined
/// contents. Context: thread, masked or not.
std::size_t give_frames(std::span<void* const> pages) noexcept;

/// Takes frames from the hypervisor and puts them behind `pages`, where there is nothing; contents
/// are undefined. Returns how many it got, from the front; at the others there is still nothing.
/// Context: thread, masked or not.
std::size_t take_frames(std::span<void* const> pages) noexcept;

/// Called after foreign grants were mapped at `pages`: makes them not executable.
void protect_foreign(std::span<void* const> pages) noexcept;

}  // namespace unicore::xen::guest
