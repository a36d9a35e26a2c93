// SPDX-License-Identifier: BSD-3-Clause
/// Asking xenstore without waiting: for interrupt handlers, and for several requests at once.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/xen/store/entry.hpp>

#include <cstdint>  // xs_wire.h wants it
#include <xen/io/xs_wire.h>

#include <span>
#include <string_view>

namespace unicore::xen::store {

/// A message to xenstore and its reply. Lives at whoever asks, and stays, with all that it names,
/// from `submit` until `done` is called or `withdraw` returns. Then it can be used again.
/// All zero at first, so that one of an image costs no code.
struct Request : Entry {
    using Done = void (*)(Request& request) noexcept;

    xsd_sockmsg_type type{};          ///< what is asked. [xenstore.txt]
    bool terminated = false;          ///< whether `second` has a null behind it, too
    std::uint32_t transaction = 0;    ///< 0: none
    std::string_view first;           ///< the payload: this, a null,
    std::string_view second;          ///< and this
    std::span<char> reply;            ///< where the reply's payload goes
    /// Called once, masked, in interrupt context or in a `submit`.
    Done done = nullptr;

    /// How long the reply is, or why there is none: out_of_range when it is longer than `reply`,
    /// which has its beginning; device_error when the connection broke; else what xenstore said.
    Result<std::uint32_t> outcome = unexpected(Error{});
};

/// Sends `request` as soon as there is room. Context: any.
/// Errors, and `done` is not called: not_found when this domain has no xenstore; device_error when
/// the connection is broken; invalid_argument when the message would be too long or has no path.
Result<void> submit(Request& request) noexcept;

/// Takes back what was submitted and is not done; `done` is not called. What was sent takes effect
/// all the same. A request of which only a part was sent ends the whole connection. Context: any.
void withdraw(Request& request) noexcept;

}  // namespace unicore::xen::store
