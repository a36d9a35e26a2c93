// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "machine.hpp"
#include "request.hpp"
#include "text.hpp"

namespace http {

/// What a program has counted; for the live page.
struct Counters {
    std::uint64_t requests = 0;
    std::uint64_t accepted = 0;  ///< connections
    std::uint64_t open = 0;
};

/// Makes answers: from the program's files, and live pages.
class Answers {
public:
    /// Bytes that an answer takes at most in the output, but what it returns.
    static constexpr std::size_t most = 6 * 1024;

    explicit Answers(const Counters& counters) noexcept : counters_(counters) {}
    Answers(const Answers&) = delete;
    Answers& operator=(const Answers&) = delete;
    ~Answers();
    /// Takes the files; false without memory for their heads.
    bool open() noexcept;
    /// Answers tell this date, in seconds since 1970.
    void set_date(std::int64_t seconds) noexcept;

    /// Writes an answer; what it returns goes out behind it, the body of a large file.
    std::string_view answer(const Request& request, Text& out) noexcept;
    /// Writes the last answer of a connection.
    void refuse(int status, Text& out) noexcept;

private:
    /// A file and the fields that tell of it, made when it is asked for first.
    struct Entry {
        machine::File file;
        std::uint16_t length_size;  ///< of the first field, its length
        std::uint16_t size;         ///< of all fields, and the empty line behind them; 0 before they were made
        std::uint16_t tag;          ///< where the entity tag begins
        char fields[200];

        std::string_view all() const noexcept { return {fields, size}; }
        std::string_view entity_tag() const noexcept { return {fields + tag, 18}; }
    };

    Entry* find(std::string_view name) noexcept;
    static void prepare(Entry& entry) noexcept;
    void begin(int status, const Request& request, Text& out) noexcept;
    void fail(int status, const Request& request, Text& out) noexcept;
    std::string_view give(const Entry& entry, const Request& request, Text& out) noexcept;
    std::string_view give_part(const Entry& entry, const Request& request, Range range, Text& out) noexcept;
    void live(bool json, const Request& request, Text& out) noexcept;

    const Counters& counters_;
    Entry* entries_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace http
