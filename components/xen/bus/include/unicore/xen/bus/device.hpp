// SPDX-License-Identifier: BSD-3-Clause
/// One end of a paravirtual device, and what it must do as the other end comes and goes.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/work.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/bus/side.hpp>
#include <unicore/xen/bus/state.hpp>
#include <unicore/xen/store.hpp>

#include <boost/intrusive/list.hpp>
#include <xen/xen.h>

#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::xen::bus {

class Device;

/// Lets all devices look at their nodes again. Context: any.
void wake_devices() noexcept;

/// What is particular to a kind of device. Context of all: thread, in a Work.
class Driver {
public:
    /// The other end is there. A front-end makes its rings and says where they are; a back-end says
    /// what it can. An error closes the device, and `detach` is not called.
    virtual Result<void> prepare(Device& device) noexcept = 0;
    /// The other end has done its part: reads what it said. Afterwards the device is in use.
    /// An error closes the device, after a `detach`.
    virtual Result<void> attach(Device& device) noexcept = 0;
    /// The device is not to be used any more, as the other end leaves, left or broke; rings are given
    /// back. Once for each `prepare` that went well, whether `attach` was called or not.
    virtual void detach(Device& device) noexcept = 0;

protected:
    ~Driver() = default;
};

/// Everything that the other end writes may be anything, and change or vanish at any moment: states
/// that jump or are none, paths and numbers out of range never lead to more than a `detach`.
class Device final : sched::Work {
public:
    /// What the driver has done.
    enum class Phase : std::uint8_t { initial, prepared, attached, closed };

    struct Configuration {
        Side side;
        /// What a front-end is when it has prepared: initialised, or connected for those that do not
        /// wait for the back-end's values, such as network interfaces.
        State prepared = State::initialised;
    };

    /// The end whose nodes are below `path`, as device/vif/0 or backend/vif/3/0. `driver` outlives it.
    Device(Configuration configuration, store::Path path, Driver& driver) noexcept;
    /// Closes.
    ~Device();

    /// Begins, with as much as the other end allows. Context: thread.
    /// Errors: not_found when there is no such device; those of the store.
    Result<void> start() noexcept;

    /// Detaches and tells the other end; nothing happens any more, until another `start`. A front-end
    /// gives the other end some time to let go of its memory. Context: thread, not in a callback.
    void close() noexcept;

    /// Gives the device up for good: the error goes to the node error/PATH/error, where the toolstack
    /// shows it, the driver is detached. It begins anew when the other end does.
    /// Context: thread, not in a callback, which returns an error instead.
    void fail(Error error) noexcept;

    /// Waits until the device is in use. Context: thread, not in a callback. Errors: timed_out, stopped.
    Result<void> wait_attached(time::Instant deadline) noexcept;

    /// Woken whenever the device has looked at its nodes: for who waits for a phase, or for `gone`.
    sched::WaitQueue& changes() noexcept { return changes_; }

    Phase phase() const noexcept { return phase_; }
    bool attached() const noexcept { return phase_ == Phase::attached; }
    /// Whether the toolstack took the device away: its nodes are gone.
    bool gone() const noexcept { return gone_; }
    State state() const noexcept { return state_; }
    State other_state() const noexcept { return other_; }
    domid_t other_domain() const noexcept { return other_domain_; }
    const store::Path& path() const noexcept { return path_; }
    const store::Path& other_path() const noexcept { return other_path_; }

    // Nodes of this end and of the other, with the errors of the store.
    Result<void> write(std::string_view name, std::uint64_t value) noexcept;
    Result<void> write(std::string_view name, std::string_view value) noexcept;
    Result<std::uint64_t> read_other(std::string_view name) noexcept;
    Result<std::string_view> read_other(std::string_view name, std::span<char> buffer) noexcept;

    /// Shows another state, unless the device's nodes are gone. For reconfiguring; the rest happens by
    /// itself. Errors: invalid_argument when it may not follow; not_found; those of the store.
    Result<void> switch_to(State state) noexcept;

    /// Looks again at the nodes of both ends, soon. Context: any.
    using Work::wake;

private:
    friend class Devices;

    void run() noexcept override;
    void look() noexcept;
    bool step() noexcept;
    Result<store::Watch> watch(const store::Path& node) noexcept;
    Result<void> find_other_end() noexcept;
    Result<State> read_state(const store::Path& end) noexcept;
    void prepare() noexcept;
    void attach() noexcept;
    void leave(State last) noexcept;
    void await_leave() noexcept;
    void restart() noexcept;
    void report(Error error) noexcept;

    const Configuration configuration_;
    const store::Path path_;
    Driver& driver_;
    store::Path other_path_;
    store::Watch own_watch_;  ///< of where the other end is
    store::Watch watch_;      ///< of the other end's state
    domid_t other_domain_ = DOMID_INVALID;
    State state_ = State::unknown;
    State other_ = State::unknown;
    State failed_with_ = State::unknown;  ///< the other end's when we failed
    Phase phase_ = Phase::initial;
    bool started_ = false;
    bool gone_ = false;
    bool reopen_ = false;  ///< the other end must be through with who was here before
    sched::WaitQueue changes_;
    /// In Devices::all_, which owns nothing; guarded by masked interrupts.
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> all_hook_;
};

}  // namespace unicore::xen::bus
