// SPDX-License-Identifier: BSD-3-Clause
#include "hypervisor.hpp"

namespace unicore::xen::simulator {

using xen::trace::Kind;

bool TraceView::read(void* to, std::uintptr_t from, std::size_t size) noexcept {
    return hypervisor_.guest.copy_from(to, from, size);
}

void TraceView::show(text::Line& line, Kind kind, std::uint64_t number, bool) noexcept {
    auto& frames = hypervisor_.trace.frames;
    if (kind == Kind::frame) line << '#' << frames.try_emplace(number, frames.size()).first->second;
    else if (kind == Kind::domain && number == DOMID_SELF) line << "self";
    else line << number;
}

}  // namespace unicore::xen::simulator
