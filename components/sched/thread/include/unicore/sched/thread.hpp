// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/sched/locals.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace unicore::sched {

/// Larger ones go first, from 0 to highest_priority. Providers without priorities keep them, to no effect.
inline constexpr unsigned default_priority = 16, highest_priority = 31;

/// A thread of its own stack, and whoever has this object is the one to join it. They all share the one CPU, and end
/// with the image: when main returns, or somebody stops it.
class Thread {
public:
    struct Settings {
        const char* name = "thread";        ///< for people; a literal, or what else lives as long as the thread
        std::size_t stack_size = 16 * 1024;  ///< bytes of which main has nearly all; whole pages are taken
        unsigned priority = default_priority;
    };

    /// Starts a thread that calls main(context). It runs when others wait, sleep or yield, if not before.
    /// Context: thread. Errors: out_of_memory.
    static Result<Thread> create(void (*main)(void* context) noexcept, void* context, Settings settings) noexcept;
    static Result<Thread> create(void (*main)(void* context) noexcept, void* context) noexcept {
        return create(main, context, Settings());
    }

    constexpr Thread() noexcept = default;
    Thread(Thread&& other) noexcept : control_(std::exchange(other.control_, nullptr)) {}
    Thread& operator=(Thread&& other) noexcept {
        std::swap(control_, other.control_);
        return *this;
    }
    /// Joins it.
    ~Thread() noexcept {
        if (joinable()) join();
    }

    /// Whether there is a thread to join.
    bool joinable() const noexcept { return control_ != nullptr; }
    /// What current_thread() is in it. Asserts that there is one.
    std::uintptr_t number() const noexcept;

    /// Waits for its end, after a stop request too, and gives its stack back. Context: thread, another one.
    void join() noexcept;

    /// Lets it go: its stack is given back some time after its end. Context: thread.
    void detach() noexcept;

private:
    explicit Thread(void* control) noexcept : control_(control) {}

    void* control_ = nullptr;  ///< the provider's own
};

/// Whether larger priorities go first, and the owner of a mutex as those who wait for it would. Context: any.
bool has_priorities() noexcept;

/// That of the thread that runs, without what it inherits from others that wait for it. Context: thread.
unsigned priority() noexcept;
/// Asserts that it is not above highest_priority. Context: thread.
void set_priority(unsigned priority) noexcept;
/// The same of any thread that was not joined or let go, by its number (current_thread()).
unsigned priority(std::uintptr_t thread) noexcept;
void set_priority(std::uintptr_t thread, unsigned priority) noexcept;

/// A thread's stack, by the thread's number as above, without what guards it. Context: thread.
MemoryRange stack(std::uintptr_t thread) noexcept;
inline MemoryRange stack() noexcept { return stack(current_thread()); }

/// Ends the thread that runs, as if its function returned; what lies on its stack is forgotten, not destroyed. Asserts
/// that it is not the first one, which ends with the image. Context: thread.
[[noreturn]] void end_thread() noexcept;

/// The name of the thread that runs: "main" of the first one. Context: thread.
const char* thread_name() noexcept;

}  // namespace unicore::sched
