// SPDX-License-Identifier: BSD-3-Clause
/// An MC146818 behind its ports, in virtual time, as somebody who has only the data sheet would build it.
#pragma once

#include <cstdint>

namespace unicore::test {

struct Cmos {
    bool present = true;
    bool binary = false, hours_24 = true, has_century = true;
    std::int64_t now = 1'700'000'000'250'000;  ///< microseconds since 1970
    std::int64_t access_time = 1;              ///< microseconds
    bool stuck = false;                        ///< update in progress, for ever
    bool restless = false;                     ///< another time at every reading
    bool garbled = false;                      ///< no date
    unsigned accesses = 0;

    std::uint8_t index = 0;
    std::uint8_t read_register() const;
    std::uint8_t digits(unsigned value) const;
};

/// A new one for every run of a test case.
Cmos& cmos();

}  // namespace unicore::test
