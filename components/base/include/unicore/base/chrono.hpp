// SPDX-License-Identifier: BSD-3-Clause
/// Durations and moments of <chrono>, without its formats, streams, calendar and time zones, which take a compiler longer than
/// most of the files that know of time. Who uses those includes <chrono>.
#pragma once

#include <version>

#if defined(_LIBCPP_VERSION) && __has_include(<__chrono/system_clock.h>)
#include <__chrono/duration.h>
#include <__chrono/system_clock.h>
#include <__chrono/time_point.h>
#else
#include <chrono>
#endif
