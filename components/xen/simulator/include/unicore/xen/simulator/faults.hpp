// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace unicore::xen::simulator {

class Domain;

/// Hypercalls that fail without having done anything.
struct FailingHypercall {
    static constexpr unsigned any = std::numeric_limits<unsigned>::max();

    unsigned number = any;   ///< __HYPERVISOR_*
    unsigned command = any;  ///< its first argument
    int error = 12;          ///< a XEN_E* number, positive; for grant-table operations see `status`
    /// For GNTTABOP_*: not zero lets the hypercall succeed with this GNTST_* status in one operation.
    int status = 0;
    double probability = 1;
    unsigned times = any;             ///< how often at most
    const Domain* domain = nullptr;   ///< whose; anybody's when null
};

/// What goes wrong, with probabilities from 0 to 1. Real hypervisors do not lose events, so a domain
/// may hang for it, but it must not break.
struct Faults {
    double lost_events = 0;
    double duplicated_events = 0;  ///< a second one comes later
    double delayed_events = 0;     ///< by up to `longest_delay`
    std::chrono::nanoseconds longest_delay = std::chrono::milliseconds(10);
    double spurious_events = 0;    ///< for each step: an open port becomes pending for nothing
    double spurious_wake_ups = 0;  ///< of a domain that waits, for each wait
    double withdrawn_grants = 0;   ///< for each use of a grant: its entry is gone already
    double destroyed_domains = 0;  ///< for each step: one of `victims` is destroyed
    std::vector<Domain*> victims{};
    double failing_frames = 0;     ///< for each frame that a domain asks for: there is none
    double stuck_frames = 0;       ///< for each frame that a domain gives back: it keeps it
    std::vector<FailingHypercall> hypercalls{};
};

}  // namespace unicore::xen::simulator
