// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/memory/arena.hpp>

#include <unicore/base/poison.hpp>
#include <unicore/memory/pages.hpp>

#include <algorithm>

namespace unicore::memory::arena {
namespace {

constexpr PageCount usual{4};
/// The largest request, in bytes: sums of a few of them do not overflow.
constexpr std::size_t most = static_cast<std::size_t>(-1) / 8;

/// Nothing is in it, as far as debug.asan is concerned.
void close(Chunk* chunk) noexcept { poison::set(chunk + 1, chunk->count.bytes() - sizeof(Chunk), poison::Kind::place); }

/// So much of it is handed out.
void* opened(std::uintptr_t start, std::size_t size) noexcept {
    poison::clear(reinterpret_cast<void*>(start), size);
    return reinterpret_cast<void*>(start);
}

void give_back(Chunk* chunk) noexcept { pages::give_back(reinterpret_cast<std::byte*>(chunk), chunk->count); }

}  // namespace

void Spares::shrink() noexcept {
    while (Chunk* const chunk = take()) give_back(chunk);
    pressure::remove(*this);
}

void Spares::reclaim(PageCount wanted) noexcept {
    // The pages of several need not lie in a row, so there is no telling how many it takes.
    static_cast<void>(wanted);
    shrink();
}

Chunk* Spares::take() noexcept {
    if (first_ == nullptr) return nullptr;
    --count_;
    return std::exchange(first_, first_->next);
}

bool Spares::keep(Chunk* chunk) noexcept {
    if (chunk->count != pages_ || count_ == most_) return false;
    ++count_;
    chunk->next = std::exchange(first_, chunk);
    close(chunk);
    pressure::add(*this);
    return true;
}

/// A chunk with room for `size` bytes behind its header; null for none.
Chunk* Region::grow(std::size_t size) noexcept {
    const PageCount needed = pages_for(sizeof(Chunk) + size);
    PageCount count = std::max(needed, spares_ != nullptr ? spares_->pages_ : usual);
    Chunk* chunk = nullptr;
    if (spares_ != nullptr && count == spares_->pages_) chunk = spares_->take();
    if (chunk == nullptr) {
        auto pages = pages::take(count, page_size, static_cast<pages::Need>(count == needed));
        if (!pages && count != needed) pages = pages::take(count = needed);
        if (!pages) return nullptr;
        chunk = ::new (static_cast<void*>(*pages)) Chunk{nullptr, count};
    }
    close(chunk);
    usage_.reserved += count.bytes();
    chunk->next = std::exchange(chunks_, chunk);
    return chunk;
}

void Region::begin(Chunk* chunk) noexcept {
    cursor_ = reinterpret_cast<std::uintptr_t>(chunk + 1);
    end_ = reinterpret_cast<std::uintptr_t>(chunk) + chunk->count.bytes();
}

/// Gives chunks back, the latest first, up to `end`.
void Region::drop(Chunk* end) noexcept {
    while (chunks_ != end) {
        Chunk* const chunk = std::exchange(chunks_, chunks_->next);
        usage_.reserved -= chunk->count.bytes();
        if (spares_ == nullptr || !spares_->keep(chunk)) give_back(chunk);
    }
}

Result<void*> Region::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) return unexpected(Error::invalid_argument);
    if (size > most || alignment > most) return unexpected(Error::out_of_memory);
    std::uintptr_t start = align_up(cursor_, alignment);
    if (chunks_ == nullptr || start > end_ || size > end_ - start) {
        Chunk* const chunk = grow(size + alignment);
        if (chunk == nullptr) return unexpected(Error::out_of_memory);
        const auto first = reinterpret_cast<std::uintptr_t>(chunk + 1);
        start = align_up(first, alignment);
        // The chunk with the larger rest is filled from here on.
        const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(chunk) + chunk->count.bytes();
        if (end - (start + size) < end_ - cursor_) {
            usage_.allocated += start + size - first;
            return opened(start, size);
        }
        begin(chunk);
    }
    usage_.allocated += start + size - cursor_;
    cursor_ = start + size;
    return opened(start, size);
}

void Region::reset() noexcept {
    if (chunks_ == nullptr) return;
    Chunk* first = chunks_;
    while (first->next != nullptr) first = first->next;
    drop(first);
    close(first);
    begin(first);
    usage_.allocated = 0;
}

}  // namespace unicore::memory::arena
