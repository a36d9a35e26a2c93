// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/platform/per_image.hpp>

#include <array>
#include <cstddef>

namespace unicore::xen::grants {

/// Addresses without memory behind them, for mappings. A few are kept, because to empty one and to
/// fill it again costs a hypercall each. Used masked.
struct Spares {
    std::array<std::byte*, 16> pages{};
    std::size_t count = 0;

    /// Errors: out_of_memory, device_error.
    Result<std::byte*> take() noexcept;
    void give_back(std::byte* page) noexcept;
    /// Puts memory behind all of them again, as far as there is any.
    void trim() noexcept;
};

extern platform::PerImage<Spares> spares;

}  // namespace unicore::xen::grants
