// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace unicore::console::input {

/// What is typed, as lines: the canonical mode of a terminal. `Echo` is called with text to show.
/// [POSIX.1-2017, XBD 11.1.6, 11.1.9]
template <std::size_t Size>
class Editor {
public:
    /// Takes a character that was typed. Not called while there is something to take.
    template <typename Echo>
    void type(char character, Echo&& echo) noexcept {
        switch (character) {
            case '\r':  // what a terminal's Enter sends
            case '\n':
                line_[size_++] = '\n';  // there is always room for it
                finished_ = true;
                return echo("\n");
            case '\b':
            case '\x7f': return erase(echo);
            case control('U'):
                while (size_ != 0) erase(echo);
                return;
            case control('D'):
                finished_ = true;  // with nothing before it: the end
                return;
            default: break;
        }
        if (size_ == Size - 1) return echo("\a");
        line_[size_++] = character;
        if (!shown_as_two(character)) return echo({&character, 1});
        const char shown[] = {'^', static_cast<char>(character ^ 0x40)};
        echo({shown, 2});
    }

    /// Whether there is something to take, if only the end.
    bool finished() const noexcept { return finished_; }
    /// How many bytes are left of the line that is finished.
    std::size_t left() const noexcept { return finished_ ? size_ - taken_ : 0; }

    /// Takes of the finished line, 0 for the end.
    std::size_t take(std::span<char> into) noexcept {
        const std::size_t count = std::min(into.size(), size_ - taken_);
        std::memcpy(into.data(), line_.data() + taken_, count);
        taken_ += count;
        if (taken_ == size_) {
            size_ = taken_ = 0;
            finished_ = false;
        }
        return count;
    }

private:
    static constexpr char control(char letter) noexcept { return static_cast<char>(letter & 0x1f); }
    /// Control characters, but not the tabulator.
    static constexpr bool shown_as_two(char character) noexcept {
        return static_cast<unsigned char>(character) < ' ' && character != '\t';
    }
    static constexpr bool continues(char character) noexcept { return (character & 0xc0) == 0x80; }  // UTF-8

    /// Takes the last character back, all bytes of it.
    template <typename Echo>
    void erase(Echo& echo) noexcept {
        if (size_ == 0) return;
        while (size_ > 1 && continues(line_[size_ - 1])) --size_;
        --size_;
        echo(shown_as_two(line_[size_]) ? "\b\b  \b\b" : "\b \b");
    }

    std::array<char, Size> line_{};
    std::size_t size_ = 0, taken_ = 0;
    bool finished_ = false;
};

}  // namespace unicore::console::input
