// SPDX-License-Identifier: BSD-3-Clause
/// What both worlds do, in this order.
#pragma once

#include "stage.hpp"

#include <span>

namespace unicore::test {

struct Scenario {
    const char* name;
    void (*run)(Stage& stage) noexcept;
    /// Who takes part: two domains, the first alone, or the first with the one that takes the second's place.
    enum class Parties : std::uint8_t { both, front, heir } parties;
};
std::span<const Scenario> scenarios() noexcept;

namespace scenario {
void versions(Stage& stage) noexcept;
void events(Stage& stage) noexcept;
void handlers(Stage& stage) noexcept;
void virqs(Stage& stage) noexcept;
void grants(Stage& stage) noexcept;
void copies(Stage& stage) noexcept;
void mappings(Stage& stage) noexcept;
void memory(Stage& stage) noexcept;
void store(Stage& stage) noexcept;
void permissions(Stage& stage) noexcept;
void transactions(Stage& stage) noexcept;
void watches(Stage& stage) noexcept;
void ring(Stage& stage) noexcept;
void bus(Stage& stage) noexcept;
void takeover(Stage& stage) noexcept;
}  // namespace scenario

/// A domain of the agreement, from its first scenario to its last: `name` is front, back, or heir. Writes
/// traces to `write`. Yields the reason with which it is to shut down (SHUTDOWN_*).
unsigned perform(std::string_view name, void (*write)(std::string_view text)) noexcept;

}  // namespace unicore::test
