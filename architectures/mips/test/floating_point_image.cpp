// SPDX-License-Identifier: BSD-3-Clause
// Applications have floating point, and keep their values while the image sleeps and is interrupted.
#include <unicore/base/chrono.hpp>
#include <unicore/console.hpp>
#include <unicore/sched.hpp>

namespace {

double series(int terms) {
    double sum = 0;
    for (int i = 1; i <= terms; ++i) sum += 1.0 / (static_cast<double>(i) * i);
    return sum;
}

}  // namespace

int main() {
    using namespace std::chrono_literals;
    constexpr double limit = 1.6449340668482264;  // pi^2 / 6
    double low = series(10'000);
    float third = 1.0f / 3;
    asm volatile("" : "+f"(low), "+f"(third));
    for (int i = 0; i < 20; ++i) {
        if (!unicore::sched::sleep_for(1ms)) return 2;
        asm volatile("" : "+f"(low), "+f"(third));
    }
    const bool right = low < limit && limit - low < 0.0001 && third * 3 > 0.999f && third * 3 < 1.001f;
    unicore::console::write_line(right ? "right" : "wrong");
    return right ? 0 : 1;
}
