// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/address.hpp>

#include <catch2/catch.hpp>

using namespace unicore::net;
using unicore::Error;

TEST_CASE("an address is six bytes, and a station's") {
    CHECK(*parse_address("02:00:5e:10:AF:ff") == MacAddress{{2, 0, 0x5e, 0x10, 0xaf, 0xff}});
    for (const char* const text : {"", "02", "02:00:00:00:00:0", "02:00:00:00:00:000", "02:00:00:00:00:0g",
                                   "02-00-00-00-00-01", "02:00:00:00:00: 1", "02:00:00:00:00:-1",
                                   "00:00:00:00:00:00", "01:00:00:00:00:01",
                                   "ff:ff:ff:ff:ff:ff", "0x:00:00:00:00:00", "02:00:00:00:00:@0", "02:00:00:00:00:`0"})
        CHECK(parse_address(text).error() == Error::invalid_argument);
}
