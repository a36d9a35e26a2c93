// SPDX-License-Identifier: BSD-3-Clause
// The same ring as Xen's macros make, which are the definition of it: one end ours, the other theirs.
#include "two_ends.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>

#define xen_mb() __sync_synchronize()
#define xen_rmb() __sync_synchronize()
#define xen_wmb() __sync_synchronize()
#include <xen/xen.h>
#include <xen/grant_table.h>
#include <xen/io/blkif.h>
#include <xen/io/netif.h>
#include <xen/io/ring.h>

using namespace unicore;
using namespace unicore::test;

namespace {

using OurRequest = Request;
using OurResponse = Response;
DEFINE_RING_TYPES(sample, OurRequest, OurResponse);

template <typename Request, typename Response, typename Theirs, typename TheirEntry>
constexpr bool same_layout = sizeof(ring::Entry<Request, Response>) == sizeof(TheirEntry) &&
                             offsetof(Theirs, ring) == sizeof(ring::Header) &&
                             offsetof(Theirs, req_prod) == offsetof(ring::Header, requests.producer) &&
                             offsetof(Theirs, req_event) == offsetof(ring::Header, requests.event) &&
                             offsetof(Theirs, rsp_prod) == offsetof(ring::Header, responses.producer) &&
                             offsetof(Theirs, rsp_event) == offsetof(ring::Header, responses.event);

static_assert(same_layout<Request, Response, sample_sring, sample_sring_entry>);
static_assert(same_layout<blkif_request_t, blkif_response_t, blkif_sring, blkif_sring_entry>);
static_assert(same_layout<netif_tx_request_t, netif_tx_response_t, netif_tx_sring, netif_tx_sring_entry>);
static_assert(same_layout<netif_rx_request_t, netif_rx_response_t, netif_rx_sring, netif_rx_sring_entry>);
static_assert(ring::entries_in<blkif_request_t, blkif_response_t>(4096) == __CONST_RING_SIZE(blkif, 4096));
static_assert(ring::entries_in<blkif_request_t, blkif_response_t>(16 * 4096) == __CONST_RING_SIZE(blkif, 16 * 4096));
static_assert(ring::entries_in<netif_tx_request_t, netif_tx_response_t>(4096) == __CONST_RING_SIZE(netif_tx, 4096));
static_assert(ring::entries_in<netif_rx_request_t, netif_rx_response_t>(4096) == __CONST_RING_SIZE(netif_rx, 4096));

struct Page {
    alignas(4096) std::byte bytes[4096];
};

}  // namespace

TEST_CASE("our front-end against Xen's back-end") {
    Page page;
    std::memset(&page, 0xa5, sizeof page);
    ring::FrontRing<Request, Response> ours(page.bytes);
    auto* const shared = reinterpret_cast<sample_sring_t*>(&page);
    CHECK(shared->req_prod == 0);
    CHECK(shared->rsp_prod == 0);
    CHECK(shared->req_event == 1);
    CHECK(shared->rsp_event == 1);
    for (const std::uint8_t byte : shared->pvt.pvt_pad) CHECK(byte == 0);
    for (const std::uint8_t byte : shared->__pad) CHECK(byte == 0);
    sample_back_ring_t theirs;
    BACK_RING_INIT(&theirs, shared, sizeof page);
    CHECK(RING_SIZE(&theirs) == ours.size());

    Response response{};
    for (std::uint32_t i = 0; i < 1000; ++i) {
        REQUIRE(ours.more() == false);
        int work = 0;
        RING_FINAL_CHECK_FOR_REQUESTS(&theirs, work);
        REQUIRE_FALSE(work);
        REQUIRE(ours.put(Request{i, i * 2}).has_value());
        REQUIRE(ours.publish());
        RING_FINAL_CHECK_FOR_REQUESTS(&theirs, work);
        REQUIRE(work);
        REQUIRE(RING_GET_REQUEST(&theirs, theirs.req_cons)->value == i * 2);
        ++theirs.req_cons;
        RING_GET_RESPONSE(&theirs, theirs.rsp_prod_pvt)->id = i;
        ++theirs.rsp_prod_pvt;
        bool notify = false;
        RING_PUSH_RESPONSES_AND_CHECK_NOTIFY(&theirs, notify);
        REQUIRE(notify);
        REQUIRE(ours.take(response) == true);
        REQUIRE(response.id == i);
    }
}

TEST_CASE("our back-end against Xen's front-end") {
    Page page;
    auto* const shared = reinterpret_cast<sample_sring_t*>(&page);
    sample_front_ring_t theirs;
    XEN_FRONT_RING_INIT(&theirs, shared, sizeof page);
    ring::BackRing<Request, Response> ours(page.bytes);

    Request request{};
    for (std::uint32_t i = 0; i < 1000; ++i) {
        REQUIRE(ours.more() == false);
        int work = 0;
        RING_FINAL_CHECK_FOR_RESPONSES(&theirs, work);
        REQUIRE_FALSE(work);
        REQUIRE_FALSE(RING_FULL(&theirs));
        RING_GET_REQUEST(&theirs, theirs.req_prod_pvt)->id = i;
        ++theirs.req_prod_pvt;
        bool notify = false;
        RING_PUSH_REQUESTS_AND_CHECK_NOTIFY(&theirs, notify);
        REQUIRE(notify);
        REQUIRE(ours.take(request) == true);
        REQUIRE(request.id == i);
        REQUIRE(ours.put(Response{i, 0}).has_value());
        REQUIRE(ours.publish());
        REQUIRE(RING_HAS_UNCONSUMED_RESPONSES(&theirs) == 1);
        REQUIRE(RING_GET_RESPONSE(&theirs, theirs.rsp_cons)->id == i);
        ++theirs.rsp_cons;
    }
}
