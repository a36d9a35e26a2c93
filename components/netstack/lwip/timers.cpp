// SPDX-License-Identifier: BSD-3-Clause
// lwIP's timers, in place of its own timeouts.c: each only as long as there is something for it to do. [lwip/timeouts.h]
#include "timers.hpp"

#include <unicore/base/chrono.hpp>

#include <lwip/dhcp.h>
#include <lwip/dhcp6.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/igmp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/memp.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/priv/nd6_priv.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/timeouts.h>

#include <algorithm>
#include <span>

namespace unicore::netstack::lwip {
namespace {

/// What timers are for; each of them runs while there is something of it.
enum Need : unsigned {
    interfaces = 1,  ///< but the first one, the loop
    tcp = 2,
    dhcp = 4,
    dhcp_waits = 8,
    igmp_reports = 16,
    mld_reports = 32,
};

template <typename Group>
bool any_timer(const Group* group) noexcept {
    while (group != nullptr && group->timer == 0) group = group->next;
    return group != nullptr;
}

unsigned needs() noexcept {
    unsigned needs = tcp_active_pcbs != nullptr || tcp_tw_pcbs != nullptr ? tcp : 0;
    for (netif* interface = netif_list; interface != nullptr; interface = interface->next) {
        if (interface->next != nullptr) needs |= interfaces;
        if (const struct dhcp* const client = netif_dhcp_data(interface))
            needs |= client->request_timeout != 0 ? dhcp | dhcp_waits : dhcp;
        if (any_timer(netif_igmp_data(interface))) needs |= igmp_reports;
#if LWIP_IPV6
        if (any_timer(netif_mld6_data(interface))) needs |= mld_reports;
#endif
    }
    return needs;
}

/// lwIP's, which expects that who asks for a window has something to send, and nothing on its way: the answer to a question,
/// which takes a byte along, may have ended that and left the window shut. [RFC 9293, 3.8.6.1]
void run_tcp() {
    for (tcp_pcb* pcb = tcp_active_pcbs; pcb != nullptr; pcb = pcb->next) {
        if (pcb->persist_backoff == 0 || (pcb->unsent != nullptr && pcb->unacked == nullptr)) continue;
        pcb->persist_backoff = 0;
        if (pcb->unacked != nullptr && pcb->rtime < 0) pcb->rtime = 0;
    }
    tcp_tmr();
}

#if LWIP_IPV6
/// lwIP's, which asks for a router that does not answer as long as that has said to be there, and keeps what is to be sent to
/// it meanwhile: buffers of devices, too. [RFC 4861, 7.2.2]
void run_neighbours() {
    nd6_tmr();
    for (nd6_neighbor_cache_entry& neighbour : std::span(neighbor_cache, LWIP_ND6_NUM_NEIGHBORS)) {
        if (neighbour.state != ND6_INCOMPLETE && neighbour.state != ND6_PROBE) continue;
        if (neighbour.counter.probes_sent < LWIP_ND6_MAX_MULTICAST_SOLICIT) continue;
        while (nd6_q_entry* const first = neighbour.q) {
            neighbour.q = first->next;
            pbuf_free(first->p);
            memp_free(MEMP_ND6_QUEUE, first);
        }
    }
}
#endif

struct Timer {
    unsigned interval;  ///< milliseconds
    void (*run)();
    Need need;
    time::Instant next = time::never;
};

constinit Timer timers[] = {
    {TCP_TMR_INTERVAL, run_tcp, tcp},
    {ARP_TMR_INTERVAL, etharp_tmr, interfaces},
    {IP_TMR_INTERVAL, ip_reass_tmr, interfaces},
    {DHCP_FINE_TIMER_MSECS, dhcp_fine_tmr, dhcp_waits},
    {DHCP_COARSE_TIMER_MSECS, dhcp_coarse_tmr, dhcp},
    {DNS_TMR_INTERVAL, dns_tmr, interfaces},
    {IGMP_TMR_INTERVAL, igmp_tmr, igmp_reports},
#if LWIP_IPV6
    {ND6_TMR_INTERVAL, run_neighbours, interfaces},
    {IP6_REASS_TMR_INTERVAL, ip6_reass_tmr, interfaces},
    {MLD6_TMR_INTERVAL, mld6_tmr, mld_reports},
    {DHCP6_TIMER_MSECS, dhcp6_tmr, interfaces},
#endif
};

constinit unsigned running = 0;  ///< needs that timers run for

}  // namespace

bool tcp_timer_wanted() noexcept { return (running & tcp) == 0 && (tcp_active_pcbs != nullptr || tcp_tw_pcbs != nullptr); }

bool timers_wanted() noexcept { return (needs() & ~running) != 0; }

time::Instant run_timers(time::Instant now) noexcept {
    for (Timer& timer : timers) {
        if (timer.next > now) continue;
        timer.next = time::never;
        timer.run();
    }
    running = needs();
    time::Instant first = time::never;
    for (Timer& timer : timers) {
        if ((running & timer.need) == 0) {
            timer.next = time::never;
        } else if (timer.next == time::never) {
            // Those of the same interval meet, so that the CPU is woken once for all.
            const std::chrono::milliseconds interval(timer.interval);
            timer.next = now - now.time_since_epoch() % interval + interval;
        }
        first = std::min(first, timer.next);
    }
    return first;
}

}  // namespace unicore::netstack::lwip

extern "C" {

void sys_timeouts_init(void) {}

/// A connection came to be; who holds the lock looks at the timers when it is done.
void tcp_timer_needed(void) {}

}
