// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio/transports.hpp>

#include <unicore/base/late.hpp>

namespace unicore::bus::virtio::transports {
namespace {

constinit Late<Ways> all;

}  // namespace

Ways& ways() noexcept {
    if (!all.constructed()) all.construct();
    return *all;
}

void add(Way& way) noexcept { ways().push_back(way); }

}  // namespace unicore::bus::virtio::transports
