// SPDX-License-Identifier: BSD-3-Clause
#include "expression.hpp"

#include <format>
#include <iostream>
#include <span>
#include <string>

namespace {

/// Writes the value of a line, or the line with a mark below what is wrong with it.
bool calculate(const std::string& line) {
    try {
        std::cout << std::format("{} = {}\n", line, value_of(line));
        return true;
    } catch (const Mistake& mistake) {
        std::cout << std::format("{}\n{:>{}} column {}: {}\n", line, '^', mistake.column(), mistake.column(), mistake.what());
        return false;
    }
}

}  // namespace

/// Each argument is a line, or each line of the console's input. The status is how many were wrong.
int main(int count, char** arguments) {
    int wrong = 0;
    for (const char* const argument : std::span(arguments, static_cast<std::size_t>(count)).subspan(1))
        wrong += calculate(argument) ? 0 : 1;
    if (count > 1) return wrong;
    for (std::string line; std::getline(std::cin, line);)
        if (!line.empty()) wrong += calculate(line) ? 0 : 1;
    return wrong;
}
