// SPDX-License-Identifier: BSD-3-Clause
#include "cpu.hpp"

#include <unicore/base/late.hpp>
#include <unicore/base/log.hpp>

namespace unicore::entropy::cpu {

namespace {

constexpr log::Logger<"entropy.cpu"> log;

constinit Late<Cpu> cpu;

}  // namespace

Result<void> start() noexcept {
    const arch::RandomKind kind = arch::Random::kind();
    if (kind == arch::RandomKind::none) return {};
    if (Cpu(kind).works()) add(cpu.construct(kind));
    else log.warning("the CPU's random generator is silent or repeats itself, and is not used");
    return {};
}

}  // namespace unicore::entropy::cpu
