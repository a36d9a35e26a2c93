// SPDX-License-Identifier: BSD-3-Clause
#include "incoming.hpp"

#include <unicore/base/result.hpp>
#include <unicore/console/received.hpp>
#include <unicore/console/source.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

namespace unicore::console::xen::input {
namespace {

namespace guest = unicore::xen::guest;
namespace hypercall = unicore::xen::hypercall;
namespace events = unicore::xen::events;

constexpr events::Handler on_event{[](void*) noexcept { arrived(); }, nullptr};

/// The ring that is shared with the console service.
class RingInput final : public Source {
public:
    constexpr RingInput() noexcept : Source(Kind::line) {}

    Result<void> open() noexcept override {
        const guest::Connection console = guest::console();
        if (console.page == nullptr) return unexpected(Error::not_found);
        incoming_ = Incoming(*static_cast<xencons_interface*>(console.page));
        return events::adopt(console.port, on_event);
    }
    bool pending() noexcept override { return incoming_.unread() != 0; }
    Taken take(std::span<char> into) noexcept override {
        const std::size_t size = incoming_.take(into);
        if (size == 0) return {};
        evtchn_send room{guest::console().port};  // the service may wait for it
        static_cast<void>(hypercall::perform(room));
        return {.size = size};
    }

private:
    Incoming incoming_;
};

/// The hypervisor's own console, which only the initial domain may read.
class HypervisorInput final : public Source {
public:
    constexpr HypervisorInput() noexcept : Source(Kind::line) {}

    Result<void> open() noexcept override {
        if (guest::console().page != nullptr || !guest::initial()) return unexpected(Error::not_found);
        UNICORE_TRY(events::bind_virq(VIRQ_CONSOLE, on_event));
        return {};
    }
    bool pending() noexcept override {
        receive();
        return !received_.empty();
    }
    Taken take(std::span<char> into) noexcept override {
        const platform::MaskGuard masked;
        receive();
        return {.size = received_.take(into)};
    }

private:
    /// The hypercall takes what it tells of.
    void receive() noexcept {
        char character;
        while (!received_.full() && hypercall::console_read({&character, 1}) == 1) received_.put(character);
    }

    Received<256> received_;
};

struct Sources {
    RingInput ring;
    HypervisorInput hypervisor;
};
platform::PerImage<Sources> sources;

}  // namespace

Result<void> start() noexcept {
    add(sources->ring);
    add(sources->hypervisor);
    return {};
}

}  // namespace unicore::console::xen::input
