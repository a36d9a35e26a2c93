// SPDX-License-Identifier: BSD-3-Clause
/// A hypercall while it is performed, and those who perform them.
#pragma once

#include "hypervisor.hpp"

#include <unicore/xen/trace.hpp>

#include <cstdint>  // which Xen's headers need

#include <xen/errno.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace unicore::xen::simulator {

struct Call {
    Hypervisor& hypervisor;
    DomainState& domain;
    std::uintptr_t arguments[5];
    std::uintptr_t argument = 0;  ///< where the operation's structure is
    std::optional<std::int16_t> failing_status{};  ///< what one operation of a batch is to fail with
    std::optional<xen::trace::Hypercall> line{};  ///< for the trace, until it is there

    bool privileged() const noexcept { return domain.id == 0; }
    template <typename T>
    bool read(T& operation) const {
        return hypervisor.guest.read(operation, argument);
    }
    template <typename T>
    bool write(const T& operation) const {
        return hypervisor.guest.write(argument, operation);
    }
    /// Writes its line to the trace. Called before a hypercall sleeps, or at its end.
    void finish(std::int64_t result, std::string_view note = {}) {
        if (!line) return;
        hypervisor.trace.add(domain.name + ": " + std::string(line->finish(result)) + std::string(note));
        line.reset();
    }
};

std::int64_t event_channel_op(Call& call);
std::int64_t grant_table_op(Call& call);
std::int64_t memory_op(Call& call);
std::int64_t sched_op(Call& call);

}  // namespace unicore::xen::simulator
