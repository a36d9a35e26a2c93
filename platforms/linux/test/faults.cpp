// SPDX-License-Identifier: BSD-3-Clause
#include "process.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/platform.hpp>

#include <cstdint>

namespace {

constinit const int constant = 1;
constinit unsigned char data[] = {0xc3};
constinit int zero = 0;

volatile int* at(std::uintptr_t address) { return reinterpret_cast<volatile int*>(address); }

[[gnu::noinline]] int recurse(int depth) {
    volatile char local[512];
    local[0] = static_cast<char>(depth);
    return depth < 0 ? 0 : recurse(depth + 1) + local[0];
}

void call(std::uintptr_t address) {
    asm volatile("" : "+r"(address));  // or the compiler knows better than to call it
    reinterpret_cast<void (*)()>(address)();
}

void break_frames() {
    // The backtrace walks into what is not there: the second fault must end the report of the first.
    asm volatile("movq $0x10008, %%rbp; ud2" : : : "memory");
}

struct Case {
    std::string_view name;
    void (*provoke)();
};

constexpr Case cases[] = {
    {"null-read", [] { static_cast<void>(*at(0)); }},
    {"null-write", [] { *at(8) = 1; }},
    {"null-call", [] { call(0); }},
    {"write-constant", [] { *const_cast<volatile int*>(&constant) = 2; }},
    {"write-text", [] { *reinterpret_cast<volatile char*>(&fault) = 2; }},
    {"read-nothing", [] { static_cast<void>(*at(0x10000000)); }},
    {"execute-data", [] { call(reinterpret_cast<std::uintptr_t>(data)); }},
    {"execute-constant", [] { call(reinterpret_cast<std::uintptr_t>(&constant)); }},
    {"not-canonical", [] { static_cast<void>(*at(0x8000'0000'0000'0000)); }},
    {"divide", [] { asm volatile("idivl %0" : : "m"(zero), "a"(1), "d"(0)); }},
    {"invalid", [] { __builtin_trap(); }},
    {"breakpoint", [] { asm volatile("int3"); }},
    {"stack", [] { recurse(0); }},
    {"uncommitted", [] { *at(unicore::platform::memory().front().base) = 1; }},
    {"broken-frames", break_frames},
    {"panic", [] { unicore::panic("as asked"); }},
};

}  // namespace

void fault(std::string_view name) {
    for (const Case& candidate : cases)
        if (candidate.name == name) candidate.provoke();
}
