// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace unicore::xen::simulator {

/// What happened, a line each, without anything that differs between two runs that are the same:
///
///     front: event_channel_op alloc_unbound remote=2 -> 0 port=3
///
/// Frames, which a real hypervisor numbers as it likes, are numbered as they appear.
class Trace {
public:
    /// A hypercall, in the making.
    class Line {
    public:
        Line(Trace& trace, std::string_view who) : trace_(trace) {
            if (trace.on) text_.append(who).append(": ");
        }
        /// What follows is behind the result.
        void operation(std::string_view name) { word(name); }
        template <typename T>
        void value(std::string_view name, T number) {
            if (trace_.on) word(std::string(name) + "=" + std::to_string(number));
        }
        void domain(std::string_view name, std::uint16_t id);
        void frame(std::string_view name, std::uint64_t frame);
        void result(std::int64_t result) {
            if (trace_.on) text_.append(" -> ").append(std::to_string(result)).append(std::exchange(after_, {}));
        }
        /// An output, shown behind the result.
        template <typename T>
        void out(std::string_view name, T number) {
            if (trace_.on) after_.append(" ").append(name).append("=").append(std::to_string(number));
        }
        void note(std::string_view text) {
            if (trace_.on) after_.append(" ").append(text);
        }
        void end() { trace_.add(text_); }

    private:
        void word(std::string_view text) {
            if (!trace_.on) return;
            if (!text_.ends_with(": ")) text_ += ' ';
            text_ += text;
        }

        Trace& trace_;
        std::string text_, after_;
    };

    void add(std::string_view line) {
        if (on) text.append(line).append("\n");
    }

    std::string text;
    bool on = true;

private:
    std::map<std::uint64_t, std::size_t> frames_;
};

inline void Trace::Line::domain(std::string_view name, std::uint16_t id) {
    constexpr std::uint16_t self = 0x7ff0;
    if (trace_.on) word(std::string(name) + "=" + (id == self ? "self" : std::to_string(id)));
}

inline void Trace::Line::frame(std::string_view name, std::uint64_t frame) {
    if (!trace_.on) return;
    const std::size_t number = trace_.frames_.try_emplace(frame, trace_.frames_.size()).first->second;
    word(std::string(name) + "=#" + std::to_string(number));
}

}  // namespace unicore::xen::simulator
