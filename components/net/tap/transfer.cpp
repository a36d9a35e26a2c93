// SPDX-License-Identifier: BSD-3-Clause
#include "transfer.hpp"

namespace unicore::net::tap {

long transfer(platform::linux::Call call, int descriptor, std::span<const platform::linux::IoVector> vectors) noexcept {
    namespace linux = platform::linux;
    for (;;) {
        const long result = linux::system_call(call, descriptor, vectors.data(), vectors.size());
        if (!linux::is(result, linux::ErrorNumber::interrupted)) return result;
    }
}

}  // namespace unicore::net::tap
