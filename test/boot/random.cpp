// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>
#include <unicore/entropy/csprng.hpp>

int main() {
    unicore::text::Line line;
    line << "random: " << unicore::text::Hex{unicore::entropy::csprng::next()};
    unicore::console::write_line(line.view());
    return 0;
}
