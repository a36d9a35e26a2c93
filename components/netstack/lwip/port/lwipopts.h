// SPDX-License-Identifier: BSD-3-Clause
// What lwIP is. [lwip/opt.h] UNICORE_LWIP_… are options of the build tree.
#ifndef UNICORE_NETSTACK_LWIP_OPTS_H
#define UNICORE_NETSTACK_LWIP_OPTS_H

// One thread at a time is in it: netstack::Lock. Nothing waits in it.
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_NETCONN 0
#define LWIP_SOCKET 0
#define LWIP_TIMERS 1
#define LWIP_TIMERS_CUSTOM 1  // timers.cpp

// Memory: objects out of slabs (memp.cpp), bytes out of the heap.
#define MEM_LIBC_MALLOC 1
#define mem_clib_malloc unicore_lwip_allocate
#define mem_clib_calloc unicore_lwip_allocate_zeroed
#define mem_clib_free unicore_lwip_release
#define MEM_ALIGNMENT __SIZEOF_POINTER__
#define MEMP_NUM_TCP_PCB UNICORE_LWIP_CONNECTIONS
#define MEMP_NUM_TCP_PCB_LISTEN 64
#define MEMP_NUM_UDP_PCB UNICORE_LWIP_UDP_PORTS
#define MEMP_NUM_TCP_SEG 65535
#define MEMP_NUM_PBUF 65535
#define MEMP_NUM_FRAG_PBUF 512
#define MEMP_NUM_REASSDATA 16
#define MEMP_NUM_ARP_QUEUE 64
#define MEMP_NUM_ND6_QUEUE 64
#define MEMP_NUM_IGMP_GROUP 32
#define MEMP_NUM_MLD6_GROUP 32
// What is received lies in the buffers of devices. Copies are for the others of those who share a group, and no more than may
// wait for those; lwIP insists on a window.
#define PBUF_POOL_SIZE (64 + TCP_WND / 1024)
#define IP_REASS_MAX_PBUFS 64
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define PBUF_LINK_ENCAPSULATION_HLEN 12  // what a driver puts in front: VIRTIO's header
#define PBUF_LINK_HLEN 16  // Ethernet's 14, and two for the alignment of what follows

// Protocols
#define LWIP_IPV4 1
#define LWIP_IPV6 UNICORE_LWIP_IPV6
#define LWIP_ARP 1
#define LWIP_ETHERNET 1
#define ARP_TABLE_SIZE 32
#define ARP_QUEUEING 1
#define ETHARP_SUPPORT_STATIC_ENTRIES 0
#define LWIP_ICMP 1
#define LWIP_RAW 0
#define LWIP_UDP 1
#define LWIP_TCP 1
#define LWIP_DHCP 1
#define LWIP_AUTOIP 0
#define LWIP_DNS 1
#define LWIP_IGMP 1
#define IP_REASSEMBLY 1
#define IP_FRAG 1
#define LWIP_BROADCAST_PING 0
#define LWIP_MULTICAST_PING 0
#define LWIP_IPV6_MLD LWIP_IPV6
#define LWIP_IPV6_AUTOCONFIG LWIP_IPV6
#define LWIP_IPV6_SEND_ROUTER_SOLICIT LWIP_IPV6
#define LWIP_IPV6_DHCP6 LWIP_IPV6
#define LWIP_IPV6_DHCP6_STATELESS LWIP_IPV6
#define LWIP_IPV6_REASS LWIP_IPV6
#define LWIP_IPV6_FRAG LWIP_IPV6
#define IPV6_FRAG_COPYHEADER 1  // what it notes of a fragment does not fit in place of the header
#define LWIP_ND6_QUEUEING LWIP_IPV6
#define LWIP_IPV6_NUM_ADDRESSES 4
#define LWIP_ND6_NUM_NEIGHBORS 32
#define LWIP_ND6_NUM_DESTINATIONS 32
#define DNS_MAX_SERVERS 3
#define DNS_TABLE_SIZE 8

// TCP
#define TCP_MSS 1460
#define TCP_WND UNICORE_LWIP_WINDOW
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE UNICORE_LWIP_WINDOW_SCALE
#define TCP_SND_BUF UNICORE_LWIP_SEND_BUFFER
#define TCP_SND_QUEUELEN UNICORE_LWIP_SEND_SEGMENTS
#define TCP_SNDLOWAT LWIP_MIN(TCP_SND_BUF / 2, 0xffff - 4 * TCP_MSS - 1)
#define TCP_QUEUE_OOSEQ 1
#define LWIP_TCP_SACK_OUT 1
#define TCP_LISTEN_BACKLOG 1
#define TCP_OVERSIZE TCP_MSS
#define LWIP_TCP_KEEPALIVE 1
#define IP_SOF_BROADCAST 1  // who broadcasts has said so
#define SO_REUSE 1
#define SO_REUSE_RXTOALL 1

// Interfaces
#define LWIP_NETIF_STATUS_CALLBACK 0
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK 0
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_HAVE_LOOPIF 1
#define LWIP_NETIF_TX_SINGLE_PBUF 0
#define LWIP_NUM_NETIF_CLIENT_DATA 0
#define LWIP_CHECKSUM_CTRL_PER_NETIF 1
#define LWIP_CHECKSUM_ON_COPY 0

#define LWIP_STATS 0
#define LWIP_DBG_TYPES_ON 0
#ifdef NDEBUG
#define LWIP_NOASSERT 1
#endif

// Sequence numbers that nobody can guess. [RFC 6528]
#ifdef __cplusplus
extern "C" {
#endif
#define LWIP_HOOK_TCP_ISN(local, local_port, remote, remote_port) \
    unicore_lwip_first_sequence_number(local, local_port, remote, remote_port)
unsigned unicore_lwip_first_sequence_number(const void* local, unsigned short local_port, const void* remote,
                                            unsigned short remote_port);

// What lwIP does not check of a segment: guard.cpp.
struct tcp_pcb;
struct tcp_hdr;
struct pbuf;
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, header, size, size_behind, rest, p) \
    (unicore_lwip_guard(pcb, header, size, size_behind, rest, p) ? ERR_OK : ERR_VAL)
int unicore_lwip_guard(struct tcp_pcb* pcb, struct tcp_hdr* header, unsigned options, unsigned behind_header,
                       unsigned char* rest, struct pbuf* behind);
#ifdef __cplusplus
}
#endif

#endif
