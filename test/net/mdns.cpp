// SPDX-License-Identifier: BSD-3-Clause
// Tells the network of itself and two services until it is stopped, and prints by which name; and where printer.local is, as
// soon as it knows: for mdns_test.py.
#include <unicore/base/chrono.hpp>
#include <unicore/console.hpp>
#include <unicore/netstack.hpp>
#include <unicore/netstack/mdns.hpp>
#include <unicore/netstack/names.hpp>
#include <unicore/sched.hpp>

#include <algorithm>
#include <array>
#include <string_view>

using namespace unicore;
using namespace std::chrono_literals;

int main() {
    static constexpr std::string_view text[] = {"path=/index.html", "empty="};
    if (!netstack::mdns::announce({.type = "_http._tcp", .port = 80, .instance = {}, .text = text})) return 1;
    if (!netstack::mdns::announce({.type = "_unicore._udp", .port = 4000, .instance = "Second \xc3\xb6ne", .text = {}}))
        return 1;
    std::array<char, 63> before{};
    std::size_t size = 0;
    bool found = false;
    do {
        std::array<netstack::Address, 1> addresses;
        if (!found && netstack::resolve("printer.local", {}, addresses, time::Monotonic::now() + 100ms)) {
            found = true;
            std::array<char, netstack::address_text_size> address;
            console::write("printer.local is at ");
            console::write_line(netstack::format_address(addresses[0], address));
        }
        std::array<char, 63> room{};
        const std::string_view name = netstack::mdns::name(room);
        if (std::string_view(before.data(), size) == name) continue;
        size = name.size();
        before = room;
        console::write("name ");
        console::write_line(name);
    } while (sched::sleep_for(50ms));
    return 0;
}
