// SPDX-License-Identifier: BSD-3-Clause
#include "fault.hpp"
#include "linux.hpp"

#include <catch2/catch.hpp>

#include <string_view>

using namespace unicore;
using namespace unicore::platform::linux;

namespace {

constexpr int mapping_error = 1, access_error = 2;  // SEGV_MAPERR, SEGV_ACCERR
constexpr int kernel = 0x80, user = 0, thread = -6;  // SI_KERNEL, SI_USER, SI_TKILL
constexpr std::uintptr_t stack = 0x7ffc'0000'1000;

std::string_view words(const Fault& fault) { return describe(fault).what; }

std::string_view segmentation(int code, std::uintptr_t address, Access access) {
    return words({Signal::segmentation_fault, code, address, access, stack});
}

}  // namespace

TEST_CASE("memory sizes are MiB unless a suffix says otherwise") {
    CHECK(parse_memory_size("1") == std::size_t{1} << 20);
    CHECK(parse_memory_size("64") == std::size_t{64} << 20);
    CHECK(parse_memory_size("64M") == std::size_t{64} << 20);
    CHECK(parse_memory_size("2G") == std::size_t{2} << 30);
    CHECK(parse_memory_size("64K") == 65536U);
    CHECK(parse_memory_size("0064K") == 65536U);
    CHECK(parse_memory_size("67K") == 65536U);  // whole pages
    CHECK(parse_memory_size("68K") == 69632U);
}

TEST_CASE("what is no size of memory is refused") {
    for (const char* text : {"", "K", "M", "G", " 64", "64 ", "-1", "+1", "0x10", "64m", "64k", "1.5G",
                             "64MB", "64KK", "many"})
        CHECK(parse_memory_size(text) == unexpected(Error::invalid_argument));
}

TEST_CASE("sizes that cannot be had are out of range") {
    for (const char* text : {"0", "0G", "63K", "15K", "99999999999", "65537G", "18446744073709551616",
                             "18446744073709551616K", "17592186044416", "999999999999999999999999999999G"})
        CHECK(parse_memory_size(text) == unexpected(Error::out_of_range));
    CHECK(parse_memory_size("65536G") == std::size_t{1} << 46);
}

TEST_CASE("what follows a number that is too large does not make it one") {
    CHECK_FALSE(parse_memory_size("99999999999999999999999x").has_value());
}

TEST_CASE("a null pointer is one whatever was done with it") {
    for (const Access access : {Access::unknown, Access::read, Access::write, Access::execute}) {
        CHECK(segmentation(mapping_error, 0, access) == "null pointer");
        CHECK(segmentation(mapping_error, 0xffff, access) == "null pointer");
    }
    CHECK(segmentation(mapping_error, 0x10000, Access::read) == "read not allowed");
}

TEST_CASE("accesses are told apart") {
    CHECK(segmentation(mapping_error, 0x400000, Access::read) == "read not allowed");
    CHECK(segmentation(access_error, 0x400000, Access::write) == "write not allowed");
    CHECK(segmentation(access_error, 0x400000, Access::execute) == "execution of data");
    CHECK(segmentation(access_error, 0x400000, Access::unknown) == "read not allowed");
}

TEST_CASE("near the stack pointer it is the stack's guard") {
    CHECK(segmentation(mapping_error, stack - 8, Access::write) == "stack overflow");
    CHECK(segmentation(access_error, stack - 65536, Access::write) == "stack overflow");
    CHECK(segmentation(mapping_error, stack, Access::read) == "stack overflow");
    CHECK(segmentation(mapping_error, stack + 4095, Access::write) == "stack overflow");
    CHECK(segmentation(mapping_error, stack + 4096, Access::write) == "write not allowed");
    CHECK(segmentation(mapping_error, stack - 65537, Access::write) == "write not allowed");
    CHECK(segmentation(access_error, stack, Access::execute) == "execution of data");
}

TEST_CASE("a broken stack pointer does not confuse") {
    CHECK(words({Signal::segmentation_fault, mapping_error, 0x400000, Access::write, 0}) == "write not allowed");
    CHECK(words({Signal::segmentation_fault, mapping_error, ~std::uintptr_t{7}, Access::write, 8}) == "stack overflow");
}

TEST_CASE("the kernel gives no address for what is no page fault") {
    const Fault fault{Signal::segmentation_fault, kernel, 0, Access::unknown, stack};
    CHECK(words(fault) == "general protection");
    CHECK_FALSE(describe(fault).has_address);
    CHECK(describe({Signal::segmentation_fault, mapping_error, 0, Access::read, stack}).has_address);
    CHECK(describe({Signal::bus_error, 2, 0x1000, Access::read, stack}).has_address);
    CHECK_FALSE(describe({Signal::illegal_instruction, 2, 0x1000, Access::unknown, stack}).has_address);
}

TEST_CASE("every signal has its words") {
    CHECK(words({Signal::bus_error, 2, 0x400000, Access::read, stack}) == "bus error");
    CHECK(words({Signal::illegal_instruction, 2, 0, Access::unknown, stack}) == "invalid instruction");
    CHECK(words({Signal::floating_point, 1, 0, Access::unknown, stack}) == "divide error");
    CHECK(words({Signal::trap, kernel, 0, Access::unknown, stack}) == "breakpoint");
    CHECK(words({Signal::terminate, 1, 0, Access::unknown, stack}) == "exception");
}

TEST_CASE("a signal that a process sent is no fault of the image") {
    for (const int code : {user, thread}) {
        const Fault fault{Signal::segmentation_fault, code, 1234, Access::unknown, stack};
        CHECK(words(fault) == "signal of another process");
        CHECK_FALSE(describe(fault).has_address);
    }
}
