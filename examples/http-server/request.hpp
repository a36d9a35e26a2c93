// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace http {

enum class Method : std::uint8_t {
    get,
    head,
    other,    ///< one that there is, and that files do not have
    unknown,
};

/// What a client asks for: views into the bytes that were parsed.
struct Request {
    Method method = Method::unknown;
    bool keep_alive = true;      ///< the connection stays for another one
    bool says_keep_alive = false;  ///< to a client of version 1.0, which must be told
    bool expects = false;        ///< waits to be told to go on before it sends the body
    bool chunked = false;        ///< the body is in chunks
    std::uint64_t length = 0;    ///< of the body, if it is not
    std::string_view path;       ///< decoded, from the first slash on, without a query
    std::string_view range, if_range, if_match, if_none_match;  ///< fields, without data where there are none

    bool has_body() const noexcept { return chunked || length != 0; }
};

/// What became of some bytes.
struct Parsed {
    int status;        ///< 0: a request is there; `incomplete`; or the status of an answer after which the connection ends
    std::size_t size;  ///< bytes that need not be looked at again
};
inline constexpr int incomplete = -1;

/// The longest target that is taken. [RFC 9112, 3]
inline constexpr std::size_t most_target = 2048;

/// Takes a request's head off the front of bytes, in one pass; the path is decoded in place. [RFC 9112, 2 to 6]
Parsed parse(char* begin, char* end, Request& request) noexcept;

/// Whether the end of a head is there, of whose front `from` bytes were looked at before, for those who send it in small
/// pieces: parsing anew each time would take time in proportion to the square.
bool has_end(std::string_view bytes, std::size_t from) noexcept;

/// Skips the body of a request. [RFC 9112, 7.1]
class Body {
public:
    constexpr Body() noexcept = default;
    explicit Body(const Request& request) noexcept
        : phase_(request.chunked ? Phase::size : request.length != 0 ? Phase::bytes : Phase::over), left_(request.length) {}

    bool over() const noexcept { return phase_ == Phase::over; }
    /// Takes what belongs to it off the front of `bytes`; how much. `status` is 400 for what is no chunk, 413 for more
    /// than `most` bytes in all, and stays else.
    std::size_t skip(std::string_view bytes, std::uint64_t most, int& status) noexcept;

private:
    enum class Phase : std::uint8_t {
        over,
        bytes,      ///< `left_` of them
        size,       ///< digits of a chunk's
        extension,  ///< behind them, up to the end of the line
        data,       ///< `left_` of them
        data_end,   ///< the line's end behind them
        trailer,    ///< at the start of a line
        field,      ///< in one
    };

    Phase phase_ = Phase::over;
    bool digits_ = false;
    bool return_ = false;  ///< a carriage return was before
    std::uint64_t left_ = 0;
    std::uint64_t total_ = 0;
};

/// Whether a list of entity tags has this one, or is an asterisk. `strong`: weak ones do not count. [RFC 9110, 8.8.3, 13.1]
bool matches(std::string_view list, std::string_view tag, bool strong) noexcept;

/// What a field Range asks for of `size` bytes.
struct Range {
    enum class Kind : std::uint8_t {
        whole,  ///< nothing that is understood: all of it
        part,
        none,   ///< nothing that there is
    };
    Kind kind = Kind::whole;
    std::uint64_t first = 0, size = 0;
};
/// A single range; several are answered with the whole. [RFC 9110, 14.1.2, 14.2]
Range parse_range(std::string_view field, std::uint64_t size) noexcept;

}  // namespace http
