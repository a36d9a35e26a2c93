// SPDX-License-Identifier: BSD-3-Clause
#include "fake_card.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace unicore::test {

using namespace net::e1000;

namespace {

template <typename T>
T load(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

std::uint32_t field(std::uint32_t word, unsigned from, unsigned bits) { return word >> from & ((1U << bits) - 1); }
std::uint32_t big(const FakeCard::Bytes& bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i != size; ++i) value = value << 8 | bytes.at(at + i);
    return value;
}
void put(FakeCard::Bytes& bytes, std::size_t at, std::size_t size, std::uint32_t value) {
    for (std::size_t i = 0; i != size; ++i) bytes.at(at + i) = static_cast<std::uint8_t>(value >> 8 * (size - 1 - i));
}

/// The checksum over [`from`, `to`), which is stored at `at`; `more` is in no byte.
void sum(FakeCard::Bytes& bytes, std::size_t from, std::size_t to, std::size_t at, std::uint32_t more = 0) {
    REQUIRE((from < to && to <= bytes.size() && at + 2 <= bytes.size()));
    std::uint64_t total = more;
    for (std::size_t i = from; i < to; i += 2) total += std::uint32_t{bytes[i]} << 8 | (i + 1 < to ? bytes[i + 1] : 0U);
    while (total >> 16 != 0) total = (total & 0xffff) + (total >> 16);
    put(bytes, at, 2, static_cast<std::uint32_t>(~total & 0xffff));
}

}  // namespace

FakeCard::FakeCard() { reset(); }

void FakeCard::reset() {
    registers_.clear();
    at(Register::ral) = address[0];
    at(Register::rah) = address[1];
    at(Register::eecd) = eecd::auto_rd;
    icr_ = ims_ = told_ = 0;
    frame_ = {};
}

bool FakeCard::running() { return ((at(Register::rctl) | at(Register::tctl)) & 2) != 0; }

std::uint32_t FakeCard::read(std::uint32_t offset) {
    ++reads;
    if (before_access) before_access();
    if (gone) return ~std::uint32_t{0};
    switch (static_cast<Register>(offset)) {
    case Register::status:
        return (link_ ? status::lu : 0) | 2 << status::speed_shift |
               ((at(Register::ctrl) & ctrl::gio_master_disable) == 0 || !express || !lets_go ? status::gio_master_enable
                                                                                             : 0);
    case Register::icr: {
        const std::uint32_t causes = icr_;
        if (at(Register::ivar) == 0 || ims_ == 0) icr_ = told_ = 0;
        return causes;
    }
    case Register::rctl: return at(Register::rctl) | (stays_on ? rctl::en : 0);
    case Register::mpc:
    case Register::crcerrs:
    case Register::rxerrc: return std::exchange(registers_[offset], 0);
    default: return registers_[offset];
    }
}

void FakeCard::write(std::uint32_t offset, std::uint32_t value) {
    if (before_access) before_access();
    switch (static_cast<Register>(offset)) {
    case Register::imc: ims_ &= ~value; return;
    case Register::ims: ims_ |= value; return deliver();
    case Register::icr:
        icr_ &= ~value;
        told_ &= icr_;
        return;
    case Register::ctrl:
        if ((value & ctrl::rst) != 0 && resets) {
            if (forgets) return reset();
            at(Register::ral) = address[0];
            at(Register::rah) = address[1];
            value &= ~ctrl::rst;
        }
        registers_[offset] = value;
        return;
    case Register::ivar:
    case Register::rfctl:
    case Register::mrqc: REQUIRE(express); break;
    case Register::rdbal:
    case Register::tdbal: REQUIRE(value % 16 == 0); break;
    case Register::rdlen:
    case Register::tdlen: REQUIRE(value % 128 == 0); break;
    case Register::rdt: ++tails; break;
    case Register::tdt:
        registers_[offset] = value;
        ++tails;
        transmit();
        if (rung) rung();
        return;
    default: break;
    }
    registers_[offset] = value;
}

void FakeCard::cause(std::uint32_t bits) {
    icr_ |= bits;
    deliver();
}

/// A line calls until it is satisfied, a message is sent once for each cause that is new.
void FakeCard::deliver() {
    if (at(Register::ivar) == 0) {
        unsigned patience = 10;
        while (line && (icr_ & ims_) != 0) {
            REQUIRE(patience-- != 0);
            line();
        }
        return;
    }
    for (const auto& [bit, place] :
         {std::pair{cause::rxq0, ivar::rxq0}, {cause::txq0, ivar::txq0}, {cause::other, ivar::other}}) {
        const std::uint32_t entry = at(Register::ivar) >> place & 15;
        if ((icr_ & ims_ & ~told_ & bit) == 0 || (entry & 8) == 0) continue;
        told_ |= bit;
        if (message) message(entry & 7);
    }
}

std::span<std::byte> FakeCard::ring(Register base) {
    const std::uint32_t offset = static_cast<std::uint32_t>(base);
    const std::uint64_t address = registers_[offset] | std::uint64_t{registers_[offset + 4]} << 32;
    return {reinterpret_cast<std::byte*>(address), registers_[offset + 8]};
}

std::size_t FakeCard::buffers() {
    const std::size_t size = at(Register::rdlen) / 16;
    return size == 0 ? 0 : (at(Register::rdt) + size - at(Register::rdh)) % size;
}

bool FakeCard::arrive(const Bytes& frame, std::optional<std::uint16_t> said, std::uint8_t status, std::uint8_t errors) {
    if ((at(Register::rctl) & rctl::en) == 0) return false;
    if (buffers() == 0) {
        ++at(Register::mpc);
        return false;
    }
    std::uint32_t& head = at(Register::rdh);
    std::byte* const descriptor = ring(Register::rdbal).data() + 16 * head;
    std::memcpy(reinterpret_cast<void*>(load<std::uint64_t>(descriptor)), frame.data(), frame.size());
    const std::uint16_t length = said.value_or(static_cast<std::uint16_t>(frame.size()));
    std::memcpy(descriptor + 8, &length, 2);
    std::memset(descriptor, 0x5a, 8);  // an address that nobody may believe
    descriptor[13] = std::byte{errors};
    descriptor[12] = std::byte{status};
    head = (head + 1) % (at(Register::rdlen) / 16);
    cause(cause::rxt0 | cause::rxq0);
    return true;
}

void FakeCard::set_link(bool up) {
    link_ = up;
    cause(cause::lsc | (express ? cause::other : 0));
}

void FakeCard::finish(std::uint16_t index) {
    ring(Register::tdbal)[16U * index + 12] |= std::byte{1};
    cause(cause::txdw | cause::txq0);
}

void FakeCard::transmit() {
    if ((at(Register::tctl) & tctl::en) == 0) return;
    const std::uint32_t size = at(Register::tdlen) / 16;
    REQUIRE(at(Register::tdt) < size);
    for (std::uint32_t& head = at(Register::tdh); head != at(Register::tdt); head = (head + 1) % size) {
        const std::byte* const descriptor = ring(Register::tdbal).data() + 16 * head;
        const auto command = load<std::uint32_t>(descriptor + 8);
        REQUIRE((command & 1 << 29) != 0);  // DEXT
        REQUIRE((load<std::uint32_t>(descriptor + 12) & 1) == 0);
        if (field(command, 20, 4) == 0) {
            std::memcpy(context_, descriptor, 16);
            REQUIRE(frame_.descriptors == 0);
            ++contexts;
            continue;
        }
        take(descriptor);
        if ((command & 1 << 27) == 0) continue;  // RS
        if (finishes) finish(static_cast<std::uint16_t>(head));
        else unfinished.push_back(static_cast<std::uint16_t>(head));
    }
}

void FakeCard::take(const std::byte* descriptor) {
    const auto command = load<std::uint32_t>(descriptor + 8);
    const std::uint32_t size = field(command, 0, 20);
    REQUIRE(field(command, 20, 4) == 1);
    REQUIRE((size != 0 && size <= 4096));
    REQUIRE((command & 1 << 25) != 0);  // IFCS
    if (frame_.descriptors++ == 0) {
        frame_.options = load<std::uint32_t>(descriptor + 12) >> 8 & 0xff;
        frame_.command = command;
    }
    const auto* const from = reinterpret_cast<const std::uint8_t*>(load<std::uint64_t>(descriptor));
    frame_.bytes.insert(frame_.bytes.end(), from, from + size);
    if ((command & 1 << 24) == 0) return;  // EOP
    most_descriptors = std::max(most_descriptors, frame_.descriptors);
    if ((frame_.command & 1 << 26) != 0) cut();
    else put_on_wire();
    frame_ = {};
}

void FakeCard::put_on_wire() {
    REQUIRE(frame_.bytes.size() >= 17);
    REQUIRE(frame_.bytes.size() <= 1518);
    if ((frame_.options & 2) != 0)
        sum(frame_.bytes, field(context_[1], 0, 8), frame_.bytes.size(), field(context_[1], 8, 8));
    REQUIRE((frame_.options & 1) == 0);
    sent.push_back(frame_.bytes);
}

/// Segments. [82574 datasheet, 7.3; SDM, 3.5]
void FakeCard::cut() {
    REQUIRE((context_[2] & 1 << 26) != 0);
    const std::size_t ip = field(context_[0], 0, 8), tcp = field(context_[1], 0, 8), headers = field(context_[3], 8, 8),
                      most = field(context_[3], 16, 16), all = frame_.bytes.size() - headers;
    REQUIRE(frame_.bytes.size() > headers);
    REQUIRE(field(context_[2], 0, 20) == all);
    REQUIRE((context_[2] & 3 << 24) == 3 << 24);  // IPv4, TCP
    REQUIRE(frame_.options == 3);
    REQUIRE((most != 0 && headers + most <= 1518));
    REQUIRE((big(frame_.bytes, ip + 2, 2) == 0 && big(frame_.bytes, ip + 10, 2) == 0));
    for (std::size_t done = 0, number = 0; done != all; ++number) {
        const std::size_t here = std::min(most, all - done);
        Bytes segment(frame_.bytes.begin(), frame_.bytes.begin() + static_cast<std::ptrdiff_t>(headers));
        const auto from = frame_.bytes.begin() + static_cast<std::ptrdiff_t>(headers + done);
        segment.insert(segment.end(), from, from + static_cast<std::ptrdiff_t>(here));
        put(segment, ip + 2, 2, static_cast<std::uint32_t>(segment.size() - ip));
        put(segment, ip + 4, 2, big(segment, ip + 4, 2) + static_cast<std::uint32_t>(number));
        sum(segment, ip, field(context_[0], 16, 16) + 1, field(context_[0], 8, 8));
        put(segment, tcp + 4, 4, big(segment, tcp + 4, 4) + static_cast<std::uint32_t>(done));
        if (done + here != all) segment[tcp + 13] &= static_cast<std::uint8_t>(~9);  // FIN, PSH
        sum(segment, tcp, segment.size(), field(context_[1], 8, 8), static_cast<std::uint32_t>(segment.size() - tcp));
        sent.push_back(segment);
        done += here;
    }
}

}  // namespace unicore::test
