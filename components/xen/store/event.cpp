// SPDX-License-Identifier: BSD-3-Clause
#include "event.hpp"

namespace unicore::xen::store {

void Event::clear() noexcept { path_size_ = part_ = 0, token_ = 0; }

void Event::add(char byte) noexcept {
    if (byte == '\0') {
        if (part_ < 3) ++part_;
    } else if (part_ == 0) {
        if (path_size_ < sizeof path_) path_[path_size_++] = byte;
    } else {
        const unsigned digit = static_cast<unsigned char>(byte) - unsigned{'0'};
        if (part_ != 1 || digit > 9 || __builtin_mul_overflow(token_, 10, &token_) ||
            __builtin_add_overflow(token_, digit, &token_))
            part_ = 3;
    }
}

}  // namespace unicore::xen::store
