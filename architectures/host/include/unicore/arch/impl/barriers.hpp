// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>

namespace unicore::arch {

struct Barriers {
    static void full() noexcept { std::atomic_thread_fence(std::memory_order_seq_cst); }
    static void read() noexcept { std::atomic_thread_fence(std::memory_order_acquire); }
    static void write() noexcept { std::atomic_thread_fence(std::memory_order_release); }
    static void relax() noexcept {}
};

}  // namespace unicore::arch
