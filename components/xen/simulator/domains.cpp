// SPDX-License-Identifier: BSD-3-Clause
// How domains come and go.
#include "hypervisor.hpp"

#include <unicore/base/units.hpp>
#include <unicore/platform/host/images.hpp>
#include <unicore/platform/interrupts.hpp>

#include <algorithm>
#include <cstdlib>
#include <ranges>
#include <utility>

#include <sys/mman.h>

namespace unicore::xen::simulator {
namespace {

constexpr std::size_t reservation_alignment = std::size_t{2} << 20;

void reserve(DomainState& domain, std::size_t pages) {
    domain.reservation_size = pages * page_size + reservation_alignment;
    domain.reservation = mmap(nullptr, domain.reservation_size, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (domain.reservation == MAP_FAILED) std::abort();
    const auto start = reinterpret_cast<std::uintptr_t>(domain.reservation);
    domain.base = reinterpret_cast<std::byte*>(align_up(start, reservation_alignment));
    domain.pages.resize(pages);
}

std::size_t count_pages(const DomainState& domain, Page::Kind kind) {
    return static_cast<std::size_t>(
        std::ranges::count(domain.pages | std::views::drop(DomainState::first_page), kind, &Page::kind));
}

}  // namespace

DomainState::~DomainState() {
    fiber.reset();
    munmap(reservation, reservation_size);
}

Connection::Connection(Hypervisor& hypervisor, Domain& domain, Service& service, Frame frame)
    : hypervisor_(hypervisor), domain_(domain), service_(service), frame_(frame) {
    hypervisor_.frames.retain(frame_);
}

Connection::~Connection() { hypervisor_.frames.release(frame_); }

Simulation& Connection::simulation() noexcept { return hypervisor_.simulation; }

std::span<std::byte> Connection::page() noexcept { return {hypervisor_.frames.at(frame_), page_size}; }

void Connection::notify() {
    DomainState& state = Hypervisor::state_of(domain_);
    if (const Port* const end = state.port_at(port); end != nullptr && end->service == this)
        hypervisor_.raise(state, port);
}

Domain& Hypervisor::build(DomainConfiguration configuration) {
    auto state = std::make_unique<DomainState>();
    DomainState& d = *state;
    const auto taken = [&](domid_t id) {
        return std::ranges::any_of(domains, [&](const auto& other) { return other->id() == id; });
    };
    d.id = configuration.id.value_or(1);
    while (taken(d.id)) ++d.id;
    d.name = configuration.name.empty() ? "d" + std::to_string(d.id) : configuration.name;
    d.image = ++images_;
    d.configuration = std::move(configuration);

    const std::size_t pages = DomainState::first_page + d.configuration.memory_pages;
    reserve(d, pages);
    std::vector<Frame> owned(pages);
    for (Frame& frame : owned) {
        const auto allocated = frames.allocate(d.id);
        if (!allocated) std::abort();
        frame = *allocated;
    }
    if (d.paravirtual())
        for (std::size_t i = pages; i > 1; --i) std::swap(owned[i - 1], owned[random.below(i)]);
    for (std::size_t page = 0; page < pages; ++page)
        place(d, page, page == DomainState::shared_page ? Page::Kind::hypervisor : Page::Kind::memory, owned[page]);
    d.frames_owned = pages - 1;
    d.configuration.maximum_pages = std::max(d.configuration.maximum_pages, d.configuration.memory_pages) + 2;
    d.pool.emplace(d.base, DomainState::first_page, pages);

    d.ports.resize(DomainState::ports_per_bucket);
    d.ports[0].state = Port::State::reserved;
    d.shared() = {};
    d.vcpu().evtchn_upcall_mask = d.paravirtual();
    d.shared().wc_sec = 1'700'000'000;
    publish_time(d);

    domains.emplace_back(new Domain(std::move(state)));
    Domain& domain = *domains.back();
    grow_grant_table(d, 1);
    evtchn_port_t next = 1;
    const auto attach = [&](std::optional<Connection>& connection, Service* service, std::size_t page,
                            grant_ref_t reference) {
        if (service == nullptr) return;
        connection.emplace(*this, domain, *service, owned[page]);
        connection->port = next;
        d.ports[next] = {.state = Port::State::interdomain, .remote_port = next, .service = &*connection};
        ++next;
        // Granted to dom0, by the number that a domain itself has for the frame.
        const xen_pfn_t frame = d.paravirtual() ? owned[page] : DomainState::first_guest_frame + page;
        *grant_entry(d, reference) = {
            .flags = GTF_permit_access, .domid = 0, .frame = static_cast<std::uint32_t>(frame)};
        service->on_attach(*connection);
    };
    std::fill_n(static_cast<std::byte*>(d.address_of(DomainState::console_page)), 2 * page_size, std::byte{});
    attach(d.store, d.configuration.store, DomainState::store_page, GNTTAB_RESERVED_XENSTORE);
    attach(d.console, d.configuration.console != nullptr ? d.configuration.console : &console,
           DomainState::console_page, GNTTAB_RESERVED_CONSOLE);

    d.fiber = std::make_unique<Fiber>([this, &d] {
        if (d.configuration.main) d.configuration.main();
        shut_down(d, SHUTDOWN_poweroff);
    });
    return domain;
}

void Hypervisor::shut_down(DomainState& domain, unsigned reason) {
    domain.activity = DomainState::Activity::shut_down;
    domain.shutdown_reason = reason;
    domain.timer.reset();
    domain.poll_timeout.reset();
    trace.add(domain.name + ": shut down, reason " + std::to_string(reason));
}

void Hypervisor::destroy(DomainState& domain) {
    if (domain.activity == DomainState::Activity::destroyed) return;
    trace.add(domain.name + ": destroyed");
    domain.activity = DomainState::Activity::destroyed;
    domain.shutdown_reason.reset();
    domain.timer.reset();
    domain.poll_timeout.reset();
    close_all_ports(domain);
    release_mappings(domain);
    for (std::size_t page = 0; page < domain.pages.size(); ++page) {
        const Page here = domain.pages[page];
        clear(domain, page);
        if (here.kind == Page::Kind::memory || page == DomainState::shared_page) frames.disown(here.frame);
    }
    domain.frames_owned = 0;
    if (&domain == current) leave();  // for ever
}

DomainState* Hypervisor::find(domid_t id) {
    for (const auto& domain : domains)
        if (domain->id() == id && (!domain->destroyed() || in_use(state_of(*domain)))) return &state_of(*domain);
    return nullptr;
}

DomainState* Hypervisor::find_any(DomainState& caller, domid_t id) {
    return id == DOMID_SELF ? &caller : find(id);
}

Domain::Usage Hypervisor::usage(const DomainState& domain) {
    Domain::Usage usage{};
    usage.frames = domain.frames_owned;
    usage.pages_taken = domain.pool->used();
    usage.ports = static_cast<std::size_t>(std::ranges::count_if(domain.ports, &Port::usable));
    usage.mappings = static_cast<std::size_t>(std::ranges::count_if(domain.mappings, &GrantMapping::used));
    if (domain.activity == DomainState::Activity::destroyed) return usage;
    usage.grant_frames = count_pages(domain, Page::Kind::hypervisor);
    const std::size_t entries = domain.active.size();
    for (grant_ref_t reference = GNTTAB_NR_RESERVED_ENTRIES; reference < entries; ++reference) {
        const grant_entry_v1& entry = *grant_entry(const_cast<DomainState&>(domain), reference);
        if ((entry.flags & GTF_type_mask) != 0) ++usage.grants;
        if (domain.active[reference].pins() != 0) ++usage.grants_in_use;
    }
    return usage;
}

std::string Hypervisor::leaks(const DomainState& domain, std::size_t kept) {
    std::string text;
    for (std::size_t port = 0; port < domain.ports.size(); ++port)
        if (domain.ports[port].usable() && domain.ports[port].service == nullptr)
            text += "port " + std::to_string(port) + " is open\n";
    const Domain::Usage used = usage(domain);
    const auto count = [&](std::size_t number, const char* what) {
        if (number != 0) text += std::to_string(number) + what;
    };
    count(used.grants, " entries grant something\n");
    count(used.grants_in_use, " grants are in use\n");
    count(used.mappings, " foreign grants are mapped\n");
    if (domain.activity == DomainState::Activity::destroyed) return text;
    count(used.pages_taken - std::min(used.grant_frames + kept, used.pages_taken), " pages are taken\n");
    count(count_pages(domain, Page::Kind::nothing), " pages have no frame\n");
    return text;
}

}  // namespace unicore::xen::simulator
