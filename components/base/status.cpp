// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/status.hpp>
#include <unicore/base/text.hpp>
#include <unicore/platform.hpp>

namespace unicore {

void finish(int status, const char* reason) noexcept {
    text::Report line("exit status=");
    line << (static_cast<unsigned>(status) & 255) << reason;
    line.print();
    platform::halt(status & 255);
}

}  // namespace unicore
