// SPDX-License-Identifier: BSD-3-Clause
#include "information.hpp"

#include <unicore/base/units.hpp>

#include <cstring>

namespace unicore::boot::multiboot2 {
namespace {

struct Tag {
    enum Type : std::uint32_t { end = 0, command_line = 1, memory_map = 6, old_root = 14, new_root = 15 };

    std::uint32_t type;
    std::uint32_t size;  ///< with these two words, without what aligns the next tag to 8 bytes
};

/// After the tag of a memory map.
struct MapHeader {
    std::uint32_t entry_size;
    std::uint32_t entry_version;
};

template <typename T>
T copy_of(std::span<const std::byte> bytes) noexcept {
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

void take_map(Information& result, std::span<const std::byte> content) noexcept {
    if (content.size() < sizeof(MapHeader)) return;
    const auto header = copy_of<MapHeader>(content);
    if (header.entry_size < sizeof(MapEntry)) return;
    result.map = content.subspan(sizeof header);
    result.map_entry_size = header.entry_size;
}

void take_command_line(Information& result, std::span<const std::byte> content) noexcept {
    auto* const text = reinterpret_cast<const char*>(content.data());
    std::size_t size = 0;
    while (size != content.size() && text[size] != '\0') ++size;
    if (size != content.size()) result.command_line = {text, size};
}

}  // namespace

Result<Information> read(std::span<const std::byte> tags) noexcept {
    Information result;
    bool has_new_root = false;
    for (;;) {
        if (tags.size() < sizeof(Tag)) return unexpected(Error::invalid_argument);
        const auto tag = copy_of<Tag>(tags);
        if (tag.type == Tag::end) return result;
        if (tag.size < sizeof tag || tag.size > tags.size()) return unexpected(Error::invalid_argument);
        const auto content = tags.subspan(sizeof tag, tag.size - sizeof tag);
        switch (tag.type) {
            case Tag::command_line: take_command_line(result, content); break;
            case Tag::memory_map: take_map(result, content); break;
            case Tag::old_root:
                if (!has_new_root) result.root = content;
                break;
            case Tag::new_root:
                has_new_root = true;
                result.root = content;
                break;
        }
        const std::size_t step = align_up(std::size_t{tag.size}, sizeof(Tag));
        if (step > tags.size()) return unexpected(Error::invalid_argument);
        tags = tags.subspan(step);
    }
}

std::size_t without_escapes(std::span<const char> text, std::span<char> to) noexcept {
    std::size_t size = 0;
    for (std::size_t i = 0; i != text.size() && size != to.size(); ++i) {
        if (text[i] == '\\' && i + 1 != text.size()) ++i;
        to[size++] = text[i];
    }
    return size;
}

}  // namespace unicore::boot::multiboot2
