// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.hpp>
#include <unicore/console/sink.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

extern "C" void write_from_c(void);

namespace {

class Recorder final : public unicore::console::Sink {
public:
    void write(std::string_view text) noexcept override { pieces.emplace_back(text); }
    std::vector<std::string> pieces;
};

std::vector<std::string> written_by(void (*action)()) {
    static Recorder recorder;
    static const bool added = (unicore::console::add(recorder), true);
    static_cast<void>(added);
    recorder.pieces.clear();
    action();
    return recorder.pieces;
}

}  // namespace

using Pieces = std::vector<std::string>;
namespace console = unicore::console;

TEST_CASE("text reaches the sinks as it is") {
    CHECK(written_by([] { console::write("a\nb"); }) == Pieces{"a\nb"});
}

TEST_CASE("a line is one piece") {
    CHECK(written_by([] { console::write_line("a"); }) == Pieces{"a\n"});
    CHECK(written_by([] { console::write_line(""); }) == Pieces{"\n"});
    CHECK(written_by([] { console::write_line(std::string(255, 'x')); }) == Pieces{std::string(255, 'x') + "\n"});
}

TEST_CASE("a line longer than the buffer is complete, in two pieces") {
    CHECK(written_by([] { console::write_line(std::string(256, 'x')); }) == Pieces{std::string(256, 'x'), "\n"});
    CHECK(written_by([] { console::write_line(std::string(9999, 'x')); }) == Pieces{std::string(9999, 'x'), "\n"});
}

TEST_CASE("C writes the same") {
    CHECK(written_by([] { write_from_c(); }) == Pieces{"one", "from C\n"});
}
