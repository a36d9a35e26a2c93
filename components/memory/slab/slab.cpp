// SPDX-License-Identifier: BSD-3-Clause
// Slabs. [Bonwick: The slab allocator, an object-caching kernel memory allocator, USENIX Summer 1994]
#include <unicore/memory/slab.hpp>

#include <unicore/base/assert.hpp>
#include <unicore/base/poison.hpp>
#include <unicore/memory/pages.hpp>

#include <cstring>

namespace unicore::memory::slab {
namespace {

/// A place without an object.
struct [[gnu::may_alias]] Place {
    Place* next;
};

}  // namespace

/// At the start of its pages, which are aligned to their size.
struct Store::Slab {
    freelist::Link link;  ///< for partial_ or spare_; in neither while the slab is full
    Store* owner;
    Place* free;          ///< places that objects left
    std::size_t begun;    ///< how many places had an object already; those behind are free, and not written to
    std::size_t objects;

    /// The bit of a place, which is set while an object lives there. Development builds only.
    std::uintptr_t& marks(std::size_t place) noexcept {
        return reinterpret_cast<std::uintptr_t*>(this + 1)[place / (8 * sizeof(std::uintptr_t))];
    }
    static std::uintptr_t mark(std::size_t place) noexcept {
        return std::uintptr_t{1} << place % (8 * sizeof(std::uintptr_t));
    }
    bool lives(std::size_t place) noexcept { return (marks(place) & mark(place)) != 0; }
};

Store::~Store() {
    UNICORE_ASSERT(objects_ == 0);
    shrink();
}

/// Takes a slab from memory.pages; it has no object and is in no list.
Store::Slab* Store::grow() noexcept {
    static_assert(sizeof(Slab) == Layout::header_size);
    const auto pages = pages::take(pages_for(layout_.slab_size), layout_.slab_size);
    if (!pages) return nullptr;
    ++slabs_;
    if (Layout::mark_bits != 0) std::memset(*pages, 0, layout_.first);
    poison::set(*pages + layout_.first, layout_.slab_size - layout_.first, poison::Kind::place);
    return ::new (static_cast<void*>(*pages)) Slab{{}, this, nullptr, 0, 0};
}

void Store::drop(Slab* slab) noexcept {
    --slabs_;
    pages::give_back(reinterpret_cast<std::byte*>(slab), pages_for(layout_.slab_size));
}

Store::Slab* Store::slab_of(void* object) const noexcept {
    return reinterpret_cast<Slab*>(align_down(reinterpret_cast<std::uintptr_t>(object), layout_.slab_size));
}

Result<void*> Store::take() noexcept {
    Slab* slab;
    if (!partial_.empty()) {
        slab = reinterpret_cast<Slab*>(partial_.front());
    } else {
        if (!spare_.empty()) {
            slab = reinterpret_cast<Slab*>(spare_.front());
            spare_.remove(&slab->link);
            --spares_;
        } else if (slab = grow(); slab == nullptr) {
            ++failures_;
            return unexpected(Error::out_of_memory);
        }
        partial_.push_front(&slab->link);
    }
    auto* place = reinterpret_cast<std::byte*>(slab->free);
    if (place == nullptr) place = reinterpret_cast<std::byte*>(slab) + layout_.first + slab->begun++ * layout_.size;
    if constexpr (Layout::mark_bits != 0) {
        const std::size_t number = place_of(slab, place);
        UNICORE_ASSERT(!slab->lives(number));  // else a place was written to after its object's end
        slab->marks(number) |= Slab::mark(number);
    }
    if (slab->free != nullptr) slab->free = slab->free->next;
    if (++slab->objects == layout_.places) partial_.remove(&slab->link);
    peak_ = std::max(peak_, ++objects_);
    poison::clear(place, layout_.size);
    return static_cast<void*>(place);
}

/// The number of `object`'s place. Asserts that it is one, and was handed out once at least.
std::size_t Store::place_of(Slab* slab, const void* object) const noexcept {
    const std::size_t offset = static_cast<std::size_t>(static_cast<const std::byte*>(object) -
                                                        reinterpret_cast<std::byte*>(slab)) - layout_.first;
    UNICORE_ASSERT(offset % layout_.size == 0 && offset / layout_.size < slab->begun);
    return offset / layout_.size;
}

void Store::expect(void* object) const noexcept {
    Slab* const slab = slab_of(object);
    UNICORE_ASSERT(slab->owner == this);
    if constexpr (Layout::mark_bits != 0) UNICORE_ASSERT(slab->lives(place_of(slab, object)));  // else destroyed already
}

void Store::give_back(void* object) noexcept {
    expect(object);
    Slab* const slab = slab_of(object);
    if constexpr (Layout::mark_bits != 0) {
        const std::size_t number = place_of(slab, object);
        slab->marks(number) &= ~Slab::mark(number);
    }
    slab->free = ::new (object) Place{slab->free};
    poison::set(object, layout_.size, poison::Kind::place);
    --objects_;
    if (slab->objects-- == layout_.places) partial_.push_front(&slab->link);
    if (slab->objects != 0) return;
    partial_.remove(&slab->link);
    if (spares_ == most_spares_) return drop(slab);
    ++spares_;
    spare_.push_front(&slab->link);
    pressure::add(*this);
}

void Store::shrink() noexcept {
    while (!spare_.empty()) {
        auto* const slab = reinterpret_cast<Slab*>(spare_.front());
        spare_.remove(&slab->link);
        --spares_;
        drop(slab);
    }
    pressure::remove(*this);
}

void Store::reclaim(PageCount) noexcept { shrink(); }

Statistics Store::statistics() const noexcept {
    return {objects_, peak_, failures_, slabs_, spares_, pages_for(layout_.slab_size)};
}

}  // namespace unicore::memory::slab
