// SPDX-License-Identifier: BSD-3-Clause
// [RFC 3493, 5.2; Linux, ip(7); POSIX.1-2017, if_nametoindex, if_nameindex]
#include "suites.hpp"

#include <net/if.h>
#include <unistd.h>

namespace unicore::posix::sockets {
namespace {

template <typename T>
int set(int descriptor, int level, int name, const T& value) noexcept {
    return setsockopt(descriptor, level, name, &value, sizeof value);
}
template <typename T>
bool gives(int descriptor, int level, int name, T wanted) noexcept {
    T value{};
    socklen_t size = sizeof value;
    return getsockopt(descriptor, level, name, &value, &size) == 0 && size == sizeof value && value == wanted;
}

void devices(debug::Check& check) noexcept {
    char name[IF_NAMESIZE] = "";
    check(if_nametoindex("loopback0") == 1 && if_indextoname(1, name) == name && std::strcmp(name, "loopback0") == 0,
          "a device has a number");
    errno = 0;
    check(if_nametoindex("eth0") == 0 && errno == ENODEV, "one that there is not");
    errno = 0;
    check(if_indextoname(0, name) == nullptr && errno == ENXIO && if_indextoname(99, name) == nullptr, "numbers of none");
    struct if_nameindex* const list = if_nameindex();
    check(list != nullptr && list[0].if_index == 1 && std::strcmp(list[0].if_name, "loopback0") == 0,
          "a list begins with the first");
    unsigned count = 0;
    while (list != nullptr && list[count].if_index != 0 && list[count].if_name != nullptr) ++count;
    check(count >= 1 && if_nametoindex(list[count - 1].if_name) == count && list[count].if_name == nullptr, "and ends");
    if_freenameindex(list);
}

/// Sends to the group; returns whether it came. The device gives back what is sent, so it may come twice, and what shall not
/// come back does: that it need not is seen in netstack.lwip's unit test.
bool comes(int sender, int listener, const void* group, socklen_t size) noexcept {
    char text[8];
    while (recv(listener, text, sizeof text, MSG_DONTWAIT) >= 0 || polled(listener, POLLIN, 50) != 0) {}
    if (sendto(sender, "hello", 5, 0, static_cast<const sockaddr*>(group), size) != 5) return false;
    return polled(listener, POLLIN, 200) == POLLIN && recv(listener, text, sizeof text, 0) == 5;
}

void version_4(debug::Check& check) noexcept {
    const int listener = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in any = here(4000), group = any;
    any.sin_addr.s_addr = INADDR_ANY;
    group.sin_addr.s_addr = inet_addr("239.1.2.3");
    check(IN_MULTICAST(0xef010203) && !IN_MULTICAST(0xdfffffff) && !IN_MULTICAST(0xf0000000), "which addresses are groups");
    check(bind_to(listener, any) == 0 && !comes(sender, listener, &group, sizeof group), "who takes no part hears nothing");

    ip_mreq at{group.sin_addr, {INADDR_ANY}};
    check(fails(EADDRNOTAVAIL, [&] { return set(listener, IPPROTO_IP, IP_DROP_MEMBERSHIP, at); }),
          "nobody leaves who takes no part");
    check(set(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, at) == 0 && comes(sender, listener, &group, sizeof group),
          "who takes part hears");
    check(fails(EADDRINUSE, [&] { return set(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, at); }), "once");
    at.imr_interface.s_addr = inet_addr("10.1.2.3");
    check(fails(EADDRINUSE, [&] { return set(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, at); }),
          "the same by an address of the device");
    ip_mreqn numbered{group.sin_addr, {0}, 1};
    check(set(listener, IPPROTO_IP, IP_DROP_MEMBERSHIP, numbered) == 0 && !comes(sender, listener, &group, sizeof group),
          "by its number it leaves");
    numbered.imr_ifindex = 99;
    check(fails(ENODEV, [&] { return set(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, numbered); }), "no such number");
    at.imr_interface.s_addr = inet_addr("10.9.9.9");
    check(fails(ENODEV, [&] { return set(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, at); }), "no such address");
    at = {{inet_addr("10.1.2.3")}, {INADDR_ANY}};
    check(fails(EINVAL, [&] { return set(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, at); }), "no group");
    check(fails(EINVAL, [&] { return setsockopt(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, &at, 4); }), "too short");

    at = {group.sin_addr, {INADDR_ANY}};
    const in_addr first{inet_addr("10.1.2.3")}, none{inet_addr("10.9.9.9")};
    check(set(listener, IPPROTO_IP, IP_ADD_MEMBERSHIP, at) == 0 && set(sender, IPPROTO_IP, IP_MULTICAST_IF, first) == 0 &&
              gives(sender, IPPROTO_IP, IP_MULTICAST_IF, first.s_addr) && comes(sender, listener, &group, sizeof group),
          "by a device that was chosen");
    check(fails(EADDRNOTAVAIL, [&] { return set(sender, IPPROTO_IP, IP_MULTICAST_IF, none); }), "of which no device is");
    check(gives(sender, IPPROTO_IP, IP_MULTICAST_LOOP, 1) && set(sender, IPPROTO_IP, IP_MULTICAST_LOOP, 0) == 0 &&
              gives(sender, IPPROTO_IP, IP_MULTICAST_LOOP, 0) &&
              set(sender, IPPROTO_IP, IP_MULTICAST_LOOP, static_cast<unsigned char>(1)) == 0 &&
              gives(sender, IPPROTO_IP, IP_MULTICAST_LOOP, 1),
          "whether it comes back");
    using Byte = unsigned char;
    check(gives(sender, IPPROTO_IP, IP_MULTICAST_TTL, 1) && set(sender, IPPROTO_IP, IP_MULTICAST_TTL, Byte{255}) == 0 &&
              gives(sender, IPPROTO_IP, IP_MULTICAST_TTL, 255) && set(sender, IPPROTO_IP, IP_MULTICAST_TTL, 32) == 0 &&
              gives(sender, IPPROTO_IP, IP_MULTICAST_TTL, Byte{32}) && set(sender, IPPROTO_IP, IP_MULTICAST_TTL, -1) == 0 &&
              gives(sender, IPPROTO_IP, IP_MULTICAST_TTL, 1),
          "how far it goes");
    check(fails(EINVAL, [&] { return set(sender, IPPROTO_IP, IP_MULTICAST_TTL, 256); }) &&
              fails(EINVAL, [&] { return set(sender, IPPROTO_IP, IP_MULTICAST_TTL, -2); }),
          "not farther");
    check(fails(ENOPROTOOPT, [&] { return set(sender, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1); }) &&
              fails(ENOPROTOOPT, [&] { return set(sender, IPPROTO_IP, 9999, 1); }),
          "no option of this version");
    const int stream = socket(AF_INET, SOCK_STREAM, 0);
    check(fails(ENOPROTOOPT, [&] { return set(stream, IPPROTO_IP, IP_ADD_MEMBERSHIP, at); }), "connections take no part");
    check(close(stream) == 0 && close(listener) == 0 && close(sender) == 0, "closed");
}

void version_6(debug::Check& check) noexcept {
    const int listener = socket(AF_INET6, SOCK_DGRAM, 0), sender = socket(AF_INET6, SOCK_DGRAM, 0);
    sockaddr_in6 any{}, group{};
    any.sin6_family = group.sin6_family = AF_INET6;
    any.sin6_port = group.sin6_port = htons(4000);
    inet_pton(AF_INET6, "ff02::1234", &group.sin6_addr);
    // The device has no address of version 6: it hears its own questions for one, and gives it up.
    check(bind(listener, reinterpret_cast<sockaddr*>(&any), sizeof any) == 0, "a port");
    ipv6_mreq at{group.sin6_addr, 0};
    check(set(listener, IPPROTO_IPV6, IPV6_JOIN_GROUP, at) == 0, "it takes part");
    at.ipv6mr_interface = 1;
    check(fails(EADDRINUSE, [&] { return set(listener, IPPROTO_IPV6, IPV6_JOIN_GROUP, at); }), "once");
    at.ipv6mr_interface = 99;
    check(fails(ENODEV, [&] { return set(listener, IPPROTO_IPV6, IPV6_JOIN_GROUP, at); }), "no such device");
    check(set(sender, IPPROTO_IPV6, IPV6_MULTICAST_IF, 1) == 0 && gives(sender, IPPROTO_IPV6, IPV6_MULTICAST_IF, 1) &&
              fails(ENODEV, [&] { return set(sender, IPPROTO_IPV6, IPV6_MULTICAST_IF, 99); }),
          "by a device that was chosen");
    check(set(sender, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 255) == 0 &&
              gives(sender, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 255) &&
              set(sender, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0) == 0 && gives(sender, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0),
          "how it goes");
    at.ipv6mr_interface = 1;
    check(set(listener, IPPROTO_IPV6, IPV6_LEAVE_GROUP, at) == 0 &&
              fails(EADDRNOTAVAIL, [&] { return set(listener, IPPROTO_IPV6, IPV6_LEAVE_GROUP, at); }),
          "it leaves, once");
    check(close(listener) == 0 && close(sender) == 0, "closed");
}

}  // namespace

void groups(debug::Check& check) noexcept {
    devices(check);
    version_4(check);
    version_6(check);
}

}  // namespace unicore::posix::sockets
