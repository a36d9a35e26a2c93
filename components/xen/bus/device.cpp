// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/bus/device.hpp>

#include <unicore/base/late.hpp>
#include <unicore/base/text.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>

#include <utility>

namespace unicore::xen::bus {

/// All devices of the image. Used masked.
class Devices {
public:
    void add(Device& device) noexcept { all_.push_back(device); }
    void remove(Device& device) noexcept { all_.erase(all_.iterator_to(device)); }
    void wake() noexcept {
        for (Device& device : all_) device.wake();
    }

private:
    boost::intrusive::list<Device,
                           boost::intrusive::member_hook<Device, decltype(Device::all_hook_), &Device::all_hook_>,
                           boost::intrusive::constant_time_size<false>>
        all_;
};

namespace {

platform::PerImage<Late<Devices>> here;

Devices& devices() noexcept { return here->constructed() ? **here : here->construct(); }

bool leaves(State state) noexcept {
    return state == State::closing || state == State::closed || state == State::unknown;
}

/// Errors of the store that say something about the node, rather than about the store.
bool about_the_node(Error error) noexcept {
    return error == Error::not_found || error == Error::unsupported || error == Error::invalid_argument ||
           error == Error::out_of_range;
}

}  // namespace

void wake_devices() noexcept {
    const platform::MaskGuard masked;
    devices().wake();
}

Device::Device(Configuration configuration, store::Path path, Driver& driver) noexcept
    : configuration_(configuration), path_(path), driver_(driver) {
    const platform::MaskGuard masked;
    devices().add(*this);
}

Device::~Device() {
    close();
    const platform::MaskGuard masked;
    devices().remove(*this);
}

Result<void> Device::write(std::string_view name, std::uint64_t value) noexcept {
    return store::write_number(store::Path{path_, name}, value);
}

Result<void> Device::write(std::string_view name, std::string_view value) noexcept {
    return store::write(store::Path{path_, name}, value);
}

Result<std::uint64_t> Device::read_other(std::string_view name) noexcept {
    return store::read_number(store::Path{other_path_, name});
}

Result<std::string_view> Device::read_other(std::string_view name, std::span<char> buffer) noexcept {
    return store::read(store::Path{other_path_, name}, buffer);
}

/// A state that is there and makes no sense is unknown; one that is not there is not_found.
Result<State> Device::read_state(const store::Path& end) noexcept {
    char value[2];
    const auto text = store::read(store::Path{end, "state"}, value);
    if (text) return parse_state(*text);
    if (text.error() != Error::not_found && about_the_node(text.error())) return State::unknown;
    return unexpected(text.error());
}

Result<void> Device::switch_to(State state) noexcept {
    const Pause no_callbacks;
    if (state == state_) return {};
    if (!may_follow(state_, state)) return unexpected(Error::invalid_argument);
    // In one transaction, so that nodes which the toolstack has just removed do not come back.
    const auto outcome = store::transaction([&](store::Transaction transaction) -> Result<void> {
        const store::Path node{path_, "state"};
        char value[2];
        const auto before = store::read(node, value, transaction);
        if (!before && before.error() != Error::out_of_range) return unexpected(before.error());
        return store::write_number(node, std::to_underlying(state), transaction);
    });
    if (!outcome && outcome.error() == Error::not_found) gone_ = true;
    UNICORE_TRY(outcome);
    state_ = state;
    return {};
}

Result<store::Watch> Device::watch(const store::Path& node) noexcept {
    return store::Watch::create(
        node, [](void* device, std::string_view) noexcept { static_cast<Device*>(device)->wake(); }, this);
}

/// Where the other end is, which changes when a driver domain takes over from another.
Result<void> Device::find_other_end() noexcept {
    const bool front = configuration_.side == Side::front;
    char buffer[store::Path::capacity];
    const store::Path where{UNICORE_TRY(store::read(store::Path{path_, front ? "backend" : "frontend"}, buffer))};
    const store::Path whose{path_, front ? "backend-id" : "frontend-id"};
    const std::uint64_t domain = UNICORE_TRY(store::read_number(whose));
    if (where.empty() || domain >= DOMID_FIRST_RESERVED) return unexpected(Error::invalid_argument);
    other_domain_ = static_cast<domid_t>(domain);
    if (watch_.active() && where.view() == other_path_.view()) return {};
    other_path_ = where;
    watch_ = store::Watch();
    watch_ = UNICORE_TRY(watch(store::Path{where, "state"}));
    return {};
}

Result<void> Device::start() noexcept {
    if (started_) return {};
    state_ = UNICORE_TRY(read_state(path_));
    own_watch_ = UNICORE_TRY(watch(store::Path{path_, configuration_.side == Side::front ? "backend" : "frontend"}));
    phase_ = Phase::initial;
    reopen_ = false;
    if (state_ != State::initialising) {
        // Somebody was here before, such as a boot loader, and the other end may not have noticed.
        UNICORE_TRY(switch_to(State::closed));
        if (configuration_.side == Side::front) {
            UNICORE_TRY(switch_to(State::initialising));
        } else {
            phase_ = Phase::closed;
            reopen_ = true;
        }
    }
    started_ = true;
    wake();
    sched::yield();
    return {};
}

void Device::run() noexcept {
    if (!started_) return;
    look();
    changes_.wake_all();
}

void Device::look() noexcept {
    const auto own = read_state(path_);
    if (!own && own.error() == Error::not_found) {
        gone_ = true;
        leave(State::closed);
        return;
    }
    if (!own) return;
    if (std::exchange(gone_, false)) state_ = *own;  // there is another device of the same name
    other_ = State::unknown;
    const bool known = watch_.active() && (phase_ == Phase::prepared || phase_ == Phase::attached);
    if (const Result<void> found = known ? Result<void>() : find_other_end(); found) {
        const auto state = read_state(other_path_);
        if (!state && state.error() != Error::not_found) return;
        other_ = state.value_or(State::unknown);
    } else if (!about_the_node(found.error())) {
        return;  // it is the store that is in trouble, not the other end
    }
    // Each step is one that the other end must answer, but for the first after a new start.
    for (unsigned steps = 0; steps < 4 && step(); ++steps) {}
}

/// Does what the other end's state asks for; returns whether to look once more.
bool Device::step() noexcept {
    const bool front = configuration_.side == Side::front;
    if (other_ != failed_with_) failed_with_ = State::unknown;
    switch (phase_) {
        case Phase::initial:
            if (front ? other_ == State::init_wait : other_ != State::unknown && other_ != State::closing) {
                prepare();
                return phase_ == Phase::prepared;
            }
            // A back-end that has not noticed that somebody else is here now.
            if (front && (other_ == State::initialised || other_ == State::connected)) {
                leave(State::closed);
                reopen_ = true;
            }
            return false;
        case Phase::prepared:
            if (other_ == State::connected || (!front && other_ == State::initialised)) {
                attach();
                return false;
            }
            if (front && other_ == State::initialising) return restart(), true;
            if (!front && other_ == State::closed) return false;  // one that may come back
            break;
        case Phase::attached:
            if (other_ == State::initialising || other_ == State::init_wait) return restart(), true;
            break;
        case Phase::closed:
            if (failed_with_ != State::unknown) return false;
            if (other_ == State::initialising || (front && other_ == State::init_wait) ||
                (reopen_ && other_ == State::closed))
                return restart(), phase_ == Phase::initial;
            if (state_ == State::closing && leaves(other_) && other_ != State::closing)
                static_cast<void>(switch_to(State::closed));
            return false;
    }
    if (leaves(other_)) leave(front || other_ != State::closing ? State::closed : State::closing);
    return false;
}

void Device::prepare() noexcept {
    const State next = configuration_.side == Side::front ? configuration_.prepared : State::init_wait;
    if (const auto prepared = driver_.prepare(*this); !prepared) return report(prepared.error());
    phase_ = Phase::prepared;
    if (const auto switched = switch_to(next); !switched) leave(State::closed);
}

void Device::attach() noexcept {
    auto attached = driver_.attach(*this);
    if (attached) {
        phase_ = Phase::attached;
        attached = switch_to(State::connected);
    }
    if (!attached) report(attached.error());
}

/// The driver lets go, and the other end hears of it.
void Device::leave(State last) noexcept {
    if (phase_ == Phase::prepared || phase_ == Phase::attached) driver_.detach(*this);
    phase_ = Phase::closed;
    changes_.wake_all();
    if (!gone_) static_cast<void>(switch_to(last));
}

/// Begins anew, by way of closed.
void Device::restart() noexcept {
    leave(State::closed);
    reopen_ = false;
    // A back-end's new start is init_wait, when it has prepared.
    if (configuration_.side == Side::back || switch_to(State::initialising)) phase_ = Phase::initial;
}

void Device::report(Error error) noexcept {
    const std::string_view name = to_string(error);
    static_cast<void>(store::write(store::Path{"error", path_, "error"}, name));
    failed_with_ = other_;
    leave(State::closed);
}

void Device::fail(Error error) noexcept {
    const Pause no_callbacks;
    if (phase_ != Phase::closed) report(error);
}

void Device::close() noexcept {
    if (!std::exchange(started_, false)) return;
    own_watch_ = store::Watch();
    watch_ = store::Watch();
    if (configuration_.side == Side::front && attached() && switch_to(State::closing)) await_leave();
    leave(State::closed);
}

/// Until the other end has seen that we close, or half a second.
void Device::await_leave() noexcept {
    const time::Instant deadline = time::Monotonic::now() + std::chrono::milliseconds(500);
    while (time::Monotonic::now() < deadline) {
        const auto other = read_state(other_path_);
        if (!other || leaves(*other)) return;
        static_cast<void>(sched::sleep_for(std::chrono::milliseconds(1)));  // an image that stops polls
    }
}

Result<void> Device::wait_attached(time::Instant deadline) noexcept {
    return changes_.wait([&] { return attached(); }, deadline);
}

}  // namespace unicore::xen::bus
