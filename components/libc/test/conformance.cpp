// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

namespace unicore::libc {

void conformance(debug::Check& check) noexcept {
    characters(check);
    numbers(check);
    jumps(check);
    signals(check);
    streams(check);
    output_formats(check);
    input_formats(check);
    conversions(check);
    memory(check);
    utilities(check);
    strings(check);
    times(check);
    multibyte(check);
    descriptors(check);
}

}  // namespace unicore::libc
