// SPDX-License-Identifier: BSD-3-Clause
#include "request.hpp"

#include <array>
#include <cstring>

namespace http {
namespace {

// What characters are. [RFC 9110, 5.6.2, 5.5; RFC 9112, 3.2]
enum : std::uint8_t { token = 1, field = 2, target = 4, digit = 8, hexadecimal = 16, host = 32 };

constexpr auto kinds = [] {
    std::array<std::uint8_t, 256> kinds{};
    for (unsigned c = 0; c != 256; ++c) {
        std::uint8_t& kind = kinds[c];
        if (c == '\t' || (c >= ' ' && c != 0x7f)) kind |= field;
        if (c > ' ' && c < 0x7f && c != '#') kind |= target;
        const bool is_digit = c >= '0' && c <= '9', letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (is_digit || letter) kind |= token | host;
        if (is_digit) kind |= digit | hexadecimal;
        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') kind |= hexadecimal;
    }
    for (const char c : std::string_view("!#$%&'*+-.^_`|~")) kinds[static_cast<unsigned char>(c)] |= token;
    for (const char c : std::string_view("-._~!$&'()*+,;=:[]%")) kinds[static_cast<unsigned char>(c)] |= host;
    return kinds;
}();

bool is(char c, std::uint8_t kind) noexcept { return (kinds[static_cast<unsigned char>(c)] & kind) != 0; }

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

/// Whether they are the same but for the case of letters; `small` has none that are large.
bool same(std::string_view text, std::string_view small) noexcept {
    if (text.size() != small.size()) return false;
    for (std::size_t i = 0; i != text.size(); ++i)
        if (lower(text[i]) != small[i]) return false;
    return true;
}

unsigned value(char digit) noexcept {
    return digit <= '9' ? static_cast<unsigned>(digit - '0') : static_cast<unsigned>((digit | 0x20) - 'a' + 10);
}

bool blank(char c) noexcept { return c == ' ' || c == '\t'; }
std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Digits alone, of a number that is not too large.
bool decimal(std::string_view text, std::uint64_t& number) noexcept {
    if (text.empty() || text.size() > 18) return false;
    number = 0;
    for (const char c : text) {
        if (!is(c, digit)) return false;
        number = number * 10 + value(c);
    }
    return true;
}

/// The next part of a list, up to a comma, which is taken off it.
std::string_view next_of(std::string_view& list) noexcept {
    const std::size_t comma = list.find(',');
    const std::string_view part = trimmed(list.substr(0, comma));
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
    return part;
}

Method method_of(std::string_view name) noexcept {
    if (name == "GET") return Method::get;
    if (name == "HEAD") return Method::head;
    for (const std::string_view other : {"POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
        if (name == other) return Method::other;
    return Method::unknown;
}

/// Makes the target a path. Returns a status, 0 when it is one.
int take_path(char* begin, char* end, bool escaped, Request& request) noexcept {
    std::string_view whole(begin, static_cast<std::size_t>(end - begin));
    if (whole.empty()) return 400;
    if (whole.front() != '/') {
        if (request.method == Method::other) return 0;  // an asterisk, or an authority: no file has either
        for (const std::string_view scheme : {"http://", "https://"}) {
            if (whole.size() <= scheme.size() || !same(whole.substr(0, scheme.size()), scheme)) continue;
            const std::size_t slash = whole.find_first_of("/?", scheme.size());
            if (slash == scheme.size()) return 400;  // nobody
            begin = slash == whole.npos ? end : begin + slash;
            whole = {begin, static_cast<std::size_t>(end - begin)};
            if (whole.empty() || whole.front() == '?') {
                request.path = "/";
                return 0;
            }
            break;
        }
        if (whole.front() != '/') return 400;
    }
    if (const void* const query = std::memchr(begin, '?', whole.size())) end = begin + (static_cast<const char*>(query) - begin);
    if (!escaped) {
        request.path = {begin, static_cast<std::size_t>(end - begin)};
        return 0;
    }
    char* to = begin;
    for (const char* from = begin; from != end;) {
        char c = *from++;
        if (c == '%') {
            if (end - from < 2 || !is(from[0], hexadecimal) || !is(from[1], hexadecimal)) return 400;
            c = static_cast<char>(value(from[0]) * 16 + value(from[1]));
            if (c == '\0') return 400;
            from += 2;
        }
        *to++ = c;
    }
    request.path = {begin, static_cast<std::size_t>(to - begin)};
    return 0;
}

/// What the fields of a head say, beside what the request keeps.
struct Fields {
    bool has_host = false, has_length = false, has_coding = false, closes = false, keeps = false;
};

/// A field that may be there once.
int take_once(std::string_view& field, std::string_view content) noexcept {
    if (field.data() != nullptr) return 400;
    field = content;
    return 0;
}

/// Returns a status, 0 when there is nothing wrong. Which one it is shows its length first.
int take_field(std::string_view name, std::string_view content, Fields& fields, Request& request) noexcept {
    switch (name.size()) {
    case 4:
        if (!same(name, "host")) break;
        if (fields.has_host) return 400;
        fields.has_host = true;
        for (const char c : content)
            if (!is(c, host)) return 400;
        break;
    case 5:
        if (same(name, "range")) return take_once(request.range, content);
        break;
    case 6:
        if (!same(name, "expect")) break;
        if (!same(content, "100-continue")) return 417;
        request.expects = true;
        break;
    case 8:
        if (same(name, "if-range")) return take_once(request.if_range, content);
        if (same(name, "if-match")) return take_once(request.if_match, content);
        break;
    case 10:
        if (!same(name, "connection")) break;
        while (!content.empty()) {
            const std::string_view option = next_of(content);
            if (same(option, "close")) fields.closes = true;
            else if (same(option, "keep-alive")) fields.keeps = true;
        }
        break;
    case 13:
        if (same(name, "if-none-match")) return take_once(request.if_none_match, content);
        break;
    case 14:
        if (!same(name, "content-length")) break;
        if (fields.has_length || !decimal(content, request.length)) return 400;
        fields.has_length = true;
        break;
    case 17:
        if (!same(name, "transfer-encoding")) break;
        if (fields.has_coding) return 400;
        fields.has_coding = true;
        if (!same(content, "chunked")) return 501;
        request.chunked = true;
        break;
    default: break;
    }
    return 0;
}

}  // namespace

Parsed parse(char* const begin, char* const end, Request& request) noexcept {
    char* at = begin;
    const auto refused = [&](int status) { return Parsed{status, static_cast<std::size_t>(at - begin)}; };
    char* start = begin;  // of the request
    const auto more = [&] { return Parsed{incomplete, static_cast<std::size_t>(start - begin)}; };
    // Whether a line ends here. A carriage return alone is an error, as is what a line must not have.
    enum class End { no, here, cut };
    const auto line_end = [&] {
        if (*at == '\n') return ++at, End::here;
        if (*at != '\r') return End::no;
        if (at + 1 == end) return End::cut;
        if (at[1] != '\n') return End::no;
        at += 2;
        return End::here;
    };

    // Empty lines before a request are left out. [RFC 9112, 2.2]
    while (at != end && (*at == '\r' || *at == '\n')) {
        const End ends = line_end();
        if (ends == End::no) return refused(400);
        if (ends == End::cut) return more();
        start = at;
    }

    // The request line. [RFC 9112, 3]
    while (at != end && is(*at, token)) ++at;
    if (at == end) return at - start > 32 ? refused(501) : more();
    if (*at != ' ' || at == start) return refused(400);
    request.method = method_of({start, static_cast<std::size_t>(at - start)});
    char* const target_begin = ++at;
    bool escaped = false;
    for (; at != end && is(*at, target); ++at) escaped |= *at == '%';
    if (static_cast<std::size_t>(at - target_begin) > most_target) return refused(414);
    if (at == end) return more();
    if (*at != ' ') return refused(400);
    char* const target_end = at++;
    constexpr std::string_view protocol = "HTTP/";
    for (const char c : protocol) {
        if (at == end) return more();
        if (*at++ != c) return refused(400);
    }
    if (end - at < 4) return more();
    if (!is(at[0], digit) || at[1] != '.' || !is(at[2], digit)) return refused(400);
    if (at[0] != '1') return refused(505);
    const bool old = at[2] == '0';
    at += 3;
    if (const End ends = line_end(); ends != End::here) return ends == End::cut ? more() : refused(400);

    // Fields. [RFC 9112, 5]
    Fields fields;
    for (;;) {
        if (at == end) return more();
        if (!is(*at, token)) {
            const End ends = line_end();
            if (ends == End::cut) return more();
            if (ends == End::no) return refused(400);
            break;
        }
        const char* const name = at;
        while (at != end && is(*at, token)) ++at;
        if (at == end) return more();
        const std::size_t name_size = static_cast<std::size_t>(at - name);
        if (*at++ != ':') return refused(400);
        while (at != end && blank(*at)) ++at;
        const char* const content = at;
        while (at != end && is(*at, field)) ++at;
        if (at == end) return more();
        const char* content_end = at;
        if (const End ends = line_end(); ends != End::here) return ends == End::cut ? more() : refused(400);
        while (content_end != content && blank(content_end[-1])) --content_end;
        const int status = take_field({name, name_size}, {content, static_cast<std::size_t>(content_end - content)}, fields, request);
        if (status != 0) return refused(status);
    }

    if (!fields.has_host && !old) return refused(400);
    // Who would understand this differently could take one request for two. [RFC 9112, 6.1]
    if (fields.has_coding && (fields.has_length || old)) return refused(400);
    request.keep_alive = !fields.closes && (!old || fields.keeps);
    request.says_keep_alive = old && request.keep_alive;
    if (const int status = take_path(target_begin, target_end, escaped, request); status != 0) return refused(status);
    return {0, static_cast<std::size_t>(at - begin)};
}

bool has_end(std::string_view bytes, std::size_t from) noexcept {
    from -= from < 3 ? from : 3;  // an end may have begun before
    for (;;) {
        const std::size_t line = bytes.find('\n', from);
        if (line == bytes.npos) return false;
        const std::string_view rest = bytes.substr(line + 1, 2);
        if (rest.starts_with('\n') || rest == "\r\n") return true;
        from = line + 1;
    }
}

std::size_t Body::skip(std::string_view bytes, std::uint64_t most, int& status) noexcept {
    std::size_t at = 0;
    while (at != bytes.size() && phase_ != Phase::over) {
        if (phase_ == Phase::bytes || phase_ == Phase::data) {
            const std::uint64_t size = left_ < bytes.size() - at ? left_ : bytes.size() - at;
            at += static_cast<std::size_t>(size);
            left_ -= size;
            if (left_ == 0) phase_ = phase_ == Phase::bytes ? Phase::over : Phase::data_end;
            continue;
        }
        const char c = bytes[at++];
        if (++total_ > most) return status = 413, at;
        const bool ends = c == '\n';
        const bool was_return = return_;
        return_ = c == '\r';
        if (was_return && !ends) return status = 400, at;
        switch (phase_) {
        case Phase::size:
            if (is(c, hexadecimal) && left_ <= most) {
                left_ = left_ * 16 + value(c);
                digits_ = true;
                break;
            }
            if (is(c, hexadecimal)) return status = 413, at;
            if (!digits_ || (!ends && !return_ && c != ';' && !blank(c))) return status = 400, at;
            phase_ = Phase::extension;
            [[fallthrough]];
        case Phase::extension:
            if (!ends) break;
            total_ += left_;
            if (total_ > most) return status = 413, at;
            phase_ = left_ != 0 ? Phase::data : Phase::trailer;
            digits_ = false;
            break;
        case Phase::data_end:
            if (!ends && !return_) return status = 400, at;
            if (ends) phase_ = Phase::size;
            break;
        case Phase::trailer:
            if (ends) phase_ = Phase::over;
            else if (!return_) phase_ = Phase::field;
            break;
        case Phase::field:
            if (ends) phase_ = Phase::trailer;
            break;
        default: break;
        }
    }
    return at;
}

bool matches(std::string_view list, std::string_view tag, bool strong) noexcept {
    if (list == "*") return true;
    while (!list.empty()) {
        if (blank(list.front()) || list.front() == ',') {
            list.remove_prefix(1);
            continue;
        }
        const bool weak = list.starts_with("W/");
        if (weak) list.remove_prefix(2);
        const std::size_t quote = list.starts_with('"') ? list.find('"', 1) : list.npos;
        if (quote == list.npos) return false;
        if (list.substr(0, quote + 1) == tag && !(weak && strong)) return true;
        list.remove_prefix(quote + 1);
    }
    return false;
}

Range parse_range(std::string_view field, std::uint64_t size) noexcept {
    constexpr std::string_view unit = "bytes=";
    if (field.size() <= unit.size() || !same(field.substr(0, unit.size()), unit)) return {};
    const std::string_view range = trimmed(field.substr(unit.size()));
    const std::size_t dash = range.find('-');
    if (dash == range.npos) return {};
    const std::string_view from = range.substr(0, dash), to = range.substr(dash + 1);
    std::uint64_t first = 0, last = 0;
    if (from.empty()) {  // so many at the end
        if (!decimal(to, last)) return {};
        if (last == 0 || size == 0) return {Range::Kind::none, 0, 0};
        if (last > size) last = size;
        return {Range::Kind::part, size - last, last};
    }
    if (!decimal(from, first) || (!to.empty() && !decimal(to, last))) return {};
    if (to.empty()) last = size - 1;  // of nothing it is none, below
    else if (last < first) return {};
    if (first >= size) return {Range::Kind::none, 0, 0};
    if (last >= size) last = size - 1;
    return {Range::Kind::part, first, last - first + 1};
}

}  // namespace http
