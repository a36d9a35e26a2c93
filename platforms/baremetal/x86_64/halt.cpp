// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>
#include <unicore/power/acpi.hpp>
#include <unicore/power/pc.hpp>

namespace unicore::platform {

/// Off by ACPI, else a reset by whatever there is.
void halt(int /*status: only the console tells it*/) noexcept {
    // Reading tables may fault where firmware, or a panic's cause, left nonsense; then this is called again.
    static constinit bool tried = false;
    if (!tried) {
        tried = true;
        power::acpi::off();
        power::acpi::reset();
    }
    power::pc::restart();
}

}  // namespace unicore::platform
