// SPDX-License-Identifier: BSD-3-Clause
#include "../environment.hpp"

namespace unicore::libc::newlib {

char** platform_variables() noexcept {
    static constinit char* none = nullptr;
    return &none;
}

}  // namespace unicore::libc::newlib
