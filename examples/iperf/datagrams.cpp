// SPDX-License-Identifier: BSD-3-Clause
#include "datagrams.hpp"

#include <algorithm>

namespace iperf {
namespace {

constexpr std::uint64_t second = 1'000'000;

}  // namespace

std::optional<DatagramHeader> read_datagram(std::span<const std::byte> bytes, bool wide) noexcept {
    const std::size_t size = datagram_header_size(wide);
    if (bytes.size() < size) return std::nullopt;
    return DatagramHeader{.sent = read_number(bytes.first(4)) * second + read_number(bytes.subspan(4, 4)),
                          .number = read_number(bytes.first(size).subspan(8))};
}

void write_datagram(std::span<std::byte> into, const DatagramHeader& header, bool wide) noexcept {
    write_number(into.first(4), header.sent / second);
    write_number(into.subspan(4, 4), header.sent % second);
    write_number(into.first(datagram_header_size(wide)).subspan(8), header.number);
}

void Arrivals::take(const DatagramHeader& header, std::size_t size, std::uint64_t now) noexcept {
    bytes_ += size;
    if (header.number > highest_) {
        lost_ += header.number - highest_ - 1;
        highest_ = header.number;
    } else if (lost_ != 0) {
        --lost_;  // it was only late
    }
    const std::uint64_t transit = now - header.sent;
    if (any_) {
        const std::uint64_t later = transit - transit_, earlier = transit_ - transit;
        const std::uint64_t change = std::min({later, earlier, std::uint64_t{3600} * second});  // whatever a client says
        jitter_ += change - ((jitter_ + 8) >> 4);
    }
    any_ = true;
    transit_ = transit;
}

void Arrivals::forget() noexcept {
    bytes_ = 0;
    highest_before_ = highest_;
    lost_before_ = lost_;
    jitter_ = 0;
}

Counted Arrivals::counted() const noexcept {
    return {.bytes = bytes_,
            .packets = highest_ - highest_before_,
            .lost = lost_ - std::min(lost_, lost_before_),
            .jitter = jitter_ >> 4};
}

}  // namespace iperf
