// SPDX-License-Identifier: BSD-3-Clause
// What log_test.cpp looks for in the executable; in a file of its own, as a component's code is.
#include <unicore/base/log.hpp>

int evaluated = 0;

namespace {

constexpr unicore::log::Logger<"test.part", unicore::log::Level::warning> logger;

int evaluate() { return ++evaluated; }

}  // namespace

void speak_and_stay_silent() {
    logger.warning([](auto& line) { line << "MARK-compiled-in " << evaluate(); });
    logger.info([](auto& line) { line << "MARK-compiled-out-1 " << evaluate(); });
    logger.debug([](unicore::text::Line& line) { line << "MARK-compiled-out-2 " << evaluate(); });
#ifdef __OPTIMIZE__  // the reference to a literal is only dropped by an optimiser
    logger.info("MARK-compiled-out-3");
#endif
}
