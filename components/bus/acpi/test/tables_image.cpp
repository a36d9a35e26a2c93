// SPDX-License-Identifier: BSD-3-Clause
// The tables of the machine that the image runs on.
#include <unicore/bus/acpi.hpp>
#include <unicore/debug/suites.hpp>

#include <cstring>

namespace {

using namespace unicore;

bool has(const char (&signature)[5]) noexcept {
    const auto found = bus::acpi::table(signature);
    return found && std::memcmp(found->data(), signature, 4) == 0;
}

void tables(debug::Check& check) noexcept {
    check(has("FACP"), "the FADT");
    check(has("DSDT"), "the DSDT, which only the FADT tells of");
    check(has("APIC"), "the MADT");
    check(bus::acpi::table("NONE").error() == Error::not_found, "what is not there is not found");
    check(bus::acpi::table("APIC", 2).error() == Error::not_found, "nor a second one of what is there once");
    const auto fixed = bus::acpi::fixed_hardware();
    if (!check(fixed.has_value(), "fixed hardware")) return;
    check(fixed->pm1a_control.address != 0 && fixed->pm1a_control.space == bus::acpi::Register::Space::ports,
          "with a register that switches the machine off");
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"ACPI tables", tables}};
    return debug::run_suites(suites);
}
