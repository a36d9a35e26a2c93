// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/boot.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/status.hpp>
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

[[noreturn]] void refuse(const char* what, const char* name, const char* why, const char* reason) noexcept {
    text::Line line;
    line << what << name << why << reason;
    panic(line.view());
}

/// The value of a word `name=value`, or null when it is another setting's.
const char* value_of(const char* word, const char* name) noexcept {
    while (*name != '\0')
        if (*word++ != *name++) return nullptr;
    return *word == '=' ? word + 1 : nullptr;
}

void apply(const char* word) noexcept {
    text::Report line("unknown setting ");
    line << word << " (arguments go after --); known:";
    for (const Setting& setting : settings) {
        if (const char* const value = value_of(word, setting.name); value != nullptr) {
            if (setting.set(value)) return;
            refuse("setting ", word, ": allowed is ", setting.allowed);
        }
        line << " " << setting.name;
    }
    // A monitor may add words of its own, so this does not stop the image.
    line.print();
}

}  // namespace

void run() noexcept {
    for (char* const word : platform::settings()) apply(word);
    for (const Step& step : steps) {
        if (const auto started = step.start(); !started)
            refuse("boot step of ", step.component, " failed: ", to_string(started.error()).data());
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

}  // namespace unicore::boot
