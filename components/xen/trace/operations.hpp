// SPDX-License-Identifier: BSD-3-Clause
/// Which hypercalls are known, and what is worth showing of each.
#pragma once

#include <unicore/xen/trace.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::xen::trace {

/// A line while words are added.
class Words {
public:
    Words(View& view, text::Line& line) noexcept : view_(view), line_(line) {}

    Words& word(std::string_view text) noexcept {
        if (!line_.view().empty()) line_ << ' ';
        line_ << text;
        return *this;
    }
    template <typename Number>
    Words& value(std::string_view name, Number number) noexcept {
        word(name);
        line_ << '=' << number;
        return *this;
    }
    /// A number that the hypervisor chose; `fresh` when it has just done so.
    Words& chosen(std::string_view name, Kind kind, std::uint64_t number, bool fresh = false) noexcept {
        word(name);
        line_ << '=';
        view_.show(line_, kind, number, fresh);
        return *this;
    }
    View& view() noexcept { return view_; }

private:
    View& view_;
    text::Line& line_;
};

struct Operation {
    /// How the structures come.
    enum class Form : std::uint8_t { none, one, many, reservation };
    static constexpr std::size_t most = 64;  ///< bytes of a structure

    unsigned number, command;
    const char* name;
    Form form = Form::none;
    std::size_t size = 0;
    void (*before)(Words& words, const std::byte* structure) = nullptr;
    void (*after)(Words& words, const std::byte* structure) = nullptr;
};

/// Null for one that is not known.
const Operation* find_operation(unsigned number, std::uintptr_t command) noexcept;
/// Null for one that is not known.
const char* name_of(unsigned number) noexcept;

}  // namespace unicore::xen::trace
