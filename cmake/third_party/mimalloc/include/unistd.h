/* SPDX-License-Identifier: BSD-3-Clause */
/* How mimalloc waits for another thread where the CPU has no instruction for it: there is none to wait for. */
#pragma once
static inline int usleep(unsigned microseconds) { return 0; }
static inline unsigned sleep(unsigned seconds) { return 0; }
