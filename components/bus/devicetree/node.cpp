// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

#include <algorithm>

namespace unicore::bus::devicetree {
using namespace std::string_view_literals;

bool Property::named(std::string_view wanted) const noexcept {
    return is(blob.strings + word(name), wanted);
}

const std::byte* Node::place() const noexcept { return blob.structure + offset_; }

std::string_view Node::name() const noexcept { return reinterpret_cast<const char*>(place() + 4); }

bool Node::named(std::string_view name) const noexcept { return is_named(place(), name); }

bool is_named(const std::byte* node, std::string_view name) noexcept {
    const auto* const text = reinterpret_cast<const char*>(node + 4);
    return begins(text, name) && (text[name.size()] == '\0' || text[name.size()] == '@');
}

std::span<const std::byte> Node::property(std::string_view name) const noexcept {
    const std::byte* at = behind_name(place() + 4);
    for (;;) {
        const std::byte* const here = next_token(at);
        if (token_at(here) != Token::property) return {};  // they come before nodes [5.4.2]
        if (const Property& found = Property::from(here); found.named(name)) return found.value();
    }
}

std::string_view Node::string(std::string_view name) const noexcept {
    const auto value = property(name);
    const auto* const text = reinterpret_cast<const char*>(value.data());
    return {text, std::find(text, text + value.size(), '\0')};
}

Result<std::uint32_t> Node::number(std::string_view name, std::size_t index) const noexcept {
    const auto value = property(name);
    if (value.size() / 4 <= index) return unexpected(Error::not_found);
    return word(value.data() + index * 4);
}

namespace {

/// Of strings that null bytes separate, the first one, and what is behind it.
std::string_view first_of(std::string_view strings) noexcept { return strings.substr(0, strings.find('\0')); }
std::string_view rest_of(std::string_view strings) noexcept {
    strings.remove_prefix(std::min(first_of(strings).size() + 1, strings.size()));
    return strings;
}

}  // namespace

bool lists(std::span<const std::byte> strings, std::string_view values) noexcept {
    std::string_view rest(reinterpret_cast<const char*>(strings.data()), strings.size());
    for (; !rest.empty(); rest = rest_of(rest))
        for (std::string_view value = values; !value.empty(); value = rest_of(value))
            if (first_of(rest) == first_of(value)) return true;
    return false;
}

bool Node::has(std::string_view name, std::string_view values) const noexcept { return lists(property(name), values); }

bool Node::compatible(std::string_view names) const noexcept { return has("compatible"sv, names); }

bool Node::enabled() const noexcept {
    const auto status = property("status"sv);
    return status.empty() || lists(status, "okay\0ok"sv);
}

}  // namespace unicore::bus::devicetree
