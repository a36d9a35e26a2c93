// SPDX-License-Identifier: BSD-3-Clause
// In images that have memory.heap.cache: strong definitions of what is weak in heap.cpp.
#include "layers.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/result.hpp>
#include <unicore/memory/heap/provider.hpp>
#include <unicore/memory/pressure.hpp>

#include <cstdint>
#include <new>
#include <utility>

namespace unicore::memory::heap::cache {
namespace {

struct [[gnu::may_alias]] Block {
    Block* next;
    std::uintptr_t seal;  ///< in development builds, of its address: so that a second release is found out
};

/// Blocks of 16n - 8 bytes at least, the latest first.
struct List {
    Block* first = nullptr;
    unsigned count = 0;
};

constexpr std::size_t classes = 18;  // up to 264 bytes: what has room for 256, whatever the provider's header
constexpr unsigned most = 8;

class Cache final : pressure::Reclaimer {
public:
    void* take(std::size_t size) noexcept {
        if (size > 16 * (classes - 1) - 8) return nullptr;
        const std::size_t number = (size + 8 + 15) / 16;
        List& list = lists_[number];
        Block* const block = list.first;
        if (block == nullptr) return nullptr;
        if constexpr (development) {
            UNICORE_ASSERT(block->seal == seal(block));  // else it was written to after its release
            block->seal = 0;
        }
        list.first = block->next;
        --list.count;
        held_ -= provider::usable_size(block);
        return block;
    }

    bool keep(void* released) noexcept {
        const std::size_t size = provider::usable_size(released);
        const std::size_t number = (size + 8) / 16;
        if (number >= classes || size < sizeof(Block)) return false;
        List& list = lists_[number];
        if constexpr (development) UNICORE_ASSERT(!holds(list, released));  // else it is released a second time
        if (list.count == most) return false;
        Block* const block = ::new (released) Block{list.first, 0};
        if constexpr (development) block->seal = seal(block);
        list.first = block;
        ++list.count;
        held_ += size;
        return true;
    }

    bool flush() noexcept {
        const bool any = held_ != 0;
        for (List& list : lists_) {
            while (list.first != nullptr) provider::release(std::exchange(list.first, list.first->next));
            list.count = 0;
        }
        held_ = 0;
        return any;
    }

    std::size_t held() const noexcept { return held_; }
    void start() noexcept { pressure::add(*this); }

private:
    static std::uintptr_t seal(const Block* block) noexcept {
        return reinterpret_cast<std::uintptr_t>(block) ^ 0x5EA1'ED00;
    }
    static bool holds(const List& list, const void* released) noexcept {
        for (const Block* block = list.first; block != nullptr; block = block->next)
            if (block == released) return true;
        return false;
    }
    /// In the middle of a request of the heap it must wait: that request does it itself when it fails.
    void reclaim(PageCount) noexcept override {
        if (!busy()) flush();
    }

    List lists_[classes]{};
    std::size_t held_ = 0;  ///< bytes in all lists
};

constinit Cache the_cache;

}  // namespace

bool exist() noexcept { return true; }
void* take(std::size_t size) noexcept { return the_cache.take(size); }
bool keep(void* block) noexcept { return the_cache.keep(block); }
bool flush() noexcept { return the_cache.flush(); }
std::size_t held() noexcept { return the_cache.held(); }

/// The boot step: what is held is given up when memory is short.
Result<void> start() noexcept {
    the_cache.start();
    return {};
}

}  // namespace unicore::memory::heap::cache
