// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/barriers.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <xen/io/console.h>  // which takes integers' names for granted

namespace unicore::console::xen::input {

/// What the console service puts into the ring for us. [Xen, xen/include/public/io/console.h]
class Incoming {
public:
    constexpr Incoming() noexcept = default;
    explicit Incoming(xencons_interface& ring) noexcept : ring_(&ring), taken_(ring.in_cons) {}

    /// How many characters there are. The service's index is believed only as far as it makes sense: more than the ring
    /// holds is nonsense, and nothing. Context: any.
    std::size_t unread() const noexcept {
        const std::uint32_t produced = const_cast<const volatile std::uint32_t&>(ring_->in_prod);
        const std::uint32_t count = produced - taken_;
        return count <= size ? count : 0;
    }

    /// Takes them; our own index is not read from the ring, which the other side can write to.
    std::size_t take(std::span<char> into) noexcept {
        const std::size_t count = std::min(unread(), into.size());
        arch::Barriers::full();  // the index was read before the characters
        for (std::size_t i = 0; i != count; ++i)
            into[i] = const_cast<const volatile char&>(ring_->in[(taken_ + i) % size]);
        taken_ += static_cast<std::uint32_t>(count);
        arch::Barriers::full();  // and these before there is room for others
        const_cast<volatile std::uint32_t&>(ring_->in_cons) = taken_;
        return count;
    }

private:
    static constexpr std::uint32_t size = sizeof(xencons_interface::in);

    xencons_interface* ring_ = nullptr;
    std::uint32_t taken_ = 0;
};

}  // namespace unicore::console::xen::input
