// SPDX-License-Identifier: BSD-3-Clause
/// Descriptors of files, devices and sockets.
#pragma once

#include <unicore/platform/linux/system_call.hpp>

#include <cstddef>
#include <utility>

namespace unicore::platform::linux {

/// The kernel's struct iovec. [readv(2)]
struct IoVector {
    void* base;
    std::size_t size;
};

/// A number of ioctl that hands over `size` bytes: _IOW. [ioctl(2)]
constexpr unsigned long request(char type, unsigned number, std::size_t size) noexcept {
    return writing_request | static_cast<unsigned long>(size) << 16 | static_cast<unsigned long>(type) << 8 | number;
}

/// A descriptor, or none; closed at the end of its life.
class Descriptor {
public:
    constexpr Descriptor() noexcept = default;
    /// Of what a system call returned: none when that is an error.
    explicit constexpr Descriptor(long result) noexcept : number_(result < 0 ? -1 : static_cast<int>(result)) {}
    constexpr Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    constexpr Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() {
        if (number_ >= 0) system_call(Call::close, number_);
    }

    explicit operator bool() const noexcept { return number_ >= 0; }
    int number() const noexcept { return number_; }

private:
    int number_ = -1;
};

}  // namespace unicore::platform::linux
