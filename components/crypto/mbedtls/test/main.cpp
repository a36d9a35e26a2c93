// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <unicore/debug/suites.hpp>

#include <span>

namespace unicore::crypto::mbedtls {
[[gnu::weak]] void threads(debug::Check& check) noexcept;  // not where there is one thread
}  // namespace unicore::crypto::mbedtls

int main() {
    using namespace unicore::crypto::mbedtls;
    static constexpr unicore::debug::NamedSuite suites[] = {{"threads", threads}, {"primitives", primitives},
        {"certificates", certificates}, {"handshakes", handshakes}, {"refusals", refusals}};
    return unicore::debug::run_suites(std::span(suites).subspan(threads == nullptr ? 1 : 0));
}
