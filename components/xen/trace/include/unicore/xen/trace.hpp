// SPDX-License-Identifier: BSD-3-Clause
/// Hypercalls as lines of text, at the level of the ABI.
#pragma once

#include <unicore/base/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::xen::trace {

/// What a number stands for that the hypervisor chose.
enum class Kind : std::uint8_t {
    domain,
    port,         ///< of the caller
    remote_port,  ///< of another domain
    reference,    ///< of a grant, in another domain's table
    handle,       ///< of a mapping
    frame,
    pages,        ///< how many pages a domain has
};

/// How whoever traces sees the caller's memory, and wants numbers to look. Context: that of the hypercall.
class View {
public:
    /// Copies from the caller's memory; false where there is none.
    virtual bool read(void* to, std::uintptr_t from, std::size_t size) noexcept = 0;
    /// Writes a number. `fresh`: the hypervisor has just handed it out.
    virtual void show(text::Line& line, Kind kind, std::uint64_t number, bool fresh) noexcept = 0;
    /// The caller gave it back: another thing may get the same number.
    virtual void forget(Kind kind, std::uint64_t number) noexcept = 0;

protected:
    ~View() = default;
};

struct Operation;

/// A hypercall on its way: described up to the result when it is made, and with it at its end.
class Hypercall {
public:
    Hypercall(View& view, unsigned number, const std::uintptr_t (&arguments)[5]) noexcept;

    /// The line. Called once, when the hypervisor has written its answers.
    std::string_view finish(std::int64_t result) noexcept;
    /// The same without results, for one that does not return.
    std::string_view unfinished() const noexcept { return line_.view(); }

private:
    View& view_;
    std::uintptr_t arguments_[5];
    const Operation* operation_;
    text::Line line_;
};

}  // namespace unicore::xen::trace
