// SPDX-License-Identifier: BSD-3-Clause
#include "stream.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace unicore::net::tap {

namespace linux = platform::linux;
using linux::IoVector;

namespace {

constexpr std::array<std::byte, 4> to_bytes(std::uint32_t number) noexcept {
    return std::bit_cast<std::array<std::byte, 4>>(std::byteswap(number));
}

}  // namespace

Stream::Stream(unsigned number, linux::Descriptor descriptor, const MacAddress& address) noexcept
    : Port(number, std::move(descriptor), {.address = address, .mtu = config::mtu}) {}

bool Stream::finish() noexcept {
    if (!unfinished_ || !usable()) return !unfinished_;
    const IoVector vector{rest_.data() + rest_begin_, rest_end_ - rest_begin_};
    const long result = transfer(linux::Call::writev, {&vector, 1});
    if (!linux::failed(result)) rest_begin_ += static_cast<std::size_t>(result);
    else if (!linux::is(result, linux::ErrorNumber::again)) lose("its peer takes nothing any more", result);
    unfinished_ = rest_begin_ != rest_end_;
    return !unfinished_;
}

void Stream::keep(const Length& length, const Packet& packet, std::size_t written) noexcept {
    rest_begin_ = rest_end_ = 0;
    if (written < length.size()) {
        std::ranges::copy(std::span(length).subspan(written), rest_.begin());
        rest_end_ = length.size() - written;
        written = length.size();
    }
    rest_end_ += packet.copy_to(std::span(rest_).subspan(rest_end_), written - length.size());
    unfinished_ = true;
}

bool Stream::sendable(const Packet& packet, std::size_t size) noexcept {
    if (size < ethernet_header_size || size > ethernet_header_size + config::mtu) return false;
    const Offload& offload = packet.offload();
    return packet.parts() <= most_parts && offload.checksum != Offload::Checksum::partial &&
           offload.segments == Offload::Segments::none;
}

std::size_t Stream::send(unsigned, std::span<Packet> burst) noexcept {
    if (!usable()) return 0;
    std::array<IoVector, 1 + most_parts> vectors;
    std::size_t taken = 0;
    for (Packet& packet : burst) {
        const std::size_t size = packet.size();
        if (!sendable(packet, size)) {
            not_sent(packet);
            ++taken;
            continue;
        }
        if (!finish()) {
            no_room_ = true;
            break;
        }
        Length length = to_bytes(static_cast<std::uint32_t>(size));
        vectors[0] = {length.data(), length.size()};
        const std::size_t count = 1 + describe(packet, &vectors[1]);
        const long result = transfer(linux::Call::writev, std::span(vectors).first(count));
        if (linux::is(result, linux::ErrorNumber::again)) {
            no_room_ = true;
            break;
        }
        if (linux::failed(result)) {
            lose("its peer takes nothing any more", result);
            break;
        }
        const auto written = static_cast<std::size_t>(result);
        if (written != length.size() + size) keep(length, packet, written);
        sent(packet, size);
        ++taken;
    }
    return taken;
}

bool Stream::moved(long result) noexcept {
    if (result > 0) return true;
    if (result == 0) lose("its peer has closed the socket", 0);
    else if (!linux::is(result, linux::ErrorNumber::again)) lose("its socket cannot be read", result);
    return false;
}

std::optional<std::size_t> Stream::next_frame() noexcept {
    if (length_read_ != length_.size()) {
        const IoVector vector{length_.data() + length_read_, length_.size() - length_read_};
        const long result = transfer(linux::Call::readv, {&vector, 1});
        if (!moved(result)) return std::nullopt;
        length_read_ += static_cast<std::size_t>(result);
        if (length_read_ != length_.size()) return std::nullopt;
    }
    const std::size_t size = std::byteswap(std::bit_cast<std::uint32_t>(length_));
    if (size > longest_frame) {
        lose("its peer speaks of a frame that is longer than any", 0);
        return std::nullopt;
    }
    // What follows the frame is the length of the next: one call for both.
    std::array<IoVector, Window::parts + 1> vectors;
    const std::size_t count = window_.describe(read_, size, vectors);
    vectors[count] = {length_.data(), length_.size()};
    const long result = transfer(linux::Call::readv, std::span(vectors).first(count + 1));
    if (!moved(result)) return std::nullopt;
    read_ += static_cast<std::size_t>(result);
    if (read_ < size) return std::nullopt;
    length_read_ = read_ - size;
    read_ = 0;
    return size;
}

std::size_t Stream::receive(unsigned, std::span<Packet> into) noexcept {
    finish();
    std::size_t count = 0;
    for (unsigned reads = 0; reads != most_reads && count != into.size() && usable(); ++reads) {
        const auto size = next_frame();
        if (!size) break;
        Packet packet = received(*size, Offload{});
        if (packet) into[count++] = std::move(packet);
    }
    return count;
}

}  // namespace unicore::net::tap
