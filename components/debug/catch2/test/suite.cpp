// SPDX-License-Identifier: BSD-3-Clause
// Shows that test cases run in an image as on the host, and that what fails is told.
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

TEST_CASE("a vector grows", "[vector]") {
    std::vector<int> numbers(5);
    REQUIRE(numbers.size() == 5);
    SECTION("when something is added") {
        numbers.push_back(6);
        CHECK(numbers.size() == 6);
        CHECK(numbers.capacity() >= 6);
    }
    SECTION("when it is told to") {
        numbers.resize(10);
        CHECK(numbers.size() == 10);
    }
}

TEST_CASE("what is thrown is told from what is not", "[exceptions]") {
    CHECK_THROWS_AS(std::vector<int>(3).at(3), std::out_of_range);
    CHECK_THROWS_WITH(throw std::runtime_error("text"), Catch::Contains("ex"));
    CHECK_NOTHROW(std::string("quiet"));
}

TEST_CASE("numbers are near each other", "[numbers]") {
    CHECK(0.1 + 0.2 == Approx(0.3));
    CHECK(0.1 + 0.2 != 0.3);
}

TEST_CASE("generators", "[numbers]") {
    const int number = GENERATE(range(0, 5), 10, 20);
    CAPTURE(number);
    CHECK(number * number >= number);
    if (number == 10) CHECK(number % 2 == 0);
}

TEST_CASE("two texts differ", "[.][fails]") {
    const std::string text = "some text";
    CHECK(text == "other");
}

TEST_CASE("an exception that is not expected", "[.][fails]") { throw std::runtime_error("the reactor is too hot"); }
