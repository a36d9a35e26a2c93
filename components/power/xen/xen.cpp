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

struct State {
    store::Watch watch;
    store::Request request;  ///< reads the node, then empties it
    char value[16];
    bool busy = false;
    bool again = false;  ///< the node changed while the request was under way
};
platform::PerImage<Late<State>> here;
State& state() noexcept { return **here; }

void look() noexcept;

void emptied(store::Request&) noexcept {
    state().busy = false;
    request_stop();
}

void was_read(store::Request& request) noexcept {
    state().busy = false;
    if (std::exchange(state().again, false)) return look();
    if (!request.outcome) return;
    const std::string_view value(state().value, *request.outcome);
    if (value == "reboot"sv) platform::xen::shutdown_reason = SHUTDOWN_reboot;
    else if (value != "poweroff"sv && value != "halt"sv) return;
    request.type = XS_WRITE;
    request.reply = {};
    request.done = emptied;
    state().busy = true;
    if (!store::submit(request)) emptied(request);
}

void look() noexcept {
    if (state().busy) {
        state().again = true;
        return;
    }
    store::Request& request = state().request;
    request.type = XS_READ;
    request.first = node;
    request.reply = state().value;
    request.done = was_read;
    state().busy = true;
    if (!store::submit(request)) state().busy = false;
}

}  // namespace

Result<void> start() noexcept {
    if (!store::connected()) return {};
    here->construct();
    state().watch = UNICORE_TRY(store::Watch::create(node, [](void*, std::string_view) noexcept { look(); }, nullptr));
    return {};
}

}  // namespace unicore::power::xen
