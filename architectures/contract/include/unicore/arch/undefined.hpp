// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/undefined.hpp>  // the selected architecture's

#include <concepts>

namespace unicore::arch {

/// `execute`: an instruction that the architecture promises never to define, for tests of what happens then.
/// Compilers' own trap is a breakpoint on some.
template <typename T>
concept UndefinedInstruction = requires {
    { T::execute() } noexcept -> std::same_as<void>;
};
static_assert(UndefinedInstruction<Undefined>);

}  // namespace unicore::arch
