// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/simulator/store/port.hpp>

#include <catch2/catch.hpp>

#include <cstring>

using namespace unicore::xen::simulator;

namespace {

struct Fixture {
    StoreTree tree;
    xenstore_domain_interface page{};
    StoreFaults faults;
    std::mt19937_64 random{1};
    StorePort port{tree, 1, page};

    Fixture() { tree.introduce(1); }

    void put(const std::string& bytes) {
        for (const char byte : bytes) page.req[MASK_XENSTORE_IDX(page.req_prod++)] = byte;
    }
    std::string message(std::uint32_t type, const std::string& payload) {
        const xsd_sockmsg header{type, 3, 0, static_cast<std::uint32_t>(payload.size())};
        return std::string(reinterpret_cast<const char*>(&header), sizeof header) + payload;
    }
    std::string fetch() {
        std::string bytes;
        while (page.rsp_cons != page.rsp_prod) bytes += page.rsp[MASK_XENSTORE_IDX(page.rsp_cons++)];
        return bytes;
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "messages go through the rings in any pieces") {
    tree.write("/local/domain/1/name", std::string(2000, 'x'));
    const std::string request = message(XS_READ, std::string("name\0", 5));
    std::string reply;
    for (int i = 0; i < 50; ++i) {
        faults.in_pieces = i % 2 == 0 ? 0.7 : 0;
        put(request.substr(0, static_cast<std::size_t>(i) % request.size()));
        port.serve(faults, random);
        put(request.substr(static_cast<std::size_t>(i) % request.size()));
        reply.clear();
        for (int round = 0; round < 500 && reply.size() < 16 + 2000; ++round) {
            port.serve(faults, random);
            reply += fetch();
        }
        REQUIRE(reply == message(XS_READ, std::string(2000, 'x')));
    }
    CHECK_FALSE(port.pending());
}

TEST_CASE_METHOD(Fixture, "a domain that breaks the rules is ignored") {
    SECTION("request index") { page.req_prod = 1025; }
    SECTION("response index") {
        put(message(XS_READ, "x"));
        page.rsp_cons = 1;
    }
    SECTION("length") {
        const xsd_sockmsg header{XS_READ, 0, 0, XENSTORE_PAYLOAD_MAX + 1};
        put(std::string(reinterpret_cast<const char*>(&header), sizeof header));
    }
    port.serve(faults, random);
    CHECK(port.ignored());
    CHECK_FALSE(port.serve(faults, random));
    CHECK_FALSE(port.pending());
}
