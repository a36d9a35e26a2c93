// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/result.hpp>
#include <unicore/console/source.hpp>
#include <unicore/platform/linux/system_call.hpp>
#include <unicore/platform/linux/watch.hpp>

namespace unicore::console::stdio::input {
namespace {

namespace linux = platform::linux;

constexpr int standard_input = 0;

constinit linux::Watch watch{.descriptor = standard_input, .arrived = [](linux::Watch&) noexcept { arrived(); }};

/// A terminal has a line discipline of its own, and files and pipes want none.
class StandardInput final : public Source {
public:
    constexpr StandardInput() noexcept : Source(Kind::text) {}

    Result<void> open() noexcept override { return {}; }

    bool pending() noexcept override {
        if (linux::ready(standard_input, linux::Until::readable)) return true;
        linux::watch(watch);
        return false;
    }

    /// Errors are an end as well: nothing will come from a descriptor that is closed.
    Taken take(std::span<char> into) noexcept override {
        const long taken = linux::system_call(linux::Call::read, standard_input, into.data(), into.size());
        if (taken > 0) return {.size = static_cast<std::size_t>(taken)};
        using linux::ErrorNumber;
        return {.ended = !linux::is(taken, ErrorNumber::again) && !linux::is(taken, ErrorNumber::interrupted)};
    }
};

constinit StandardInput standard_input_source;

}  // namespace

Result<void> start() noexcept {
    add(standard_input_source);
    return {};
}

}  // namespace unicore::console::stdio::input
