// SPDX-License-Identifier: BSD-3-Clause
#include "status.hpp"

#include <unicore/base/text.hpp>
#include <unicore/platform.hpp>

namespace unicore {

void finish(int status, std::string_view reason) noexcept {
    text::Line<64> line;
    line << "unicore: exit status=" << (status & 255) << reason << '\n';
    platform::early_write(line.view());
    platform::halt(status & 255);
}

}  // namespace unicore
