// SPDX-License-Identifier: BSD-3-Clause
#include "registers.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/arch/gic_interface.hpp>
#include <unicore/arch/interrupt.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/interrupts.hpp>
#include <unicore/platform/interrupts.hpp>

#include <array>
#include <cstddef>

namespace unicore::interrupts {
using namespace std::string_view_literals;
namespace gic {
namespace {

using arch::GicInterface;

using MappedRegisters = arch::MappedRegisters<std::uint32_t>;

struct Controller {
    unsigned version = 0;  ///< 0: not started
    Distributor<MappedRegisters> distributor{{0}};
    Distributor<MappedRegisters> own{{0}};  ///< for the CPU's own lines: the same, or the redistributor
    CpuInterface<MappedRegisters> cpu{{0}};
};
constinit Controller controller;

struct Entry {
    std::uint32_t number;
    Handler handler;  ///< null: free
    void* context;
};
constinit std::array<Entry, 16> lines{};

Entry* find(std::uint32_t number) noexcept {
    for (Entry& entry : lines)
        if (entry.handler != nullptr && entry.number == number) return &entry;
    return nullptr;
}

/// Interrupts that nobody has are not enabled; one that comes all the same was disabled meanwhile.
void handle() noexcept {
    for (;;) {
        const std::uint32_t word =
            controller.version == 2 ? controller.cpu.registers.read(controller.cpu.acknowledge) : GicInterface::acknowledge();
        const std::uint32_t number = word & 0x3ff;
        if (number >= no_interrupt) return;
        if (const Entry* const entry = find(number); entry != nullptr) entry->handler(entry->context);
        if (controller.version == 2) controller.cpu.registers.write(controller.cpu.end_of_interrupt, word);
        else GicInterface::end(word);
    }
}

Result<MappedRegisters> map(const bus::devicetree::Node& node, std::size_t index, std::size_t least) noexcept {
    const auto region = UNICORE_TRY(node.registers(index));
    if (region.size < least) return unexpected(Error::device_error);
    UNICORE_TRY(arch::map_around(region.base, least, arch::Access::device));
    return MappedRegisters{static_cast<std::uintptr_t>(region.base)};
}

constexpr std::size_t distributor_size = 0x1000, distributor_size_v3 = 0x10000, cpu_size = 0x1000;

Result<void> start_v2(const bus::devicetree::Node& node) noexcept {
    controller.distributor.registers = UNICORE_TRY(map(node, 0, distributor_size));
    controller.own = controller.distributor;
    controller.cpu.registers = UNICORE_TRY(map(node, 1, cpu_size));
    controller.distributor.registers.write(controller.distributor.control, 1);
    controller.cpu.start();
    controller.version = 2;
    return {};
}

/// This CPU's redistributor, among those that lie one behind the other.
Result<MappedRegisters> find_redistributor(const bus::devicetree::Node& node) noexcept {
    const auto region = UNICORE_TRY(node.registers(1));
    for (std::uint64_t at = 0; at + 2 * redistributor::frame <= region.size;) {
        UNICORE_TRY(arch::map_around(region.base + at, 2 * redistributor::frame, arch::Access::device));
        const MappedRegisters registers{static_cast<std::uintptr_t>(region.base + at)};
        const std::uint32_t type = registers.read(redistributor::type_low);
        if (registers.read(redistributor::type_high) == GicInterface::affinity()) return registers;
        if ((type & redistributor::last) != 0) break;
        at += std::uint64_t{redistributor::frame} * ((type & redistributor::virtual_frames) != 0 ? 4 : 2);
    }
    return unexpected(Error::not_found);
}

Result<void> start_v3(const bus::devicetree::Node& node) noexcept {
    controller.distributor.registers = UNICORE_TRY(map(node, 0, distributor_size_v3));
    const MappedRegisters redistributor = UNICORE_TRY(find_redistributor(node));
    constexpr std::uint32_t enable_group_one = 1 << 1, affinity_routing = 1 << 4;
    controller.distributor.registers.write(controller.distributor.control, affinity_routing | enable_group_one);
    redistributor.write(redistributor::waker, redistributor.read(redistributor::waker) & ~redistributor::processor_sleep);
    constexpr unsigned patience = 1'000'000;
    for (unsigned left = patience; (redistributor.read(redistributor::waker) & redistributor::children_asleep) != 0; --left)
        if (left == 0) return unexpected(Error::timed_out);
    controller.own.registers = MappedRegisters{redistributor.base + redistributor::frame};
    GicInterface::start();
    controller.version = 3;
    return {};
}

Result<void> start() noexcept {
    if (controller.version != 0) return {};
    const auto node = bus::devicetree::find(
        "arm,gic-v3\0arm,cortex-a15-gic\0arm,gic-400\0arm,cortex-a7-gic\0arm,cortex-a9-gic"sv);
    if (!node) return unexpected(Error::not_found);
    UNICORE_TRY(node->compatible("arm,gic-v3"sv) ? start_v3(*node) : start_v2(*node));
    arch::interrupt_handler = handle;
    return {};
}

}  // namespace
}  // namespace gic

Result<Line> Line::create(std::span<const std::uint32_t> specifier, Handler handler, void* context) noexcept {
    using gic::controller;
    const auto input = gic::decode(specifier);
    if (!input) return unexpected(Error::invalid_argument);
    const platform::MaskGuard masked;
    UNICORE_TRY(gic::start());
    if (gic::find(input->number) != nullptr) return unexpected(Error::busy);
    for (gic::Entry& entry : gic::lines) {
        if (entry.handler != nullptr) continue;
        entry = {input->number, handler, context};
        const bool shared = input->number >= gic::first_shared;
        const auto& distributor = shared ? controller.distributor : controller.own;
        distributor.prepare(*input, controller.version == 3);
        if (shared && controller.version == 2) distributor.target_first(input->number);
        if (shared && controller.version == 3) distributor.route(input->number, gic::GicInterface::routing());
        distributor.enable(input->number);
        return Line(input->number);
    }
    return unexpected(Error::busy);
}

void Line::release(std::uint32_t number) noexcept {
    const platform::MaskGuard masked;
    (number >= gic::first_shared ? gic::controller.distributor : gic::controller.own).disable(number);
    gic::find(number)->handler = nullptr;
}

}  // namespace unicore::interrupts
