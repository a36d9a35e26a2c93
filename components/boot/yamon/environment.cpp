// SPDX-License-Identifier: BSD-3-Clause
#include "environment.hpp"

#include <unicore/base/text.hpp>

#include <charconv>
#include <cstring>

namespace unicore::boot::yamon {
namespace {

using namespace std::string_view_literals;

/// One of the loader's lists of addresses. Errors: invalid_argument.
Result<std::uint32_t> address_at(std::uint32_t list, std::size_t index, Reach reach) noexcept {
    std::uint32_t value;
    const auto place = list + static_cast<std::uint32_t>(index * sizeof value);
    const char* const bytes = place < list || place % sizeof value != 0 ? nullptr : reach(place, sizeof value);
    if (bytes == nullptr) return unexpected(Error::invalid_argument);
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

/// Copies the string at `address` behind the first `size` bytes of `to`, which has room for at least one more, and its
/// 0; the result is the new size. Errors: invalid_argument; out_of_range for one without an end in there.
Result<std::size_t> copy_string(std::uint32_t address, Reach reach, std::span<char> to, std::size_t size) noexcept {
    for (;; ++address) {
        const char* const next = reach(address, 1);
        to[size] = next == nullptr ? '\0' : *next;
        if (next == nullptr) return unexpected(Error::invalid_argument);
        if (*next == '\0') return size;
        if (size + 1 == to.size()) {
            to[size] = '\0';
            return unexpected(Error::out_of_range);
        }
        ++size;
    }
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view digits) noexcept {
    if (!digits.starts_with("0x"sv) && !digits.starts_with("0X"sv)) return text::parse_decimal(digits);
    digits.remove_prefix(2);
    constexpr int base = 16;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error == std::errc::result_out_of_range) return unexpected(Error::out_of_range);
    if (error != std::errc() || end != digits.data() + digits.size()) return unexpected(Error::invalid_argument);
    return value;
}

Result<std::size_t> read_command_line(const Registers& registers, Reach reach, std::span<char> to) noexcept {
    to[0] = '\0';
    std::size_t size = 0;
    for (std::size_t i = 1; i < registers.words; ++i) {  // the first one names the image
        if (i == most_words) return unexpected(Error::out_of_range);
        const std::uint32_t word = UNICORE_TRY(address_at(registers.arguments, i, reach));
        if (word == 0) break;  // QEMU counts one that is not there
        if (size != 0) {
            if (size + 1 == to.size()) return unexpected(Error::out_of_range);
            to[size++] = ' ';
        }
        size = UNICORE_TRY(copy_string(word, reach, to, size));
    }
    return size;
}

Result<Memory> read_memory(std::uint32_t variables, Reach reach) noexcept {
    Memory memory;
    for (std::size_t i = 0; i != most_variables; ++i) {
        const std::uint32_t name_address = UNICORE_TRY(address_at(variables, 2 * i, reach));
        if (name_address == 0) return memory;
        char name[most_of_variable + 1], value[most_of_variable + 1];
        const std::string_view name_text(name, UNICORE_TRY(copy_string(name_address, reach, name, 0)));
        std::optional<std::uint64_t>* const found =
            name_text == "memsize"sv ? &memory.low : name_text == "ememsize"sv ? &memory.total : nullptr;
        if (found == nullptr) continue;
        const std::uint32_t value_address = UNICORE_TRY(address_at(variables, 2 * i + 1, reach));
        const std::size_t size = UNICORE_TRY(copy_string(value_address, reach, value, 0));
        if (const auto number = parse_size({value, size})) *found = *number;
    }
    return unexpected(Error::out_of_range);
}

}  // namespace unicore::boot::yamon
