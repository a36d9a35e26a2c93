// SPDX-License-Identifier: BSD-3-Clause
#include "own_faults.hpp"
#include "process.hpp"

#include <unicore/arch/undefined.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/platform.hpp>

#include <cstdint>

namespace {

constinit const int constant = 1;
constinit unsigned char data[] = {0xc3};

volatile int* at(std::uintptr_t address) { return reinterpret_cast<volatile int*>(address); }

[[gnu::noinline]] int recurse(int depth) {
    volatile char local[512];
    local[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : recurse(depth + 1) + local[0];
}

/// Where types of functions are checked (debug.ubsan), what is in front of the function would be read first.
[[clang::no_sanitize("function")]] void call(std::uintptr_t address) {
    asm volatile("" : "+r"(address));  // or the compiler knows better than to call it
    reinterpret_cast<void (*)()>(address)();
}

constexpr FaultCase cases[] = {
    {"null-read", [] { static_cast<void>(*at(0)); }},
    {"null-write", [] { *at(8) = 1; }},
    {"null-call", [] { call(0); }},
    {"write-constant", [] { *const_cast<volatile int*>(&constant) = 2; }},
    {"write-text", [] { *reinterpret_cast<volatile char*>(&fault) = 2; }},
    {"read-nothing", [] { static_cast<void>(*at(0x10000000)); }},
    {"execute-data", [] { call(reinterpret_cast<std::uintptr_t>(data)); }},
    {"execute-constant", [] { call(reinterpret_cast<std::uintptr_t>(&constant)); }},
    {"invalid", [] { unicore::arch::Undefined::execute(); }},
    {"stack", [] { recurse(0); }},
    {"uncommitted", [] { *at(unicore::platform::memory().back().end() - sizeof(int)) = 1; }},
    {"panic", [] { unicore::panic("as asked"); }},
};

}  // namespace

void fault(std::string_view name) {
    for (const FaultCase& candidate : cases)
        if (candidate.name == name) candidate.provoke();
    for (const FaultCase& candidate : own_cases)
        if (candidate.name == name) candidate.provoke();
}
