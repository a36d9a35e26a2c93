// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/stack.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/status.hpp>
#include <unicore/base/text.hpp>

#include <string_view>
#include <utility>

extern "C" {
extern const unsigned char unicore_build_id[];
extern const unsigned char unicore_build_id_end[];
}

namespace unicore {
namespace {

using arch::Stack;

constexpr int most_callers = 24;
constexpr std::uintptr_t largest_frame = 65536;

constinit bool panicking = false;

/// A fault inside a panic must not print for ever.
void enter() noexcept {
    if (panicking) finish(panic_status, " (panic while panicking)");
    panicking = true;
}

/// Walks the chain of frames. It may be broken: frames must ascend, and not by much.
[[noreturn]] void trace_and_finish(arch::Frame frame, std::uintptr_t link = 0) noexcept {
    constexpr std::size_t note_header = 16;  // sizes, type and "GNU" of a build-id note [gABI, Note Section]
    text::Report line("backtrace ");
    for (const unsigned char* byte = unicore_build_id + note_header; byte < unicore_build_id_end; ++byte)
        line << text::HexDigits{*byte, 2};
    for (int left = most_callers; left != 0; --left) {
        line << " " << text::Hex{frame.instruction};
        if (link != 0) {
            frame.instruction = std::exchange(link, 0);
            continue;
        }
        if (!Stack::valid(frame)) break;
        const std::uintptr_t below = frame.pointer;
        frame = Stack::up(frame);
        if (frame.pointer - below - 1 >= largest_frame) frame.pointer = 0;
    }
    line.print();
    finish(panic_status, " (panic)");
}

/// In both of its callers, so that images without numbered registers do not pay for them.
[[noreturn, gnu::always_inline]] inline void report(const Fault& fault, RegisterNames names,
                                                    const std::uintptr_t* values) noexcept {
    text::Report first("fault: ");
    first << fault.what << " at " << text::Hex{fault.address};
    first.print();
    const char* rest = names.others;
    for (unsigned number = 0; *rest != '\0';) {
        text::Report line(" ");
        for (unsigned column = 0; column < fault_columns && *rest != '\0'; ++column) {
            if (number != names.numbered) {
                line << names.prefix << number++ << "=";
            } else {
                line << std::string_view(rest, fault_name_width);
                rest += fault_name_width;
            }
            line << text::Hex{*values++};
        }
        line.print();
    }
    enter();
    trace_and_finish({fault.instruction, fault.frame - fault.stack <= largest_frame ? fault.frame : 0}, fault.link);
}

}  // namespace

void panic(std::string_view message) noexcept {
    enter();
    text::Report line("panic: ");
    line << message;
    line.print();
    trace_and_finish(Stack::here());
}

void fault(const Fault& fault, const char* names, const std::uintptr_t* values) noexcept {
    report(fault, {0, "", names}, values);
}

void fault(const Fault& fault, RegisterNames names, const std::uintptr_t* values) noexcept {
    report(fault, names, values);
}

void assertion_failed(const char* expression, const char* file, unsigned line_number) noexcept {
    text::Line line;
    line << "assertion failed: " << expression << ", at " << file << ':' << line_number;
    panic(line.view());
}

}  // namespace unicore

/// libc++'s way to end where it would throw or a precondition broke. [libc++, Hardening Modes]
_LIBCPP_BEGIN_NAMESPACE_STD
void __libcpp_verbose_abort(const char* format, ...) { unicore::panic(format); }
_LIBCPP_END_NAMESPACE_STD

#ifndef NDEBUG
/// Boost.Intrusive's assertions. [Boost.Assert, BOOST_ENABLE_ASSERT_DEBUG_HANDLER]
namespace boost {
[[noreturn]] void assertion_failed(const char* expression, const char*, const char* file, long line) {
    unicore::assertion_failed(expression, file, static_cast<unsigned>(line));
}
[[noreturn]] void assertion_failed_msg(const char* expression, const char*, const char*, const char* file, long line) {
    unicore::assertion_failed(expression, file, static_cast<unsigned>(line));
}
}  // namespace boost
#endif
