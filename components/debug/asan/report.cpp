// SPDX-License-Identifier: BSD-3-Clause
#include "frame.hpp"
#include "state.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/base/poison.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/words.hpp>

#include <array>

namespace unicore::debug::asan {
namespace {

using poison::Kind;
using text::Hex;
using text::Line;

constinit bool goes_on = false;
/// What says it is compiled with checks as well, and a panic never ends.
constinit bool telling = false;

/// Where mistakes were reported lately: once is enough.
constinit std::array<std::uintptr_t, 32> told{};
constinit std::size_t next_told = 0;

bool told_before(std::uintptr_t code) noexcept {
    for (const std::uintptr_t place : told)
        if (place == code) return true;
    return false;
}

constexpr std::size_t farthest = std::size_t{64} << 10;  ///< that a frame's start is looked for

const char* name_of(std::uint8_t kind) noexcept {
    switch (kind) {
    case 0xf1: return "stack-buffer-underflow";
    case 0xf2:
    case 0xf3: return "stack-buffer-overflow";
    case 0xf5: return "stack-use-after-return";
    case 0xf8: return "stack-use-after-scope";
    case 0xf9: return "global-buffer-overflow";
    case 0xca:
    case 0xcb: return "dynamic-stack-buffer-overflow";
    default: break;
    }
    switch (static_cast<Kind>(kind)) {
    case Kind::heap_front:
    case Kind::heap_end: return "heap-buffer-overflow";
    case Kind::heap_released: return "heap-use-after-free";
    case Kind::place:
    case Kind::page: return "use-after-free";
    default: return "use-after-poison";
    }
}

/// "3 bytes behind WHAT of 16 bytes", in the three cases that there are.
void tell_place(Line& line, std::uintptr_t wrong, std::uintptr_t start, std::size_t size, const char* what, std::string_view name) noexcept {
    line << ", ";
    if (wrong < start) line << start - wrong << " bytes in front of ";
    else if (wrong - start < size) line << wrong - start << " bytes into ";
    else line << wrong - (start + size) << " bytes behind ";
    line << what;
    if (!name.empty()) line << " '" << name << '\'';
    line << " of " << size << " bytes at " << Hex{start};
}

void tell_stack(Line& line, std::uintptr_t wrong) noexcept {
    // The frame starts with the lowest of the bytes that say so.
    std::uintptr_t frame = align_down(wrong, Shadow::granule);
    const std::uintptr_t last = frame > farthest ? frame - farthest : 0;
    while (frame > last && shadow.at(frame) != frame_front) frame -= Shadow::granule;
    while (frame > last && shadow.at(frame - Shadow::granule) == frame_front) frame -= Shadow::granule;
    if (shadow.at(frame) != frame_front) return;
    const auto* const words = reinterpret_cast<const std::uintptr_t*>(frame);
    if (words[0] != frame_mark) return;
    if (const Variable variable = nearest(reinterpret_cast<const char*>(words[1]), wrong - frame); variable.size != 0)
        tell_place(line, wrong, frame + variable.start, variable.size, "the variable", variable.name);
}

void tell_what(Line& line, std::uintptr_t wrong, std::uint8_t kind) noexcept {
    switch (static_cast<Kind>(kind)) {
    case Kind::heap_front:
    case Kind::heap_end:
    case Kind::heap_released:
        if (const poison::Block block = poison::block_at(wrong, static_cast<Kind>(kind)); block.start != 0)
            tell_place(line, wrong, block.start, block.size, kind == static_cast<std::uint8_t>(Kind::heap_released) ? "a released block" : "a block", {});
        return;
    case Kind::place: line << ", in a slab or arena, where nothing is"; return;
    case Kind::page: line << ", in a page that was given back"; return;
    default: break;
    }
    if (kind == 0xf9) {
        if (const Global* const global = global_at(wrong); global != nullptr)
            tell_place(line, wrong, global->start, global->size, "the variable", global->name);
    } else if ((kind >= frame_front && kind <= 0xf3) || kind == 0xf8) {
        tell_stack(line, wrong);
    }
}

/// Of what is poisoned behind the first bytes of a granule the next one tells.
std::uint8_t kind_at(std::uintptr_t wrong) noexcept {
    const std::uint8_t kind = shadow.at(wrong);
    return kind < Shadow::granule ? shadow.at(wrong + Shadow::granule) : kind;
}

}  // namespace

/// The setting debug.asan.
Result<void> choose(std::string_view value) noexcept {
    const base::Choice choice = base::choose("panic, continue", value);
    if (!choice) return unexpected(Error::invalid_argument);
    goes_on = choice.number != 0;
    return {};
}

void report(const Access& access, std::uintptr_t wrong) noexcept {
    if (telling || told_before(access.code)) return;
    telling = true;
    const std::uint8_t kind = kind_at(wrong);
    Line line;
    line << name_of(kind) << ": " << (access.write ? "write" : "read") << " of " << access.size << " bytes at " << Hex{access.first};
    tell_what(line, wrong, kind);
    if (!goes_on) panic(line.view());
    line << ", by " << Hex{access.code};
    text::Report report("");
    report << line.view();
    report.print();
    told[next_told++ % told.size()] = access.code;
    telling = false;
}

}  // namespace unicore::debug::asan
