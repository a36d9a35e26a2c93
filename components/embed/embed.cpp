// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/embed.h>
#include <unicore/embed.hpp>

#include <unicore/base/assert.hpp>

#include <cstdint>

/// What the build makes of the files [cmake/embed.cmake]: how many there are, then an entry for each, in the order of
/// names. Places are counted from here, so that they need no relocation and are the same in images of 32 and 64 bits.
extern "C" const std::uint32_t unicore_embedded[];

namespace unicore::embed {
namespace {

struct Entry {
    std::uint32_t name, name_size, contents, contents_size;
};

const char* place(std::uint32_t offset) noexcept { return reinterpret_cast<const char*>(unicore_embedded) + offset; }

const Entry& entry(std::size_t index) noexcept {
    return reinterpret_cast<const Entry*>(place(sizeof *unicore_embedded))[index];
}

std::string_view name_of(const Entry& entry) noexcept { return {place(entry.name), entry.name_size}; }

}  // namespace

std::size_t count() noexcept { return unicore_embedded[0]; }

File at(std::size_t index) noexcept {
    UNICORE_ASSERT(index < count());
    const Entry& found = entry(index);
    return {name_of(found), {reinterpret_cast<const std::byte*>(place(found.contents)), found.contents_size}};
}

Result<File> find(std::string_view name) noexcept {
    std::size_t first = 0;
    for (std::size_t end = count(); first != end;) {
        const std::size_t middle = first + (end - first) / 2;
        if (name_of(entry(middle)) < name) first = middle + 1;
        else end = middle;
    }
    if (first == count() || name_of(entry(first)) != name) return unexpected(Error::not_found);
    return at(first);
}

}  // namespace unicore::embed

const void* unicore_embedded_file(const char* name, std::size_t* size) {
    const auto found = unicore::embed::find(name);
    if (!found) return nullptr;
    *size = found->contents.size();
    return found->contents.data();
}
