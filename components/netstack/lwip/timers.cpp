// SPDX-License-Identifier: BSD-3-Clause
// lwIP's timers, in place of its own timeouts.c: each only as long as there is something for it to do. [lwip/timeouts.h]
#include "timers.hpp"

#include <lwip/dhcp.h>
#include <lwip/dhcp6.h>
#include <lwip/dns.h>
#include <lwip/etharp.h>
#include <lwip/igmp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/timeouts.h>

#include <algorithm>
#include <chrono>

namespace unicore::netstack::lwip {
namespace {

/// Whether `what` holds of any interface.
template <typename What>
bool any(What what) noexcept {
    for (netif* interface = netif_list; interface != nullptr; interface = interface->next)
        if (what(*interface)) return true;
    return false;
}

bool always() noexcept { return netif_list != nullptr && netif_list->next != nullptr; }  // the first one is the loop

bool tcp_is_used() noexcept { return tcp_active_pcbs != nullptr || tcp_tw_pcbs != nullptr; }

bool dhcp_is_used() noexcept {
    return any([](netif& interface) { return netif_dhcp_data(&interface) != nullptr; });
}

bool dhcp_waits() noexcept {
    return any([](netif& interface) {
        const dhcp* const client = netif_dhcp_data(&interface);
        return client != nullptr && client->request_timeout != 0;
    });
}

bool igmp_reports() noexcept {
    return any([](netif& interface) {
        for (const igmp_group* group = netif_igmp_data(&interface); group != nullptr; group = group->next)
            if (group->timer != 0) return true;
        return false;
    });
}

#if LWIP_IPV6
bool mld_reports() noexcept {
    return any([](netif& interface) {
        for (const mld_group* group = netif_mld6_data(&interface); group != nullptr; group = group->next)
            if (group->timer != 0) return true;
        return false;
    });
}
#endif

struct Timer {
    unsigned interval;  ///< milliseconds
    void (*run)();
    bool (*needed)() noexcept;
    time::Instant next = time::never;
};

constinit Timer timers[] = {
    {TCP_TMR_INTERVAL, tcp_tmr, tcp_is_used},
    {ARP_TMR_INTERVAL, etharp_tmr, always},
    {IP_TMR_INTERVAL, ip_reass_tmr, always},
    {DHCP_FINE_TIMER_MSECS, dhcp_fine_tmr, dhcp_waits},
    {DHCP_COARSE_TIMER_MSECS, dhcp_coarse_tmr, dhcp_is_used},
    {DNS_TMR_INTERVAL, dns_tmr, always},
    {IGMP_TMR_INTERVAL, igmp_tmr, igmp_reports},
#if LWIP_IPV6
    {ND6_TMR_INTERVAL, nd6_tmr, always},
    {IP6_REASS_TMR_INTERVAL, ip6_reass_tmr, always},
    {MLD6_TMR_INTERVAL, mld6_tmr, mld_reports},
    {DHCP6_TIMER_MSECS, dhcp6_tmr, always},
#endif
};

}  // namespace

time::Instant run_timers(time::Instant now) noexcept {
    time::Instant first = time::never;
    for (Timer& timer : timers) {
        if (timer.next <= now) {
            timer.next = time::never;
            timer.run();
        }
        if (!timer.needed()) {
            timer.next = time::never;
        } else if (timer.next == time::never) {
            // Those of the same interval meet, so that the CPU is woken once for all.
            const std::chrono::milliseconds interval(timer.interval);
            timer.next = std::chrono::floor<std::chrono::milliseconds>(now) - now.time_since_epoch() % interval + interval;
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
