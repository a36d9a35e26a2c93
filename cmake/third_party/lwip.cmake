# SPDX-License-Identifier: BSD-3-Clause
# lwIP's core, unpatched. Its configuration and what it stands on are components/netstack/lwip's; inet_chksum.c, memp.c and
# timeouts.c are left out, since that has others. What lwIP is configured not to have compiles to nothing.
set(core altcp.c altcp_alloc.c altcp_tcp.c dns.c init.c ip.c netif.c raw.c
         ipv4/dhcp.c ipv4/icmp.c ipv4/igmp.c ipv4/ip4_frag.c
         ipv6/dhcp6.c ipv6/ethip6.c ipv6/icmp6.c ipv6/ip6.c ipv6/ip6_addr.c ipv6/ip6_frag.c ipv6/mld6.c ipv6/nd6.c)
set(hot def.c mem.c pbuf.c tcp.c tcp_in.c tcp_out.c udp.c ipv4/etharp.c ipv4/ip4.c ipv4/ip4_addr.c)
list(TRANSFORM core PREPEND "core/")
list(TRANSFORM hot PREPEND "core/")
set(headers altcp.h altcp_tcp.h api.h arch.h autoip.h debug.h def.h dhcp.h dhcp6.h dns.h err.h errno.h etharp.h ethip6.h
            icmp.h icmp6.h igmp.h inet.h inet_chksum.h init.h ip.h ip4.h ip4_addr.h ip4_frag.h ip6.h ip6_addr.h ip6_frag.h
            ip6_zone.h ip_addr.h mem.h memp.h mld6.h nd6.h netbuf.h netdb.h netif.h opt.h pbuf.h raw.h snmp.h sockets.h
            stats.h sys.h tcp.h tcpbase.h tcpip.h timeouts.h udp.h
            priv/altcp_priv.h priv/api_msg.h priv/mem_priv.h priv/memp_priv.h priv/memp_std.h priv/nd6_priv.h
            priv/raw_priv.h priv/sockets_priv.h priv/tcp_priv.h priv/tcpip_priv.h
            prot/autoip.h prot/dhcp.h prot/dhcp6.h prot/dns.h prot/etharp.h prot/ethernet.h prot/iana.h prot/icmp.h
            prot/icmp6.h prot/ieee.h prot/igmp.h prot/ip.h prot/ip4.h prot/ip6.h prot/mld6.h prot/nd6.h prot/tcp.h
            prot/udp.h)
list(TRANSFORM headers PREPEND "include/lwip/")
unicore_third_party_compiled(lwip.library SUMMARY "lwIP: a TCP/IP stack"
  PACKAGE lwip VERSION 2.1.3 LICENCE BSD-3-Clause FILE lwip_2.1.3+dfsg1.orig.tar.xz
  SHA256 0a8276d09fc4e97bbba2f953d74af2388fc2195ea156be9d7589e297a68fde24 PART src
  SOURCES ${core}
  HOT ${hot} netif/ethernet.c
  HEADERS ${headers} include/netif/ethernet.h include/netif/ppp/ppp_impl.h include/netif/ppp/ppp_opts.h)
target_include_directories(lwip.library SYSTEM PUBLIC "${UNICORE_TREE}/third_party/lwip.library/src/include")
# The one function of a C library that it wants and images without one have not: for "localhost", of which case is no matter.
target_compile_definitions(lwip.library PRIVATE strcmp=lwip_stricmp)
# Macros that take the address of a member of an address that is null, and the callers look whether that is null.
target_compile_options(lwip.library PRIVATE -fno-sanitize=null)
