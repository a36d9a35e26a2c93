// SPDX-License-Identifier: BSD-3-Clause
#include "layers.hpp"

#include <unicore/memory/heap/provider.hpp>
#include <unicore/memory/pages/reclaim.hpp>

#include <utility>

namespace unicore::memory {

[[gnu::weak]] bool pages::reclaim::possible() noexcept { return false; }

namespace heap {

[[gnu::weak]] void count_allocated() noexcept {}
[[gnu::weak]] void count_reallocated() noexcept {}
[[gnu::weak]] void count_released() noexcept {}
[[gnu::weak]] void count_failure() noexcept {}

[[gnu::weak]] bool checks::exist() noexcept { return false; }
[[gnu::weak]] void* checks::allocate(std::size_t, std::size_t) noexcept { return nullptr; }
[[gnu::weak]] void checks::release(void*) noexcept {}
[[gnu::weak]] void* checks::reallocate(void*, std::size_t) noexcept { return nullptr; }
[[gnu::weak]] std::size_t checks::usable_size(const void*) noexcept { return 0; }
[[gnu::weak]] Usage checks::usage() noexcept { return {}; }

namespace {

void release_now(void* block) noexcept {
    count_released();
    if (checks::exist()) checks::release(block);
    else provider::release(block);
}

/// Blocks that reclaimers release while the provider waits for pages, in the middle of whatever it does.
class Deferred {
public:
    bool busy() const noexcept { return busy_; }

    void add(void* block) noexcept { first_ = ::new (block) Block{first_}; }

    /// Makes a request; again, as long as it is in vain and blocks were released meanwhile.
    void* run(auto request) noexcept {
        if (busy_) return nullptr;  // a reclaimer's
        void* block;
        bool more;
        do {
            busy_ = true;
            block = request();
            busy_ = false;
            more = first_ != nullptr;
            while (first_ != nullptr) release_now(std::exchange(first_, first_->next));
        } while (block == nullptr && more);
        return block;
    }

private:
    struct [[gnu::may_alias]] Block {
        Block* next;
    };
    Block* first_ = nullptr;
    bool busy_ = false;
};

constinit Deferred deferred;

void* request(auto made) noexcept { return pages::reclaim::possible() ? deferred.run(made) : made(); }

Result<void*> failure(std::size_t size) noexcept {
    count_failure();
    report_shortage(size);
    return unexpected(Error::out_of_memory);
}

}  // namespace

Result<void*> allocate(std::size_t size, std::size_t alignment) noexcept {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) return unexpected(Error::invalid_argument);
    void* const block = request([=] noexcept {
        return checks::exist() ? checks::allocate(size, alignment) : provider::allocate(size, alignment);
    });
    if (block == nullptr) [[unlikely]] return failure(size);
    count_allocated();
    return block;
}

void release(void* block) noexcept {
    if (block == nullptr) return;
    if (pages::reclaim::possible() && deferred.busy()) deferred.add(block);
    else release_now(block);
}

Result<void*> reallocate(void* block, std::size_t size) noexcept {
    if (block == nullptr) return allocate(size, default_alignment);
    void* const moved = request([=] noexcept {
        return checks::exist() ? checks::reallocate(block, size) : provider::reallocate(block, size);
    });
    if (moved == nullptr) [[unlikely]] return failure(size);
    count_reallocated();
    return moved;
}

std::size_t usable_size(const void* block) noexcept {
    return checks::exist() ? checks::usable_size(block) : provider::usable_size(block);
}

Usage usage() noexcept { return checks::exist() ? checks::usage() : provider::usage(); }

}  // namespace heap
}  // namespace unicore::memory
