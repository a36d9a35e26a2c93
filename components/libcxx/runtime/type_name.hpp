// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/text.hpp>

namespace unicore::libcxx {

/// Adds the name of a type as people write it: of classes in namespaces, numbers, and pointers to these. Others, such as
/// templates, as the ABI has them: to know them all costs more than all of an image. [Itanium C++ ABI, 5.1]
void type_name(text::Line& line, const char* mangled) noexcept;

}  // namespace unicore::libcxx
