// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>
#include <unicore/platform.hpp>

namespace unicore::text {

void Line::print() noexcept {
    text_[size_] = '\n';
    platform::early_write({text_, size_ + 1});
}

}  // namespace unicore::text
