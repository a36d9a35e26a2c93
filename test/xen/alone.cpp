// SPDX-License-Identifier: BSD-3-Clause
// What takes no other domain and no toolstack: event channels and grants of a domain with itself, frames that go and come.
#include <unicore/debug/suites.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/grants/mapping.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/store.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace {

using namespace std::chrono_literals;
using namespace unicore;
using xen::events::EventChannel;

namespace grants = xen::grants;
namespace guest = xen::guest;

constinit volatile unsigned arrived = 0;
void on_event(void*) noexcept { arrived = arrived + 1; }

/// Whether more than `before` events arrive soon.
bool arrives(unsigned before) noexcept {
    for (const time::Instant end = time::Monotonic::now() + 5s; time::Monotonic::now() < end;)
        if (arrived != before) return true;
    return false;
}

/// Our own number, from the other end of a channel, which is ours as well.
Result<domid_t> own_number(const EventChannel& end) noexcept {
    evtchn_status status{};
    status.dom = DOMID_SELF;
    status.port = end.port();
    UNICORE_TRY(xen::hypercall::perform(status));
    if (status.status != EVTCHNSTAT_interdomain) return unexpected(Error::device_error);
    return status.u.interdomain.dom;
}

/// A channel with both ends here. It was tried; the first end is given back.
EventChannel channel(debug::Check& check, EventChannel& first) noexcept {
    auto allocated = EventChannel::allocate(DOMID_SELF, {on_event, nullptr});
    if (!check(allocated.has_value(), "a channel is allocated")) return {};
    auto connected = EventChannel::connect(DOMID_SELF, allocated->port(), {[](void*) noexcept {}, nullptr});
    if (!check(connected.has_value(), "and connected to")) return {};
    first = *std::move(allocated);
    for (int i = 0; i != 100; ++i) {
        const unsigned before = arrived;
        connected->notify();
        if (!check(arrives(before), "an event arrives")) break;
    }
    first.mask();
    const unsigned masked = arrived;
    connected->notify();
    check(arrived == masked, "none through a masked channel");
    first.unmask();
    check(arrives(masked), "which comes when it is unmasked");
    return *std::move(connected);
}

void events(debug::Check& check) noexcept {
    EventChannel first;
    const EventChannel second = channel(check, first);
    check(xen::events::unknown_events() == 0, "no event is nobody's");
}

void sharing(debug::Check& check) noexcept {
    EventChannel first;
    const EventChannel second = channel(check, first);
    const auto self = own_number(first);
    if (!check(self.has_value(), "our own number can be asked for")) return;
    auto page = grants::SharedPage::create(*self);
    if (!check(page.has_value(), "a page is granted")) return;
    page->bytes()[17] = std::byte{42};
    {
        auto mapping = grants::Mapping::map(*self, page->reference(), grants::Access::read_write);
        if (!check(mapping.has_value(), "and mapped")) return;
        volatile std::byte& seen = mapping->bytes()[17];
        check(seen == std::byte{42}, "its contents are seen");
        seen = std::byte{43};
        check(const_cast<volatile std::byte&>(page->bytes()[17]) == std::byte{43}, "and changed");
    }
    check(!grants::Mapping::map(*self, page->reference() + 1, grants::Access::read_write), "nothing else is");
    *page = {};
    check(grants::reclaim() == 0 && grants::lost() == 0, "all of it is given back");
}

void frames(debug::Check& check) noexcept {
    constexpr PageCount one{1};
    std::array<void*, 70> pages{};
    for (void*& page : pages) {
        const auto taken = memory::pages::take(one);
        if (!check(taken.has_value(), "there is a page")) return;
        page = *taken;
    }
    check(guest::give_frames(pages) == pages.size(), "frames are given");
    check(guest::take_frames(pages) == pages.size(), "and taken again");
    unsigned char number = 0;
    for (void* page : pages) *static_cast<volatile unsigned char*>(page) = number++;
    bool kept = true;
    number = 0;
    for (void* page : pages) kept = *static_cast<volatile unsigned char*>(page) == number++ && kept;
    check(kept, "there is memory behind them");
    for (void* page : pages) memory::pages::give_back(static_cast<std::byte*>(page), one);
    check(guest::memory().value >= pages.size(), "the domain's memory is counted");
}

void store(debug::Check& check) noexcept {
    char buffer[16];
    check(!xen::store::connected(), "there is no xenstore");
    check(!xen::store::read("domid", buffer), "and none answers");
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"events", events}, {"grants", sharing}, {"frames", frames}, {"store", store}};
    return debug::run_suites(suites);
}
