// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/barriers.hpp>
#include <unicore/base/result.hpp>
#include <unicore/xen/ring/end.hpp>

#include <atomic>
#include <cstring>

namespace unicore::xen::ring {
namespace {

/// An index that the other domain reads or writes at any moment.
std::atomic_ref<std::uint32_t> shared(std::uint32_t& index) noexcept { return std::atomic_ref(index); }

}  // namespace

void format(std::span<std::byte> memory, std::uint32_t start) noexcept {
    const Header header{{start, start + 1}, {start, start + 1}, {}};
    if (memory.size() >= sizeof header) std::memcpy(memory.data(), &header, sizeof header);
}

End::End(void* memory, std::uint32_t entries, std::uint32_t start, Side side) noexcept
    : header_(static_cast<Header*>(memory)), size_(entries), produced_(start), consumed_(start), published_(start),
      seen_(start), side_(side), broken_(entries == 0) {}

Result<bool> End::look() noexcept {
    if (broken_) return unexpected(Error::device_error);
    if (seen_ != consumed_) return true;
    const std::uint32_t producer = shared(in().producer).load(std::memory_order_relaxed);
    arch::Barriers::read();  // the index before the entries
    // The back-end answers what it was asked; the front-end asks into places whose response it could
    // see. Unsigned differences: an index that went back is one that is far ahead.
    const std::uint32_t possible = published_ + (side_ == Side::front ? 0 : size_) - consumed_;
    if (producer - consumed_ > possible) {
        broken_ = true;
        return unexpected(Error::device_error);
    }
    seen_ = producer;
    return seen_ != consumed_;
}

Result<void> End::claim() noexcept {
    if (broken_) return unexpected(Error::device_error);
    if (free() == 0) return unexpected(Error::busy);
    return {};
}

bool End::publish() noexcept {
    const std::uint32_t count = produced_ - published_;
    if (broken_ || count == 0) return false;
    arch::Barriers::write();  // the entries before the index
    shared(out().producer).store(produced_, std::memory_order_relaxed);
    published_ = produced_;
    arch::Barriers::full();  // the index before what it is compared with
    return produced_ - shared(out().event).load(std::memory_order_relaxed) < count;
}

Result<bool> End::more(std::uint32_t batch) noexcept {
    if (UNICORE_TRY(look())) return true;
    shared(in().event).store(consumed_ + batch, std::memory_order_relaxed);
    arch::Barriers::full();  // the event index before the other end's producer
    return look();
}

void End::hush() noexcept {
    // Who produces notifies of the message before the index, and that one was taken. [RING_PUSH_REQUESTS_AND_CHECK_NOTIFY]
    if (!broken_) shared(in().event).store(consumed_, std::memory_order_relaxed);
}

}  // namespace unicore::xen::ring
