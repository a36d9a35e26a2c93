// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/posix/fd.hpp>

#include <unicore/platform/interrupts.hpp>

#include <algorithm>
#include <cstring>

#include <fcntl.h>

namespace unicore::posix::fd {

Buffers::Buffers(std::span<const iovec> pieces) noexcept : pieces_(pieces) {
    for (const iovec& piece : pieces) left_ += piece.iov_len;
}

std::span<std::byte> Buffers::piece() const noexcept {
    std::size_t done = done_;
    for (const iovec& piece : pieces_) {
        if (piece.iov_len > done) return {static_cast<std::byte*>(piece.iov_base) + done, piece.iov_len - done};
        done = 0;  // past an empty one
    }
    return {};
}

void Buffers::skip(std::size_t count) noexcept {
    left_ -= count;
    done_ += count;
    while (!pieces_.empty() && done_ >= pieces_.front().iov_len) {
        done_ -= pieces_.front().iov_len;
        pieces_ = pieces_.subspan(1);
    }
}

std::size_t Buffers::put(std::span<const std::byte> from) noexcept {
    std::size_t done = 0;
    while (done != from.size() && left_ != 0) {
        const auto room = piece();
        const std::size_t count = std::min(room.size(), from.size() - done);
        std::memcpy(room.data(), from.data() + done, count);
        skip(count);
        done += count;
    }
    return done;
}

std::size_t Buffers::take(std::span<std::byte> into) noexcept {
    std::size_t done = 0;
    while (done != into.size() && left_ != 0) {
        const auto there = piece();
        const std::size_t count = std::min(there.size(), into.size() - done);
        std::memcpy(into.data() + done, there.data(), count);
        skip(count);
        done += count;
    }
    return done;
}

void Description::set_nonblocking(bool yes) noexcept {
    const platform::MaskGuard masked;
    flags_ = yes ? flags_ | O_NONBLOCK : flags_ & ~O_NONBLOCK;
}

[[gnu::weak]] void unwatch(Description&, int) noexcept {}

Reference::Reference(Description& description) noexcept : description_(&description) {
    const platform::MaskGuard masked;
    ++description.references_;
}

void Reference::let_go() noexcept {
    {
        const platform::MaskGuard masked;
        if (--description_->references_ != 0) return;
    }
    if (!description_->pollers().empty()) unwatch(*description_, -1);
    description_->destroy();
}

}  // namespace unicore::posix::fd
