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

namespace unicore {

void finish(int status, std::string_view reason) noexcept {
    text::Line<64> line;
    line << "unicore: exit status=" << (status & 255) << reason << '\n';
    platform::early_write(line.view());
    platform::halt(status & 255);
}

namespace boot {
namespace {

constinit std::size_t steps_done = 0;

void apply(std::string_view word) noexcept {
    const std::size_t at = word.find('=');
    const std::string_view name = word.substr(0, at);
    const std::string_view value = at == word.npos ? std::string_view() : word.substr(at + 1);
    text::Line<256> line;
    for (const Setting& setting : settings) {
        if (name != setting.name) continue;
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
    finish(status, "");
}

}  // namespace boot
}  // namespace unicore
