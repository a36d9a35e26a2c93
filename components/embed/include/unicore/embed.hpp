// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace unicore::embed {

/// A file that unicore_embed put into the image. Name and contents are read-only, stay for ever, and each is followed
/// by a 0 byte that is not counted. Contents begin at a multiple of 16.
struct File {
    std::string_view name;
    std::span<const std::byte> contents;

    std::string_view text() const noexcept {
        return {reinterpret_cast<const char*>(contents.data()), contents.size()};
    }
};

/// How many files the image has. Context: any.
std::size_t count() noexcept;

/// The file number `index`, in the order of names, byte by byte. Asserts that there is one. Context: any.
File at(std::size_t index) noexcept;

/// The file of this name. Takes time in proportion to the logarithm of their number. Context: any. Errors: not_found.
Result<File> find(std::string_view name) noexcept;

}  // namespace unicore::embed
