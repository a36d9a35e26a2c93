// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/store/path.hpp>

#include <cstring>

namespace unicore::xen::store {

void Decimal::set(std::uint64_t number) noexcept {
    count_ = 0;
    do digits_[sizeof digits_ - ++count_] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
}

void Path::add(std::string_view part) noexcept {
    const std::size_t slash = size_ != 0;
    if (overflown_ || part.size() + slash > capacity - size_) {
        overflown_ = true;
        return;
    }
    if (slash != 0) text_[size_++] = '/';
    std::memcpy(text_ + size_, part.data(), part.size());
    size_ = static_cast<std::uint8_t>(size_ + part.size());
}

}  // namespace unicore::xen::store
