// SPDX-License-Identifier: BSD-3-Clause
#include "expression.hpp"

#include <cstdlib>
#include <format>

namespace {

/// Reads an expression from left to right; each function takes what it names.
///
///     sum     = product { ("+" | "-") product }
///     product = factor { ("*" | "/") factor }
///     factor  = number | "(" sum ")" | "-" factor
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    double all() {
        const double value = sum();
        if (next() != end) fail(std::format("'{}' is not expected", next()));
        return value;
    }

private:
    static constexpr char end = '\0';

    double sum() {
        double value = product();
        for (;;) {
            if (take('+')) value += product();
            else if (take('-')) value -= product();
            else return value;
        }
    }

    double product() {
        double value = factor();
        for (;;) {
            if (take('*')) {
                value *= factor();
            } else if (take('/')) {
                const std::size_t at = at_;
                const double divisor = factor();
                if (divisor == 0) throw Mistake("division by zero", at);
                value /= divisor;
            } else {
                return value;
            }
        }
    }

    double factor() {
        if (take('-')) return -factor();
        if (!take('(')) return number();
        const std::size_t opened = at_;
        const double value = sum();
        if (!take(')')) throw Mistake("the parenthesis is not closed", opened);
        return value;
    }

    double number() {
        if (next() != '.' && (next() < '0' || next() > '9'))
            fail(next() == end ? "a number is missing" : std::format("'{}' is no number", next()));
        const std::string rest(text_.substr(at_));
        char* behind = nullptr;
        const double value = std::strtod(rest.c_str(), &behind);
        if (behind == rest.c_str()) fail("'.' is no number");
        at_ += static_cast<std::size_t>(behind - rest.c_str());
        return value;
    }

    /// The next character that is no blank, or `end`.
    char next() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
        return at_ < text_.size() ? text_[at_] : end;
    }

    bool take(char wanted) {
        if (next() != wanted) return false;
        ++at_;
        return true;
    }

    [[noreturn]] void fail(const std::string& what) { throw Mistake(what, at_ + 1); }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

double value_of(std::string_view expression) { return Parser(expression).all(); }
