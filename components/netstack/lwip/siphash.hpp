// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::netstack::lwip {

/// A number that depends on all of `message`, and that nobody can tell without the key: SipHash-2-4.
/// [Aumasson, Bernstein: SipHash, a fast short-input PRF, INDOCRYPT 2012]
std::uint64_t siphash(const std::array<std::uint64_t, 2>& key, std::span<const std::byte> message) noexcept;

}  // namespace unicore::netstack::lwip
