// SPDX-License-Identifier: BSD-3-Clause
#include "type_name.hpp"

#include <cstddef>
#include <string_view>

namespace unicore::libcxx {
namespace {

/// What is left of a mangled name; takes what it knows from the front.
class Rest {
public:
    explicit Rest(std::string_view text) noexcept : text_(text) {}

    bool at_end() const noexcept { return text_.empty(); }
    bool take(std::string_view prefix) noexcept {
        if (!text_.starts_with(prefix)) return false;
        text_.remove_prefix(prefix.size());
        return true;
    }
    bool at_number() const noexcept { return !text_.empty() && text_[0] >= '1' && text_[0] <= '9'; }
    /// LENGTH and as many characters; empty when these are not there.
    std::string_view name() noexcept {
        std::size_t length = 0;
        while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9') {
            length = length * 10 + static_cast<std::size_t>(text_[0] - '0');
            if (length > text_.size()) return {};
            text_.remove_prefix(1);
        }
        if (length > text_.size()) return {};
        const std::string_view found = text_.substr(0, length);
        text_.remove_prefix(length);
        return found;
    }

private:
    std::string_view text_;
};

std::string_view builtin(Rest& rest) noexcept {
    struct Pair {
        std::string_view code;
        std::string_view name;
    };
    static constexpr Pair pairs[] = {{"i", "int"}, {"j", "unsigned int"}, {"l", "long"}, {"m", "unsigned long"},
                                     {"c", "char"}, {"b", "bool"}, {"d", "double"}};
    for (const Pair& pair : pairs)
        if (rest.take(pair.code)) return pair.name;
    return {};
}

/// The names of a class, joined. libc++'s own inner namespace is nobody's business.
bool names(Rest& rest, text::Line& line) noexcept {
    const bool nested = rest.take("N");
    std::string_view between;
    if (rest.take("St")) {
        line << "std";
        between = "::";
    }
    bool some = false;
    while (rest.at_number()) {
        const std::string_view name = rest.name();
        if (name.empty()) return false;
        if (name == "__1") continue;
        line << between << (name.starts_with("_GLOBAL__N") ? "(anonymous namespace)" : name);
        between = "::";
        some = true;
        if (!nested) break;
    }
    return some && (!nested || rest.take("E"));
}

bool known(std::string_view mangled, text::Line& line) noexcept {
    Rest rest(mangled);
    const bool pointer = rest.take("P");
    const bool constant = rest.take("K");
    if (const std::string_view name = builtin(rest); !name.empty()) line << name;
    else if (!names(rest, line)) return false;
    if (constant) line << " const";
    if (pointer) line << "*";
    return rest.at_end();
}

}  // namespace

void type_name(text::Line& line, const char* mangled) noexcept {
    text::Line name;
    if (known(mangled, name)) line << name.view();
    else line << mangled;
}

}  // namespace unicore::libcxx
