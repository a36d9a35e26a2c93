// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/xen/trace.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace unicore::xen::simulator {

class Hypervisor;

/// What happened, a line each, without anything that differs between two runs that are the same:
///
///     front: event_channel_op alloc_unbound dom=self remote=2 -> 0 port=3
///
/// Frames, which a real hypervisor numbers as it likes, are numbered as they appear.
struct Trace {
    void add(std::string_view line) {
        if (on) text.append(line).append("\n");
    }

    std::string text;
    bool on = true;
    std::map<std::uint64_t, std::size_t> frames;
};

/// How xen.trace sees a domain's hypercall.
class TraceView final : public xen::trace::View {
public:
    explicit TraceView(Hypervisor& hypervisor) noexcept : hypervisor_(hypervisor) {}

    bool read(void* to, std::uintptr_t from, std::size_t size) noexcept override;
    void show(text::Line& line, xen::trace::Kind kind, std::uint64_t number, bool fresh) noexcept override;
    void forget(xen::trace::Kind, std::uint64_t) noexcept override {}

private:
    Hypervisor& hypervisor_;
};

}  // namespace unicore::xen::simulator
