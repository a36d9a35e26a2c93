// SPDX-License-Identifier: BSD-3-Clause
#include "fakes.hpp"

#include <unicore/interrupts/pc/messages.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

using namespace unicore::interrupts::pc;
using unicore::Error;
using unicore::test::machine;

namespace {

void count(void* context) noexcept { ++*static_cast<int*>(context); }

void arrive(const Message& message) { machine().handlers.at(message.data())(); }

}  // namespace

TEST_CASE("a message runs its handler and is acknowledged") {
    machine().written.clear();
    int first_count = 0, second_count = 0;
    std::optional<Message> first(Message::create(count, &first_count).value());
    Message second = Message::create(count, &second_count).value();
    CHECK(machine().opened > 0);
    CHECK(first->address() == 0xfee0'0000);
    CHECK(first->data() != second.data());
    arrive(*first);
    arrive(*first);
    arrive(second);
    CHECK(first_count == 2);
    CHECK(second_count == 1);
    CHECK(std::ranges::count(machine().written, std::pair{local_apic::Register::end_of_interrupt, 0U}) == 3);

    const auto vector = first->data();
    first.reset();
    machine().handlers.at(vector)();  // which was under way
    CHECK(first_count == 2);
    CHECK(std::ranges::count(machine().written, std::pair{local_apic::Register::end_of_interrupt, 0U}) == 4);
    const Message third = Message::create(count, &first_count).value();
    CHECK(third.data() == vector);
}

TEST_CASE("there are as many as there are vectors between the timer's and the spurious one") {
    int counted = 0;
    std::vector<Message> all;
    for (;;) {
        auto message = Message::create(count, &counted);
        if (!message) {
            CHECK(message.error() == Error::busy);
            break;
        }
        CHECK(message->data() > 48);
        CHECK(message->data() < 63);
        all.push_back(std::move(*message));
    }
    CHECK(all.size() == 14);
    for (const Message& each : all) arrive(each);
    CHECK(counted == 14);
    all.clear();
    CHECK(Message::create(count, &counted).has_value());
}
