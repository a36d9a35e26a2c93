// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/power/psci.hpp>

#include <unicore/arch/firmware_call.hpp>
#include <unicore/bus/devicetree.hpp>

#include <cstdint>
#include <string_view>

namespace unicore::power::psci {
using namespace std::string_view_literals;
namespace {

constexpr std::uint32_t system_off = 0x8400'0008, system_reset = 0x8400'0009;

void call(std::uint32_t function) noexcept {
    const auto node = bus::devicetree::find("arm,psci-1.0\0arm,psci-0.2"sv);
    if (!node) return;
    if (node->has("method", "hvc"sv)) arch::FirmwareCall::hypervisor(function);
    else if (node->has("method", "smc"sv)) arch::FirmwareCall::secure_monitor(function);
}

}  // namespace

void off() noexcept { call(system_off); }
void reset() noexcept { call(system_reset); }

}  // namespace unicore::power::psci
