// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"

#include <unicore/base/late.hpp>
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

struct Connected {
    Late<Client> client;
    events::EventChannel channel;
};
platform::PerImage<Connected> here;

constexpr time::Duration timeout = std::chrono::seconds(config::timeout);
/// How long an operation goes on after a stop request.
constexpr time::Duration grace = std::chrono::milliseconds(500);

/// The scheduler does not wait any more in an image that stops, and drivers have yet to close.
void wait_stopping(Client& client, const bool& finished) noexcept {
    const time::Instant end = time::Monotonic::now() + grace;
    while (!finished && time::Monotonic::now() < end) {
        {
            const platform::MaskGuard masked;
            client.serve();
        }
        hypercall::yield();
    }
}

}  // namespace

Client* connection() noexcept { return here->client.constructed() ? &*here->client : nullptr; }

bool connected() noexcept {
    const Client* const client = connection();
    return client != nullptr && !client->broken();
}

Result<void> submit(Request& request) noexcept {
    Client* const client = connection();
    if (client == nullptr) return unexpected(Error::not_found);
    const platform::MaskGuard masked;
    return client->submit(request);
}

void withdraw(Request& request) noexcept {
    const platform::MaskGuard masked;
    if (Client* const client = connection()) client->withdraw(request);
}

Result<std::uint32_t> perform(Waiting& request) noexcept {
    request.done = [](Request& request) noexcept {
        static_cast<Waiting&>(request).finished = true;
        connection()->finished.wake_all();
    };
    UNICORE_TRY(submit(request));
    Client& client = *connection();
    const auto waited = client.finished.wait([&] { return request.finished; }, time::Monotonic::now() + timeout);
    if (!waited && waited.error() == Error::stopped) wait_stopping(client, request.finished);
    const platform::MaskGuard masked;
    if (request.finished) return request.outcome;
    client.withdraw(request);
    return unexpected(waited.error());
}

/// The boot step. A domain without xenstore, as an initial domain is at first, boots all the same.
Result<void> start() noexcept {
    const guest::Connection ours = guest::store();
    if (ours.page == nullptr) return {};
    Client& client = here->client.construct(*static_cast<xenstore_domain_interface*>(ours.page), ours.port);
    here->channel = UNICORE_TRY(events::EventChannel::adopt(
        ours.port, {[](void* client) noexcept { static_cast<Client*>(client)->serve(); }, &client}));
    return {};
}

}  // namespace unicore::xen::store
