// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/xen.hpp>

#include <unicore/arch/barriers.hpp>
#include <unicore/base/late.hpp>
#include <unicore/console/sink.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <xen/io/console.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace unicore::console::xen {
namespace {

namespace guest = unicore::xen::guest;
namespace hypercall = unicore::xen::hypercall;

constexpr std::uint32_t size = sizeof(xencons_interface::out);
constexpr std::uint64_t step = 1'000'000;  // ns between two looks
constexpr int patience = 2000;             // looks: a second or two

struct State {
    bool given_up = false;    ///< the service took nothing for too long: the next wait is one look
    std::uint64_t awake = 0;  ///< system time, ns: the end of the last pause
};
platform::PerImage<State> state;

void notify() noexcept {
    evtchn_send send{guest::console().port};
    static_cast<void>(hypercall::perform(send));
}

/// Sleeps for one step. The time in the shared page is that of this vCPU's last start, which may be long
/// ago: then the first pauses are none, and each next one ends a step later.
void pause() noexcept {
    vcpu_time_info& time = guest::shared().vcpu_info[0].time;
    const std::uint64_t started = std::atomic_ref(time.system_time).load(std::memory_order_relaxed);
    state->awake = std::max<std::uint64_t>(state->awake, started) + step;
    sched_poll poll{};
    poll.timeout = state->awake;
    static_cast<void>(hypercall::perform(poll));
}

/// Waits until at most `most` bytes are unread, and returns whether that came true in time. What the other side
/// says of its index is believed only as far as it makes sense: nonsense is more unread than there is room for.
/// [Xen, xen/include/public/io/console.h]
bool wait(const xencons_interface& ring, std::uint32_t most) noexcept {
    for (int left = state->given_up ? 1 : patience;; --left) {
        const std::uint32_t read = const_cast<const volatile std::uint32_t&>(ring.out_cons);
        arch::Barriers::full();  // what was read makes room only after that
        state->given_up = ring.out_prod - read > most;
        if (!state->given_up || left == 0) return !state->given_up;
        notify();
        pause();
    }
}

/// There is room for it.
void put(xencons_interface& ring, char character) noexcept {
    ring.out[ring.out_prod % size] = character;
    arch::Barriers::write();
    const_cast<volatile std::uint32_t&>(ring.out_prod) = ring.out_prod + 1;
}

class Ring final : public Sink {
    void write(std::string_view text) noexcept override { xen::write(text); }
};

platform::PerImage<Late<Ring>> sink;

}  // namespace

void write(std::string_view text) noexcept {
    auto* const ring = static_cast<xencons_interface*>(guest::console().page);
    // The initial domain has none; nor has anybody before the start parameters are read.
    if (ring == nullptr) return hypercall::console_write(text);
    for (const char character : text) {
        if (!wait(*ring, size - 2)) return;
        if (character == '\n') put(*ring, '\r');
        put(*ring, character);
    }
    notify();
}

void drain() noexcept {
    if (const void* const ring = guest::console().page) wait(*static_cast<const xencons_interface*>(ring), 0);
}

Result<void> start() noexcept {
    add(sink->construct());
    return {};
}

}  // namespace unicore::console::xen
