// SPDX-License-Identifier: BSD-3-Clause
#include "../../test/fake_space.hpp"

#include <unicore/arch/device_access.hpp>
#include <unicore/bus/pci/interrupts.hpp>
#include <unicore/interrupts/pc/messages.hpp>
#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <map>
#include <vector>

using namespace unicore::bus::pci;
using unicore::Error;
using unicore::arch::DeviceAccess;
using unicore::interrupts::pc::Message;
using unicore::test::fakes;

namespace {

std::map<std::uintptr_t, std::uint32_t> memory;
unsigned messages = 0;  // that there are
bool quiet = true;      // whether every function was when its message was given back

constexpr DeviceAccess::Model model{
    [](std::uintptr_t, unsigned) noexcept -> std::uint32_t { return 0; },
    [](std::uintptr_t address, std::uint32_t value, unsigned) noexcept { memory[address] = value; }};

auto create(unsigned device) {
    return Interrupt::create(Function::at({0, device, 0}).value(), [](void*) noexcept {}, nullptr);
}

struct Machine {
    Machine() {
        fakes = {};
        fakes.windows = {unicore::test::everything};
        for (unsigned device = 0; device < 9; ++device) {
            auto& fake = fakes[{0, device, 0}];
            fake.memory_bar(1, 0x1000, 0xfeb0'0000 + 0x1000 * device);
            fake.capability(0x98, 0, 0x11, {1, 0}, 1);
            fake.writable[0x98 / 4] = 0xc000'0000;
        }
        memory.clear();
        DeviceAccess::model = &model;
    }
    ~Machine() { DeviceAccess::model = nullptr; }
};

}  // namespace

std::span<const unicore::MemoryRange> unicore::platform::memory() noexcept { return {}; }

unicore::Result<Message> Message::create(unicore::interrupts::pc::MessageHandler, void*) noexcept {
    if (messages == 14) return unexpected(Error::busy);
    return Message(0xfee0'0000, static_cast<std::uint8_t>(49 + messages++));
}
void Message::release(std::uint8_t) noexcept {
    unsigned on = 0;
    for (auto& [address, fake] : fakes.functions) on += fake.at(0x98) >> 31;
    quiet = quiet && on < messages;
    --messages;
}

TEST_CASE_METHOD(Machine, "a function sends its first message to the CPU, until the end") {
    {
        const auto interrupt = create(2);
        REQUIRE(interrupt.has_value());
        CHECK(interrupt->message() == 0);
        CHECK(fakes[{0, 2, 0}].at(0x98) >> 31 == 1);
        CHECK(memory[0xfeb0'2000] == 0xfee0'0000);
        CHECK(memory[0xfeb0'2004] == 0);
        CHECK(memory[0xfeb0'2008] == 49);
        CHECK(memory[0xfeb0'200c] == 0);
        CHECK(memory[0xfeb0'201c] == 1);  // the others are masked
        CHECK(create(2).error() == Error::busy);
        CHECK(messages == 1);
    }
    CHECK(messages == 0);
    CHECK(quiet);
    CHECK(fakes[{0, 2, 0}].at(0x98) >> 31 == 0);
    CHECK(create(2).has_value());
}

TEST_CASE_METHOD(Machine, "eight functions have one, and what fails keeps nothing") {
    std::vector<Interrupt> all;
    for (unsigned device = 0; device < 8; ++device) all.push_back(create(device).value());
    CHECK(create(8).error() == Error::busy);
    all.erase(all.begin() + 3);
    CHECK(messages == 7);
    fakes[{0, 8, 0}].at(0x98) = 0;
    CHECK(create(8).error() == Error::not_found);
    fakes[{0, 8, 0}].capability(0x98, 0, 0x11, {1, 0}, 1);
    messages = 14;
    CHECK(create(8).error() == Error::busy);
    messages = 7;
    CHECK(fakes[{0, 8, 0}].at(0x98) >> 31 == 0);
    CHECK(create(8).has_value());
    all.clear();
    CHECK(messages == 0);
    CHECK(quiet);
}

TEST_CASE_METHOD(Machine, "further messages are sent as the first is, as many as there are") {
    {
        auto interrupt = create(1);
        REQUIRE(interrupt.has_value());
        CHECK(interrupt->add_message([](void*) noexcept {}, nullptr) == 1);
        CHECK(memory[0xfeb0'1018] == memory[0xfeb0'1008] + 1);
        CHECK(memory[0xfeb0'101c] == 0);
        CHECK(interrupt->add_message([](void*) noexcept {}, nullptr).error() == Error::busy);  // of two
        CHECK(messages == 2);
    }
    CHECK(messages == 0);
    CHECK(quiet);
}
