#pragma once

#include <string_view>

namespace unicore::greeting::polite {

/// A greeting for `name`, valid until the next call. Names are cut to 64 characters. Context: thread.
std::string_view greet(std::string_view name) noexcept;

}  // namespace unicore::greeting::polite
