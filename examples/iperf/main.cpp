// SPDX-License-Identifier: BSD-3-Clause
/// A server for iperf3's clients, over the stack's own connections and datagrams: what is received is counted where it lies.
#include "server.hpp"

#include <unicore/console.hpp>
#include <unicore/netstack.hpp>
#include <unicore/netstack/lock.hpp>

using namespace unicore;

int main() {
    static iperf::Server server;
    {
        const netstack::Lock lock;
        if (!server.listen()) {
            console::write_line("iperf: port 5201 is taken");
            return 1;
        }
    }
    if (!netstack::wait_for_address()) return 1;
    console::write_line("iperf: listening on port 5201");
    static_cast<void>(server.send_datagrams());  // until it is asked to stop
    return 0;
}
