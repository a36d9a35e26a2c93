// SPDX-License-Identifier: BSD-3-Clause
/// Descriptors: what the device reads, and writes back. Nothing that it could have written is read but its status, and
/// of received packets length and errors, each once. [82574 datasheet, 7.1.3, 7.2]
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/pages.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace unicore::net::e1000 {

static_assert(std::endian::native == std::endian::little, "descriptors are little-endian");

inline constexpr std::size_t descriptor_size = 16;

/// Of a received packet, legacy. [7.1.3; SDM, 3.2.3]
namespace received {
inline constexpr std::size_t length = 8, status = 12, errors = 13;
inline constexpr std::uint8_t dd = 1 << 0, eop = 1 << 1, ixsm = 1 << 2, tcpcs = 1 << 5;  // of status
inline constexpr std::uint8_t tcpe = 1 << 5, ipe = 1 << 6;                               // of errors: wrong checksums
inline constexpr std::uint8_t damaged = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 4 | 1 << 7;      // CE, SE, SEQ, CXE, RXE
}  // namespace received

/// Of a packet to send: context and data. [7.2.11; SDM, 3.3.6, 3.3.7]
namespace to_send {
inline constexpr std::size_t command = 8, status = 12;
inline constexpr std::uint32_t data = 1 << 20;  // DTYP, of which context has 0
inline constexpr std::uint32_t eop = 1 << 24, ifcs = 1 << 25, tse = 1 << 26, rs = 1 << 27, dext = 1 << 29;  // of DCMD
inline constexpr std::uint32_t tucmd_tcp = 1 << 24, tucmd_ip = 1 << 25;                                    // of TUCMD
inline constexpr std::uint32_t ixsm = 1 << 8, txsm = 2 << 8;                                               // of POPTS
inline constexpr std::uint8_t dd = 1 << 0;                                                                // of STA
}  // namespace to_send

/// Memory of descriptors, as both sides see it.
class Ring {
public:
    /// Gets memory for `size` descriptors, and `more` bytes behind them that the device may read. Once.
    /// Errors: out_of_memory.
    Result<void> open(std::uint16_t size, std::size_t more = 0) noexcept {
        memory_ = UNICORE_TRY(memory::pages::Pages::create(pages_for(size * descriptor_size + more)));
        size_ = size;
        return {};
    }
    bool is_open() const noexcept { return size_ != 0; }
    std::uint16_t size() const noexcept { return size_; }
    std::uintptr_t address() const noexcept { return reinterpret_cast<std::uintptr_t>(memory_.bytes().data()); }
    std::byte* behind() const noexcept { return memory_.bytes().data() + size_ * descriptor_size; }

    std::uint16_t next(std::uint16_t index, unsigned count = 1) const noexcept {
        const unsigned sum = index + count;
        return static_cast<std::uint16_t>(sum >= size_ ? sum - size_ : sum);
    }

    template <typename T>
    volatile T& at(std::uint16_t index, std::size_t offset) const noexcept {
        return *reinterpret_cast<volatile T*>(memory_.bytes().data() + index * descriptor_size + offset);
    }
    void write(std::uint16_t index, std::uint64_t first, std::uint32_t command, std::uint32_t status) const noexcept {
        at<std::uint64_t>(index, 0) = first;
        at<std::uint32_t>(index, to_send::command) = command;
        at<std::uint32_t>(index, to_send::status) = status;
    }

private:
    memory::pages::Pages memory_;
    std::uint16_t size_ = 0;
};

}  // namespace unicore::net::e1000
