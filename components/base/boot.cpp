// SPDX-License-Identifier: BSD-3-Clause
#include "status.hpp"

#include <unicore/base/boot.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>
#include <unicore/platform.hpp>

/// The application's, in C or C++, with or without parameters.
extern "C" int unicore_application_main(int argc, char** argv) __asm__("main");

extern "C" {
using Constructor = void (*)();
extern const Constructor unicore_init_array[];
extern const Constructor unicore_init_array_end[];
}

namespace unicore::boot {
namespace {

constinit std::size_t steps_done = 0;

void apply(const char* word) noexcept {
    text::Line<256> line;
    for (const Setting& setting : settings) {
        const std::string_view name = setting.name;
        std::string_view value = word;
        if (!value.starts_with(name)) continue;
        value.remove_prefix(name.size());
        if (!value.starts_with('=')) continue;
        value.remove_prefix(1);
        if (setting.set(value)) return;
        line << "setting '" << word << "': " << setting.name << " takes " << setting.allowed;
        panic(line.view());
    }
    // A monitor may add words of its own, so this does not stop the image.
    line << "unicore: setting '" << word << "' is not known to this image, which knows:";
    for (const Setting& setting : settings) line << ' ' << setting.name;
    line << "; arguments follow after --\n";
    platform::early_write(line.view());
}

}  // namespace

void run() noexcept {
    for (char* const word : platform::settings()) apply(word);
    for (const Step& step : steps) {
        if (const auto started = step.start(); !started) {
            text::Line<128> line;
            line << "boot step of " << step.component << " failed: " << to_string(started.error());
            panic(line.view());
        }
        ++steps_done;
    }
    for (const Constructor* constructor = unicore_init_array; constructor != unicore_init_array_end; ++constructor)
        (*constructor)();
    const platform::Arguments arguments = platform::arguments();
    exit(unicore_application_main(arguments.count, arguments.values));
}

void exit(int status) noexcept {
    // Each step is taken off before it runs, so that one which ends in exit again is not repeated.
    while (steps_done != 0)
        if (const auto stop = steps[--steps_done].stop; stop != nullptr) stop();
    finish(status, {});
}

}  // namespace unicore::boot
