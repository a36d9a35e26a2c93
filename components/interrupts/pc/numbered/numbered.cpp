// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts.hpp>
#include <unicore/interrupts/pc/lines.hpp>
#include <unicore/platform/interrupts.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

namespace unicore::interrupts {
namespace {

constexpr std::size_t lines = 16;

struct Entry {
    constexpr Entry() noexcept {}
    constexpr ~Entry() noexcept {}

    Handler handler = nullptr;  ///< null: nobody has the line
    void* context = nullptr;
    union {
        pc::Line line;
    };
};
constinit std::array<Entry, lines> entries{};

/// What a line's handler is knows the line only by being another function for each.
template <std::uint8_t number>
void run() noexcept {
    entries[number].handler(entries[number].context);
    pc::end_of_interrupt({number});
}

template <std::size_t... numbers>
constexpr std::array<pc::Handler, sizeof...(numbers)> all(std::index_sequence<numbers...>) noexcept {
    return {run<numbers>...};
}
constexpr auto runs = all(std::make_index_sequence<lines>());

}  // namespace

Result<Line> Line::create(std::span<const std::uint32_t> specifier, Handler handler, void* context) noexcept {
    if (specifier.size() != 1 || specifier[0] >= lines) return unexpected(Error::invalid_argument);
    const std::uint32_t number = specifier[0];
    Entry& entry = entries[number];
    const platform::MaskGuard masked;
    auto line = UNICORE_TRY(pc::Line::create({static_cast<std::uint8_t>(number)}, runs[number]));
    std::construct_at(&entry.line, std::move(line));
    entry.handler = handler;
    entry.context = context;
    return Line(number);
}

void Line::release(std::uint32_t number) noexcept {
    const platform::MaskGuard masked;
    std::destroy_at(&entries[number].line);  // from here on its handler is interrupts.pc's
    entries[number].handler = nullptr;
}

}  // namespace unicore::interrupts
