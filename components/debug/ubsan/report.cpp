// SPDX-License-Identifier: BSD-3-Clause
#include "report.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/words.hpp>

#include <utility>

namespace unicore::debug::ubsan {
namespace {

constinit bool goes_on = false;
/// What says it may itself have checks that fail.
constinit bool telling = false;

constexpr std::uint32_t told = ~std::uint32_t{0};  ///< the column of a location that was reported

}  // namespace

/// The setting debug.ubsan.
Result<void> choose(std::string_view value) noexcept {
    const base::Choice choice = base::choose("panic, continue", value);
    if (!choice) return unexpected(Error::invalid_argument);
    goes_on = choice.number != 0;
    return {};
}

Finding::Finding(Location& where, bool may_return) noexcept
    : tells_(!telling && (where.column != told || !may_return)), may_return_(may_return) {
    if (!tells_) return;
    telling = true;
    line_ << "undefined behaviour: " << (where.file != nullptr ? where.file : "<unknown>") << ':' << where.line << ':'
          << std::exchange(where.column, told) << ": ";
}

Finding::~Finding() noexcept {
    if (!tells_) return;
    if (!goes_on || !may_return_) panic(line_.view());
    text::Report report("");
    report << line_.view();
    report.print();
    telling = false;
}

}  // namespace unicore::debug::ubsan
