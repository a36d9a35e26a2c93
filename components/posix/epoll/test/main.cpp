// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <unicore/debug/suites.hpp>

#include <span>

namespace unicore::posix::epoll {
[[gnu::weak]] void threads(debug::Check& check) noexcept;  // not where there is one thread
}  // namespace unicore::posix::epoll

int main() {
    using namespace unicore::posix::epoll;
    static constexpr unicore::debug::NamedSuite suites[] = {
        {"threads", threads}, {"events", events}, {"kinds", kinds}, {"sockets", sockets},
        {"sets", sets}, {"errors", errors}, {"stop", stops}};
    return unicore::debug::run_suites(std::span(suites).subspan(threads == nullptr ? 1 : 0));
}
