// SPDX-License-Identifier: BSD-3-Clause
#include "random.hpp"

#include <unicore/xen/simulator/cases.hpp>

#include <cstdio>
#include <cstdlib>
#include <optional>

extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

namespace unicore::xen::simulator {
namespace {

/// The case that runs, for those who end it without an exception.
std::optional<std::uint64_t> running;

void tell() {
    if (running) std::fprintf(stderr, "\nended in a random case; again: %s\n", replay(*running).c_str());
}

struct Running {
    explicit Running(std::uint64_t seed) { running = seed; }
    ~Running() { running.reset(); }
};

std::optional<std::uint64_t> number(const char* variable) {
    const char* const text = std::getenv(variable);
    if (text == nullptr || *text == '\0') return {};
    return std::strtoull(text, nullptr, 0);
}

}  // namespace

std::string replay(std::uint64_t seed) { return "UNICORE_SEED=" + std::to_string(seed); }

void for_each_case(std::size_t cases, const std::function<void(std::uint64_t seed)>& body) {
    static const bool prepared = [] {
        std::at_quick_exit(tell);
        if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(tell);
        return true;
    }();
    static_cast<void>(prepared);
    const auto only = number("UNICORE_SEED");
    const std::uint64_t count = only ? 1 : number("UNICORE_CASES").value_or(cases);
    for (std::uint64_t i = 0; i < count; ++i) {
        const Running now(only.value_or(Random(i).next()));
        try {
            body(*running);
        } catch (...) {
            tell();
            throw;
        }
    }
}

}  // namespace unicore::xen::simulator
