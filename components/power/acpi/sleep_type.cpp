// SPDX-License-Identifier: BSD-3-Clause
#include "sleep_type.hpp"

#include <algorithm>

namespace unicore::power::acpi {
namespace {

enum Opcode : std::uint8_t {
    zero = 0x00,
    one = 0x01,
    name = 0x08,
    byte_prefix = 0x0a,
    word_prefix = 0x0b,
    double_word_prefix = 0x0c,
    package = 0x12,
    root_character = 0x5c,
};

constexpr std::byte object[] = {std::byte{'_'}, std::byte{'S'}, std::byte{'5'}, std::byte{'_'}};

/// Reads bytes in order; 0xff behind the last one, which is none of the above.
struct Reader {
    std::span<const std::byte> left;

    std::uint8_t next() noexcept {
        if (left.empty()) return 0xff;
        const auto value = static_cast<std::uint8_t>(left.front());
        left = left.subspan(1);
        return value;
    }
    void skip(std::size_t count) noexcept { left = left.subspan(std::min(count, left.size())); }

    /// A small constant; above 7 what cannot be a sleep type.
    std::uint8_t constant() noexcept {
        constexpr std::uint8_t no_type = 8;
        std::size_t more = 0;  // upper bytes
        switch (next()) {
            case zero: return 0;
            case one: return 1;
            case byte_prefix: break;
            case word_prefix: more = 1; break;
            case double_word_prefix: more = 3; break;
            default: return no_type;
        }
        const std::uint8_t value = next();
        skip(more);
        return value;
    }
};

/// What stands behind the object's name.
std::optional<SleepType> read_package(Reader reader) noexcept {
    if (reader.next() != package) return {};
    reader.skip(reader.next() >> 6);  // the rest of the package's length, whose size is in the first byte
    if (const std::uint8_t elements = reader.next(); elements < 2 || elements > 4) return {};
    const SleepType found{.a = reader.constant(), .b = reader.constant()};
    if (found.a > 7 || found.b > 7) return {};
    return found;
}

}  // namespace

std::optional<SleepType> find_s5(std::span<const std::byte> aml) noexcept {
    for (auto at = aml.begin();; ++at) {
        at = std::search(at, aml.end(), std::begin(object), std::end(object));
        if (at == aml.end()) return {};
        const auto before = [&](std::ptrdiff_t distance) noexcept {
            return at - aml.begin() >= distance ? static_cast<std::uint8_t>(at[-distance]) : 0xff;
        };
        if (before(1) != name && !(before(1) == root_character && before(2) == name)) continue;
        if (const auto found = read_package({{at + std::size(object), aml.end()}})) return found;
    }
}

}  // namespace unicore::power::acpi
