/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses of the Internet. [POSIX.1-2017, netinet/in.h] */
#ifndef _NETINET_IN_H
#define _NETINET_IN_H

#include <stdint.h>
#include <sys/socket.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint16_t in_port_t;
typedef uint32_t in_addr_t;

struct in_addr {
    in_addr_t s_addr; /* as on the wire, like ports */
};
struct sockaddr_in {
    sa_family_t sin_family;
    in_port_t sin_port;
    struct in_addr sin_addr;
    unsigned char sin_zero[8];
};

struct in6_addr {
    union {
        uint8_t __unicore_8[16];
        uint16_t __unicore_16[8];
        uint32_t __unicore_32[4];
    } __unicore;
};
#define s6_addr __unicore.__unicore_8
#define s6_addr16 __unicore.__unicore_16
#define s6_addr32 __unicore.__unicore_32
struct sockaddr_in6 {
    sa_family_t sin6_family;
    in_port_t sin6_port;
    uint32_t sin6_flowinfo;
    struct in6_addr sin6_addr;
    uint32_t sin6_scope_id;
};

extern const struct in6_addr in6addr_any;
extern const struct in6_addr in6addr_loopback;
#define IN6ADDR_ANY_INIT { { { 0 } } }
#define IN6ADDR_LOOPBACK_INIT { { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } } }

#define INADDR_ANY ((in_addr_t)0)
#define INADDR_BROADCAST ((in_addr_t)0xffffffff)
#define INADDR_NONE ((in_addr_t)0xffffffff)
#define INADDR_LOOPBACK ((in_addr_t)0x7f000001)
#define INET_ADDRSTRLEN 16
#define INET6_ADDRSTRLEN 46

#define IPPROTO_IP 0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41
#define IPPROTO_ICMPV6 58
#define IPPROTO_RAW 255
#define IPPORT_RESERVED 1024

#define IPV6_V6ONLY 26

/* Groups (multicast). [IEEE Std 1003.1-2017, netinet/in.h, for version 6; ip(7) of Linux for version 4] */
struct ip_mreq {
    struct in_addr imr_multiaddr;
    struct in_addr imr_interface; /* one of its addresses, or INADDR_ANY for the first */
};
struct ip_mreqn {
    struct in_addr imr_multiaddr;
    struct in_addr imr_address;
    int imr_ifindex; /* counts before the address, if it is not 0 */
};
struct ipv6_mreq {
    struct in6_addr ipv6mr_multiaddr;
    unsigned ipv6mr_interface; /* 0 for the first */
};
#define IP_MULTICAST_IF 32
#define IP_MULTICAST_TTL 33
#define IP_MULTICAST_LOOP 34
#define IP_ADD_MEMBERSHIP 35
#define IP_DROP_MEMBERSHIP 36
#define IPV6_MULTICAST_IF 17
#define IPV6_MULTICAST_HOPS 18
#define IPV6_MULTICAST_LOOP 19
#define IPV6_JOIN_GROUP 20
#define IPV6_LEAVE_GROUP 21
#define IN_MULTICAST(address) (((in_addr_t)(address) & 0xf0000000) == 0xe0000000)

#define IN6_IS_ADDR_UNSPECIFIED(a) \
    (((a)->s6_addr32[0] | (a)->s6_addr32[1] | (a)->s6_addr32[2] | (a)->s6_addr32[3]) == 0)
#define IN6_IS_ADDR_LOOPBACK(a) \
    (((a)->s6_addr32[0] | (a)->s6_addr32[1] | (a)->s6_addr32[2]) == 0 && (a)->s6_addr16[6] == 0 && \
     (a)->s6_addr[14] == 0 && (a)->s6_addr[15] == 1)
#define IN6_IS_ADDR_MULTICAST(a) ((a)->s6_addr[0] == 0xff)
#define IN6_IS_ADDR_LINKLOCAL(a) ((a)->s6_addr[0] == 0xfe && ((a)->s6_addr[1] & 0xc0) == 0x80)
#define IN6_IS_ADDR_V4MAPPED(a) \
    (((a)->s6_addr32[0] | (a)->s6_addr32[1]) == 0 && (a)->s6_addr16[4] == 0 && (a)->s6_addr16[5] == 0xffff)

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define htons(value) __builtin_bswap16(value)
#define htonl(value) __builtin_bswap32(value)
#else
#define htons(value) ((uint16_t)(value))
#define htonl(value) ((uint32_t)(value))
#endif
#define ntohs(value) htons(value)
#define ntohl(value) htonl(value)

#ifdef __cplusplus
}
#endif

#endif
