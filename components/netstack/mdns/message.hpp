// SPDX-License-Identifier: BSD-3-Clause
/// Messages of DNS, as multicast DNS has them. [RFC 1035, 4; RFC 6762, 18]
#pragma once

#include <unicore/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace unicore::netstack::mdns {

using Bytes = std::span<const std::uint8_t>;

/// Types of records. [RFC 1035, 3.2; RFC 2782; RFC 3596; RFC 4034]
enum class Type : std::uint16_t { a = 1, ptr = 12, txt = 16, aaaa = 28, srv = 33, nsec = 47, any = 255 };

/// A name: labels behind their lengths, and the root, which is empty, at the end.
class Name {
public:
    static constexpr std::size_t longest = 255, longest_label = 63;  // [RFC 1035, 2.3.4]

    constexpr Name() noexcept = default;
    /// Of labels, which must fit.
    Name(std::initializer_list<std::string_view> labels) noexcept;

    /// Puts a label behind the others. Errors: out_of_range when the name, or the label, gets too long.
    Result<void> add(std::string_view label) noexcept;
    Bytes bytes() const noexcept { return std::span(bytes_).first(size_); }
    /// Without the first so many bytes, which are labels.
    Bytes from(std::size_t place) const noexcept { return bytes().subspan(place); }

    /// Letters of ASCII count whichever their case is. [RFC 6762, 16]
    friend bool operator==(const Name& left, const Name& right) noexcept;

private:
    std::array<std::uint8_t, longest> bytes_{};
    std::uint8_t size_ = 1;
};

struct Question {
    Name name;
    Type type{};
    bool of_internet = false;  ///< its class is that, or any
    bool unicast = false;      ///< the answer may go to who asks alone
};

struct Record {
    Name name;
    Type type{};
    bool of_internet = false;
    bool flush = false;  ///< it stands for all of its name and type
    std::uint32_t ttl = 0;
    std::size_t place = 0;  ///< of its data in the message
    std::size_t size = 0;
};

struct Header {
    std::uint16_t id = 0;
    std::uint16_t flags = 0;
    std::array<std::uint16_t, 4> counts{};  ///< questions; answers, authorities, additional records
};
inline constexpr std::uint16_t response_flag = 0x8000, opcode_mask = 0x7800, authoritative_flag = 0x0400,
                               truncated_flag = 0x0200;

/// Reads a message that anybody may have made, from front to end. Errors of all: invalid_argument, when it does not hold
/// what it says; then nothing more can be read.
class Reader {
public:
    explicit Reader(Bytes message) noexcept : message_(message) {}

    Result<Header> header() noexcept;
    Result<Question> question() noexcept;
    Result<Record> record() noexcept;
    /// The name in a record's data, so many bytes behind its start, which ends there.
    Result<Name> name_in(const Record& record, std::size_t offset = 0) const noexcept;
    Bytes data(const Record& record) const noexcept { return message_.subspan(record.place, record.size); }

private:
    Result<std::uint16_t> word() noexcept;
    Result<Name> name(std::size_t& place) const noexcept;

    Bytes message_;
    std::size_t place_ = 0;
};

/// Writes a message. What does not fit is not begun.
class Writer {
public:
    static constexpr std::size_t header_size = 12;

    explicit Writer(std::span<std::uint8_t> room) noexcept : room_(room) {}

    bool question(const Name& name, Type type, bool unicast) noexcept;
    /// In which of a message's parts, in this order.
    enum Part : std::uint8_t { questions, answers, authorities, additional };
    /// A record whose data are `fixed`, and `target` behind, if there is one.
    bool record(Part part, const Name& name, Type type, bool flush, std::uint32_t ttl, Bytes fixed,
                const Name* target = nullptr) noexcept;
    bool empty() const noexcept { return size_ == header_size; }
    std::uint16_t count(Part part) const noexcept { return counts_[part]; }
    /// The message, with its header.
    Bytes finish(std::uint16_t id, std::uint16_t flags) noexcept;

private:
    void byte(std::uint8_t value) noexcept;
    void word(unsigned value) noexcept;
    void put(Bytes bytes) noexcept;
    /// In short where part of it was written before. [RFC 1035, 4.1.4]
    void put(const Name& name) noexcept;
    bool same_at(std::size_t place, Bytes rest) const noexcept;

    std::span<std::uint8_t> room_;
    std::size_t size_ = header_size;
    std::array<std::uint16_t, 4> counts_{};
    std::array<std::uint16_t, 32> known_{};  ///< where names, or the rest of them, begin
    std::size_t known_count_ = 0;
    bool full_ = false;  ///< within a question or record
};

}  // namespace unicore::netstack::mdns
