// SPDX-License-Identifier: BSD-3-Clause
// Functions of a machine that has an Intel 82574 ("e1000e"): it is found, reached, and interrupts.
#include <unicore/arch/device_access.hpp>
#include <unicore/bus/pci.hpp>
#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/debug/suites.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/clock.hpp>

#include <cstdint>
#include <optional>

namespace {

using namespace std::chrono_literals;
using namespace unicore;
using bus::pci::Function;

using Registers = arch::MappedRegisters<std::uint32_t>;

// Registers of the 82574, and the cause of an interrupt that has a message of its own. [Intel 82574 datasheet, 10.2]
constexpr std::uint32_t cause_read = 0xc0, cause_set = 0xc8, mask_set = 0xd0, mask_clear = 0xd8, vectors = 0xe4;
constexpr std::uint32_t other_cause = 1 << 24, other_cause_sends_first_message = 1 << 19;

constinit volatile unsigned arrived = 0;

void on_interrupt(void* context) noexcept {
    const Registers& registers = *static_cast<const Registers*>(context);
    registers.write(mask_clear, ~std::uint32_t{0});
    registers.read(cause_read);  // which clears it
    arrived = arrived + 1;
}

bool comes(unsigned before) noexcept {
    const platform::MaskGuard masked;
    const time::Instant deadline = time::Monotonic::now() + 10s;
    while (arrived == before) {
        if (time::Monotonic::now() >= deadline) return false;
        time::clock::idle_until(deadline);
    }
    return true;
}

void sleep(time::Duration duration) noexcept {
    const platform::MaskGuard masked;
    const time::Instant deadline = time::Monotonic::now() + duration;
    while (time::Monotonic::now() < deadline) time::clock::idle_until(deadline);
}

/// All that there are, and the one that is looked for.
std::optional<Function> walk(debug::Check& check) noexcept {
    auto walk = bus::pci::Walk::create();
    if (!check(walk.has_value(), "a bus")) return std::nullopt;
    std::optional<Function> found;
    unsigned count = 0;
    for (; const auto function = walk->next(); ++count) {
        if (count == 0) check(function->class_code() >> 8 == 0x0600, "begins with the host bridge");
        check(Function::at(function->address())->device() == function->device(), "functions are there");
        for (unsigned i = 0; i != function->bars(); ++i) {
            const auto bar = function->bar(i);
            check(bar ? bar->size >= 4 : bar.error() == Error::not_found, "with registers, or without");
        }
        if (function->vendor() == 0x8086 && function->device() == 0x10d3) found = *function;
    }
    check(count >= 2, "more than one");
    check(found.has_value(), "the 82574");
    return found;
}

void functions(debug::Check& check) noexcept {
    const auto function = walk(check);
    if (!function || !check(function->enable().has_value(), "is enabled")) return;
    const auto bar = function->bar(0);
    if (!check(bar && bar->memory && bar->size == 0x2'0000 && bar->address != 0, "has 128 KiB of registers")) return;
    const auto place = bus::pci::map(*bar, 0, 0x1000);
    if (!check(place.has_value(), "within reach")) return;
    Registers registers{*place};
    registers.write(vectors, 0x1234);
    check(registers.read(vectors) == 0x1234, "which keep what is written");
    {
        const auto interrupt = bus::pci::Interrupt::create(*function, on_interrupt, &registers);
        if (!check(interrupt.has_value(), "its interrupt")) return;
        registers.write(vectors, other_cause_sends_first_message);
        for (int round = 0; round < 3; ++round) {
            const unsigned before = arrived;
            registers.write(mask_set, other_cause);
            registers.write(cause_set, other_cause);
            check(comes(before), "interrupts");
        }
        // QEMU 7.2 aborts when messages are turned off while its moderation of interrupts still waits.
        sleep(20ms);
    }
    const unsigned before = arrived;
    registers.write(mask_set, other_cause);
    registers.write(cause_set, other_cause);
    sleep(5ms);
    check(arrived == before, "without an owner it is silent");
    registers.write(mask_clear, ~std::uint32_t{0});
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"PCI functions", functions}};
    return debug::run_suites(suites);
}
