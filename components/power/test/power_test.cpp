// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/boot.hpp>
#include <unicore/power.hpp>

#include <catch2/catch.hpp>

#include <csetjmp>

namespace {

std::jmp_buf end_of_image;
int end_status = -1;

}  // namespace

/// Stands in for the generated boot sequence.
void unicore::boot::exit(int status) noexcept {
    end_status = status;
    std::longjmp(end_of_image, 1);
}

TEST_CASE("a stop request stays until the end") {
    CHECK_FALSE(unicore::power::stop_requested());
    unicore::power::request_stop();
    CHECK(unicore::power::stop_requested());
    unicore::power::request_stop();
    CHECK(unicore::power::stop_requested());
}

TEST_CASE("off ends the image with its status") {
    if (setjmp(end_of_image) == 0) unicore::power::off(42);
    CHECK(end_status == 42);
}
