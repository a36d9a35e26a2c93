// SPDX-License-Identifier: BSD-3-Clause
#include <iostream>

int main() { std::cout << "Hello " << 42 << ' ' << 2.5 << '\n'; }
