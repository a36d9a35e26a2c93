// SPDX-License-Identifier: BSD-3-Clause
/// A hypervisor in one process, for tests: several domains, each running its own code against
/// xen.guest, one at a time, in an order that a seed decides.
#pragma once

#include <unicore/base/chrono.hpp>
#include <unicore/xen/simulator/faults.hpp>
#include <unicore/xen/simulator/service.hpp>

#include <cstdint>  // which Xen's headers need

#include <xen/event_channel.h>
#include <xen/xen.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace unicore::xen::simulator {

class Hypervisor;
struct DomainState;

/// How a domain is built.
struct DomainConfiguration {
    std::string name{};                ///< in traces and reports; "d3" when empty
    std::optional<domid_t> id{};       ///< the next free one from 1 on when empty; 0 is dom0
    bool paravirtual = false;          ///< PV: frame numbers are machine frames in no order
    std::size_t memory_pages = 64;     ///< frames that it starts with, and what memory.pages hands out
    std::size_t maximum_pages = 0;     ///< how many frames it may have; memory_pages when 0
    std::uint32_t grant_frames = 64;   ///< the most frames of its grant table
    evtchn_port_t last_port = 1023;    ///< as the toolstack sets it (xl.cfg, event_channels)
    Service* console = nullptr;        ///< at its console ring; the simulation's own when null
    Service* store = nullptr;          ///< at its store ring; without one it has no store
    bool background = false;           ///< a run need not wait for its end
    std::function<void()> main{};      ///< its code; its return is a SHUTDOWN_poweroff
};

/// A domain. Lives as long as its simulation, also after it was destroyed.
class Domain {
public:
    domid_t id() const noexcept;
    const std::string& name() const noexcept;

    /// Why it shut itself down (SHUTDOWN_*); nothing while it runs, and when it was destroyed.
    std::optional<unsigned> shutdown_reason() const noexcept;
    bool destroyed() const noexcept;
    /// Whether its code runs no more.
    bool ended() const noexcept;

    /// What it wrote to its console ring and with console_io, unless another service has its console.
    const std::string& console_output() const noexcept;
    /// Types at its console.
    void console_input(std::string_view text);

    /// What it holds beyond what it was started with, one thing a line; empty when there is nothing:
    /// open ports, entries of its grant table that grant something, foreign grants that it mapped,
    /// pages taken from memory.pages, frames given to the hypervisor and not taken back. Pages that
    /// became grant frames and ports of its services do not count, nor do `kept` pages, which
    /// components keep for good (xen.grants one for each grant frame).
    std::string leaks(std::size_t kept = 0) const;

    /// Counts of what is there now.
    struct Usage {
        std::size_t frames;         ///< that it owns
        std::size_t pages_taken;    ///< from memory.pages, grant frames included
        std::size_t grant_frames;   ///< that have a place in its memory
        std::size_t ports;          ///< open, those of its services included
        std::size_t grants;         ///< entries that grant something, the toolstack's excluded
        std::size_t grants_in_use;  ///< of them, mapped by another domain
        std::size_t mappings;       ///< of foreign grants
    };
    Usage usage() const;

    ~Domain();
    Domain(const Domain&) = delete;
    Domain& operator=(const Domain&) = delete;

private:
    friend class Hypervisor;
    explicit Domain(std::unique_ptr<DomainState> state);

    std::unique_ptr<DomainState> state_;
};

/// How a run ended.
struct Outcome {
    enum class End {
        finished,    ///< all domains that are not in the background have ended
        deadlock,    ///< everybody waits, and nothing will come
        step_limit,  ///< too many steps: a livelock, or a limit too small
    };
    End end;
    std::string report;  ///< what each domain does, for a message
    bool finished() const noexcept { return end == End::finished; }
};

/// The hypervisor with its domains. One at a time in a process.
class Simulation {
public:
    /// All that is left to chance follows from `seed`: the same seed gives the same run.
    explicit Simulation(std::uint64_t seed);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /// May be called before the run and during it, also by domains and services.
    Domain& add_domain(DomainConfiguration configuration);
    /// Takes a domain away at once, wherever it is: its ports close, its grants and mappings go.
    void destroy(Domain& domain);

    /// The domain of this number that was not destroyed; null when there is none.
    Domain* find(domid_t id) noexcept;

    /// Runs domains and services until an end. An exception that leaves a domain's main leaves this.
    Outcome run(std::uint64_t most_steps = 1'000'000);

    /// Injects faults from now on; replaces those that were injected before.
    void fault(Faults faults);

    /// Virtual time since the start, which domains see as system time. It stands still while anybody
    /// has something to do: it goes on when all wait, or for long did nothing but SCHEDOP_yield.
    std::chrono::nanoseconds now() const noexcept;
    std::uint64_t steps() const noexcept;
    /// Runs `action` when it is `time`, or after `steps` more steps, between the domains' code.
    void at(std::chrono::nanoseconds time, std::function<void()> action);
    void after_steps(std::uint64_t steps, std::function<void()> action);

    /// A number below `bound` from the seed, for tests that want their own chance replayed.
    std::uint64_t random(std::uint64_t bound);

    /// Hypercalls of all domains and lines of `trace`, without anything that differs between runs of
    /// the same seed: no addresses, and frames numbered as they appear.
    const std::string& trace() const noexcept;
    /// Whether hypercalls are written to the trace; they are.
    void tracing(bool on) noexcept;

    Hypervisor& hypervisor() noexcept { return *hypervisor_; }

private:
    std::unique_ptr<Hypervisor> hypervisor_;
};

/// The domain whose code runs now. For code of domains.
Domain& current();
/// Writes a line to the trace, with the name of the domain whose code runs now.
void trace(std::string_view line);
/// A place where another domain may go on. For domains' code that only reads and writes memory;
/// hypercalls, barriers and the end of masked sections are such places anyway.
void pause();

}  // namespace unicore::xen::simulator
