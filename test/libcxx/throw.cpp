// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <stdexcept>

namespace {

[[gnu::noinline]] void fail() { throw std::runtime_error("thrown"); }

}  // namespace

int main() {
    try {
        fail();
    } catch (const std::exception& exception) {
        std::puts(exception.what());
    }
}
