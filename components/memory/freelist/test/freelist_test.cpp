// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/memory/freelist.hpp>

#include <catch2/catch.hpp>

using unicore::memory::freelist::FreeList;
using unicore::memory::freelist::Link;

TEST_CASE("memory.freelist: a list that never held anything is empty") {
    constinit static FreeList list;
    CHECK(list.empty());
    CHECK(list.front() == nullptr);
}

TEST_CASE("memory.freelist: the last in is the first out") {
    FreeList list;
    Link links[3];
    for (Link& link : links) CHECK(list.push_front(&link) == (&link == links));
    for (int i = 2; i >= 0; --i) {
        CHECK(list.front() == &links[i]);
        CHECK(list.remove(list.front()) == (i == 0));
    }
    CHECK(list.empty());
    for (Link& link : links) list.push_front(&link);
    list.remove(&links[1]);
    for (const int i : {2, 0}) {
        CHECK(list.front() == &links[i]);
        CHECK(list.pop_front() == (i == 0));
    }
    CHECK(list.empty());
}

TEST_CASE("memory.freelist: removal from the middle keeps the order of the rest") {
    FreeList list;
    Link links[5];
    for (Link& link : links) list.push_front(&link);
    list.remove(&links[2]);
    list.remove(&links[0]);
    for (int i : {4, 3, 1}) {
        REQUIRE(list.front() == &links[i]);
        list.remove(&links[i]);
    }
    CHECK(list.empty());
}
