// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/store.hpp>
#include <unicore/xen/store/config.hpp>

namespace unicore::xen::store {
namespace {

platform::PerImage<Client> here;

constexpr time::Duration timeout = std::chrono::seconds(config::timeout);
/// How long an operation goes on after a stop request.
constexpr time::Duration grace = std::chrono::milliseconds(500);

/// The scheduler does not wait any more in an image that stops, and drivers have yet to close.
void wait_stopping(const bool& finished) noexcept {
    const time::Instant end = time::Monotonic::now() + grace;
    while (!finished && time::Monotonic::now() < end) {
        {
            const platform::MaskGuard masked;
            here->serve();
        }
        hypercall::yield();
    }
}

}  // namespace

Client& connection() noexcept { return *here; }

bool connected() noexcept { return here->open(); }

Result<void> submit(Request& request) noexcept {
    const platform::MaskGuard masked;
    return here->submit(request);
}

void withdraw(Request& request) noexcept {
    const platform::MaskGuard masked;
    here->withdraw(request);
}

Result<std::uint32_t> perform(Waiting& request) noexcept {
    request.done = [](Request& request) noexcept {
        auto& waiting = static_cast<Waiting&>(request);
        waiting.finished = true;
        waiting.waiter.wake_all();
    };
    UNICORE_TRY(submit(request));
    const auto waited = request.waiter.wait([&] { return request.finished; }, time::Monotonic::now() + timeout);
    if (!waited && waited.error() == Error::stopped) wait_stopping(request.finished);
    const platform::MaskGuard masked;
    if (request.finished) return request.outcome;
    here->withdraw(request);
    return unexpected(waited.error());
}

/// The boot step. A domain without xenstore, as an initial domain is at first, boots all the same.
Result<void> start() noexcept {
    const guest::Connection ours = guest::store();
    if (ours.page == nullptr) return {};
    here->connect(*static_cast<xenstore_domain_interface*>(ours.page), ours.port);
    return events::adopt(ours.port, {[](void* client) noexcept { static_cast<Client*>(client)->serve(); }, &*here});
}

}  // namespace unicore::xen::store
