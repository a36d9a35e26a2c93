// SPDX-License-Identifier: BSD-3-Clause
/// What the build generates for each image (boot.cpp) and what the core reads of it.
#pragma once

#include <unicore/base/result.hpp>

#include <span>
#include <string_view>

namespace unicore::boot {

/// One component's part in the boot sequence.
struct Step {
    const char* component;             ///< its name, for the message when the step fails
    Result<void> (*start)() noexcept;  ///< called in dependency order; never null
    void (*stop)() noexcept;           ///< called in reverse order at the orderly stop, or null
};

/// A run-time setting that a component declared: `name=value` on the command line.
struct Setting {
    const char* name;
    /// Takes the value. Errors: invalid_argument or out_of_range when it is not one of the allowed.
    Result<void> (*set)(std::string_view value) noexcept;
    const char* allowed;  ///< what the value may be, for the message
};

/// Defined by the generated boot.cpp.
extern const char image_name[];
extern const std::span<const Step> steps;
extern const std::span<const Setting> settings;

/// Applies the settings, runs the steps, then main, then the orderly stop. The platform's entry
/// calls it once, on the boot stack, with the architecture set up.
[[noreturn]] void run() noexcept;

/// Ends the image in order, as a return from main does. Context: thread.
[[noreturn]] void exit(int status) noexcept;

}  // namespace unicore::boot
