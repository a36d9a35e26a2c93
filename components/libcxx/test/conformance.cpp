// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <unicore/debug/suites.hpp>

int main() {
    using namespace unicore::libcxx;
    static constexpr unicore::debug::NamedSuite suites[] = {
        {"libcxx: exceptions", exceptions}, {"libcxx: unwinding", unwinding},   {"libcxx: types", types},
        {"libcxx: variables", variables},   {"libcxx: allocation", allocation}, {"libcxx: containers", containers},
        {"libcxx: utilities", utilities},   {"libcxx: formats", formats},       {"libcxx: streams", streams},
        {"libcxx: times", times},           {"libcxx: locks", locks}};
    return unicore::debug::run_suites(suites);
}
