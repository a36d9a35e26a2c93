// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "interface.hpp"
#include "timers.hpp"

#include <unicore/sched/mutex.hpp>
#include <unicore/sched/timed_work.hpp>

#include <span>

namespace unicore::netstack::lwip {

/// Moves packets between devices and lwIP, and has lwIP's timers run: a work, which runs while threads wait. Whoever uses
/// lwIP has the lock, and waits for nothing meanwhile.
class Stack final : public sched::TimedWork {
public:
    /// Takes the network devices that there are. Errors: out_of_memory.
    Result<void> open() noexcept;

    void lock() noexcept { mutex_.lock(); }
    /// Sends what came of it, and looks at timers.
    void unlock() noexcept { finish(tcp_timer_wanted()); }

    std::span<Interface* const> interfaces() const noexcept { return {interfaces_, count_}; }

private:
    void run() noexcept override;
    void finish(bool timers_wanted) noexcept;
    bool has_own() const noexcept;
    void receive_own() noexcept;

    static constexpr std::size_t most = 16;

    sched::Mutex mutex_;
    Interface* interfaces_[most]{};
    std::size_t count_ = 0;
    bool looks_ = false;  ///< one of the devices says when it is to be looked at
    struct netif* loop_ = nullptr;
};

/// The image's, from its boot step on.
Stack& stack() noexcept;

}  // namespace unicore::netstack::lwip
