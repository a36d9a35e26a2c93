// SPDX-License-Identifier: BSD-3-Clause
#include "protocol.hpp"

#include <cstring>
#include <type_traits>

namespace iperf {
namespace {

/// Goes through JSON, a value at a time. [RFC 8259]
class Reader {
public:
    explicit Reader(std::string_view text) noexcept : rest_(text) {}

    bool take(char wanted) noexcept {
        skip_space();
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// A string as it stands there, escapes and all.
    std::optional<std::string_view> string() noexcept {
        if (!take('"')) return std::nullopt;
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (rest_[i] == '\\') {
                ++i;
            } else if (rest_[i] == '"') {
                const std::string_view text = rest_.substr(0, i);
                rest_.remove_prefix(i + 1);
                return text;
            }
        }
        return std::nullopt;
    }
    /// Anything that is neither an object nor an array nor a string: a number, true, false, null.
    std::string_view word() noexcept {
        skip_space();
        std::size_t size = rest_.find_first_of(",:{}[]\" \t\r\n");
        if (size == std::string_view::npos) size = rest_.size();
        const std::string_view text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return text;
    }
    /// Passes over a value of any kind.
    bool skip() noexcept {
        unsigned depth = 0;
        do {
            skip_space();
            if (rest_.empty()) return false;
            const char next = rest_.front();
            if (next == '{' || next == '[') {
                ++depth;
                rest_.remove_prefix(1);
            } else if (next == '}' || next == ']') {
                if (depth == 0) return false;
                --depth;
                rest_.remove_prefix(1);
            } else if (next == ',' || next == ':') {
                if (depth == 0) return false;
                rest_.remove_prefix(1);
            } else if (next == '"') {
                if (!string()) return false;
            } else if (word().empty()) {
                return false;
            }
        } while (depth != 0);
        return true;
    }
    bool at_end() noexcept {
        skip_space();
        return rest_.empty();
    }
    char next() noexcept {
        skip_space();
        return rest_.empty() ? '\0' : rest_.front();
    }

private:
    void skip_space() noexcept {
        while (!rest_.empty() && std::strchr(" \t\r\n", rest_.front()) != nullptr) rest_.remove_prefix(1);
    }

    std::string_view rest_;
};

/// Whole numbers only.
std::optional<std::uint64_t> number(std::string_view word, std::uint64_t most) noexcept {
    if (word.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char digit : word) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(digit - '0');
        if (value > most) return std::nullopt;
    }
    return value;
}

std::optional<bool> truth(std::string_view word) noexcept {
    if (word == "true" || word == "1") return true;
    if (word == "false" || word == "0") return false;
    return std::nullopt;
}

/// Bits in a second.
constexpr std::uint64_t most_bandwidth = 10'000'000'000'000;

/// Whether it could be.
bool set(Parameters& parameters, std::string_view key, std::string_view word) noexcept {
    const auto flag = [&](bool& into) {
        const auto value = truth(word);
        if (value) into = *value;
        return value.has_value();
    };
    const auto count = [&](auto& into, std::uint64_t least, std::uint64_t most) {
        const auto value = number(word, most);
        if (value) into = static_cast<std::remove_reference_t<decltype(into)>>(*value);
        return value && *value >= least;
    };
    if (key == "udp") return flag(parameters.udp);
    if (key == "reverse") return flag(parameters.reverse);
    if (key == "bidirectional") return flag(parameters.bidirectional);
    if (key == "parallel") return count(parameters.parallel, 1, most_streams / 2);
    if (key == "omit") return count(parameters.omit, 0, 60);
    if (key == "len") return count(parameters.length, 1, std::size_t{1} << 30);
    if (key == "bandwidth") return count(parameters.bandwidth, 0, most_bandwidth);
    if (key == "udp_counters_64bit") return flag(parameters.wide_numbers);
    return true;
}

class Writer {
public:
    explicit Writer(std::span<char> into) noexcept : into_(into) {}

    Writer& operator<<(std::string_view text) noexcept {
        if (text.size() > into_.size() - size_) {
            fits_ = false;
            return *this;
        }
        std::memcpy(into_.data() + size_, text.data(), text.size());
        size_ += text.size();
        return *this;
    }
    Writer& operator<<(std::uint64_t number) noexcept { return write(number, 1); }
    /// With so many digits behind the point.
    Writer& fraction(std::uint64_t number, std::uint64_t parts, std::size_t digits) noexcept {
        *this << number / parts << ".";
        return write(number % parts, digits);
    }
    std::string_view view() const noexcept { return fits_ ? std::string_view(into_.data(), size_) : std::string_view(); }

private:
    Writer& write(std::uint64_t number, std::size_t least) noexcept {
        char digits[20];
        std::size_t begin = sizeof digits;
        do
            digits[--begin] = static_cast<char>('0' + number % 10);
        while ((number /= 10) != 0 || sizeof digits - begin < least);
        return *this << std::string_view(digits + begin, sizeof digits - begin);
    }

    std::span<char> into_;
    std::size_t size_ = 0;
    bool fits_ = true;
};

}  // namespace

std::uint64_t read_number(std::span<const std::byte> bytes) noexcept {
    std::uint64_t value = 0;
    for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint64_t>(byte);
    return value;
}

void write_number(std::span<std::byte> into, std::uint64_t value) noexcept {
    for (std::size_t i = into.size(); i-- != 0; value >>= 8) into[i] = static_cast<std::byte>(value);
}

std::optional<Parameters> parse_parameters(std::string_view text) noexcept {
    Parameters parameters;
    Reader reader(text);
    if (!reader.take('{')) return std::nullopt;
    if (!reader.take('}')) {
        do {
            const auto key = reader.string();
            if (!key || !reader.take(':')) return std::nullopt;
            const char next = reader.next();
            if (next == '{' || next == '[' || next == '"') {
                if (!reader.skip()) return std::nullopt;
            } else {
                const std::string_view word = reader.word();
                if (word.empty() || !set(parameters, *key, word)) return std::nullopt;
            }
        } while (reader.take(','));
        if (!reader.take('}')) return std::nullopt;
    }
    return reader.at_end() ? std::optional(parameters) : std::nullopt;
}

std::string_view write_results(std::span<char> into, std::span<const Counted> streams, std::uint64_t milliseconds) noexcept {
    Writer writer(into);
    writer << R"({"cpu_util_total":0,"cpu_util_user":0,"cpu_util_system":0,"sender_has_retransmits":0,"streams":[)";
    for (std::size_t i = 0; i != streams.size(); ++i) {
        // iperf numbers its streams so: 1, 3, 4 …
        writer << (i == 0 ? "" : ",") << R"({"id":)" << std::uint64_t{i == 0 ? 1 : i + 2} << R"(,"bytes":)" << streams[i].bytes
               << R"(,"retransmits":-1,"jitter":)";
        writer.fraction(streams[i].jitter, 1'000'000, 6) << R"(,"errors":)" << streams[i].lost << R"(,"packets":)"
                                                         << streams[i].packets << R"(,"start_time":0,"end_time":)";
        writer.fraction(milliseconds, 1000, 3) << "}";
    }
    writer << "]}";
    return writer.view();
}

}  // namespace iperf
