// SPDX-License-Identifier: BSD-3-Clause
/// Grants: pages of this domain that another one may map or copy. Context of all: thread, masked or not.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>

#include <xen/grant_table.h>
#include <xen/xen.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace unicore::xen::grants {

enum class Access : std::uint8_t { read_only, read_write };

/// An entry of the grant table, which lets one domain at one page.
class Grant {
public:
    /// Lets `peer` map and copy the page that starts at `page`, which must stay this domain's until the
    /// grant has ended.
    /// Errors: busy when the table is full; out_of_memory when it cannot grow; unsupported when version 1
    /// tables cannot tell the frame's number.
    static Result<Grant> offer(domid_t peer, const void* page, Access access) noexcept;

    constexpr Grant() noexcept = default;
    Grant(Grant&& other) noexcept : reference_(std::exchange(other.reference_, 0)) {}
    Grant& operator=(Grant&& other) noexcept {
        std::swap(reference_, other.reference_);
        return *this;
    }
    /// Ends the grant. When the peer still uses it, the entry is put aside and ended later, and the peer
    /// has the page until then: `end` tells, and SharedPage takes care.
    ~Grant() noexcept {
        if (reference_ != 0) drop();
    }

    /// What the peer asks for it by; 0 for none.
    grant_ref_t reference() const noexcept { return reference_; }
    /// Takes it back. Errors: busy while the peer has it mapped or copies; it is still offered then.
    Result<void> end() noexcept;

private:
    friend class SharedPage;
    explicit Grant(grant_ref_t reference) noexcept : reference_(reference) {}
    void drop() noexcept;

    grant_ref_t reference_ = 0;
};

/// A page of its own for a peer to map, such as a ring: zeroed at first.
class SharedPage {
public:
    /// Errors: those of Grant::offer, and out_of_memory.
    static Result<SharedPage> create(domid_t peer, Access access = Access::read_write) noexcept;

    constexpr SharedPage() noexcept = default;
    SharedPage(SharedPage&& other) noexcept
        : page_(std::exchange(other.page_, nullptr)), grant_(std::move(other.grant_)) {}
    SharedPage& operator=(SharedPage&& other) noexcept {
        std::swap(page_, other.page_);
        std::swap(grant_.reference_, other.grant_.reference_);
        return *this;
    }
    /// Gives the page back. While the peer has it mapped, page and grant are put aside together.
    ~SharedPage() noexcept {
        if (page_ != nullptr) drop();
    }

    /// The peer may change what is there at any moment.
    std::span<std::byte> bytes() const noexcept { return {page_, page_ != nullptr ? page_size : 0}; }
    grant_ref_t reference() const noexcept { return grant_.reference(); }

private:
    SharedPage(std::byte* page, Grant&& grant) noexcept : page_(page), grant_(std::move(grant)) {}
    void drop() noexcept;

    std::byte* page_ = nullptr;
    Grant grant_;
};

/// Tries once more to end what was put aside because its peer still used it, and fetches the memory
/// that was given away for mappings. Returns how many grants are left. Happens by itself before the
/// table grows, and when there is no page for a SharedPage.
std::size_t reclaim() noexcept;

/// Addresses that the hypervisor did not unmap, or that there is no memory for: lost. Should be 0.
std::uint32_t lost() noexcept;

/// What the status of a grant operation (GNTST_*) means.
Result<void> check_status(std::int16_t status) noexcept;

/// Lets the hypervisor copy, between frames of this domain and grants of others; to look at each
/// operation's `status` is the caller's. Errors: when the hypercall itself failed; statuses say
/// nothing then.
Result<void> copy(std::span<gnttab_copy> operations) noexcept;

}  // namespace unicore::xen::grants
