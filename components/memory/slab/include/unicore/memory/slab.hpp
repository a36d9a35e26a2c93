// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/freelist.hpp>
#include <unicore/memory/pressure.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace unicore::memory::slab {

struct Statistics {
    std::size_t objects;    ///< that live
    std::size_t peak;       ///< the most that lived at a time
    std::size_t failures;   ///< objects that could not be had
    std::size_t slabs;      ///< that are taken from memory.pages, the spare ones included
    std::size_t spares;     ///< of those, the ones without an object
    PageCount slab_pages;   ///< of one slab
};

/// How a slab is divided: a header, a bit for each place in development builds, the places.
struct Layout {
    std::size_t slab_size;  ///< bytes, a power of two of pages
    std::size_t size;       ///< from one place to the next
    std::size_t first;      ///< of the first place, from the slab's start
    std::size_t places;

    static constexpr std::size_t header_size = 6 * sizeof(void*);
#ifdef NDEBUG
    static constexpr std::size_t mark_bits = 0;
#else
    static constexpr std::size_t mark_bits = 8 * sizeof(std::uintptr_t);  ///< in a word
#endif

    /// The smallest slab that has eight places, or the largest that there is, unless it has none.
    static constexpr Layout of(std::size_t size, std::size_t alignment) noexcept {
        alignment = std::max(alignment, alignof(void*));
        size = align_up(std::max(size, sizeof(void*)), alignment);
        Layout layout{page_size, size, 0, 0};
        for (;; layout.slab_size *= 2) {
            layout.divide(alignment);
            if (layout.places >= 8 || (layout.slab_size >= 16 * page_size && layout.places != 0)) return layout;
        }
    }

private:
    constexpr void divide(std::size_t alignment) noexcept {
        for (places = slab_size / size; places != 0; --places) {
            const std::size_t words = mark_bits == 0 ? 0 : (places + mark_bits - 1) / mark_bits;
            first = align_up(header_size + words * sizeof(std::uintptr_t), alignment);
            if (first + places * size <= slab_size) return;
        }
    }
};

/// Places for objects of one size. Cache<T> is what to use; this is what all of them share.
class Store final : pressure::Reclaimer {
public:
    /// `alignment` is a power of two. Keeps up to `spares` slabs without an object.
    constexpr Store(std::size_t size, std::size_t alignment, std::size_t spares) noexcept
        : layout_(Layout::of(size, alignment)), most_spares_(spares) {}
    ~Store();

    /// Room for an object. Errors: out_of_memory. Context: thread.
    Result<void*> take() noexcept;
    /// Asserts that `take` returned it and nobody gave it back since. Context: thread.
    void give_back(void* object) noexcept;
    /// Asserts that `object` is one of this store, and lives.
    void expect(void* object) const noexcept;
    /// Gives the spare slabs back to memory.pages. Context: thread.
    void shrink() noexcept;
    Statistics statistics() const noexcept;

private:
    struct Slab;

    void reclaim(PageCount wanted) noexcept override;
    Slab* grow() noexcept;
    void drop(Slab* slab) noexcept;
    Slab* slab_of(void* object) const noexcept;
    std::size_t place_of(Slab* slab, const void* object) const noexcept;

    freelist::FreeList partial_{};  ///< slabs with some objects and some room
    freelist::FreeList spare_{};    ///< slabs without an object
    Layout layout_;
    std::size_t most_spares_;
    std::size_t slabs_ = 0;
    std::size_t spares_ = 0;
    std::size_t objects_ = 0;
    std::size_t peak_ = 0;
    std::size_t failures_ = 0;
};

/// Objects of one type, in slabs of pages: creating and destroying one takes constant time, and a slab that has no
/// object left is kept for the next ones, `spares` of them, or goes back. When memory is short they all go
/// (memory.pressure). Can be constinit; the end of a cache asserts that no object is left.
template <typename T>
class Cache {
public:
    explicit constexpr Cache(std::size_t spares = 1) noexcept : store_(sizeof(T), alignof(T), spares) {}

    /// Makes an object. Errors: out_of_memory. Context: thread.
    template <typename... Arguments>
        requires std::is_nothrow_constructible_v<T, Arguments...>
    Result<T*> create(Arguments&&... arguments) noexcept {
        void* const place = UNICORE_TRY(store_.take());
        return ::new (place) T(std::forward<Arguments>(arguments)...);
    }

    /// Ends an object of this cache; null is ignored. Context: thread.
    void destroy(T* object) noexcept {
        if (object == nullptr) return;
        store_.expect(object);  // before its destructor finds what is left of it
        std::destroy_at(object);
        store_.give_back(object);
    }

    /// Gives back what it can. Context: thread.
    void shrink() noexcept { store_.shrink(); }
    Statistics statistics() const noexcept { return store_.statistics(); }

    /// An object with an owner: destroyed in its cache at the owner's end.
    struct Destroy {
        Cache* cache;
        void operator()(T* object) const noexcept { cache->destroy(object); }
    };
    using Owner = std::unique_ptr<T, Destroy>;
    template <typename... Arguments>
    Result<Owner> make(Arguments&&... arguments) noexcept {
        return Owner(UNICORE_TRY(create(std::forward<Arguments>(arguments)...)), Destroy{this});
    }

private:
    Store store_;
};

}  // namespace unicore::memory::slab
