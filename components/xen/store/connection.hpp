// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "client.hpp"

#include <unicore/base/result.hpp>
#include <unicore/sched.hpp>
#include <unicore/xen/store/request.hpp>

#include <cstdint>

namespace unicore::xen::store {

/// This domain's connection, open if it has one.
Client& connection() noexcept;

/// A request that somebody waits for.
struct Waiting : Request {
    bool finished = false;
    sched::WaitQueue waiter;
};

/// Submits `request`, whose `done` is overwritten, and waits for its outcome. Context: thread.
Result<std::uint32_t> perform(Waiting& request) noexcept;

}  // namespace unicore::xen::store
