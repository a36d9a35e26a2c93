// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/pressure.hpp>

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace unicore::memory::arena {

/// At the start of its pages. Regions and Spares have lists of them.
struct Chunk {
    Chunk* next;
    PageCount count;
};

/// Chunks that regions have no use for now, kept for the next ones: regions that come and go, a request each, then
/// cost no request to memory.pages. When memory is short they are given back (memory.pressure). Can be constinit.
class Spares final : pressure::Reclaimer {
public:
    /// Keeps up to `most` chunks of `pages` pages each.
    explicit constexpr Spares(std::size_t most, PageCount pages = PageCount{4}) noexcept : most_(most), pages_(pages) {}
    ~Spares() { shrink(); }

    /// Gives all of them back to memory.pages. Context: thread.
    void shrink() noexcept;
    std::size_t count() const noexcept { return count_; }

private:
    friend class Region;

    void reclaim(PageCount wanted) noexcept override;
    Chunk* take() noexcept;
    /// Whether it was kept.
    bool keep(Chunk* chunk) noexcept;

    Chunk* first_ = nullptr;
    std::size_t count_ = 0;
    std::size_t most_;
    PageCount pages_;
};

struct Usage {
    std::size_t reserved;   ///< bytes taken from memory.pages
    std::size_t allocated;  ///< bytes handed out, what alignment costs included
};

/// Memory for something that comes to an end as a whole, such as a request: allocating moves a pointer, and nothing is
/// released but all of it. Objects in it are not destroyed, so only such can be created that need not be.
class Region {
public:
    static constexpr std::size_t default_alignment = 16;

    /// Has no memory before the first use. `spares`, if any, lives longer than the region.
    explicit constexpr Region(Spares* spares = nullptr) noexcept : spares_(spares) {}
    Region(Region&& other) noexcept
        : spares_(other.spares_),
          chunks_(std::exchange(other.chunks_, nullptr)),
          cursor_(std::exchange(other.cursor_, 0)),
          end_(std::exchange(other.end_, 0)),
          usage_(std::exchange(other.usage_, {})) {}
    Region& operator=(Region&& other) noexcept {
        std::swap(spares_, other.spares_);
        std::swap(chunks_, other.chunks_);
        std::swap(cursor_, other.cursor_);
        std::swap(end_, other.end_);
        std::swap(usage_, other.usage_);
        return *this;
    }
    ~Region() { drop(nullptr); }

    /// `size` bytes at a multiple of `alignment`, a power of two. Contents are undefined. Context: thread.
    /// Errors: out_of_memory; invalid_argument for a bad alignment.
    Result<void*> allocate(std::size_t size, std::size_t alignment = default_alignment) noexcept;

    /// An object in the region. Errors: out_of_memory.
    template <typename T, typename... Arguments>
        requires std::is_trivially_destructible_v<T> && std::is_nothrow_constructible_v<T, Arguments...>
    Result<T*> create(Arguments&&... arguments) noexcept {
        return ::new (UNICORE_TRY(allocate(sizeof(T), alignof(T)))) T(std::forward<Arguments>(arguments)...);
    }

    /// `count` value-initialised objects in a row. Errors: out_of_memory.
    template <typename T>
        requires std::is_trivially_destructible_v<T> && std::is_nothrow_default_constructible_v<T>
    Result<std::span<T>> array(std::size_t count) noexcept {
        std::size_t bytes;
        if (__builtin_mul_overflow(count, sizeof(T), &bytes)) return unexpected(Error::out_of_memory);
        auto* const first = static_cast<T*>(UNICORE_TRY(allocate(bytes, alignof(T))));
        for (std::size_t i = 0; i < count; ++i) ::new (static_cast<void*>(first + i)) T();
        return std::span<T>(first, count);
    }

    /// The end of everything in it. Its first chunk is kept for what comes next; all others go. Context: thread.
    void reset() noexcept;

    Usage usage() const noexcept { return usage_; }

private:
    Chunk* grow(std::size_t size) noexcept;
    void drop(Chunk* end) noexcept;
    void begin(Chunk* chunk) noexcept;

    Spares* spares_;
    Chunk* chunks_ = nullptr;  ///< the latest first
    std::uintptr_t cursor_ = 0;
    std::uintptr_t end_ = 0;  ///< of the chunk that is being filled
    Usage usage_{};
};

}  // namespace unicore::memory::arena
