// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>

namespace unicore::test {

/// How a child process ended.
struct Ending {
    int status;          ///< its exit status, or 128 and the number of a signal
    std::string output;  ///< what it wrote to standard output and error
};

/// Runs `body` in a child process: for what ends it.
Ending in_child(const std::function<void()>& body);

}  // namespace unicore::test
