// SPDX-License-Identifier: BSD-3-Clause
// Threads, over the Scheduler of a provider.
#include <scheduler.hpp>

#include <unicore/arch/guard.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/late.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/power/alert.hpp>
#include <unicore/sched/thread.hpp>
#include <unicore/sched/works.hpp>

#include <memory>
#include <new>

namespace unicore::sched {
namespace threads {
namespace {

platform::PerImage<Late<Scheduler>> here;

void run(void* control) noexcept {
    auto& self = *static_cast<Control*>(control);
    scheduler().begin();
    self.main(self.argument);
    end_thread();
}

/// Runs what work there is, one after the other, for ever.
void work(void*) noexcept {
    for (;;) {
        time::Instant due;
        {
            const platform::MaskGuard masked;
            due = works::due();
            if (due != time::never) works::expire(time::Monotonic::now());
            due = works::due();
        }
        if (works::run_next()) scheduler().yield();
        else scheduler().block(due);
    }
}

Result<Control*> create(void (*main)(void*) noexcept, void* argument, Thread::Settings settings) noexcept {
    if (settings.stack_size > SIZE_MAX / 2) return unexpected(Error::out_of_memory);
    const locals::Layout own = locals::layout();
    auto stack = UNICORE_TRY(Stack::create(settings.stack_size + own.size + own.alignment + sizeof(Control) + Scheduler::stack_room));
    const MemoryRange usable = stack.usable();
    const std::uintptr_t place = align_down(usable.end() - sizeof(Control), alignof(Control));
    const std::uintptr_t block = align_down(place - own.size, own.alignment);
    auto* const variables = reinterpret_cast<std::byte*>(block);
    auto* const control = new (reinterpret_cast<void*>(place)) Control{
        .locals = {.block = variables}, .name = settings.name, .main = main, .argument = argument};
    locals::prepare(variables);
    control->context.prepare({reinterpret_cast<std::byte*>(usable.base), align_down(block, 16) - usable.base}, run, control);
    control->stack = std::move(stack);
    scheduler().add(*control, settings.priority);
    return control;
}

}  // namespace

bool started() noexcept { return here->constructed(); }

Scheduler& scheduler() noexcept { return **here; }

/// The boot step: from now on there are threads, the one that runs is the first. Work gets one of its own.
Result<void> start() noexcept {
    Scheduler::prepare();
    here->construct().start();
    if (works::exist()) scheduler().set_worker(*UNICORE_TRY(create(work, nullptr, {.name = "work"})));
    return {};
}

}  // namespace threads

using threads::Control;
using threads::Scheduler;
using threads::scheduler;

[[gnu::weak]] bool works::run_next() noexcept { return false; }
[[gnu::weak]] void works::expire(time::Instant) noexcept {}
[[gnu::weak]] time::Instant works::due() noexcept { return time::never; }
[[gnu::weak]] bool works::exist() noexcept { return false; }
void works::alert() noexcept {
    if (!threads::started()) return;  // the worker looks for work when it begins
    if (Control* const worker = scheduler().worker(); worker != nullptr) scheduler().wake(*worker);
}

[[gnu::weak]] locals::Layout locals::layout() noexcept { return {}; }
[[gnu::weak]] void locals::prepare(std::byte*) noexcept {}
locals::Locals& locals::current() noexcept { return scheduler().current().locals; }

// Inlined also where calls are shorter, in release images: every lock asks.
[[gnu::always_inline]] std::uintptr_t current_thread() noexcept { return reinterpret_cast<std::uintptr_t>(&scheduler().current()); }

bool in_first_thread() noexcept { return scheduler().in_first(); }

Result<Thread> Thread::create(void (*main)(void*) noexcept, void* context, Settings settings) noexcept {
    scheduler().reap();
    return Thread(UNICORE_TRY(threads::create(main, context, settings)));
}

void Thread::join() noexcept {
    auto& thread = *static_cast<Control*>(std::exchange(control_, nullptr));
    UNICORE_ASSERT(&thread != &scheduler().current());
    thread.joiner = &scheduler().current();
    while (!thread.ended) scheduler().block(time::never);
    const Stack stack = std::move(thread.stack);
}

void Thread::detach() noexcept {
    auto& thread = *static_cast<Control*>(std::exchange(control_, nullptr));
    {
        const platform::MaskGuard masked;
        if (!thread.ended) {
            thread.detached = true;
            return;
        }
    }
    const Stack stack = std::move(thread.stack);
}

std::uintptr_t Thread::number() const noexcept {
    UNICORE_ASSERT(joinable());
    return reinterpret_cast<std::uintptr_t>(control_);
}

unsigned priority() noexcept { return priority(current_thread()); }

void set_priority(unsigned priority) noexcept { set_priority(current_thread(), priority); }

unsigned priority(std::uintptr_t thread) noexcept { return Scheduler::priority(*reinterpret_cast<Control*>(thread)); }

void set_priority(std::uintptr_t thread, unsigned priority) noexcept {
    UNICORE_ASSERT(priority <= highest_priority);
    scheduler().set_priority(*reinterpret_cast<Control*>(thread), priority);
}

MemoryRange stack(std::uintptr_t thread) noexcept {
    const auto& control = *reinterpret_cast<const Control*>(thread);
    return control.main == nullptr ? platform::first_stack() : control.stack.usable();  // the first one was not started
}

void end_thread() noexcept {
    UNICORE_ASSERT(!scheduler().in_first());
    locals::finish();
    scheduler().end_current();
}

const char* thread_name() noexcept { return scheduler().current().name; }

}  // namespace unicore::sched

/// A fault below the stack that is in use is told as what it is.
bool unicore::arch::is_guard(std::uintptr_t address) noexcept {
    using namespace unicore::sched;
    return threads::started() && scheduler().current().stack.is_guard(address);
}

void unicore::power::alert() noexcept {
    using namespace unicore::sched;
    if (threads::started()) scheduler().alert();  // the first to wait or yield looks round anyway
}
