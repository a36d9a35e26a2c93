// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/result.hpp>
#include <unicore/base/words.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/platform/xen/shutdown.hpp>
#include <unicore/power.hpp>
#include <unicore/xen/store.hpp>

#include <string_view>

namespace unicore::power::xen {
namespace {

namespace store = unicore::xen::store;
using namespace std::string_view_literals;
/// All of it happens in the handlers of the store: the node is watched; when it changed, it is read;
/// when it asks for something, it is emptied.
struct State {
    store::Observer watch;
    store::Request request;  ///< sets the watch, reads the node, or empties it
    char value[16];
    bool changed = false;  ///< since the last look, while the request was under way
    bool idle = false;     ///< there is no request under way
};
platform::PerImage<State> here;

void look() noexcept;

void done(store::Request& request) noexcept {
    State& state = *here;
    state.idle = true;
    if (request.type == XS_WRITE) return request_stop();
    if (state.changed) return look();
    if (request.type != XS_READ || !request.outcome) return;
    const base::Choice order = base::choose("poweroff, halt, reboot", {state.value, *request.outcome});
    if (!order) return;
    if (order.number == 2) platform::xen::shutdown_reason = SHUTDOWN_reboot;
    request.type = XS_WRITE;
    state.idle = false;
    if (!store::submit(request)) done(request);
}

void look() noexcept {
    State& state = *here;
    state.changed = !state.idle;
    if (state.changed) return;
    store::Request& request = state.request;
    request.type = XS_READ;
    request.second = {};
    request.terminated = false;
    state.idle = !store::submit(request);
}

}  // namespace

/// Does not wait for the watch to be there: it fires when it is.
Result<void> start() noexcept {
    if (!store::connected()) return {};
    State& state = *here;
    state.watch.handler = [](void*, std::string_view) noexcept { look(); };
    state.request.first = "control/shutdown"sv;
    state.request.reply = state.value;
    state.request.done = done;
    return state.watch.begin(state.request);
}

}  // namespace unicore::power::xen
