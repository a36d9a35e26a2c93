// SPDX-License-Identifier: BSD-3-Clause
/// Messages to xenstored as they are, errors by their names.
#pragma once

#include <unicore/sched.hpp>
#include <unicore/xen/store.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::test {

/// A message of the type `type`, whose payload is `first`, a null, and `second`, with another one where
/// `terminated`; as the trace calls it. Numbers of domains may be in paths: `shown` stands for `first` then.
struct Message {
    xsd_sockmsg_type type;
    std::string_view first;
    std::string_view second{};
    bool terminated = false;
    std::uint32_t transaction = 0;
    std::string_view shown{};
};

/// Sends it, waits for the reply, and writes both to the trace. The reply's payload; nothing for an error.
std::string_view ask(const Message& message, std::span<char> reply) noexcept;
/// The same, for who needs no reply; one of few bytes, and without numbers, is in the trace.
void ask(const Message& message) noexcept;

}  // namespace unicore::test
