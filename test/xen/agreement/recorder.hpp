// SPDX-License-Identifier: BSD-3-Clause
/// The trace of a domain: its hypercalls, taken at the gate, and what a scenario says itself.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>
#include <unicore/xen/trace.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::test {

/// Two hypervisors choose different numbers, and domains of a real one run when it likes. So numbers are
/// named in the order in which they come, and hypercalls that depend on time alone are left out:
///
/// - block, poll, yield and the timers': how often a domain sleeps is a matter of who is faster;
/// - events to xenstored and to the console daemon, and what is written to the console: both batch;
/// - page tables, HVM parameters and callbacks: how xen.guest does its part, of which the simulator has none.
class Recorder final : public xen::trace::View {
public:
    using Kind = xen::trace::Kind;

    /// Forgets all, and knows who is who from now on.
    void begin(std::uint16_t self, std::uint16_t peer) noexcept;
    bool wants(unsigned number, const std::uintptr_t (&arguments)[5]) const noexcept;
    /// A line; `operation` when something was done that the other world must have done as well.
    void add(std::string_view line, bool operation) noexcept;
    /// Names a number that a domain was told rather than given.
    void learn(Kind kind, std::uint64_t number) noexcept;

    std::string_view text() const noexcept { return {text_.data(), size_}; }
    unsigned lines() const noexcept { return lines_; }
    unsigned operations() const noexcept { return operations_; }

    bool on = false;
    /// Whether grants of others are named when they are first used: a driver reads them by itself.
    bool names_references = false;

    bool read(void* to, std::uintptr_t from, std::size_t size) noexcept override;
    void show(text::Line& line, Kind kind, std::uint64_t number, bool fresh) noexcept override;
    void forget(Kind kind, std::uint64_t number) noexcept override;

private:
    struct Names {
        std::array<std::uint64_t, 96> numbers{};
        std::size_t count = 0;
    };
    static constexpr std::uint64_t forgotten = ~std::uint64_t{0};

    /// The latest name of a number, from 1 on; 0 for none.
    std::size_t name_of(Kind kind, std::uint64_t number) const noexcept;
    void show_domain(text::Line& line, std::uint64_t number) const noexcept;

    std::array<char, 65536> text_{};
    std::size_t size_ = 0;
    unsigned lines_ = 0, operations_ = 0;
    std::uint16_t self_ = 0, peer_ = 0;
    std::array<Names, 7> names_{};
};

/// This domain's.
Recorder& recorder() noexcept;

/// Nothing is recorded while this lives: for what is done many times, and told as a number.
class Quiet {
public:
    Quiet() noexcept : before_(recorder().on) { recorder().on = false; }
    ~Quiet() { recorder().on = before_; }
    Quiet(const Quiet&) = delete;
    Quiet& operator=(const Quiet&) = delete;

private:
    bool before_;
};

/// A line of the scenario's own.
template <typename... Parts>
void say(const Parts&... parts) noexcept {
    text::Line line;
    (void)(line << ... << parts);
    recorder().add(line.view(), false);
}

/// "ok", or the error's name.
template <typename T>
std::string_view outcome(const Result<T>& result) noexcept {
    return result ? std::string_view("ok") : to_string(result.error());
}

}  // namespace unicore::test
