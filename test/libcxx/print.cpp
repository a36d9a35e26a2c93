// SPDX-License-Identifier: BSD-3-Clause
#include <print>

int main() { std::println("Hello {} {:.1f}", 42, 2.5); }
