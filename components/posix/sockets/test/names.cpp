// SPDX-License-Identifier: BSD-3-Clause
// Names that nobody need be asked for; test/net/names_test.py asks a server.
#include "suites.hpp"

#include <unicore/memory/heap.hpp>

#include <netdb.h>

namespace unicore::posix::sockets {
namespace {

/// A list, and how its making ended.
struct List {
    List(const char* host, const char* service, addrinfo hints = {}) noexcept : error(getaddrinfo(host, service, &hints, &first)) {}
    List(const List&) = delete;
    List& operator=(const List&) = delete;
    ~List() { freeaddrinfo(first); }

    int count() const noexcept {
        int count = 0;
        for (const addrinfo* each = first; each != nullptr; each = each->ai_next) ++count;
        return count;
    }
    /// Whether one of them is this address, as getnameinfo writes it.
    bool has(const char* host, const char* service, int type) const noexcept {
        for (const addrinfo* each = first; each != nullptr; each = each->ai_next) {
            char name[NI_MAXHOST], port[NI_MAXSERV];
            if (getnameinfo(each->ai_addr, each->ai_addrlen, name, sizeof name, port, sizeof port,
                            NI_NUMERICHOST | NI_NUMERICSERV) != 0)
                return false;
            if (std::strcmp(name, host) == 0 && std::strcmp(port, service) == 0 && each->ai_socktype == type &&
                each->ai_protocol == (type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP))
                return true;
        }
        return false;
    }

    addrinfo* first = nullptr;
    int error;
};

constexpr addrinfo hints(int flags, int family = AF_UNSPEC, int type = 0, int protocol = 0) noexcept {
    addrinfo hints{};
    hints.ai_flags = flags, hints.ai_family = family, hints.ai_socktype = type, hints.ai_protocol = protocol;
    return hints;
}

int error_of(const char* host, const char* service, const addrinfo& how = {}) noexcept { return List(host, service, how).error; }

void literals(debug::Check& check) noexcept {
    const List four("192.0.2.7", "80");
    check(four.error == 0 && four.count() == 2 && four.has("192.0.2.7", "80", SOCK_STREAM) &&
              four.has("192.0.2.7", "80", SOCK_DGRAM), "an address, for both kinds of sockets");
    const List six("2001:db8::7", nullptr, hints(AI_NUMERICHOST | AI_CANONNAME, AF_INET6, SOCK_DGRAM));
    check(six.error == 0 && six.count() == 1 && six.has("2001:db8::7", "0", SOCK_DGRAM), "of version 6, of a kind");
    check(six.first->ai_family == AF_INET6 && six.first->ai_addrlen == sizeof(sockaddr_in6) &&
              std::strcmp(six.first->ai_canonname, "2001:db8::7") == 0, "what an entry is");
    const List local("localhost", "http", hints(AI_CANONNAME));
    check(local.error == 0 && local.has("127.0.0.1", "80", SOCK_STREAM) && local.has("::1", "80", SOCK_STREAM) &&
              local.count() == 2, "localhost");
    check(std::strcmp(local.first->ai_canonname, "localhost") == 0 && local.first->ai_next->ai_canonname == nullptr, "AI_CANONNAME");
    const List any(nullptr, "domain", hints(AI_PASSIVE));
    check(any.error == 0 && any.count() == 4 && any.has("0.0.0.0", "53", SOCK_STREAM) && any.has("::", "53", SOCK_DGRAM) &&
              any.first->ai_family == AF_INET, "AI_PASSIVE");
    const List self(nullptr, "65535", hints(AI_NUMERICSERV, AF_INET, 0, IPPROTO_UDP));
    check(self.error == 0 && self.count() == 1 && self.has("127.0.0.1", "65535", SOCK_DGRAM), "this host, by protocol");
    const List configured("localhost", "1", hints(AI_ADDRCONFIG, AF_UNSPEC, SOCK_STREAM));
    check(configured.error == 0 && configured.count() == 1 && configured.has("127.0.0.1", "1", SOCK_STREAM), "AI_ADDRCONFIG");
}

void refusals(debug::Check& check) noexcept {
    check(error_of(nullptr, nullptr) == EAI_NONAME, "nothing");
    check(error_of("127.0.0.1", "1", hints(1 << 20)) == EAI_BADFLAGS, "a flag that nobody knows");
    check(error_of(nullptr, "1", hints(AI_CANONNAME)) == EAI_BADFLAGS, "AI_CANONNAME of nobody");
    check(error_of("127.0.0.1", "1", hints(0, 77)) == EAI_FAMILY, "a family that there is not");
    check(error_of("127.0.0.1", "1", hints(0, AF_UNSPEC, 77)) == EAI_SOCKTYPE, "a type that there is not");
    check(error_of("127.0.0.1", "1", hints(0, AF_UNSPEC, SOCK_STREAM, IPPROTO_UDP)) == EAI_SOCKTYPE, "a protocol of others");
    for (const char* wrong : {"65536", "-1", "80x", "", "nobody-knows", "+80"})
        check(error_of("127.0.0.1", wrong) == EAI_SERVICE, "a service that there is not");
    check(error_of("127.0.0.1", "ssh", hints(0, AF_UNSPEC, SOCK_DGRAM)) == EAI_SERVICE, "a service of other sockets");
    check(error_of("127.0.0.1", "http", hints(AI_NUMERICSERV)) == EAI_NONAME, "AI_NUMERICSERV");
    check(error_of("localhost", "1", hints(AI_NUMERICHOST)) == EAI_NONAME, "AI_NUMERICHOST");
    check(error_of("::1", "1", hints(0, AF_INET)) == EAI_NONAME, "an address of the other version");
    for (const char* wrong : {"", "a b", "a..b", "127.1", "fe80::1%1", "\xff"})
        check(error_of(wrong, "1") == EAI_NONAME, "what is no name");
    check(error_of("host.example", "1") == EAI_AGAIN, "nobody who could be asked");
    check(std::strcmp(gai_strerror(EAI_AGAIN), gai_strerror(EAI_NONAME)) != 0 && gai_strerror(12345) != nullptr, "gai_strerror");
}

void by_address(debug::Check& check) noexcept {
    const sockaddr_in address = here(22);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    char host[NI_MAXHOST], service[NI_MAXSERV];
    const auto ask = [&](int flags, socklen_t host_size = sizeof host, socklen_t service_size = sizeof service) {
        return getnameinfo(generic, sizeof address, host, host_size, service, service_size, flags);
    };
    check(ask(0) == 0 && std::strcmp(host, "127.0.0.1") == 0 && std::strcmp(service, "ssh") == 0, "getnameinfo");
    check(ask(NI_DGRAM) == 0 && std::strcmp(service, "22") == 0, "NI_DGRAM");
    check(ask(NI_NUMERICSERV) == 0 && std::strcmp(service, "22") == 0, "NI_NUMERICSERV");
    check(ask(NI_NAMEREQD) == EAI_NONAME, "NI_NAMEREQD");
    check(ask(0, 9) == EAI_OVERFLOW && ask(0, 10, 3) == EAI_OVERFLOW && ask(0, 10, 4) == 0, "too little room, and just enough");
    check(ask(0, 0, 0) == EAI_NONAME && ask(1 << 20) == EAI_BADFLAGS, "nothing is asked for; flags");
    check(getnameinfo(generic, 4, host, sizeof host, nullptr, 0, 0) == EAI_FAMILY, "too short an address");
}

}  // namespace

void names(debug::Check& check) noexcept {
    literals(check);
    refusals(check);
    by_address(check);
    const std::size_t before = memory::heap::usage().allocated;
    for (int i = 0; i < 100; ++i) List("localhost", "http", hints(AI_CANONNAME | AI_PASSIVE));
    check(memory::heap::usage().allocated == before, "lists are given back");
}

}  // namespace unicore::posix::sockets
