// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/xen/grants.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace unicore::xen::grants {

/// A page of another domain, mapped while this exists.
class Mapping {
public:
    /// Context: thread, masked or not.
    /// Errors: out_of_memory when there is no address for it; not_found, device_error when the other
    /// domain does not grant it to us like this.
    static Result<Mapping> map(domid_t granter, grant_ref_t reference, Access access) noexcept;

    constexpr Mapping() noexcept = default;
    Mapping(Mapping&& other) noexcept : page_(std::exchange(other.page_, nullptr)), handle_(other.handle_) {}
    Mapping& operator=(Mapping&& other) noexcept {
        std::swap(page_, other.page_);
        std::swap(handle_, other.handle_);
        return *this;
    }
    /// Unmaps it. Context: thread, masked or not.
    ~Mapping() noexcept {
        if (page_ != nullptr) unmap();
    }

    /// The granter may change what is there at any moment: copy, then look.
    std::span<std::byte> bytes() const noexcept { return {page_, page_ != nullptr ? page_size : 0}; }

private:
    Mapping(std::byte* page, grant_handle_t handle) noexcept : page_(page), handle_(handle) {}
    void unmap() noexcept;

    std::byte* page_ = nullptr;
    grant_handle_t handle_ = 0;
};

}  // namespace unicore::xen::grants
