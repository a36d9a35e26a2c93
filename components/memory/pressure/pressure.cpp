// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/memory/pressure.hpp>

#include <unicore/memory/pages.hpp>
#include <unicore/memory/pages/reclaim.hpp>

#include <utility>

namespace unicore::memory::pressure {

/// Those that are asked. A free list is what it takes: a ring that is there before anything is constructed.
class Registry {
public:
    void add(Reclaimer& reclaimer) noexcept {
        if (std::exchange(reclaimer.added_, true)) return;
        all_.push_front(&reclaimer);
    }

    void remove(Reclaimer& reclaimer) noexcept {
        if (!std::exchange(reclaimer.added_, false)) return;
        if (next_ == &reclaimer) next_ = behind(reclaimer);
        all_.remove(&reclaimer);
    }

    bool ask(PageCount count, bool again) noexcept {
        if (asking_) return false;
        if (!again) next_ = all_.front();
        if (next_ == nullptr) return false;
        auto& asked = static_cast<Reclaimer&>(*next_);
        next_ = behind(asked);
        asking_ = true;
        asked.reclaim(count);
        asking_ = false;
        return true;
    }

private:
    /// The one behind it, or null when that is the end.
    static freelist::Link* behind(Reclaimer& reclaimer) noexcept { return static_cast<freelist::Link&>(reclaimer).next; }

    freelist::FreeList all_{};
    freelist::Link* next_ = nullptr;  ///< who is asked next in the request that is going on
    bool asking_ = false;
};

namespace {

constinit Registry registry;

}  // namespace

Reclaimer::~Reclaimer() { remove(*this); }

void add(Reclaimer& reclaimer) noexcept { registry.add(reclaimer); }

void remove(Reclaimer& reclaimer) noexcept { registry.remove(reclaimer); }

}  // namespace unicore::memory::pressure

namespace unicore::memory::pages {

bool reclaim::possible() noexcept { return true; }

bool reclaim::ask(PageCount count, bool again) noexcept {
    // What there never was nobody can give back.
    return count <= usage().total && pressure::registry.ask(count, again);
}

}  // namespace unicore::memory::pages
