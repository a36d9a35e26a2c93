// SPDX-License-Identifier: BSD-3-Clause
// Names as in Motorola MC146818A, ADI1018R1.
#include "decode.hpp"

#include <unicore/arch/ports.hpp>
#include <unicore/time/wall.hpp>
#include <unicore/time/wall/anchored.hpp>

namespace unicore::time {
namespace rtc {
namespace {

namespace ports = arch::ports;

constexpr std::uint16_t index_port = 0x70, data_port = 0x71;

constexpr std::uint8_t places[fields] = {0x00, 0x02, 0x04, 0x07, 0x08, 0x09, 0x32, 0x0b};
constexpr std::uint8_t status_a = 0x0a;
constexpr std::uint8_t update_in_progress = 0x80;

/// An update takes 2.3 ms, once a second; a port access 0.1 µs or more.
constexpr int patience = 50'000;

std::uint8_t read(std::uint8_t place) noexcept {
    ports::write8(index_port, place);
    return ports::read8(data_port);
}

/// Two readings that are the same and outside of an update are one moment.
Result<std::chrono::sys_seconds> read_clock() noexcept {
    Registers last{};
    for (int i = 0; i < patience; ++i) {
        if ((read(status_a) & update_in_progress) != 0) continue;
        bool same = true;
        for (std::size_t field = 0; field < fields; ++field) {
            const std::uint8_t value = read(places[field]);
            if (value != last.value[field]) same = false;
            last.value[field] = value;
        }
        if (same) return decode(last);
    }
    return unexpected(Error::device_error);
}

constinit wall::Anchored date;

}  // namespace
}  // namespace rtc

Result<std::chrono::sys_time<std::chrono::nanoseconds>> wall::now() noexcept { return rtc::date.now(rtc::read_clock); }

}  // namespace unicore::time
