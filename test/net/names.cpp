// SPDX-License-Identifier: BSD-3-Clause
// Looks up names that names_test.py's server knows something of, and says what came of it.
#include <unicore/base/chrono.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/netstack.hpp>
#include <unicore/netstack/names.hpp>

#include <array>
#include <cstdio>
#include <cstring>

#include <netdb.h>

using namespace unicore;
using namespace std::chrono_literals;

namespace {

/// As POSIX has it: NAME addresses, or what is wrong.
void look(const char* name, int family = AF_UNSPEC) {
    addrinfo hints{}, *list = nullptr;
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    std::printf("%s", name);
    if (const int error = getaddrinfo(name, "http", &hints, &list); error != 0) std::printf(" error=%d", error);
    for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
        char host[NI_MAXHOST], service[NI_MAXSERV];
        const int error = getnameinfo(each->ai_addr, each->ai_addrlen, host, sizeof host, service, sizeof service, 0);
        std::printf(" %s:%s", error == 0 ? host : gai_strerror(error), service);
    }
    std::printf("\n");
    freeaddrinfo(list);
}

/// Of the network stack itself, which has deadlines.
Error error_within(const char* name, time::Duration patience) {
    std::array<netstack::Address, 2> addresses;
    const auto found = netstack::resolve(name, {}, addresses, time::Monotonic::now() + patience);
    return found ? Error{} : found.error();
}

}  // namespace

int main() {
    if (!netstack::wait_for_address(time::Monotonic::now() + 20s)) return 1;
    // Others may be on the network later than this image.
    while (error_within("ready.example", 500ms) == Error::timed_out) {}
    look("both.example");
    look("both.example", AF_INET);
    look("both.example", AF_INET6);
    look("four.example");
    look("four.example", AF_INET6);
    look("six.example");
    look("alias.example");
    look("nobody.example");
    look("broken.example");
    look("forged.example");
    look("garbage.example");
    const bool silent = error_within("silent.example", 200ms) == Error::timed_out;
    std::printf("silent.example %s\n", silent ? "timed out" : "did not time out");
    std::size_t before = 0, right = 0;
    for (int i = 0; i < 110; ++i) {
        if (i == 10) before = memory::heap::usage().allocated;
        addrinfo* list = nullptr;
        char name[32];
        std::snprintf(name, sizeof name, "number%d.example", i);
        if (getaddrinfo(name, "ssh", nullptr, &list) == 0) ++right;
        freeaddrinfo(list);
    }
    const auto grown = static_cast<long>(memory::heap::usage().allocated - before);
    std::printf("%zu found, %ld bytes more\n", right, grown);
    return 0;
}
