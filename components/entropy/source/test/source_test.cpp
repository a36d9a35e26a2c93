// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/entropy/source.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

namespace {

class Named final : public unicore::entropy::Source {
public:
    explicit Named(std::string_view name) : name_(name) {}
    unicore::Result<void> read(std::span<std::byte> bytes) noexcept override {
        std::ranges::fill(bytes, std::byte{4});
        return {};
    }
    std::string_view name() const noexcept override { return name_; }

private:
    std::string_view name_;
};

std::string names() {
    std::string result;
    for (const auto& source : unicore::entropy::sources()) result += source.name();
    return result;
}

}  // namespace

// One case: sources are for the life of the image.
TEST_CASE("sources are kept in the order of adding") {
    static Named a("a"), b("b"), c("c");
    CHECK(unicore::entropy::sources().empty());
    unicore::entropy::add(a);
    CHECK(names() == "a");
    unicore::entropy::add(b);
    unicore::entropy::add(c);
    CHECK(names() == "abc");
}
