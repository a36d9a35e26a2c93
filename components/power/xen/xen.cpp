// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/late.hpp>
#include <unicore/base/result.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/platform/xen/shutdown.hpp>
#include <unicore/power.hpp>
#include <unicore/xen/store.hpp>

#include <string_view>

namespace unicore::power::xen {
namespace {

namespace store = unicore::xen::store;
using namespace std::string_view_literals;

constexpr std::string_view node = "control/shutdown";

/// All of it happens in the handlers of the store: the node is watched; when it changed, it is read;
/// when it asks for something, it is emptied.
struct State {
    store::Watch watch;
    store::Request request;  ///< sets the watch, reads the node, or empties it
    char value[16];
    bool changed = false;  ///< since the last look, while the request was under way
    bool busy = true;
};
platform::PerImage<Late<State>> here;

void look() noexcept;

void done(store::Request& request) noexcept {
    State& state = **here;
    state.busy = false;
    if (request.type == XS_WRITE) return request_stop();
    if (state.changed) return look();
    if (request.type != XS_READ || !request.outcome) return;
    const std::string_view value(state.value, *request.outcome);
    if (value == "reboot"sv) platform::xen::shutdown_reason = SHUTDOWN_reboot;
    else if (value != "poweroff"sv && value != "halt"sv) return;
    request.type = XS_WRITE;
    state.busy = true;
    if (!store::submit(request)) done(request);
}

void look() noexcept {
    State& state = **here;
    state.changed = state.busy;
    if (state.busy) return;
    store::Request& request = state.request;
    request.type = XS_READ;
    request.second = {};
    request.terminated = false;
    state.busy = store::submit(request).has_value();
}

}  // namespace

/// Does not wait for the watch to be there: it fires when it is.
Result<void> start() noexcept {
    if (!store::connected()) return {};
    State& state = here->construct();
    state.request.reply = state.value;
    state.request.done = done;
    return state.watch.begin(node, [](void*, std::string_view) noexcept { look(); }, nullptr, state.request);
}

}  // namespace unicore::power::xen
