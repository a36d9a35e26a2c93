# SPDX-License-Identifier: BSD-3-Clause
# Which tests there are.
set(UNICORE_EVERY_SUITE ON CACHE BOOL "Test libraries and languages on every target; off: on a machine of each architecture and on Linux")
mark_as_advanced(UNICORE_EVERY_SUITE)
# What depends on the architecture, and on little of the platform, is tested on these where time is short.
set(UNICORE_SUITE_PAIRS linux-x86_64 kvm-x86_64 kvm-aarch64 kvm-arm baremetal-mips)
