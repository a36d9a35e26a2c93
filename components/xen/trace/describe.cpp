// SPDX-License-Identifier: BSD-3-Clause
#include "operations.hpp"

#include <xen/memory.h>
#include <xen/vcpu.h>
#include <xen/xen.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace unicore::xen::trace {
namespace {

using Form = Operation::Form;
using Structure = std::array<std::byte, Operation::most>;

constexpr std::size_t most_frames = 4;

/// Where the arguments' structure is, and how many there are.
struct Where {
    std::uintptr_t address;
    std::uintptr_t count;
};

Where where(const Operation& operation, const std::uintptr_t (&arguments)[5]) {
    if (operation.number == __HYPERVISOR_vcpu_op) return {arguments[2], 1};
    return {arguments[1], operation.form == Form::many ? static_cast<std::uint32_t>(arguments[2]) : 1};
}

/// Calls `show` for each structure that can be read.
template <typename Show>
void for_each(Words& words, const Operation& operation, const std::uintptr_t (&arguments)[5], Show show) {
    const Where place = where(operation, arguments);
    // As many as can be of use in a line.
    for (std::uintptr_t i = 0; i < std::min<std::uintptr_t>(place.count, 16); ++i) {
        Structure structure;
        if (!words.view().read(structure.data(), place.address + i * operation.size, operation.size)) {
            words.word("unreadable");
            return;
        }
        show(words, structure.data());
    }
}

/// The frames of a reservation, from the front.
template <typename Each>
void for_each_frame(Words& words, const std::uintptr_t (&arguments)[5], std::uint64_t count, Each each) {
    xen_memory_reservation op;
    if (!words.view().read(&op, arguments[1], sizeof op)) return;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>({count, op.nr_extents, most_frames}); ++i) {
        xen_pfn_t frame;
        if (!words.view().read(&frame, reinterpret_cast<std::uintptr_t>(op.extent_start.p + i), sizeof frame)) return;
        each(frame);
    }
}

/// Those whose result is a number of something, and never an error, are shown as they are.
bool counts_pages(const Operation& operation) {
    return operation.number == __HYPERVISOR_memory_op &&
           (operation.command == XENMEM_current_reservation || operation.command == XENMEM_maximum_reservation);
}

}  // namespace

Hypercall::Hypercall(View& view, unsigned number, const std::uintptr_t (&arguments)[5]) noexcept
    : view_(view), operation_(find_operation(number, arguments[0])) {
    std::ranges::copy(arguments, arguments_);
    Words words(view_, line_);
    const char* const name = name_of(number);
    if (name == nullptr) {
        words.value("hypercall", number);
        return;
    }
    words.word(name);
    if (number == __HYPERVISOR_set_timer_op) words.value("time", arguments[0]);
    else if (operation_ == nullptr) words.value("command", arguments[0]);
    if (operation_ == nullptr) return;
    words.word(operation_->name);
    if (number == __HYPERVISOR_vcpu_op) words.value("vcpu", arguments[1]);
    if (number == __HYPERVISOR_console_io) words.value("count", arguments[1]);
    if (operation_->form == Form::none) return;
    for_each(words, *operation_, arguments_, operation_->before);
    if (operation_->form == Form::reservation)
        for_each_frame(words, arguments_, most_frames,
                       [&](xen_pfn_t frame) { words.chosen("frame", Kind::frame, frame); });
}

std::string_view Hypercall::finish(std::int64_t result) noexcept {
    Words words(view_, line_);
    words.word("->");
    line_ << ' ';
    if (operation_ != nullptr && counts_pages(*operation_) && result >= 0)
        view_.show(line_, Kind::pages, static_cast<std::uint64_t>(result), true);
    else line_ << result;
    if (operation_ == nullptr || operation_->form == Form::none || result < 0) return line_.view();
    if (operation_->form != Form::reservation) {
        for_each(words, *operation_, arguments_, operation_->after);
        return line_.view();
    }
    const auto done = static_cast<std::uint64_t>(result);
    if (operation_->command == XENMEM_decrease_reservation)
        for_each_frame(words, arguments_, done, [&](xen_pfn_t frame) { view_.forget(Kind::frame, frame); });
    else
        for_each_frame(words, arguments_, done,
                       [&](xen_pfn_t frame) { words.chosen("frame", Kind::frame, frame, true); });
    return line_.view();
}

}  // namespace unicore::xen::trace
