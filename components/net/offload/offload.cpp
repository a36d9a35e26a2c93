// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/offload.hpp>

#include <unicore/net/address.hpp>
#include <unicore/net/checksum.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace unicore::net {
namespace {

constexpr std::size_t ip = ethernet_header_size;
constexpr std::size_t longest_packet = 65'535;  // of IP [RFC 791, 3.1]

/// [RFC 791, 3.1]
namespace ip4 {
constexpr std::uint16_t type = 0x0800;
constexpr std::size_t size = 20, total = 2, fragment = 6, protocol = 9, checksum = 10, addresses = 12;
constexpr std::uint16_t not_fragment = 0x4000;
}  // namespace ip4

/// [RFC 8200, 3]
namespace ip6 {
constexpr std::uint16_t type = 0x86dd;
constexpr std::size_t size = 40, payload = 4, next_header = 6, addresses = 8;
}  // namespace ip6

/// [RFC 9293, 3.1]
namespace tcp {
constexpr std::uint8_t protocol = 6;
constexpr std::size_t sequence = 4, acknowledgement = 8, data_offset = 12, flags = 13, window = 14, checksum = 16,
                      urgent = 18, size = 20;
constexpr std::uint8_t push = 0x08, acknowledges = 0x10;
}  // namespace tcp

std::uint8_t byte(const std::byte* at) noexcept { return std::to_integer<std::uint8_t>(*at); }
std::uint16_t word(const std::byte* at) noexcept { return static_cast<std::uint16_t>(byte(at) << 8 | byte(at + 1)); }
std::uint32_t double_word(const std::byte* at) noexcept { return std::uint32_t{word(at)} << 16 | word(at + 2); }
void put_word(std::byte* at, std::size_t value) noexcept {
    at[0] = static_cast<std::byte>(value >> 8);
    at[1] = static_cast<std::byte>(value);
}

/// A packet of TCP that could be one of several.
struct Segment {
    std::byte* headers;
    std::size_t tcp;      ///< where TCP begins
    std::size_t size;     ///< of all headers
    std::size_t payload;  ///< 1 at least
    bool six;

    std::byte* at_tcp(std::size_t offset) const noexcept { return headers + tcp + offset; }
    std::uint32_t sequence() const noexcept { return double_word(at_tcp(tcp::sequence)); }
    std::uint8_t flags() const noexcept { return byte(at_tcp(tcp::flags)); }
};

/// Nothing, where it is none: also what is wrong somewhere, and left to whoever looks at it next.
std::optional<Segment> look(const Packet& packet) noexcept {
    if (!packet) return std::nullopt;
    const Offload& offload = packet.offload();
    if (offload.checksum != Offload::Checksum::partial || offload.segments != Offload::Segments::none ||
        offload.checksum_offset != tcp::checksum)
        return std::nullopt;
    const auto bytes = packet.bytes();
    std::byte* const headers = bytes.data();
    if (bytes.size() < ip + ip4::size + tcp::size) return std::nullopt;
    const std::uint16_t type = word(headers + ip - 2);
    const bool six = type == ip6::type;
    std::size_t total;
    if (six) {
        if (bytes.size() < ip + ip6::size + tcp::size || byte(headers + ip) >> 4 != 6 ||
            byte(headers + ip + ip6::next_header) != tcp::protocol)
            return std::nullopt;
        total = ip6::size + word(headers + ip + ip6::payload);
    } else {
        if (type != ip4::type || byte(headers + ip) != 0x45 || byte(headers + ip + ip4::protocol) != tcp::protocol ||
            (word(headers + ip + ip4::fragment) & ~ip4::not_fragment) != 0)
            return std::nullopt;
        total = word(headers + ip + ip4::total);
    }
    const std::size_t at = ip + (six ? ip6::size : ip4::size);
    const std::size_t size = at + std::size_t{byte(headers + at + tcp::data_offset)} / 16 * 4;
    const std::size_t all = packet.size();
    if (offload.checksum_start != at || total + ip != all || size < at + tcp::size || size > bytes.size() || size >= all)
        return std::nullopt;
    const Segment segment{.headers = headers, .tcp = at, .size = size, .payload = all - size, .six = six};
    // Who begins, ends, or has anything urgent stays alone.
    if ((segment.flags() | tcp::push) != (tcp::acknowledges | tcp::push)) return std::nullopt;
    return segment;
}

template <typename T>
T load(const std::byte* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// Whether two have the same bytes from `from` to `to`: words at a time, since they are compared for each segment.
template <std::size_t from, std::size_t to>
bool same(const std::byte* a, const std::byte* b) noexcept {
    if constexpr (to - from >= 8) return load<std::uint64_t>(a + from) == load<std::uint64_t>(b + from) && same<from + 8, to>(a, b);
    else if constexpr (to - from >= 4) return load<std::uint32_t>(a + from) == load<std::uint32_t>(b + from) && same<from + 4, to>(a, b);
    else if constexpr (to - from >= 2) return load<std::uint16_t>(a + from) == load<std::uint16_t>(b + from) && same<from + 2, to>(a, b);
    else if constexpr (to - from == 1) return a[from] == b[from];
    else return true;
}

/// Whether `b` is of the same connection as `a` and says the same of it, but for its payload.
bool akin(const Segment& a, const Segment& b) noexcept {
    if (a.size != b.size || a.six != b.six) return false;
    const std::byte *of_a = a.headers + ip, *of_b = b.headers + ip;
    const bool same_ip = a.six ? same<0, ip6::payload>(of_a, of_b) && same<ip6::next_header, ip6::size>(of_a, of_b)
                               : same<0, ip4::total>(of_a, of_b) && same<ip4::fragment, ip4::checksum>(of_a, of_b) &&
                                     same<ip4::addresses, ip4::size>(of_a, of_b);
    if (!same_ip || !same<0, ip>(a.headers, b.headers)) return false;
    of_a = a.at_tcp(0);
    of_b = b.at_tcp(0);
    return same<0, tcp::sequence>(of_a, of_b) && same<tcp::acknowledgement, tcp::flags>(of_a, of_b) &&
           same<tcp::window, tcp::checksum>(of_a, of_b) && same<tcp::urgent, tcp::size>(of_a, of_b) &&
           std::memcmp(of_a + tcp::size, of_b + tcp::size, a.size - a.tcp - tcp::size) == 0;
}

/// One that takes others in.
class Merged {
public:
    Merged(Packet& packet, const Segment& first, std::size_t most_parts) noexcept
        : packet_(packet), first_(first), most_parts_(most_parts), payload_(first.payload), parts_(packet.parts()) {}

    /// Takes it in, if it is the next; false, when it is not, or would be too much.
    bool take(Packet& packet) noexcept {
        if (ended_) return false;
        const auto next = look(packet);
        if (!next || next->payload > first_.payload || !akin(first_, *next)) return false;
        if (next->sequence() != first_.sequence() + static_cast<std::uint32_t>(payload_)) return false;
        if (first_.size - ip + payload_ + next->payload > longest_packet) return false;
        const bool headers_only = packet.bytes().size() == next->size;
        const std::size_t parts = packet.parts() - headers_only;
        if (parts_ + parts > most_parts_) return false;

        const bool push = (next->flags() & tcp::push) != 0;
        payload_ += next->payload;
        parts_ += parts;
        ended_ = push || next->payload != first_.payload;
        if (push) *first_.at_tcp(tcp::flags) |= std::byte{tcp::push};
        packet.trim_front(next->size);
        Buffer* const more = packet.release();
        if (last_ == nullptr) last_ = &packet_.first();
        while (last_->next != nullptr) last_ = last_->next;
        last_->next = more;
        return true;
    }

    /// What the headers say is all of it now.
    void finish() const noexcept {
        if (payload_ == first_.payload) return;
        std::byte* const headers = first_.headers;
        const std::size_t of_tcp = first_.size - first_.tcp + payload_;
        Checksum pseudo;
        if (first_.six) {
            put_word(headers + ip + ip6::payload, of_tcp);
            pseudo.add({headers + ip + ip6::addresses, 32});
        } else {
            put_word(headers + ip + ip4::total, ip4::size + of_tcp);
            put_word(headers + ip + ip4::checksum, 0);
            Checksum of_header;
            of_header.add({headers + ip, ip4::size});
            const std::uint16_t result = of_header.result();
            std::memcpy(headers + ip + ip4::checksum, &result, sizeof result);
            pseudo.add({headers + ip + ip4::addresses, 8});
        }
        pseudo.add_word(tcp::protocol);
        pseudo.add_word(static_cast<std::uint16_t>(of_tcp));
        const std::uint16_t sum = pseudo.sum();
        std::memcpy(first_.at_tcp(tcp::checksum), &sum, sizeof sum);
        packet_.offload().segments = first_.six ? Offload::Segments::tcp6 : Offload::Segments::tcp4;
        packet_.offload().segment_size = static_cast<std::uint16_t>(first_.payload);
    }

private:
    Packet& packet_;
    Segment first_;
    std::size_t most_parts_;
    std::size_t payload_, parts_;
    Buffer* last_ = nullptr;  ///< one of the last parts
    bool ended_ = false;      ///< no other can follow
};

}  // namespace

std::size_t merge_segments(std::span<Packet> burst, const Properties& properties) noexcept {
    std::size_t left = 0;
    for (std::size_t i = 0; i != burst.size();) {
        if (left != i) burst[left] = std::move(burst[i]);
        Packet& packet = burst[left++];
        ++i;
        if (i == burst.size()) break;
        const auto first = look(packet);
        if (!first || !(first->six ? properties.segments_tcp6 : properties.segments_tcp4) ||
            (first->flags() & tcp::push) != 0)
            continue;
        Merged merged(packet, *first, properties.most_parts);
        while (i != burst.size() && merged.take(burst[i])) ++i;
        merged.finish();
    }
    return left;
}

}  // namespace unicore::net
