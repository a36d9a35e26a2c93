// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <random>
#include <set>
#include <system_error>

int main() try {
    std::random_device device;
    std::set<unsigned> numbers;
    for (int i = 0; i < 100; ++i) numbers.insert(device());
    std::uniform_int_distribution<int> die(1, 6);
    const int thrown = die(device);
    if (numbers.size() < 99 || thrown < 1 || thrown > 6) return 2;
    std::puts("random");
} catch (const std::system_error& error) {
    std::puts(error.what());
    return 1;
}
