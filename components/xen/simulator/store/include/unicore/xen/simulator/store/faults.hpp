// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>

namespace unicore::xen::simulator {

/// What xenstored does wrong, as probabilities from 0 to 1.
struct StoreFaults {
    // For each time that it serves a domain: what a slow daemon does. Clients must not notice.
    double late = 0;      ///< it comes back later, by up to `longest_delay`
    double in_pieces = 0;  ///< it writes only some of the bytes, and the rest later
    std::chrono::nanoseconds longest_delay = std::chrono::milliseconds(5);
    double spurious_watches = 0;      ///< one of the domain's watches fires for nothing
    double refused_transactions = 0;  ///< for each end of one: EAGAIN

    // For each reply: what a hostile daemon does. Clients must survive.
    double unknown_ids = 0;
    double wrong_types = 0;
    double endless = 0;        ///< a length above XENSTORE_PAYLOAD_MAX
    double repeated = 0;       ///< the reply comes twice
    double nonsense = 0;       ///< a payload of any bytes
    double odd_events = 0;     ///< a watch event without nulls, with a strange token, or very long
    double bad_indices = 0;
    double silence = 0;        ///< no reply
};

}  // namespace unicore::xen::simulator
