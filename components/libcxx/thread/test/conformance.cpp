// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <unicore/debug/suites.hpp>

int main() {
    using namespace unicore::libcxx;
    static constexpr unicore::debug::NamedSuite suites[] = {{"libcxx.thread: threads", threads},
                                                            {"libcxx.thread: locks", locks},
                                                            {"libcxx.thread: variables", variables},
                                                            {"libcxx.thread: exceptions", exceptions},
                                                            {"libcxx.thread: futures", futures}};
    return unicore::debug::run_suites(suites);
}
