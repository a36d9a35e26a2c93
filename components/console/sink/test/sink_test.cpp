// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/sink.hpp>

#include <catch2/catch.hpp>

#include <string>

namespace {

std::string order;

class Recorder final : public unicore::console::Sink {
public:
    explicit Recorder(char name) noexcept : name_(name) {}
    void write(std::string_view text) noexcept override { (order += name_) += text; }

private:
    char name_;
};

Recorder first('1'), second('2'), third('3');

}  // namespace

// One case: sinks are for the life of the image, so the order of the steps matters.
TEST_CASE("text goes to every sink in the order of adding, and nowhere before") {
    unicore::console::write_to_sinks("lost");
    CHECK(order.empty());
    unicore::console::add(first);
    unicore::console::write_to_sinks("a");
    CHECK(order == "1a");
    unicore::console::add(second);
    unicore::console::add(third);
    order.clear();
    unicore::console::write_to_sinks("b");
    unicore::console::write_to_sinks("");
    CHECK(order == "1b2b3b123");
}
