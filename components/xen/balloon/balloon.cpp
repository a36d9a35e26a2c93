// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/balloon.hpp>

#include <unicore/base/late.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/sched/work.hpp>
#include <unicore/xen/balloon/config.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/store.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>

namespace unicore::xen::balloon {
namespace {

using memory::pages::give_back;
using namespace std::string_view_literals;

/// How many pages a work gives or takes before others have their turn.
constexpr std::size_t step = 64;
constexpr std::size_t reserve = config::reserve * 1024 / page_size;

/// Where there is nothing any more: a page of our own full of addresses, as the pages themselves are gone.
struct Note {
    static constexpr std::size_t most = page_size / sizeof(void*) - 2;

    Note* next;
    std::size_t count;
    void* pages[most];
};
static_assert(sizeof(Note) == page_size);

void give_back_all(std::span<void* const> pages) noexcept {
    for (void* const page : pages) give_back(static_cast<std::byte*>(page), PageCount{1});
}

/// How many pages may be taken, so that the reserve stays.
std::size_t free_pages() noexcept {
    const memory::pages::Usage usage = memory::pages::usage();
    const std::size_t free = usage.total.value - usage.taken.value;
    return free > reserve ? free - reserve : 0;
}

/// The store's handlers find out what is wanted, the work does it.
class Balloon final : sched::Work {
public:
    using Work::wake;

    Result<void> start() noexcept;
    Usage usage() const noexcept { return {{given_}, {wanted_.load(std::memory_order_relaxed)}}; }

private:
    void read() noexcept;
    void done() noexcept;
    void run() noexcept override;
    bool give(std::size_t count) noexcept;
    bool take(std::size_t count) noexcept;
    void drop_note_if_empty() noexcept;

    store::Observer watch_;
    store::Request request_;  ///< sets the watch, or reads the node
    char value_[24];
    bool changed_ = false;  ///< since the last look, while the request was under way
    bool busy_ = true;
    std::atomic<std::size_t> wanted_{0};
    std::size_t given_ = 0;
    Note* notes_ = nullptr;  ///< the first has room, or is full; the others are full
};

platform::PerImage<Late<Balloon>> here;

/// Does not wait for the watch to be there: it fires when it is.
Result<void> Balloon::start() noexcept {
    watch_.handler = [](void* self, std::string_view) noexcept { static_cast<Balloon*>(self)->read(); };
    watch_.context = this;
    request_.first = "memory/target"sv;
    request_.reply = value_;
    request_.done = [](store::Request&) noexcept { (*here)->done(); };
    return watch_.begin(request_);
}

void Balloon::read() noexcept {
    changed_ = busy_;
    if (busy_) return;
    request_.type = XS_READ;
    request_.second = {};
    request_.terminated = false;
    busy_ = store::submit(request_).has_value();
}

void Balloon::done() noexcept {
    busy_ = false;
    if (changed_) return read();
    if (request_.type != XS_READ || !request_.outcome) return;
    const auto target = text::parse_decimal({value_, *request_.outcome});
    if (!target) return;
    // KiB of what the domain was built with. There is no more than that, at any target.
    const std::size_t all = guest::memory().value;
    wanted_.store(all - std::min<std::uint64_t>(all, *target / (page_size / 1024)), std::memory_order_relaxed);
    wake();
}

void Balloon::run() noexcept {
    const std::size_t wanted = wanted_.load(std::memory_order_relaxed);
    const bool further = given_ < wanted   ? give(std::min(step, wanted - given_))
                         : given_ > wanted ? take(std::min(step, given_ - wanted))
                                           : false;
    if (further) wake();
}

/// Gives up to `count` pages; returns whether it was worth trying to give more.
bool Balloon::give(std::size_t count) noexcept {
    if (notes_ == nullptr || notes_->count == Note::most) {
        if (free_pages() < 2) return false;
        const auto page = memory::pages::try_take(PageCount{1});
        if (!page) return false;
        Note* const note = new (*page) Note;
        note->next = notes_;
        note->count = 0;
        notes_ = note;
    }
    count = std::min(count, Note::most - notes_->count);
    void** const first = notes_->pages + notes_->count;
    std::size_t taken = 0;
    for (; taken != count && free_pages() != 0; ++taken) {
        const auto page = memory::pages::try_take(PageCount{1});
        if (!page) break;
        first[taken] = *page;
    }
    const std::size_t gone = guest::give_frames({first, taken});
    give_back_all({first + gone, first + taken});
    notes_->count += gone;
    given_ += gone;
    drop_note_if_empty();
    return gone == count;
}

/// Takes up to `count` pages back; returns whether it was worth trying to take more.
bool Balloon::take(std::size_t count) noexcept {
    count = std::min(count, notes_->count);
    void** const end = notes_->pages + notes_->count;
    void** const first = end - count;
    const std::size_t got = guest::take_frames({first, end});
    give_back_all({first, first + got});
    std::copy(first + got, end, first);
    notes_->count -= got;
    given_ -= got;
    drop_note_if_empty();
    return got == count;
}

void Balloon::drop_note_if_empty() noexcept {
    if (notes_->count != 0) return;
    Note* const empty = notes_;
    notes_ = empty->next;
    give_back(reinterpret_cast<std::byte*>(empty), PageCount{1});
}

}  // namespace

Result<void> start() noexcept {
    if (!store::connected()) return {};
    return here->construct().start();
}

Usage usage() noexcept { return here->constructed() ? (*here)->usage() : Usage{}; }

void go_on() noexcept {
    if (here->constructed()) (*here)->wake();
}

}  // namespace unicore::xen::balloon
