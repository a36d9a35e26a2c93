// SPDX-License-Identifier: BSD-3-Clause
/// Xenstore: the tree of names and values through which the domains of a machine find each other.
///
/// Everything here waits for the reply. Context: thread. Errors of all: not_found when this domain
/// has no xenstore, or there is no such node; unsupported when it is not this domain's to do; busy
/// when a transaction must be repeated; out_of_memory when a quota is used up; timed_out when there
/// is no reply within the option TIMEOUT; device_error when the connection is broken.
/// A stop request does not end these waits before half a second, so that drivers can close in order.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/xen/store/path.hpp>
#include <unicore/xen/store/request.hpp>
#include <unicore/xen/store/watch.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace unicore::xen::store {

/// What several operations belong to; by default an operation is on its own.
struct Transaction {
    std::uint32_t id = 0;
};

/// Whether this domain has a xenstore at all, in working order.
bool connected() noexcept;

/// The value of a node, in `buffer`. Errors also: out_of_range when it does not fit.
Result<std::string_view> read(std::string_view path, std::span<char> buffer, Transaction transaction = {}) noexcept;

/// The value of a node that is a number in decimal.
/// Errors also: invalid_argument when it is none; out_of_range above 2^64 - 1.
Result<std::uint64_t> read_number(std::string_view path, Transaction transaction = {}) noexcept;

/// Sets the value of a node, which is made if it is not there, with all above it.
Result<void> write(std::string_view path, std::string_view value, Transaction transaction = {}) noexcept;
Result<void> write_number(std::string_view path, std::uint64_t value, Transaction transaction = {}) noexcept;

/// Makes a node, with an empty value, unless it is there.
Result<void> make_directory(std::string_view path, Transaction transaction = {}) noexcept;

/// Removes a node and all below it. One that is not there is no error if what is above it is.
Result<void> remove(std::string_view path, Transaction transaction = {}) noexcept;

/// The names directly below a node, in `buffer`, 4 KiB at most. Errors also: out_of_range when they do not fit.
Result<Names> list(std::string_view path, std::span<char> buffer, Transaction transaction = {}) noexcept;

/// Who may use a node: `n0` and the like, the owner's first, with nulls between. [xenstore.txt, SET_PERMS]
Result<void> set_permissions(std::string_view path, std::string_view permissions, Transaction transaction = {}) noexcept;

namespace detail {
using Body = Result<void> (*)(void* object, Transaction transaction);
Result<void> run_transaction(Body body, void* object) noexcept;
}  // namespace detail

/// Calls `body(transaction)`, `Result<void>`, and makes what it did visible at once. All of it is
/// repeated when somebody else came between, up to 16 times, then busy. An error of `body` undoes it.
template <typename Callable>
Result<void> transaction(Callable&& body) noexcept {
    using Object = std::remove_reference_t<Callable>;
    return detail::run_transaction(
        [](void* object, Transaction transaction) -> Result<void> { return (*static_cast<Object*>(object))(transaction); },
        const_cast<void*>(static_cast<const void*>(std::addressof(body))));
}

}  // namespace unicore::xen::store
