// SPDX-License-Identifier: BSD-3-Clause
/// All that the hypervisor knows of a domain.
#pragma once

#include "fiber.hpp"
#include "frames.hpp"
#include "page_pool.hpp"

#include <unicore/xen/simulator.hpp>

#include <cstdint>  // which Xen's headers need

#include <xen/event_channel.h>
#include <xen/grant_table.h>
#include <xen/sched.h>
#include <xen/xen.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace unicore::xen::simulator {

/// A connection to a service, both ends of it.
class Connection final : public Attachment {
public:
    /// Has `frame`, whatever the domain does with its own view of it.
    Connection(Hypervisor& hypervisor, Domain& domain, Service& service, Frame frame);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    Domain& domain() noexcept override { return domain_; }
    Simulation& simulation() noexcept override;
    std::span<std::byte> page() noexcept override;
    void notify() override;

    Service& service() noexcept { return service_; }
    Frame frame() const noexcept { return frame_; }

    evtchn_port_t port = 0;  ///< the domain's
    bool pending = false;    ///< the service has an event to look at

private:
    Hypervisor& hypervisor_;
    Domain& domain_;
    Service& service_;
    Frame frame_;
};

/// An event channel's end. [Xen, xen/common/event_channel.c, struct evtchn]
struct Port {
    enum class State : std::uint8_t { free, reserved, unbound, interdomain, virq, ipi };
    State state = State::free;
    domid_t remote_domain = 0;  ///< interdomain and unbound
    evtchn_port_t remote_port = 0;
    unsigned virq = 0;
    Connection* service = nullptr;  ///< whose other end is no domain's

    bool usable() const noexcept { return state > State::reserved; }
};

/// What Xen keeps of a grant that is in use. [Xen, xen/common/grant_table.c, struct active_grant_entry]
struct ActiveGrant {
    unsigned readers = 0, writers = 0;  ///< mappings, and copies while they run
    domid_t domain = 0;
    Frame frame = 0;
    unsigned pins() const noexcept { return readers + writers; }
};

/// A mapping of a foreign grant; the handle is its index. [Xen, struct grant_mapping]
struct GrantMapping {
    bool used = false;
    bool writable = false;
    domid_t granter = 0;
    grant_ref_t reference = 0;
    Frame frame = 0;
    std::size_t page = 0;
};

/// What is at a page of a domain's memory.
struct Page {
    enum class Kind : std::uint8_t { nothing, memory, hypervisor, foreign };
    Kind kind = Kind::nothing;
    Frame frame = 0;
};

struct DomainState {
    enum class Activity { ready, waiting, polling, shut_down, destroyed };

    // Pages of a domain's memory, by index.
    static constexpr std::size_t shared_page = 0, console_page = 1, store_page = 2, first_page = 3;
    /// The guest frame number of page 0 of a PVH domain, and the pseudo-physical one of a PV domain.
    static constexpr xen_pfn_t first_guest_frame = 0x100;
    static constexpr std::size_t ports_per_bucket = 64;

    ~DomainState();

    DomainConfiguration configuration;
    domid_t id = 0;
    std::string name;
    unsigned image = 0;
    Activity activity = Activity::ready;
    std::optional<unsigned> shutdown_reason;
    std::unique_ptr<Fiber> fiber;
    std::optional<Connection> console, store;

    // Memory.
    std::byte* base = nullptr;
    void* reservation = nullptr;
    std::size_t reservation_size = 0;
    std::vector<Page> pages;
    std::optional<PagePool> pool;
    std::size_t frames_owned = 0;

    // Events. `edge` is what a PVH domain's local APIC has latched.
    std::vector<Port> ports;
    std::array<evtchn_port_t, 24> virqs{};
    void (*upcall)() noexcept = nullptr;
    bool edge = false;
    evtchn_port_t polled_port = 0;  ///< 0: any
    std::optional<std::uint64_t> timer, poll_timeout;

    // Grants.
    std::vector<Frame> grant_frames;
    std::vector<std::optional<std::size_t>> grant_frame_pages;  ///< where they were placed
    std::vector<ActiveGrant> active;
    std::vector<GrantMapping> mappings;

    std::string console_output, console_input;

    bool ended() const noexcept { return activity == Activity::shut_down || activity == Activity::destroyed; }
    bool paravirtual() const noexcept { return configuration.paravirtual; }
    shared_info& shared() const noexcept { return *reinterpret_cast<shared_info*>(base + shared_page * page_size); }
    vcpu_info& vcpu() const noexcept { return shared().vcpu_info[0]; }
    Port* port_at(evtchn_port_t port) noexcept { return port < ports.size() ? &ports[port] : nullptr; }
    /// The page whose start is at `address`.
    std::optional<std::size_t> page_at(std::uintptr_t address) const noexcept {
        const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(base);
        if (offset % page_size != 0 || offset / page_size >= pages.size()) return {};
        return offset / page_size;
    }
    void* address_of(std::size_t page) const noexcept { return base + page * page_size; }
};

}  // namespace unicore::xen::simulator
