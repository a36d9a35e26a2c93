// SPDX-License-Identifier: BSD-3-Clause
/// File descriptors, for those who make things that have one: pipes, timers, the console, and later sockets and files.
#pragma once

#include <unicore/posix/fd/poll_hook.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <utility>

#include <errno.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace unicore::posix::fd {

/// A value, or an errno.
template <typename T>
using Outcome = std::expected<T, int>;

/// What a read fills or a write takes: the buffers of a program, one after the other.
class Buffers {
public:
    explicit Buffers(std::span<const iovec> pieces) noexcept;
    /// How many bytes are left of all of them.
    std::size_t left() const noexcept { return left_; }
    /// Copies into them as much as there is room for; how many bytes.
    std::size_t put(std::span<const std::byte> from) noexcept;
    /// Copies out of them as much as there is; how many bytes.
    std::size_t take(std::span<std::byte> into) noexcept;
    /// The rest of the first one that has any: for those who read or write in place, and tell with `skip` how much.
    std::span<std::byte> piece() const noexcept;
    void skip(std::size_t count) noexcept;

private:
    std::span<const iovec> pieces_;
    std::size_t done_ = 0;  ///< of the first one
    std::size_t left_ = 0;
};

/// An open file description: what descriptors refer to, one or several of them. It is there until the last of them is
/// closed, and nobody uses it any more. Context of all its functions: thread. None of them waits: read and write say
/// EAGAIN instead, and whoever changes that calls `changed`. [POSIX.1-2017, XBD 3.258]
class Description {
public:
    /// What functions of one kind alone ask for, as timerfd_settime does.
    enum class Kind : std::uint8_t { other, timer, socket, epoll };

    Description(const Description&) = delete;
    Description& operator=(const Description&) = delete;

    /// Returns how many bytes; 0 for none left, ever. Errors: EAGAIN when there is nothing now; EBADF when it is not
    /// for reading; others.
    virtual Outcome<std::size_t> read(Buffers& into) noexcept = 0;
    /// Returns how many bytes, not 0 unless there were none. Errors: EAGAIN when there is no room now; EBADF when it is
    /// not for writing; others.
    virtual Outcome<std::size_t> write(Buffers& from) noexcept = 0;
    /// Which of POLLIN, POLLOUT, POLLERR, POLLHUP, POLLRDHUP hold now.
    virtual short state() noexcept = 0;
    /// When the state changes without anybody's calling `changed`: at that moment somebody who waits looks again.
    virtual time::Instant look_at() noexcept { return time::never; }
    /// Whether its state ever changes: epoll refuses what can always be read and written, such as files.
    virtual bool watchable() noexcept { return true; }
    /// How long read and write wait for `event`, POLLIN or POLLOUT, before they say EAGAIN.
    virtual time::Duration patience(short) noexcept { return time::Duration::max(); }
    /// What FIONREAD says. Errors: ENOTTY.
    virtual Outcome<int> unread() noexcept { return std::unexpected(ENOTTY); }
    virtual void describe(struct stat& out) noexcept = 0;
    virtual bool terminal() noexcept { return false; }
    /// Errors: ESPIPE for what has no places.
    virtual Outcome<off_t> seek(off_t, int) noexcept { return std::unexpected(ESPIPE); }

    /// O_RDONLY, O_WRONLY or O_RDWR, and O_NONBLOCK.
    int flags() const noexcept { return flags_; }
    Kind kind() const noexcept { return kind_; }
    void set_nonblocking(bool yes) noexcept;

    /// Wakes those who wait for it. Context: any.
    void changed() noexcept { pollers_.notify(); }
    PollHooks& pollers() noexcept { return pollers_; }

protected:
    explicit constexpr Description(int flags, Kind kind = Kind::other) noexcept : flags_(flags), kind_(kind) {}
    ~Description() = default;

private:
    friend class Reference;

    /// Called once, when nobody refers to it any more: frees it.
    virtual void destroy() noexcept = 0;

    int flags_;
    const Kind kind_;
    unsigned references_ = 0;  ///< changed masked
    PollHooks pollers_;
};

/// Keeps a description while it is used, and in the table.
class Reference {
public:
    constexpr Reference() noexcept = default;
    explicit Reference(Description& description) noexcept;
    Reference(const Reference&) = delete;
    Reference(Reference&& other) noexcept : description_(std::exchange(other.description_, nullptr)) {}
    Reference& operator=(Reference&& other) noexcept {
        std::swap(description_, other.description_);
        return *this;
    }
    constexpr ~Reference() {
        if (description_ != nullptr) let_go();
    }

    Reference copy() const noexcept { return description_ == nullptr ? Reference() : Reference(*description_); }
    explicit operator bool() const noexcept { return description_ != nullptr; }
    Description& operator*() const noexcept { return *description_; }
    Description* operator->() const noexcept { return description_; }
    bool operator==(const Reference&) const noexcept = default;

private:
    void let_go() noexcept;

    Description* description_ = nullptr;
};

/// For posix.epoll: `descriptor` has been closed, or nobody refers to the description any more and it ends (-1). Weak:
/// nothing. Context: thread.
void unwatch(Description& description, int descriptor) noexcept;

/// Gives a description the lowest number that is free, `least` or more. Context: thread.
/// Errors: EMFILE when no number is free; ENOMEM.
Outcome<int> open(Reference description, bool close_on_exec = false, int least = 0) noexcept;

/// What a number refers to. Context: thread. Errors: EBADF.
Outcome<Reference> find(int descriptor) noexcept;

/// Reads or writes, waiting as the description's O_NONBLOCK says: a read until there is something, a write until all is
/// written. Context: thread. Errors: the description's; EINTR when the image is to stop and nothing was done yet.
Outcome<std::size_t> read(Description& from, Buffers into) noexcept;
Outcome<std::size_t> write(Description& to, Buffers from) noexcept;

}  // namespace unicore::posix::fd
