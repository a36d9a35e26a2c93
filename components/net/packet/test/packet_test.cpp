// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/packet.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

using namespace unicore::net;

namespace {

/// Lends memory of its own, and notes what comes back.
struct Lender final : BufferOwner {
    explicit Lender(std::vector<std::string> texts) : texts(std::move(texts)), buffers(this->texts.size()) {
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            auto* const begin = reinterpret_cast<std::byte*>(this->texts[i].data());
            const auto size = static_cast<std::uint32_t>(this->texts[i].size());
            buffers[i] = {.owner = this, .begin = begin, .data = begin, .capacity = size, .size = size,
                          .number = static_cast<std::uint32_t>(i)};
        }
    }
    void take_back(Buffer& buffer) noexcept override {
        CHECK(buffer.next == nullptr);
        back.push_back(buffer.number);
    }
    /// All texts as one packet.
    Packet packet() {
        Packet packet;
        for (auto& buffer : buffers) packet.append(Packet(buffer));
        return packet;
    }

    std::vector<std::string> texts;
    std::vector<Buffer> buffers;
    std::vector<unsigned> back;
};

std::string text_of(const Packet& packet) {
    std::string text(packet.size(), '\0');
    CHECK(packet.copy_to(std::as_writable_bytes(std::span(text))) == text.size());
    return text;
}

using Numbers = std::vector<unsigned>;

}  // namespace

TEST_CASE("a packet owns its parts: they go back once, in their order") {
    Lender lender({"one", "two", "three"});
    {
        Packet packet = lender.packet();
        CHECK(packet.parts() == 3);
        CHECK(text_of(packet) == "onetwothree");
        Packet other(std::move(packet));
        CHECK_FALSE(packet);
        CHECK(lender.back.empty());
        packet = std::move(other);
        CHECK(text_of(packet) == "onetwothree");
    }
    CHECK(lender.back == Numbers{0, 1, 2});
}

TEST_CASE("an assignment ends the packet that was there") {
    Lender first({"a"}), second({"b"});
    Packet packet = first.packet();
    packet = second.packet();
    CHECK(first.back == Numbers{0});
    CHECK(second.back.empty());
    packet.clear();
    CHECK(second.back == Numbers{0});
    packet.clear();
    CHECK(second.back == Numbers{0});
}

TEST_CASE("no packet has no bytes, and can be appended and appended to") {
    Lender lender({"a"});
    Packet none;
    CHECK(none.size() == 0);
    CHECK(none.parts() == 0);
    none.append(Packet());
    CHECK_FALSE(none);
    none.append(lender.packet());
    none.append(Packet());
    CHECK(text_of(none) == "a");
}

TEST_CASE("what is released is not given back") {
    Lender lender({"a", "b"});
    Packet packet = lender.packet();
    Buffer* const first = packet.release();
    CHECK_FALSE(packet);
    CHECK(lender.back.empty());
    CHECK(first->next == &lender.buffers[1]);
    packet = Packet(*first);
    CHECK(text_of(packet) == "ab");
}

TEST_CASE("cutting off at both ends") {
    Lender lender({"one", "two", "three"});
    Packet packet = lender.packet();
    packet.offload() = {.checksum = Offload::Checksum::verified};

    SECTION("inside of a part") {
        packet.trim_front(1);
        packet.trim_to(9);
        CHECK(text_of(packet) == "netwothre");
        CHECK(lender.back.empty());
    }
    SECTION("whole parts, and what is known of the packet stays") {
        packet.trim_front(3);
        CHECK(lender.back == Numbers{0});
        CHECK(packet.offload().checksum == Offload::Checksum::verified);
        packet.trim_to(3);
        CHECK(text_of(packet) == "two");
        CHECK(lender.back == Numbers{0, 2});
    }
    SECTION("more than there is") {
        packet.trim_to(100);
        CHECK(text_of(packet) == "onetwothree");
        packet.trim_front(100);
        CHECK(packet.size() == 0);
        CHECK(packet.parts() == 1);
    }
    SECTION("everything") {
        packet.trim_to(0);
        CHECK(packet.size() == 0);
        CHECK(packet.parts() == 1);
        CHECK(lender.back == Numbers{1, 2});
    }
}

TEST_CASE("room in front is what was cut off, and no more") {
    Lender lender({"header payload"});
    Packet packet = lender.packet();
    CHECK(packet.prepend(1).empty());
    packet.trim_front(7);
    CHECK(packet.first().room_in_front() == 7);
    CHECK(packet.prepend(8).empty());
    CHECK(text_of(packet) == "payload");
    const auto room = packet.prepend(7);
    REQUIRE(room.size() == 7);
    CHECK(text_of(packet) == "header payload");
    CHECK(packet.first().room_behind() == 0);
}

TEST_CASE("copying from the middle, over parts, and past the end") {
    Lender lender({"one", "", "two", "three"});
    const Packet packet = lender.packet();
    std::array<char, 5> into{};
    const auto copy = [&](std::size_t offset) {
        return std::string_view(into.data(), packet.copy_to(std::as_writable_bytes(std::span(into)), offset));
    };
    CHECK(copy(2) == "etwot");
    CHECK(copy(3) == "twoth");
    CHECK(copy(9) == "ee");
    CHECK(copy(11).empty());
    CHECK(copy(1000).empty());
}
