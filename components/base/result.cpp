// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/result.hpp>

namespace unicore {

std::string_view to_string(Error error) noexcept {
    switch (error) {
        case Error::out_of_memory: return "out of memory";
        case Error::invalid_argument: return "invalid argument";
        case Error::out_of_range: return "out of range";
        case Error::not_found: return "not found";
        case Error::busy: return "busy";
        case Error::unsupported: return "unsupported";
        case Error::timed_out: return "timed out";
        case Error::stopped: return "stopped";
        case Error::device_error: return "device error";
    }
    return "unknown error";
}

}  // namespace unicore
