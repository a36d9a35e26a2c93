// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace unicore::memory::pages {

/// What is done about a request that cannot be met at once.
enum class Need : bool {
    none,    ///< nothing: the caller can do with less, or without
    urgent,  ///< the image's reclaimers are asked (memory.pressure), and development builds log that it was in vain
};

/// Takes `count` contiguous pages, aligned to `alignment` bytes (a power of two, at least a page).
/// Contents are undefined. Context: thread.
/// Errors: out_of_memory; invalid_argument for a count of 0 or a bad alignment.
Result<std::byte*> take(PageCount count, std::size_t alignment = page_size, Need need = Need::urgent) noexcept;

/// Takes pages if there are any, for those who can do without.
inline Result<std::byte*> try_take(PageCount count, std::size_t alignment = page_size) noexcept {
    return take(count, alignment, Need::none);
}

/// Gives back all of what `take` returned, or any page-aligned part of it.
/// Context: thread. Asserts that the pages are taken.
void give_back(std::byte* first, PageCount count) noexcept;

/// How much there is. `committed` pages were made accessible so far; they are taken or free.
struct Usage {
    PageCount total;      ///< all that can be had; falls when the platform keeps pages for page tables
    PageCount committed;
    PageCount taken;
};
Usage usage() noexcept;

/// What is counted in images that ask for it; the others pay nothing. Context: thread.
struct Statistics {
    PageCount peak;        ///< the most that was taken at a time
    std::size_t takes;     ///< requests that were met
    std::size_t failures;  ///< requests of `take` that were not, after all reclaimers were asked
};
Statistics statistics() noexcept;

/// Pages with an owner; given back at the end of its life.
class Pages {
public:
    static Result<Pages> create(PageCount count, std::size_t alignment = page_size) noexcept {
        std::byte* const first = UNICORE_TRY(take(count, alignment));
        return Pages(first, count);
    }
    constexpr Pages() noexcept = default;
    Pages(Pages&& other) noexcept
        : first_(std::exchange(other.first_, nullptr)), count_(std::exchange(other.count_, {})) {}
    Pages& operator=(Pages&& other) noexcept {
        std::swap(first_, other.first_);
        std::swap(count_, other.count_);
        return *this;
    }
    ~Pages() noexcept {
        if (first_ != nullptr) give_back(first_, count_);
    }

    std::span<std::byte> bytes() const noexcept { return {first_, count_.bytes()}; }
    PageCount count() const noexcept { return count_; }

private:
    constexpr Pages(std::byte* first, PageCount count) noexcept : first_(first), count_(count) {}

    std::byte* first_ = nullptr;
    PageCount count_{};
};

}  // namespace unicore::memory::pages
