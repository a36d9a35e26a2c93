// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <string_view>

namespace unicore::net::xen {

/// What the other end did that it must not do: for messages. The device is not used any more then.
class Lie {
public:
    /// The error of whoever found it. `what` is a literal.
    std::unexpected<Error> found(std::string_view what) noexcept {
        what_ = what;
        return unexpected(Error::device_error);
    }
    std::string_view what() const noexcept { return what_; }

private:
    std::string_view what_ = "an index of a ring that cannot be";  ///< unless somebody says more
};

}  // namespace unicore::net::xen
