// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <unicore/debug/suites.hpp>

int main() {
    using namespace unicore;
    static constexpr debug::NamedSuite suites[] = {
        {"addresses as text", posix::sockets::addresses}, {"streams", posix::sockets::streams},
        {"datagrams", posix::sockets::datagrams},         {"names", posix::sockets::names},
        {"groups", posix::sockets::groups},
        {"errors of sockets", posix::sockets::errors},   {"options of sockets", posix::sockets::options},
    };
    return debug::run_suites(suites);
}
