// SPDX-License-Identifier: BSD-3-Clause
// Grant tables, version 1. [Xen, xen/common/grant_table.c]
#include "calls.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace unicore::xen::simulator {
namespace {

constexpr unsigned most_pins = 128;  // counted in a byte each, of which the highest bit says that it is full
constexpr std::size_t entries_per_frame = page_size / sizeof(grant_entry_v1);

/// Marks an entry as used by `domain`, when it lets it. [Xen, _set_status_v1]
std::int16_t set_status(grant_entry_v1& entry, bool pinned, bool writable, domid_t domain) {
    const std::uint16_t type_mask = GTF_type_mask | GTF_sub_page;
    for (;;) {
        grant_entry_v1 now, next;
        std::uint32_t before, after;
        before = __atomic_load_n(reinterpret_cast<std::uint32_t*>(&entry), __ATOMIC_ACQUIRE);
        std::memcpy(&now, &before, sizeof before);  // flags and domid
        if (!pinned && ((now.flags & type_mask) != GTF_permit_access || now.domid != domain))
            return GNTST_general_error;
        next = now;
        next.flags |= GTF_reading;
        if (writable) {
            next.flags |= GTF_writing;
            if ((now.flags & GTF_readonly) != 0) return GNTST_general_error;
        }
        std::memcpy(&after, &next, sizeof after);
        if (__atomic_compare_exchange_n(reinterpret_cast<std::uint32_t*>(&entry), &before, after, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return GNTST_okay;
    }
}

/// Clears what Xen set, when nobody uses the entry so any more.
void clear_status(grant_entry_v1& entry, const ActiveGrant& active) {
    std::uint16_t gone = 0;
    if (active.writers == 0) gone |= GTF_writing;
    if (active.pins() == 0) gone |= GTF_reading;
    __atomic_fetch_and(&entry.flags, static_cast<std::uint16_t>(~gone), __ATOMIC_ACQ_REL);
}

/// Pins a grant for a mapping or a copy of `domain`.
std::int16_t pin(Hypervisor& hypervisor, DomainState& granter, grant_ref_t reference, bool writable, domid_t domain) {
    grant_entry_v1* const entry = hypervisor.grant_entry(granter, reference);
    if (entry == nullptr) return GNTST_bad_gntref;
    ActiveGrant& active = granter.active[reference];
    const bool pinned = active.pins() != 0;
    if (!pinned && reference >= GNTTAB_NR_RESERVED_ENTRIES &&
        hypervisor.random.chance(hypervisor.faults.withdrawn_grants))
        *entry = {};
    if (pinned && (active.domain != domain || active.readers >= most_pins || active.writers >= most_pins))
        return GNTST_general_error;
    if (!pinned || (writable && active.writers == 0)) {
        if (const std::int16_t status = set_status(*entry, pinned, writable, domain); status != GNTST_okay)
            return status;
    }
    if (!pinned) {
        const auto page = hypervisor.page_of(granter, entry->frame);
        if (!page || granter.pages[*page].kind != Page::Kind::memory) {
            clear_status(*entry, active);
            return GNTST_bad_page;
        }
        active.domain = domain;
        active.frame = granter.pages[*page].frame;
    }
    ++(writable ? active.writers : active.readers);
    hypervisor.frames.retain(active.frame);
    return GNTST_okay;
}

void unpin(Hypervisor& hypervisor, DomainState& granter, grant_ref_t reference, bool writable) {
    ActiveGrant& active = granter.active[reference];
    --(writable ? active.writers : active.readers);
    clear_status(*hypervisor.grant_entry(granter, reference), active);
    hypervisor.frames.release(active.frame);
}

std::int16_t map(Call& call, gnttab_map_grant_ref& op) {
    Hypervisor& hypervisor = call.hypervisor;
    const bool writable = (op.flags & GNTMAP_readonly) == 0;
    if ((op.flags & (GNTMAP_host_map | GNTMAP_device_map)) == 0) return GNTST_bad_gntref;
    if ((op.flags & (GNTMAP_device_map | GNTMAP_application_map | GNTMAP_contains_pte)) != 0)
        return GNTST_general_error;
    DomainState* const granter = hypervisor.find(op.dom);
    if (granter == nullptr) return GNTST_bad_domain;
    if (const std::int16_t status = pin(hypervisor, *granter, op.ref, writable, call.domain.id); status != GNTST_okay)
        return status;
    const auto page = call.domain.page_at(op.host_addr);
    if (!page || call.domain.pages[*page].kind != Page::Kind::nothing) {
        unpin(hypervisor, *granter, op.ref, writable);
        return GNTST_general_error;
    }
    auto& mappings = call.domain.mappings;
    auto slot = std::ranges::find(mappings, false, &GrantMapping::used);
    if (slot == mappings.end()) slot = mappings.insert(slot, GrantMapping{});
    const Frame frame = granter->active[op.ref].frame;
    *slot = {.used = true, .writable = writable, .granter = op.dom, .reference = op.ref, .frame = frame, .page = *page};
    hypervisor.place(call.domain, *page, Page::Kind::foreign, frame, writable);
    op.handle = static_cast<grant_handle_t>(slot - mappings.begin());
    op.dev_bus_addr = 0;
    return GNTST_okay;
}

std::int16_t unmap(Call& call, gnttab_unmap_grant_ref& op) {
    if (op.handle >= call.domain.mappings.size() || !call.domain.mappings[op.handle].used) return GNTST_bad_handle;
    GrantMapping& mapping = call.domain.mappings[op.handle];
    if (op.host_addr == 0) return GNTST_okay;  // which unmaps nothing
    const auto page = call.domain.page_at(op.host_addr);
    if (!page || *page != mapping.page) return GNTST_general_error;
    mapping.used = false;
    call.hypervisor.clear(call.domain, mapping.page);
    if (DomainState* const granter = call.hypervisor.find(mapping.granter))
        unpin(call.hypervisor, *granter, mapping.reference, mapping.writable);
    return GNTST_okay;
}

/// One side of a copy: a frame of the caller, or a grant, pinned while it exists.
class CopySide {
public:
    CopySide(Call& call, const gnttab_copy::gnttab_copy_ptr& side, bool writable) : call_(call), writable_(writable) {
        domain_ = call.hypervisor.find_any(call.domain, side.domid);
        if (domain_ == nullptr) status = GNTST_bad_domain;
    }
    /// The second step: Xen looks at both domains before it looks for either page.
    void claim(const gnttab_copy::gnttab_copy_ptr& side, bool by_reference) {
        if (by_reference) return claim(*domain_, side.u.ref);
        if (side.domid != DOMID_SELF) {
            status = GNTST_permission_denied;
            return;
        }
        if (const auto page = call_.hypervisor.page_of(*domain_, side.u.gmfn);
            page && domain_->pages[*page].kind == Page::Kind::memory)
            bytes = call_.hypervisor.frames.at(domain_->pages[*page].frame);
        else status = GNTST_bad_page;
    }
    ~CopySide() {
        if (pinned_ != nullptr) unpin(call_.hypervisor, *pinned_, reference_, writable_);
    }
    CopySide(const CopySide&) = delete;
    CopySide& operator=(const CopySide&) = delete;

    std::int16_t status = GNTST_okay;
    std::byte* bytes = nullptr;

private:
    void claim(DomainState& domain, grant_ref_t reference) {
        status = pin(call_.hypervisor, domain, reference, writable_, call_.domain.id);
        if (status != GNTST_okay) return;
        pinned_ = &domain;
        reference_ = reference;
        bytes = call_.hypervisor.frames.at(domain.active[reference].frame);
    }

    Call& call_;
    bool writable_;
    DomainState* domain_ = nullptr;
    DomainState* pinned_ = nullptr;
    grant_ref_t reference_ = 0;
};

std::int16_t copy(Call& call, gnttab_copy& op) {
    const bool from_grant = (op.flags & GNTCOPY_source_gref) != 0, to_grant = (op.flags & GNTCOPY_dest_gref) != 0;
    CopySide source(call, op.source, false);
    if (source.status != GNTST_okay) return source.status;
    CopySide dest(call, op.dest, true);
    if (dest.status != GNTST_okay) return dest.status;
    source.claim(op.source, from_grant);
    if (source.status != GNTST_okay) return source.status;
    dest.claim(op.dest, to_grant);
    if (dest.status != GNTST_okay) return dest.status;
    if (op.source.offset + op.len > page_size || op.dest.offset + op.len > page_size) return GNTST_bad_copy_arg;
    std::memmove(dest.bytes + op.dest.offset, source.bytes + op.source.offset, op.len);
    return GNTST_okay;
}

/// Operations that come in batches.
template <typename Operation>
std::int64_t batch(Call& call, std::int16_t (*perform)(Call&, Operation&)) {
    const auto count = static_cast<unsigned>(call.arguments[2]);
    const unsigned failing =
        call.failing_status && count != 0 ? static_cast<unsigned>(call.hypervisor.random.below(count)) : ~0u;
    for (unsigned i = 0; i < count; ++i, call.argument += sizeof(Operation)) {
        Operation op;
        if (!call.read(op)) return -XEN_EFAULT;
        op.status = i == failing ? *call.failing_status : perform(call, op);
        if (!call.write(op)) return -XEN_EFAULT;
    }
    return 0;
}

std::int64_t setup_table(Call& call) {
    gnttab_setup_table op;
    if (call.arguments[2] != 1) return -XEN_EINVAL;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState* const domain = call.hypervisor.find_any(call.domain, op.dom);
    const auto perform = [&]() -> std::int16_t {
        if (domain == nullptr) return GNTST_bad_domain;
        if (domain != &call.domain && !call.privileged()) return GNTST_permission_denied;
        if (!call.hypervisor.grow_grant_table(*domain, op.nr_frames)) return GNTST_general_error;
        for (std::size_t i = 0; i < op.nr_frames; ++i) {
            const xen_pfn_t frame = domain->paravirtual() ? domain->grant_frames[i] : ~xen_pfn_t{0};
            if (!call.hypervisor.guest.write(reinterpret_cast<std::uintptr_t>(op.frame_list.p + i), frame))
                return GNTST_bad_virt_addr;
        }
        return GNTST_okay;
    };
    op.status = call.failing_status ? *call.failing_status : perform();
    return call.write(op) ? 0 : -XEN_EFAULT;
}

std::int64_t query_size(Call& call) {
    gnttab_query_size op;
    if (call.arguments[2] != 1) return -XEN_EINVAL;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState* const domain = call.hypervisor.find_any(call.domain, op.dom);
    if (domain == nullptr) op.status = GNTST_bad_domain;
    else if (domain != &call.domain && !call.privileged()) op.status = GNTST_permission_denied;
    else {
        op.nr_frames = static_cast<std::uint32_t>(domain->grant_frames.size());
        op.max_nr_frames = domain->configuration.grant_frames;
        op.status = GNTST_okay;
    }
    return call.write(op) ? 0 : -XEN_EFAULT;
}

std::int64_t set_version(Call& call) {
    gnttab_set_version op;
    if (call.arguments[2] != 1) return -XEN_EINVAL;
    if (!call.read(op)) return -XEN_EFAULT;
    if (op.version != 1 && op.version != 2) return -XEN_EINVAL;
    return op.version == 1 ? 0 : -XEN_ENOSYS;
}

std::int64_t get_version(Call& call) {
    gnttab_get_version op;
    if (call.arguments[2] != 1) return -XEN_EINVAL;
    if (!call.read(op)) return -XEN_EFAULT;
    const DomainState* const domain = call.hypervisor.find_any(call.domain, op.dom);
    if (domain == nullptr) return -XEN_ESRCH;
    if (domain != &call.domain && !call.privileged()) return -XEN_EPERM;
    op.version = 1;
    return call.write(op) ? 0 : -XEN_EFAULT;
}

}  // namespace

std::int64_t grant_table_op(Call& call) {
    call.argument = call.arguments[1];
    if (static_cast<std::int32_t>(call.arguments[2]) < 0) return -XEN_EINVAL;
    switch (call.arguments[0]) {
        case GNTTABOP_map_grant_ref: return batch<gnttab_map_grant_ref>(call, map);
        case GNTTABOP_unmap_grant_ref: return batch<gnttab_unmap_grant_ref>(call, unmap);
        case GNTTABOP_copy: return batch<gnttab_copy>(call, copy);
        case GNTTABOP_setup_table: return setup_table(call);
        case GNTTABOP_query_size: return query_size(call);
        case GNTTABOP_set_version: return set_version(call);
        case GNTTABOP_get_version: return get_version(call);
        default: return -XEN_ENOSYS;
    }
}

bool Hypervisor::grow_grant_table(DomainState& domain, std::size_t count) {
    if (count > domain.configuration.grant_frames) return false;
    while (domain.grant_frames.size() < count) {
        const auto frame = frames.allocate(DOMID_XEN);
        if (!frame) return false;
        std::memset(frames.at(*frame), 0, page_size);
        domain.grant_frames.push_back(*frame);
        domain.grant_frame_pages.emplace_back();
        domain.active.resize(domain.grant_frames.size() * entries_per_frame);
    }
    return true;
}

grant_entry_v1* Hypervisor::grant_entry(DomainState& domain, grant_ref_t reference) {
    if (reference >= domain.active.size()) return nullptr;
    return reinterpret_cast<grant_entry_v1*>(frames.at(domain.grant_frames[reference / entries_per_frame])) +
           reference % entries_per_frame;
}

void Hypervisor::release_mappings(DomainState& domain) {
    for (GrantMapping& mapping : domain.mappings) {
        if (!std::exchange(mapping.used, false)) continue;
        clear(domain, mapping.page);
        if (DomainState* const granter = find(mapping.granter))
            unpin(*this, *granter, mapping.reference, mapping.writable);
    }
}

bool Hypervisor::in_use(const DomainState& domain) {
    return std::ranges::any_of(domain.active, [](const ActiveGrant& grant) { return grant.pins() != 0; });
}

}  // namespace unicore::xen::simulator
