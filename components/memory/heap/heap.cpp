// SPDX-License-Identifier: BSD-3-Clause
#include "layers.hpp"

#include <unicore/base/preemption.hpp>
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

[[gnu::weak]] bool cache::exist() noexcept { return false; }
[[gnu::weak]] void* cache::take(std::size_t) noexcept { return nullptr; }
[[gnu::weak]] bool cache::keep(void*) noexcept { return false; }
[[gnu::weak]] bool cache::flush() noexcept { return false; }
[[gnu::weak]] std::size_t cache::held() noexcept { return 0; }

[[gnu::weak]] bool checks::exist() noexcept { return false; }
[[gnu::weak]] void* checks::allocate(std::size_t, std::size_t) noexcept { return nullptr; }
[[gnu::weak]] void checks::release(void*) noexcept {}
[[gnu::weak]] void* checks::reallocate(void*, std::size_t) noexcept { return nullptr; }
[[gnu::weak]] std::size_t checks::usable_size(const void*) noexcept { return 0; }
[[gnu::weak]] Usage checks::usage() noexcept { return {}; }

[[gnu::weak]] bool asan::exist() noexcept { return false; }
[[gnu::weak]] void* asan::allocate(std::size_t, std::size_t) noexcept { return nullptr; }
[[gnu::weak]] void asan::release(void*) noexcept {}
[[gnu::weak]] void* asan::reallocate(void*, std::size_t) noexcept { return nullptr; }
[[gnu::weak]] std::size_t asan::usable_size(const void*) noexcept { return 0; }
[[gnu::weak]] Usage asan::usage() noexcept { return {}; }

namespace {

/// Checks want to see every block, so there is no cache where they are.
bool cached() noexcept { return cache::exist() && !checks::exist() && !asan::exist(); }

/// Inline, since what is in it shrinks only at link time, when it is known what the image has.
[[gnu::always_inline]] inline void release_now(void* block) noexcept {
    count_released();
    if (checks::exist()) checks::release(block);
    else if (!cached() || !cache::keep(block)) below::release(block);
}

/// Blocks that reclaimers release while the provider waits for pages, in the middle of whatever it does.
class Deferred {
public:
    bool busy() const noexcept { return busy_; }
    void busy(bool now) noexcept { busy_ = now; }
    bool any() const noexcept { return first_ != nullptr; }

    void add(void* block) noexcept { first_ = ::new (block) Block{first_}; }
    void release_all() noexcept {
        while (first_ != nullptr) release_now(std::exchange(first_, first_->next));
    }

private:
    struct [[gnu::may_alias]] Block {
        Block* next;
    };
    Block* first_ = nullptr;
    bool busy_ = false;
};

constinit Deferred deferred;

/// Makes a request; again, as long as it is in vain and there is a reason to think that it need not be.
void* request(auto made) noexcept {
    const bool possible = pages::reclaim::possible();
    if (possible && deferred.busy()) [[unlikely]] return nullptr;  // a reclaimer's
    for (;;) {
        void* const block = made();
        const bool more = possible && deferred.any();
        if (more) [[unlikely]] deferred.release_all();
        if (block != nullptr) [[likely]] return block;
        if (!more && !(cached() && cache::flush())) return nullptr;
    }
}

Result<void*> failure(std::size_t size) noexcept {
    count_failure();
    report_shortage(size);
    return unexpected(Error::out_of_memory);
}

}  // namespace

Result<void*> allocate(std::size_t size, std::size_t alignment) noexcept {
    if (alignment == 0 || (alignment & (alignment - 1)) != 0) return unexpected(Error::invalid_argument);
    const PreemptionGuard alone;
    if (cached() && alignment <= default_alignment && !deferred.busy()) {
        if (void* const block = cache::take(size); block != nullptr) {
            count_allocated();
            return block;
        }
    }
    void* const block = request([=] noexcept {
        return checks::exist() ? checks::allocate(size, alignment) : below::allocate(size, alignment);
    });
    if (block == nullptr) [[unlikely]] return failure(size);
    count_allocated();
    return block;
}

void release(void* block) noexcept {
    if (block == nullptr) return;
    const PreemptionGuard alone;
    if (pages::reclaim::possible() && deferred.busy()) deferred.add(block);
    else release_now(block);
}

Result<void*> reallocate(void* block, std::size_t size) noexcept {
    if (block == nullptr) return allocate(size, default_alignment);
    const PreemptionGuard alone;
    void* const moved = request([=] noexcept {
        return checks::exist() ? checks::reallocate(block, size) : below::reallocate(block, size);
    });
    if (moved == nullptr) [[unlikely]] return failure(size);
    count_reallocated();
    return moved;
}

std::size_t usable_size(const void* block) noexcept {
    return checks::exist() ? checks::usable_size(block) : below::usable_size(block);
}

Usage usage() noexcept {
    if (checks::exist()) return checks::usage();
    Usage all = below::usage();
    if (cached()) all.allocated -= cache::held();
    return all;
}

bool busy() noexcept { return deferred.busy(); }

Result<std::byte*> provider::take_pages(PageCount count, std::size_t alignment, pages::Need need) noexcept {
    if (pages::reclaim::possible()) deferred.busy(true);
    const auto first = pages::take(count, alignment, need);
    if (pages::reclaim::possible()) deferred.busy(false);
    return first;
}

}  // namespace heap
}  // namespace unicore::memory
