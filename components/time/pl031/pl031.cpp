// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/device_access.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/time/wall.hpp>
#include <unicore/time/wall/anchored.hpp>

#include <cstdint>

namespace unicore::time {
using namespace std::string_view_literals;
namespace {

constinit wall::Anchored date;

/// RTCDR is the first register: seconds, as whoever set it counts them, which everybody does from 1970 on.
Result<std::chrono::sys_seconds> read_clock() noexcept {
    const auto node = bus::devicetree::find("arm,pl031"sv);
    if (!node) return unexpected(Error::not_found);
    const auto registers = UNICORE_TRY(node->registers(0));
    UNICORE_TRY(arch::map_around(registers.base, page_size, arch::Access::device));
    const std::uint32_t seconds = arch::DeviceAccess::read32(static_cast<std::uintptr_t>(registers.base), 0);
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
}

}  // namespace

Result<std::chrono::sys_time<std::chrono::nanoseconds>> wall::now() noexcept { return date.now(read_clock); }

}  // namespace unicore::time
