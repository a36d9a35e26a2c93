// SPDX-License-Identifier: BSD-3-Clause
// Their starts; their ends are in test/libcxx. [ISO C++23, stmt.dcl, basic.start.dynamic]
#include "suites.hpp"

#include <memory>
#include <string>

namespace unicore::libcxx {
namespace {

const std::string before_main("made before main");
const auto pointer_before_main = std::make_unique<int>(42);

int attempts = 0;

struct Stubborn {
    Stubborn() {
        if (++attempts < 3) throw attempts;
    }
};

Stubborn& stubborn() {
    static Stubborn object;
    return object;
}

const std::string& text() {
    static const std::string made = [] { return std::string("made at the first use"); }();
    return made;
}

}  // namespace

void variables(debug::Check& check) noexcept {
    check(before_main == "made before main" && *pointer_before_main == 42, "global variables");
    check(&text() == &text() && text() == "made at the first use", "a variable of a function is made once");
    int failures = 0;
    for (int i = 0; i < 4; ++i) {
        try {
            stubborn();
        } catch (int) {
            ++failures;
        }
    }
    check(failures == 2 && attempts == 3, "one whose constructor throws is tried again");
}

}  // namespace unicore::libcxx
