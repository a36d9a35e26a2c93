// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

/// What <complex> wants for arg of long double, and newlib has only where that is double: as exact as double.
extern "C" [[gnu::weak]] long double atan2l(long double y, long double x) {
    return std::atan2(static_cast<double>(y), static_cast<double>(x));
}
