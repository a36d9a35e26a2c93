// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

/// What is wrong with an expression, and where: the first character is in column 1.
class Mistake : public std::runtime_error {
public:
    Mistake(const std::string& what, std::size_t column) : std::runtime_error(what), column_(column) {}

    std::size_t column() const noexcept { return column_; }

private:
    std::size_t column_;
};

/// The value of an expression of numbers, + - * / and parentheses. Throws Mistake.
double value_of(std::string_view expression);
