// SPDX-License-Identifier: BSD-3-Clause
#include "linux.hpp"

#include <unicore/base/boot.hpp>
#include <unicore/base/words.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/linux/environment.hpp>

#include <array>

namespace unicore::platform {
using namespace std::string_view_literals;
namespace {

constexpr const char* settings_variable = "UNICORE";
constexpr std::size_t most_settings = 32;

constinit Arguments process_arguments{};
constinit std::array<char*, most_settings> setting_values{};
constinit std::size_t setting_count = 0;

/// Takes the words of UNICORE apart where they stand; the strings are ours to change.
void take_settings() noexcept {
    char* const text = const_cast<char*>(linux::environment(settings_variable));
    if (text == nullptr) return;
    char* next = text;
    char* const end = text + std::string_view(text).size();
    while (char* const word = base::next_word(next, end)) {
        if (setting_count >= most_settings) {
            early_write("unicore: linux: more than 32 settings; the rest is not used\n"sv);
            return;
        }
        setting_values[setting_count++] = word;
    }
}

}  // namespace

char** linux::environment() noexcept { return process_arguments.values + process_arguments.count + 1; }

const char* linux::environment(const char* name) noexcept {
    for (char** variable = environment(); *variable != nullptr; ++variable) {
        const char* text = *variable;
        const char* wanted = name;
        while (*wanted != '\0' && *text == *wanted) ++text, ++wanted;
        if (*wanted == '\0' && *text == '=') return text + 1;
    }
    return nullptr;
}

std::span<char* const> settings() noexcept { return {setting_values.data(), setting_count}; }

Arguments arguments() noexcept { return process_arguments; }

/// The kernel's: it grows down from above what it hands over, as far as it may. [prlimit(2), proc(5)]
MemoryRange first_stack() noexcept {
    constexpr std::uintptr_t usual = 8 * 1024 * 1024;
    struct Limit {
        std::uint64_t current, most;
    } limit{};
    constexpr int of_stack = 3;  // RLIMIT_STACK
    if (linux::failed(linux::system_call(linux::Call::prlimit64, 0, of_stack, nullptr, &limit))) limit.current = usual;
    const auto top = align_up(reinterpret_cast<std::uintptr_t>(process_arguments.values), page_size);
    const std::uintptr_t size = limit.current <= top / 2 ? static_cast<std::uintptr_t>(limit.current) : usual;
    return {top - align_down(size, page_size), align_down(size, page_size)};
}

}  // namespace unicore::platform

/// Called by the entry with the stack as the kernel leaves it: argc, argv…, 0, envp…, 0.
extern "C" [[noreturn]] void unicore_linux_start(std::uintptr_t* stack) noexcept {
    using namespace unicore;
    using namespace unicore::platform;
    linux::start_signals();
    process_arguments = {static_cast<int>(stack[0]), reinterpret_cast<char**>(stack + 1)};
    take_settings();
    boot::run();
}
