// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <exception>
#include <functional>

#include <ucontext.h>

namespace unicore::xen::simulator {

/// A stack of its own for code that runs for a while and then lets whoever entered it go on.
class Fiber {
public:
    explicit Fiber(std::function<void()> body);
    /// Code that has not come to its end never goes on: its stack is not unwound.
    ~Fiber();
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Runs the body until it leaves or ends. Returns what it threw.
    std::exception_ptr enter();
    /// Called from inside: goes back to who entered; returns at the next `enter`.
    void leave();
    bool done() const noexcept { return done_; }

private:
    static void start(unsigned high, unsigned low);
    void run();
    /// Goes to who entered. `ends` says that this stack is not needed again.
    void back(bool ends);

    std::function<void()> body_;
    std::exception_ptr failure_;
    ucontext_t inside_{}, outside_{};
    std::byte* stack_;
    const void* outside_bottom_ = nullptr;
    std::size_t outside_size_ = 0;
    void* fake_stack_ = nullptr;
    bool started_ = false, done_ = false, dying_ = false;
};

}  // namespace unicore::xen::simulator
