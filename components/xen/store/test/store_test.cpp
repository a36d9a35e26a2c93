// SPDX-License-Identifier: BSD-3-Clause
// The functions that wait.
#include "world.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace unicore;
using namespace unicore::test;

TEST_CASE_METHOD(World, "values, directories, permissions") {
    boot();
    char buffer[64];
    REQUIRE(store::connected());
    CHECK(store::write("a/b", "value").has_value());
    CHECK(tree.read("/local/domain/1/a/b") == "value");
    CHECK(store::read("a/b", buffer) == "value");
    CHECK(store::write(store::Path{"a", "n"}, "").has_value());
    CHECK(store::read("a/n", buffer) == "");
    CHECK(store::write_number("a/n", 18446744073709551615ull).has_value());
    CHECK(store::read_number("a/n") == 18446744073709551615ull);
    CHECK(store::make_directory("a/d").has_value());
    auto names = store::list("a", buffer);
    REQUIRE(names.has_value());
    std::string all;
    for (const std::string_view name : *names) all += std::string(name) + ' ';
    CHECK(all == "b n d ");  // as they were made
    CHECK(store::set_permissions("a", std::string_view("n1\0r2", 5)).has_value());
    CHECK(store::remove("a").has_value());
    CHECK_FALSE(tree.read("/local/domain/1/a").has_value());
    CHECK(notifications > 0);
}

TEST_CASE_METHOD(World, "what xenstore refuses is an error that says why") {
    boot();
    char buffer[4];
    CHECK(store::read("none", buffer).error() == Error::not_found);
    CHECK(store::write("/local/domain/2/a", "").error() == Error::unsupported);
    CHECK(store::write("a//b", "").error() == Error::invalid_argument);
    CHECK(store::write("", "").error() == Error::invalid_argument);
    CHECK(store::read(store::Path{std::string(200, 'x')}, buffer).error() == Error::invalid_argument);
    REQUIRE(store::write("a", "12345").has_value());
    CHECK(store::read("a", buffer).error() == Error::out_of_range);
    tree.write("/local/domain/1/a", "18446744073709551616");
    CHECK(store::read_number("a").error() == Error::out_of_range);
    for (const char* none : {"", " 1", "1 ", "-1", "0x1", "1\n"}) {
        tree.write("/local/domain/1/a", none);
        CHECK(store::read_number("a").error() == Error::invalid_argument);
    }
    tree.write("/local/domain/1/a", std::string(40, '1'));
    CHECK(store::read_number("a").error() == Error::out_of_range);
    CHECK(store::connected());
}

TEST_CASE_METHOD(World, "a domain without xenstore boots, and everything is not found") {
    has_store = false;
    boot();
    char buffer[4];
    Asked asked(XS_READ, "a");
    CHECK_FALSE(store::connected());
    CHECK(store::read("a", buffer).error() == Error::not_found);
    CHECK(store::submit(asked).error() == Error::not_found);
    CHECK(store::transaction([](store::Transaction) -> Result<void> { return {}; }).error() == Error::not_found);
    CHECK(store::Watch::create("a", [](void*, std::string_view) noexcept {}, nullptr).error() == Error::not_found);
    store::withdraw(asked);
    CHECK(asked.finished == 0);
}

TEST_CASE_METHOD(World, "transactions commit, undo, and are repeated") {
    boot();
    unsigned runs = 0;
    const auto write_two = [&](store::Transaction transaction) -> Result<void> {
        ++runs;
        UNICORE_TRY(store::write("a", "1", transaction));
        CHECK_FALSE(tree.read("/local/domain/1/a").has_value());
        return store::write("b", "2", transaction);
    };
    SECTION("at once") {
        CHECK(store::transaction(write_two).has_value());
        CHECK(runs == 1);
        CHECK(tree.read("/local/domain/1/b") == "2");
    }
    SECTION("again") {
        tree.refuse_transactions(15);
        CHECK(store::transaction(write_two).has_value());
        CHECK(runs == 16);
    }
    SECTION("not for ever") {
        tree.refuse_transactions(100);
        CHECK(store::transaction(write_two).error() == Error::busy);
        CHECK(runs == 16);
    }
    SECTION("a real conflict") {
        const auto count = [&](store::Transaction transaction) -> Result<void> {
            const auto before = store::read_number("count", transaction);
            if (++runs < 4) tree.write("/local/domain/1/count", std::to_string(runs * 10));
            return store::write_number("count", before.value_or(0) + 1, transaction);
        };
        CHECK(store::transaction(count).has_value());
        CHECK(tree.read("/local/domain/1/count") == "31");
    }
    SECTION("undone") {
        const auto fail = [&](store::Transaction transaction) -> Result<void> {
            UNICORE_TRY(store::write("a", "1", transaction));
            return unexpected(Error::unsupported);
        };
        CHECK(store::transaction(fail).error() == Error::unsupported);
        CHECK_FALSE(tree.read("/local/domain/1/a").has_value());
    }
    CHECK(tree.transactions(1) == 0);
}

namespace {

struct Fired {
    std::vector<std::string> paths;
    static void handle(void* context, std::string_view path) noexcept {
        static_cast<Fired*>(context)->paths.emplace_back(path);
    }
};

}  // namespace

TEST_CASE_METHOD(World, "watches fire while they live, wherever they are moved") {
    boot();
    Fired fired;
    const auto count = [&] { return std::exchange(fired.paths, {}).size(); };
    {
        auto watch = store::Watch::create("a", Fired::handle, &fired);
        REQUIRE(watch.has_value());
        CHECK(watch->active());
        settle();
        CHECK(fired.paths == std::vector<std::string>{"a"});
        fired.paths.clear();
        tree.write("/local/domain/1/a/b", "");
        settle();
        CHECK(fired.paths == std::vector<std::string>{"a/b"});
        fired.paths.clear();

        store::Watch other = std::move(*watch);
        CHECK_FALSE(watch->active());
        tree.write("/local/domain/1/a", "");
        settle();
        CHECK(count() == 1);
        store::Watch third;
        third = std::move(other);
        store::Watch& itself = third;
        third = std::move(itself);
        tree.write("/local/domain/1/a", "");
        settle();
        CHECK(count() == 1);
        CHECK(tree.watches(1) == 1);

        third = store::Watch::create("c", Fired::handle, &fired).value();
        settle();
        CHECK(count() == 1);
        CHECK(tree.watches(1) == 1);
    }
    CHECK(tree.watches(1) == 0);
    tree.write("/local/domain/1/c", "");
    settle();
    CHECK(count() == 0);
}

TEST_CASE_METHOD(World, "events for a watch that ended meanwhile find nobody") {
    boot();
    Fired fired;
    auto watch = store::Watch::create("a", Fired::handle, &fired);
    REQUIRE(watch.has_value());
    settle();
    for (int i = 0; i < 100; ++i) tree.write("/local/domain/1/a", "");
    fired.paths.clear();
    *watch = store::Watch();
    CHECK(fired.paths.empty());
    CHECK(tree.watches(1) == 0);
}

TEST_CASE_METHOD(World, "a watch that cannot be is not there") {
    boot();
    Fired fired;
    CHECK(store::Watch::create("a//b", Fired::handle, &fired).error() == Error::invalid_argument);
    CHECK(store::Watch::create(std::string(200, 'x'), Fired::handle, &fired).error() == Error::invalid_argument);
    settle();
    CHECK(fired.paths.empty());
    CHECK(tree.watches(1) == 0);
}

TEST_CASE_METHOD(World, "there are only so many watches") {
    boot();
    std::vector<store::Watch> watches;
    for (int i = 0; i < 128; ++i)
        watches.push_back(store::Watch::create("a", [](void*, std::string_view) noexcept {}, nullptr).value());
    const auto one_more = store::Watch::create("a", [](void*, std::string_view) noexcept {}, nullptr);
    REQUIRE_FALSE(one_more.has_value());
    CHECK(one_more.error() == Error::out_of_memory);
    CHECK(tree.watches(1) == 128);
}

TEST_CASE_METHOD(World, "a daemon that does not answer times out, and is forgiven when it does") {
    boot();
    tree.write("/local/domain/1/a", "1");
    daemon_works = false;
    char buffer[16];
    CHECK(store::read("a", buffer).error() == Error::timed_out);
    CHECK(store::read("a", buffer).error() == Error::timed_out);
    daemon_works = true;
    CHECK(store::read("a", buffer) == "1");
    CHECK(store::connected());
}

TEST_CASE_METHOD(World, "operations go on for a while after a stop request") {
    boot();
    stopping = true;
    CHECK(store::write("state", "6").has_value());
    CHECK(tree.read("/local/domain/1/state") == "6");
    daemon_works = false;
    const auto before = nanoseconds;
    CHECK(store::write("state", "5").error() == Error::stopped);
    CHECK(nanoseconds - before < 600'000'000);
    daemon_works = true;
    CHECK(store::write("state", "4").has_value());
    CHECK(store::connected());
}
