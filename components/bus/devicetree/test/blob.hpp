// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

/// A device tree's blob, put together by a test. [Devicetree Specification 0.4, 5]
class Blob {
public:
    Blob& begin(std::string_view name) {
        word(structure_, 1);
        return text(name);
    }
    Blob& end() {
        word(structure_, 2);
        return *this;
    }
    Blob& property(std::string_view name, std::string_view value) {
        word(structure_, 3);
        word(structure_, static_cast<std::uint32_t>(value.size()));
        word(structure_, static_cast<std::uint32_t>(strings_.size()));
        strings_.append(name).push_back('\0');
        structure_.append(value);
        while (structure_.size() % 4 != 0) structure_.push_back('\0');
        return *this;
    }
    Blob& words(std::string_view name, std::initializer_list<std::uint32_t> values) {
        std::string value;
        for (const std::uint32_t each : values) word(value, each);
        return property(name, value);
    }
    Blob& string(std::string_view name, std::string value) {
        value.push_back('\0');
        return property(name, value);
    }
    Blob& reserve(std::uint64_t base, std::uint64_t size) {
        for (const std::uint64_t value : {base, size}) {
            word(reserved_, static_cast<std::uint32_t>(value >> 32));
            word(reserved_, static_cast<std::uint32_t>(value));
        }
        return *this;
    }

    /// The whole; valid until the next call.
    void* finish(std::uint32_t version = 17, std::uint32_t compatible = 16) {
        std::string structure = structure_, reserved = reserved_ + std::string(16, '\0');
        word(structure, 9);
        constexpr std::uint32_t header = 40;
        const auto structure_at = header + static_cast<std::uint32_t>(reserved.size());
        const auto strings_at = structure_at + static_cast<std::uint32_t>(structure.size());
        const auto total = strings_at + static_cast<std::uint32_t>(strings_.size());
        std::string all;
        for (const std::uint32_t value :
             {0xd00dfeedu, total, structure_at, strings_at, header, version, compatible, 0u,
              static_cast<std::uint32_t>(strings_.size()), static_cast<std::uint32_t>(structure.size())})
            word(all, value);
        all += reserved + structure + strings_;
        memory_.assign((all.size() + 7) / 8, 0);
        all.copy(reinterpret_cast<char*>(memory_.data()), all.size());
        return memory_.data();
    }

private:
    static void word(std::string& to, std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<char>(value >> shift));
    }
    Blob& text(std::string_view value) {
        structure_.append(value).push_back('\0');
        while (structure_.size() % 4 != 0) structure_.push_back('\0');
        return *this;
    }

    std::string structure_, strings_, reserved_;
    std::vector<std::uint64_t> memory_;
};
