// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>

#include "tree.hpp"

namespace unicore::bus::devicetree {
using namespace std::string_view_literals;

bool Property::named(const char* wanted) const noexcept {
    const char* text = blob.strings + word(name);
    for (; *text == *wanted; ++text, ++wanted)
        if (*text == '\0') return true;
    return *text == '\0' && *wanted == ':';
}

const std::byte* Node::place() const noexcept { return blob.structure + offset_; }

std::string_view Node::name() const noexcept { return reinterpret_cast<const char*>(place() + 4); }

bool Node::named(std::string_view name) const noexcept { return is_named(place(), name); }

bool is_named(const std::byte* node, std::string_view name) noexcept {
    const auto* text = reinterpret_cast<const char*>(node + 4);
    for (const char each : name)
        if (*text++ != each) return false;
    return *text == '\0' || *text == '@';
}

std::span<const std::byte> Node::property(const char* name) const noexcept {
    if (blob.structure == nullptr) return {};
    const std::byte* at = behind_name(place() + 4);
    for (;;) {
        const Property& found = Property::from(at);
        const Token token = token_at(at);
        at += token == Token::property ? found.length() : 4;
        if (token == Token::nop) continue;
        if (token != Token::property) return {};  // they come before nodes [5.4.2]
        if (found.named(name)) return found.value();
    }
}

const char* Node::string(const char* name) const noexcept {
    const auto value = property(name);
    if (value.empty() || value.back() != std::byte{0}) return "";
    return reinterpret_cast<const char*>(value.data());
}

Result<std::uint32_t> Node::number(const char* name, std::size_t index) const noexcept {
    const auto value = property(name);
    if (value.size() / 4 <= index) return unexpected(Error::not_found);
    return word(value.data() + index * 4);
}

bool lists(std::span<const std::byte> strings, std::string_view values) noexcept {
    if (strings.empty() || strings.back() != std::byte{0}) return false;
    const auto* string = reinterpret_cast<const char*>(strings.data());
    const char* const end = string + strings.size();
    do {
        const char* value = values.data();
        do {
            for (const char* at = string; *at == *value; ++at, ++value)
                if (*at == '\0') return true;
            while (*value++ != '\0') {
            }
        } while (value <= values.data() + values.size());
        while (*string++ != '\0') {
        }
    } while (string != end);
    return false;
}

bool Node::has(const char* name, std::string_view values) const noexcept { return lists(property(name), values); }

bool Node::compatible(std::string_view values) const noexcept { return has("compatible", values); }

bool Node::enabled() const noexcept {
    const auto status = property("status");
    return status.empty() || lists(status, "okay\0ok"sv);
}

}  // namespace unicore::bus::devicetree
