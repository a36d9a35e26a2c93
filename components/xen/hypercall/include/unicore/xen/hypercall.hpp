// SPDX-License-Identifier: BSD-3-Clause
/// Hypercalls by type: the structure says which command it is for, failures are Errors.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/xen/guest.hpp>

#include <xen/event_channel.h>
#include <xen/grant_table.h>
#include <xen/hvm/hvm_op.h>
#include <xen/hvm/params.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>
#include <xen/xen.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace unicore::xen::hypercall {

namespace detail {
/// Most hypercalls have two arguments at most: a function of their own saves naming the others at each.
std::int64_t call(std::uintptr_t first, std::uintptr_t second, unsigned number) noexcept;
}  // namespace detail

/// A hypercall as the interface has it. Arguments are integers, enumerators and pointers.
template <typename... Arguments>
    requires(sizeof...(Arguments) <= 5)
[[gnu::always_inline]] inline std::int64_t call(unsigned number, Arguments... arguments) noexcept {
    std::uintptr_t value[5]{};
    std::size_t next = 0;
    const auto word = []<typename T>(T argument) {
        if constexpr (std::is_pointer_v<T>) return reinterpret_cast<std::uintptr_t>(argument);
        else return static_cast<std::uintptr_t>(argument);
    };
    ((value[next++] = word(arguments)), ...);
    if constexpr (sizeof...(Arguments) <= 2) return detail::call(value[0], value[1], number);
    else return unicore_xen_hypercall(value[0], value[1], value[2], value[3], value[4], number);
}

/// What a negative result means. [Xen, xen/include/public/errno.h]
Error to_error(std::int64_t result) noexcept;

/// Nothing for success, the error for a negative result.
inline Result<void> check(std::int64_t result) noexcept {
    if (result >= 0) [[likely]]
        return {};
    return unexpected(to_error(result));
}

/// The hypercall and the command that a structure belongs to.
template <typename Operation>
struct Command;

#define UNICORE_XEN_COMMAND(structure, hypercall_number, command)   \
    template <>                                                     \
    struct Command<structure> {                                     \
        static constexpr unsigned number = hypercall_number;        \
        static constexpr unsigned value = command;                  \
    }
// [Xen, xen/include/public/event_channel.h]
UNICORE_XEN_COMMAND(evtchn_alloc_unbound, __HYPERVISOR_event_channel_op, EVTCHNOP_alloc_unbound);
UNICORE_XEN_COMMAND(evtchn_bind_interdomain, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_interdomain);
UNICORE_XEN_COMMAND(evtchn_bind_virq, __HYPERVISOR_event_channel_op, EVTCHNOP_bind_virq);
UNICORE_XEN_COMMAND(evtchn_close, __HYPERVISOR_event_channel_op, EVTCHNOP_close);
UNICORE_XEN_COMMAND(evtchn_send, __HYPERVISOR_event_channel_op, EVTCHNOP_send);
UNICORE_XEN_COMMAND(evtchn_status, __HYPERVISOR_event_channel_op, EVTCHNOP_status);
UNICORE_XEN_COMMAND(evtchn_unmask, __HYPERVISOR_event_channel_op, EVTCHNOP_unmask);
// [Xen, xen/include/public/sched.h]
UNICORE_XEN_COMMAND(sched_shutdown, __HYPERVISOR_sched_op, SCHEDOP_shutdown);
UNICORE_XEN_COMMAND(sched_poll, __HYPERVISOR_sched_op, SCHEDOP_poll);
// [Xen, xen/include/public/memory.h]
UNICORE_XEN_COMMAND(xen_add_to_physmap, __HYPERVISOR_memory_op, XENMEM_add_to_physmap);
#undef UNICORE_XEN_COMMAND

/// Performs an operation with a structure of its own.
Result<void> perform(unsigned number, unsigned command, void* operation) noexcept;

/// The same where the structure says which it is: `evtchn_send send{port}; perform(send);`
/// Context: any, unless the operation sleeps.
template <typename Operation>
inline Result<void> perform(Operation& operation) noexcept {
    return perform(Command<Operation>::number, Command<Operation>::value, &operation);
}

/// Grant-table operations come in batches, each with a status of its own.
/// [Xen, xen/include/public/grant_table.h]
template <typename Operation>
inline Result<void> grant_table(unsigned command, std::span<Operation> operations) noexcept {
    return check(call(__HYPERVISOR_grant_table_op, command, operations.data(), operations.size()));
}

/// XENMEM_populate_physmap, XENMEM_decrease_reservation: how many extents were done, from the front.
/// [Xen, xen/include/public/memory.h]
inline std::size_t memory(unsigned command, xen_memory_reservation& reservation) noexcept {
    const std::int64_t done = call(__HYPERVISOR_memory_op, command, &reservation);
    return done > 0 ? static_cast<std::size_t>(done) : 0;
}

/// Lets other vCPUs run. [Xen, xen/include/public/sched.h, SCHEDOP_yield]
inline void yield() noexcept { call(__HYPERVISOR_sched_op, SCHEDOP_yield); }

/// Opens the event mask and sleeps until an event is pending, in one step. An upcall must be set.
inline void block() noexcept { call(__HYPERVISOR_sched_op, SCHEDOP_block); }

/// Raises VIRQ_TIMER at `time`, nanoseconds of system time; zero: never. One that has passed is raised
/// at once. [Xen, xen/include/public/xen.h, HYPERVISOR_set_timer_op]
inline Result<void> set_timer(std::uint64_t time) noexcept { return check(call(__HYPERVISOR_set_timer_op, time)); }

/// Writes to the hypervisor's own console; domains but the initial one may, when Xen is a debug build.
inline void console_write(std::string_view text) noexcept {
    call(__HYPERVISOR_console_io, CONSOLEIO_write, text.size(), text.data());
}

/// Takes what was typed on the hypervisor's own console, at most so much. Returns how many characters; for domains but the
/// initial one there are none.
inline std::size_t console_read(std::span<char> into) noexcept {
    const std::int64_t taken = call(__HYPERVISOR_console_io, CONSOLEIO_read, into.size(), into.data());
    return taken < 0 ? 0 : std::min(static_cast<std::size_t>(taken), into.size());
}

}  // namespace unicore::xen::hypercall
