// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>
#include <unicore/platform.hpp>

namespace unicore::text {

Report::Report(const char* start) noexcept { *this << "unicore: " << start; }

void Report::print() noexcept {
    text_[size_] = '\n';
    platform::early_write({text_, size_ + 1});
}

void report(const char* text) noexcept { Report(text).print(); }

}  // namespace unicore::text
