// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/bus/state.hpp>

#include <xen/io/xenbus.h>

#include <utility>

namespace unicore::xen::bus {

static_assert(std::to_underlying(State::connected) == XenbusStateConnected);
static_assert(std::to_underlying(State::reconfigured) == XenbusStateReconfigured);

State parse_state(std::string_view value) noexcept {
    if (value.size() != 1 || value[0] < '0' || value[0] > '8') return State::unknown;
    return static_cast<State>(value[0] - '0');
}

bool may_follow(State from, State to) noexcept {
    switch (to) {
        case State::initialising: return from == State::unknown || from == State::closed;
        case State::init_wait: return from == State::unknown || from == State::initialising || from == State::closed;
        case State::initialised: return from == State::initialising || from == State::init_wait;
        case State::connected: return from != State::unknown && from != State::closing && from != State::closed;
        case State::closing: return from != State::closed;
        case State::closed: return true;
        case State::reconfiguring:
        case State::reconfigured: return from == State::connected || from == State::reconfiguring || from == State::reconfigured;
        case State::unknown: break;
    }
    return false;
}

}  // namespace unicore::xen::bus
