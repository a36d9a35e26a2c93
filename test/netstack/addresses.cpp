// SPDX-License-Identifier: BSD-3-Clause
// A network stack without hardware: it comes up, and has the address that a setting gives it.
#include <unicore/base/chrono.hpp>
#include <unicore/console.hpp>
#include <unicore/net/device.hpp>
#include <unicore/netstack.hpp>
#include <unicore/sched.hpp>

#include <algorithm>
#include <array>

using namespace unicore;
using namespace std::chrono_literals;

int main() {
    if (!netstack::wait_for_address(time::Monotonic::now() + 10s)) return 1;
    if (!sched::sleep_for(100ms)) return 2;
    std::array<netstack::InterfaceAddress, 16> addresses;
    const std::size_t count = std::min(netstack::addresses(addresses), addresses.size());
    for (const auto& entry : std::span(addresses).first(count)) {
        if (entry.prefix.address.family == netstack::Address::Family::v6) continue;
        std::array<char, netstack::address_text_size> text;
        console::write(entry.device->name());
        console::write(" has ");
        console::write_line(netstack::format_address(entry.prefix.address, text));
    }
    // What it sent is on the wire, and came back.
    const net::Statistics statistics = net::first_device()->statistics();
    return statistics.sent.packets != 0 && statistics.received.packets == statistics.sent.packets ? 0 : 3;
}
