// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/xen.hpp>

#include "domain.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/base/late.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/console/sink.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <xen/io/console.h>

#include <cstdint>

namespace unicore::console::xen {
namespace {

namespace guest = unicore::xen::guest;
namespace hypercall = unicore::xen::hypercall;

constexpr std::uint32_t size = sizeof(xencons_interface::out);
constexpr int patience = 2000;  // looks, a millisecond apart

struct State {
    bool given_up = false;  ///< the service took nothing for too long: the next wait is one look
};
platform::PerImage<State> state;

void notify() noexcept {
    evtchn_send send{guest::console().port};
    static_cast<void>(hypercall::perform(send));
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
        const PreemptionGuard alone;  // of those who write
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
    if (wanted()) add(sink->construct());
    return {};
}

}  // namespace unicore::console::xen
