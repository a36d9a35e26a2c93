// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <span>

namespace unicore::console {

/// Something that console input comes from. A global of its driver's, constinit, and there as long as the image.
class Source {
public:
    enum class Kind : std::uint8_t {
        line,  ///< characters as they are typed: whoever reads wants lines, which can be corrected before they end
        text,  ///< somebody else has seen to that, or nobody types
    };
    struct Taken {
        std::size_t size = 0;
        bool ended = false;  ///< nothing was there, and for now nothing will come
    };

    explicit constexpr Source(Kind kind) noexcept : kind(kind) {}

    /// Has it listen from now on; the first to read calls it, once. Context: thread. Errors: what keeps it from being
    /// a source; not_found without a device.
    virtual Result<void> open() noexcept = 0;
    /// Whether `take` has something, the end included. If not, `arrived` is called when that changes, or `look_every`
    /// says how often to ask. Context: masked.
    virtual bool pending() noexcept = 0;
    /// Takes what is there, without waiting. Context: thread.
    virtual Taken take(std::span<char> into) noexcept = 0;

    const Kind kind;
    /// How often to look, where nothing interrupts; `never_looks` where something does. open sets it.
    static constexpr time::Duration never_looks = time::Duration::max();
    time::Duration look_every = never_looks;
    bool listens = false;    ///< it was opened; whoever reads sets it
    Source* next = nullptr;  ///< in the list of sources, which `add` fills in the boot steps and nothing changes after

protected:
    ~Source() = default;
};

/// Adds a source. Called from its boot step.
void add(Source& source) noexcept;

/// Wakes those who wait for input. Context: any.
void arrived() noexcept;

/// The list's first, or null. Context: any.
Source* first_source() noexcept;

/// Called at every arrival, masked, until it is removed: for whoever waits for other things as well.
struct ArrivalHook {
    void (*run)(ArrivalHook& self) noexcept;
    ArrivalHook* next = nullptr;
};
/// Context: thread.
void add(ArrivalHook& hook) noexcept;
void remove(ArrivalHook& hook) noexcept;

/// Waits until `condition` holds, which is looked at after each arrival. Context and errors: WaitQueue::wait.
Result<void> wait_for_arrival(sched::Predicate condition, time::Instant deadline) noexcept;

}  // namespace unicore::console
