// SPDX-License-Identifier: BSD-3-Clause
// What every provider of time.wall promises, on a machine whose clock is set.
#include <unicore/debug/check.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <chrono>

namespace unicore::time::wall {
namespace {

using namespace std::chrono_literals;

}  // namespace

void conformance(debug::Check& check) noexcept {
    using std::chrono::sys_days;
    constexpr sys_days first = std::chrono::year(2000) / 1 / 1, last = std::chrono::year(2200) / 1 / 1;

    const Instant before = Monotonic::now();
    const auto start = now();
    if (!check(start.has_value(), "the date can be read")) return;
    check(*start >= first && *start < last, "the date is plausible");

    Instant after = before;
    for (int i = 0; i < 1'000'000 && after - before < 2ms; ++i) after = Monotonic::now();
    const auto end = now();
    if (!check(end.has_value(), "the date can be read again")) return;
    // Somebody may set the clock meanwhile, but hardly by a day.
    check(*end - *start > -24h && *end - *start < 24h, "the date goes on from where it was");
}

}  // namespace unicore::time::wall
