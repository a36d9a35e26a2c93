// SPDX-License-Identifier: BSD-3-Clause
// How it finds others.
#include "talk.hpp"

#include <unicore/netstack/names.hpp>
#include <unicore/sched/timed_work.hpp>

using namespace unicore::netstack;
using namespace unicore::netstack::mdns;
using namespace unicore::netstack::mdns::talk;
using unicore::Error;

namespace {

/// Another host, which answers while we wait.
struct Printer final : unicore::sched::TimedWork {
    explicit Printer(Octets with) : answer(std::move(with)) { wake(); }

    Octets answer;
    std::vector<unicore::time::Instant> asked;
    Texts questions;

private:
    void run() noexcept override {
        while (const auto frame = World::get().near.receive(0ms)) {
            const auto message = message_of(*frame);
            if (!message || message->header.flags != 0) continue;
            asked.push_back(message->when);
            questions = message->questions;
            if (!answer.empty()) send(answer);
        }
        wake_at(Monotonic::now() + 10ms);
    }
};

const Name printer{"printer", "local"};
const Octets address_4{10, 0, 0, 55}, address_6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x55},
    of_link{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x55};

}  // namespace

TEST_CASE("names in the local network are asked for there") {
    calm();
    std::array<Address, 4> found{};
    const Address four = Address::v4(10, 0, 0, 55);
    {
        Printer other(Asker()
                          .record(Writer::answers, Name{"PRINTER", "local"}, Type::a, 120, address_4)
                          .record(Writer::answers, printer, Type::a, 120, address_4)
                          .record(Writer::answers, printer, Type::a, 120, {10, 0, 0})
                          .record(Writer::additional, printer, Type::aaaa, 120, of_link)
                          .record(Writer::additional, printer, Type::aaaa, 120, address_6)
                          .record(Writer::additional, Name{"other", "local"}, Type::a, 120, {10, 0, 0, 66})
                          .message(response_flag));
        const auto before = Monotonic::now();
        REQUIRE(resolve("printer.local.", {}, found) == 2u);
        CHECK(Monotonic::now() - before < 100ms);
        CHECK(found[1] == four);  // the stack has an address of version 6: that is first
        CHECK(Octets(found[0].bytes.begin(), found[0].bytes.end()) == address_6);
        CHECK(other.questions == Texts{"1 printer.local.", "28 printer.local."});
        REQUIRE(resolve("printer.local", Address::Family::v4, found) == 1u);
        CHECK(other.questions == Texts{"1 printer.local."});
    }
    {
        Printer other(Asker().record(Writer::answers, printer, Type::a, 120, address_4).message(response_flag));
        const auto before = Monotonic::now();
        REQUIRE(resolve("printer.local", {}, found) == 1u);
        CHECK(found[0] == four);
        CHECK(Monotonic::now() - before < 500ms);  // it does not wait long for the other version
        CHECK(resolve("printer.local", Address::Family::v6, found).error() == Error::not_found);
    }
    {
        Printer silent(Octets{});
        const auto before = Monotonic::now();
        CHECK(resolve("nobody.local", {}, found).error() == Error::not_found);
        REQUIRE(silent.asked.size() == 3);
        CHECK(silent.asked[1] - silent.asked[0] >= 980ms);
        CHECK(silent.asked[2] - silent.asked[1] >= 1980ms);
        CHECK(Monotonic::now() - before < 6s);
        CHECK(resolve("nobody.local", {}, found, Monotonic::now() + 200ms).error() == Error::timed_out);
        silent.asked.clear();
        REQUIRE(resolve("oven.local", Address::Family::v4, found) == 3u);  // that is this image, with all of its networks
        CHECK(found[0] == Address::v4(10, 0, 0, 1));
        CHECK(silent.asked.empty());
    }
    // Without a question nothing is kept.
    send(Asker().record(Writer::answers, printer, Type::a, 120, address_4).message(response_flag));
    pass(1s);
    CHECK(World::get().near.quiet());
}
