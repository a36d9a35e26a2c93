// SPDX-License-Identifier: BSD-3-Clause
/// Rings of requests and responses in memory that two domains share. [Xen, xen/include/public/io/ring.h]
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/xen/ring/end.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace unicore::xen::ring {

/// What a ring can carry: the bytes are the other domain's to read and to write.
template <typename T>
concept Message = std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T>;

/// A place of the ring: a request, then its or another's response.
template <Message Request, Message Response>
union Entry {
    Request request;
    Response response;
};

/// How many entries `memory_size` bytes hold: a power of two.
template <Message Request, Message Response>
constexpr std::uint32_t entries_in(std::size_t memory_size) noexcept {
    const std::size_t room = memory_size < sizeof(Header) ? 0 : memory_size - sizeof(Header);
    return static_cast<std::uint32_t>(std::bit_floor(room / sizeof(Entry<Request, Response>)));
}

namespace detail {

/// Copies out of shared memory: each byte is loaded exactly once, so that what is checked is what is used.
template <Message T>
[[gnu::always_inline]] inline void copy_out(T& to, const void* from) noexcept {
    constexpr std::size_t step = std::min<std::size_t>(alignof(T), sizeof(std::uint64_t));
    using Integer = std::conditional_t<step == 8, std::uint64_t,
                    std::conditional_t<step == 4, std::uint32_t,
                    std::conditional_t<step == 2, std::uint16_t, std::uint8_t>>>;
    using Word [[gnu::may_alias]] = Integer;
    const volatile Word* words = static_cast<const volatile Word*>(from);
    for (std::size_t i = 0; i < sizeof(T) / step; ++i) {
        const Integer word = words[i];
        std::memcpy(reinterpret_cast<std::byte*>(&to) + i * step, &word, step);
    }
}

/// One end: puts `Out` in, takes `In` out.
template <Side side, Message Out, Message In, typename Entry>
class TypedEnd : public End {
public:
    /// Puts a message into the next place; the other end does not see it before `publish`.
    /// Errors: busy when there is no place; device_error when the ring is broken.
    Result<void> put(const Out& message) noexcept {
        UNICORE_TRY(claim());
        std::memcpy(static_cast<void*>(&place(produced_++)), &message, sizeof message);
        return {};
    }

    /// Copies the next message out and frees its place. Returns whether there was one.
    /// Errors: device_error when the other end broke the ring.
    Result<bool> take(In& message) noexcept {
        const bool any = UNICORE_TRY(look());
        if (any) copy_out(message, &place(consumed_++));
        return any;
    }

protected:
    TypedEnd(std::span<std::byte> memory, std::uint32_t entries, std::uint32_t start) noexcept
        : End(memory.data(), entries, start, side) {}

private:
    Entry& place(std::uint32_t index) const noexcept {
        return reinterpret_cast<Entry*>(header_ + 1)[index & (size_ - 1)];
    }
};

}  // namespace detail

/// The end that asks. `memory` is page-aligned, contiguous and holds at least one entry.
template <Message Request, Message Response>
class FrontRing : public detail::TypedEnd<Side::front, Request, Response, Entry<Request, Response>> {
public:
    /// An end without a ring: everything is device_error.
    FrontRing() noexcept : FrontRing::TypedEnd({}, 0, 0) {}

    /// Makes `memory` an empty ring, before the other end sees it. Indices count from `start`.
    explicit FrontRing(std::span<std::byte> memory, std::uint32_t start = 0) noexcept
        : FrontRing::TypedEnd(memory, entries_in<Request, Response>(memory.size()), start) {
        format(memory, start);
    }
};

/// The end that answers, over memory that the front-end made a ring.
template <Message Request, Message Response>
class BackRing : public detail::TypedEnd<Side::back, Response, Request, Entry<Request, Response>> {
public:
    BackRing() noexcept : BackRing::TypedEnd({}, 0, 0) {}
    explicit BackRing(std::span<std::byte> memory, std::uint32_t start = 0) noexcept
        : BackRing::TypedEnd(memory, entries_in<Request, Response>(memory.size()), start) {}
};

}  // namespace unicore::xen::ring
