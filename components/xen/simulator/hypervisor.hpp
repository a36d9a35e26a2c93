// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "console.hpp"
#include "domain_state.hpp"
#include "frames.hpp"
#include "guest_memory.hpp"
#include "random.hpp"
#include "trace.hpp"

#include <unicore/xen/simulator.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace unicore::xen::simulator {

/// The machine, its domains, and whose turn it is. What domains ask of it stands in the files named
/// after the hypercalls.
class Hypervisor {
public:
    Hypervisor(Simulation& simulation, std::uint64_t seed);
    ~Hypervisor();

    // domains.cpp
    Domain& build(DomainConfiguration configuration);
    void destroy(DomainState& domain);
    void shut_down(DomainState& domain, unsigned reason);
    /// The domain of this number: alive, or dying while its memory is in use. Null when there is none.
    DomainState* find(domid_t id);
    /// The same, where DOMID_SELF may stand for the caller.
    DomainState* find_any(DomainState& caller, domid_t id);
    static DomainState& state_of(const Domain& domain) { return *domain.state_; }
    std::string leaks(const DomainState& domain, std::size_t kept);
    Domain::Usage usage(const DomainState& domain);

    // schedule.cpp
    Outcome run(std::uint64_t most_steps);
    /// A place where the domain whose code runs may be preempted, and where it takes its upcalls.
    void pause();
    /// The domain's code goes no further for now.
    void leave();
    /// What blocks until an event, with the mask open.
    void wait();
    void deliver(DomainState& domain);
    void wake(DomainState& domain);
    std::string report();

    // events.cpp
    /// Sends an event, or what faults make of it.
    void raise(DomainState& domain, evtchn_port_t port);
    void raise(Connection& connection);
    void set_pending(DomainState& domain, evtchn_port_t port);
    void mark_pending(DomainState& domain);
    void close_all_ports(DomainState& domain);
    bool can_deliver(DomainState& domain);
    void spurious_event();

    // grants.cpp
    bool grow_grant_table(DomainState& domain, std::size_t frames);
    grant_entry_v1* grant_entry(DomainState& domain, grant_ref_t reference);
    void release_mappings(DomainState& domain);
    bool in_use(const DomainState& domain);

    // memory.cpp
    void place(DomainState& domain, std::size_t page, Page::Kind kind, Frame frame, bool writable = true);
    void clear(DomainState& domain, std::size_t page);
    /// The page that the domain itself calls by this frame number, if it has memory or a table there.
    std::optional<std::size_t> page_of(const DomainState& domain, xen_pfn_t frame);

    // time.cpp
    void publish_time(DomainState& domain);
    void set_timer(DomainState& domain, std::uint64_t time);
    void advance(std::uint64_t time);
    std::optional<std::uint64_t> next_expiry();
    void expire();

    struct Action {
        std::uint64_t due;
        std::function<void()> run;
    };

    Simulation& simulation;
    Random random;
    Frames frames;
    GuestMemory guest;
    Trace trace;
    Faults faults;
    ConsoleDaemon console;
    std::vector<std::unique_ptr<Domain>> domains;
    DomainState* current = nullptr;
    std::uint64_t now = 0, steps = 0;
    std::uint64_t yields = 0;  ///< since the last other hypercall of anybody
    std::vector<Action> timed, stepped;

private:
    void run_actions(std::vector<Action>& actions, std::uint64_t reached);
    void inject();
    void serve(Connection& connection);
    void enter(DomainState& domain);
    void bury();
    /// Lets somebody go on who can; false when nobody can.
    bool run_somebody();
    /// Goes to the next time at which something happens; false when nothing will.
    bool run_time();
    bool all_ended() const;

    std::uint64_t step_limit_ = 0;
    unsigned images_ = 0;
    std::exception_ptr failure_;
};

/// The one of this process; null when there is no simulation.
Hypervisor*& the_hypervisor() noexcept;

}  // namespace unicore::xen::simulator
