// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::netstack {

/// Keeps others out of the stack for a scope: whoever calls its connections has this. Nobody waits meanwhile; what came of
/// the calls is sent at its end. It does not nest. Context: thread.
class Lock {
public:
    Lock() noexcept;
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
};

}  // namespace unicore::netstack
