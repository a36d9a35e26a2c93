// SPDX-License-Identifier: BSD-3-Clause
/// A ring with both its ends, in one process.
#pragma once

#include <unicore/xen/ring.hpp>

#include <cstdlib>
#include <memory>
#include <span>
#include <stdexcept>

namespace unicore::test {

namespace ring = xen::ring;

struct Request {
    std::uint32_t id;
    std::uint64_t value;
    std::uint64_t more[8] = {};
};
struct Response {
    std::uint32_t id;
    std::int16_t value;
};

struct TwoEnds {
    explicit TwoEnds(std::size_t pages = 1, std::uint32_t start = 0)
        : size(pages * 4096), memory(static_cast<std::byte*>(std::aligned_alloc(4096, size)), std::free),
          front(std::span(memory.get(), size), start), back(std::span(memory.get(), size), start) {}

    ring::Header& header() { return *reinterpret_cast<ring::Header*>(memory.get()); }

    void answer(std::uint32_t count) {
        Response response{};
        for (std::uint32_t i = 0; i < count; ++i)
            if (!back.put(response)) throw std::runtime_error("no place for a response");
        static_cast<void>(back.publish());
        for (std::uint32_t i = 0; i < count; ++i)
            if (front.take(response) != true) throw std::runtime_error("a response is missing");
    }

    const std::size_t size;
    std::unique_ptr<std::byte, decltype(&std::free)> memory;
    ring::FrontRing<Request, Response> front;
    ring::BackRing<Request, Response> back;
};

}  // namespace unicore::test
