// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/command_line.hpp>

#include <unicore/base/boot.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>
#include <unicore/base/words.hpp>
#include <unicore/platform.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace unicore {
namespace {

constexpr std::size_t most_arguments = 64;
constexpr std::size_t most_settings = 32;
constinit std::array<char, page_size> copy{};
constinit std::array<char*, most_arguments + 2> argument_values{};
constinit int argument_count = 0;  // without argv[0]
constinit std::array<char*, most_settings> setting_values{};
constinit std::size_t setting_count = 0;

}  // namespace

void boot::command_line::take(const char* text, std::size_t limit, bool (*claims)(char* word) noexcept) noexcept {
    const char* const end = std::find(text, text + limit, '\0');
    if (end == text + limit) text::report("the command line is longer than 4095 bytes; the rest is not used");
    char* const copy_end = std::copy(text, std::min(end, text + copy.size() - 1), copy.data());
    char* next = copy.data();
    bool arguments_follow = false;
    while (char* const word = base::next_word(next, copy_end)) {
        if (claims != nullptr && claims(word)) continue;
        if (arguments_follow) {
            if (argument_count == static_cast<int>(most_arguments))
                text::report("more than 64 arguments; the rest is not used");
            else argument_values[++argument_count] = word;
        } else if (word[0] == '-' && word[1] == '-' && word[2] == '\0') {
            arguments_follow = true;
        } else if (setting_count == most_settings) {
            text::report("more than 32 settings; the rest is not used");
        } else {
            setting_values[setting_count++] = word;
        }
    }
}

std::span<char* const> platform::settings() noexcept { return {setting_values.data(), setting_count}; }

platform::Arguments platform::arguments() noexcept {
    argument_values[0] = const_cast<char*>(boot::image_name);
    return {argument_count + 1, argument_values.data()};
}

}  // namespace unicore
