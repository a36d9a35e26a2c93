// SPDX-License-Identifier: BSD-3-Clause
#include "../../heap/test/fake_pages.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/memory/pressure.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

namespace unicore::memory {
namespace {

using test::fake_pages;

/// Notes that it was asked, and gives back what it holds.
class Holder final : public pressure::Reclaimer {
public:
    Holder(std::string& asked, char name, std::size_t pages) : asked_(asked), name_(name) {
        for (std::size_t i = 0; i < pages; ++i) held.push_back(*pages::Pages::create(PageCount{1}));
    }
    void reclaim(PageCount wanted) noexcept override {
        asked_ += name_;
        if (more) more();
        for (std::size_t i = 0; i < wanted.value && !held.empty(); ++i) held.pop_back();
    }

    std::vector<pages::Pages> held;
    std::function<void()> more;

private:
    std::string& asked_;
    char name_;
};

struct Machine {
    Machine() {
        test::reset_fake_pages();
        fake_pages.limit = fake_pages.taken + 10;
    }
    ~Machine() { test::reset_fake_pages(); }
    std::string asked;
};

bool can_have(std::size_t count) {
    const auto pages = pages::take(PageCount{count});
    if (pages) pages::give_back(*pages, PageCount{count});
    else CHECK(pages.error() == Error::out_of_memory);
    return pages.has_value();
}

}  // namespace

TEST_CASE("memory.pressure: the latest is asked first, and no more than it takes") {
    Machine machine;
    Holder first(machine.asked, 'a', 3);
    Holder second(machine.asked, 'b', 3);
    Holder third(machine.asked, 'c', 3);
    for (Holder* one : {&first, &second, &third}) pressure::add(*one);
    pressure::add(second);  // is there already, and stays where it is
    CHECK(can_have(1));
    CHECK(machine.asked.empty());
    CHECK(can_have(2));
    CHECK(machine.asked == "c");
    CHECK(third.held.size() == 1);
    CHECK(can_have(6));
    CHECK(machine.asked == "ccb");
    CHECK(first.held.size() == 3);
    CHECK_FALSE(pages::try_take(PageCount{8}).has_value());
    CHECK(machine.asked == "ccb");
}

TEST_CASE("memory.pressure: who is not there any more is not asked") {
    Machine machine;
    Holder first(machine.asked, 'a', 3);
    pressure::add(first);
    {
        Holder second(machine.asked, 'b', 3);
        pressure::add(second);
        CHECK(can_have(6));
    }
    pressure::remove(first);
    pressure::remove(first);
    CHECK_FALSE(can_have(10));
    CHECK(machine.asked == "b");
    pressure::add(first);
    CHECK(can_have(10));
    CHECK(machine.asked == "ba");
}

TEST_CASE("memory.pressure: what there never was is asked of nobody") {
    Machine machine;
    Holder holder(machine.asked, 'a', 1);
    pressure::add(holder);
    CHECK_FALSE(can_have(fake_pages.limit + 1));
    CHECK(pages::take(PageCount{0}).error() == Error::invalid_argument);
    CHECK(machine.asked.empty());
    const auto kept = pages::Pages::create(PageCount{1});
    const std::size_t failures = pages::statistics().failures;
    CHECK_FALSE(can_have(fake_pages.limit));
    CHECK(machine.asked == "a");
    CHECK(pages::statistics().failures == failures + 1);
}

TEST_CASE("memory.pressure: reclaimers may take pages, and add and remove others and themselves") {
    Machine machine;
    Holder first(machine.asked, 'a', 2);
    Holder second(machine.asked, 'b', 2);
    Holder third(machine.asked, 'c', 2);
    for (Holder* one : {&first, &second, &third}) pressure::add(*one);
    third.more = [&] {
        CHECK(can_have(4));
        CHECK_FALSE(can_have(5));  // and nobody is asked
        CHECK(machine.asked == "c");
        pressure::remove(second);
        pressure::remove(third);
    };
    CHECK(can_have(8));
    CHECK(machine.asked == "ca");
    pressure::add(third);
    third.more = [&] { pressure::add(second); };
    CHECK_FALSE(can_have(10));
    CHECK(machine.asked == "caca");
    third.more = nullptr;
    machine.asked.clear();
    CHECK(can_have(10));
    CHECK(machine.asked == "b");
}

}  // namespace unicore::memory
