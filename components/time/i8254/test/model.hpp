// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

namespace unicore::test {

/// An 8254 in virtual time, of which channel 0 is used as time.i8254 does. Times in picoseconds.
struct I8254 {
    static constexpr std::uint64_t second = 1'000'000'000'000;

    bool present = true;
    std::string wrong;  ///< what was done to it that it does not understand

    std::uint8_t read(std::uint16_t port) {
        if (!present) return 0xff;
        if (port != 0x40 || unread_ == 0) wrong += "read of a port that says nothing; ";
        return unread_ == 0 ? 0xff : bytes_[3 - unread_--];
    }

    void write(std::uint16_t port, std::uint8_t value, std::uint64_t now) {
        if (port == 0x43 && value == 0x30) {
            written_ = 0;
        } else if (port == 0x43 && value == 0xc2) {
            const auto elapsed =
                static_cast<std::uint64_t>(static_cast<unsigned __int128>(now - started_) * 1'193'182 / second);
            const bool out = elapsed >= 0x10000;
            const auto count = static_cast<std::uint16_t>(count_ - elapsed);
            bytes_[0] = static_cast<std::uint8_t>((out ? 0x80 : 0) | 0x30);
            bytes_[1] = static_cast<std::uint8_t>(count);
            bytes_[2] = static_cast<std::uint8_t>(count >> 8);
            unread_ = 3;
        } else if (port == 0x40 && written_ < 2) {
            count_ = static_cast<std::uint16_t>(written_ == 0 ? value : count_ | value << 8);
            if (++written_ == 2) started_ = now;
            if (written_ == 2 && count_ != 0) wrong += "the 8254 starts with less than all; ";
        } else {
            wrong += "write to a port that takes nothing; ";
        }
    }

private:
    std::uint16_t count_ = 0;
    std::uint64_t started_ = 0;
    int written_ = 0, unread_ = 0;
    std::uint8_t bytes_[3] = {};
};

}  // namespace unicore::test
