// SPDX-License-Identifier: BSD-3-Clause
// [eventfd(2)]
#include <unicore/posix/fd/calls.hpp>

#include <unicore/sched/mutex.hpp>

#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

using sched::Guard;

class Event final : public Description {
public:
    Event(std::uint64_t value, bool semaphore, int flags) noexcept
        : Description(O_RDWR | flags), value_(value), semaphore_(semaphore) {}

    Outcome<std::size_t> read(Buffers& into) noexcept override {
        if (into.left() < sizeof value_) return std::unexpected(EINVAL);
        std::uint64_t taken;
        {
            const Guard guard(mutex_);
            if (value_ == 0) return std::unexpected(EAGAIN);
            taken = semaphore_ ? 1 : value_;
            value_ -= taken;
        }
        changed();
        return into.put(std::as_bytes(std::span(&taken, 1)));
    }
    Outcome<std::size_t> write(Buffers& from) noexcept override {
        if (from.left() < sizeof value_) return std::unexpected(EINVAL);
        Buffers taking = from;  // what does not fit is not taken
        std::uint64_t added;
        taking.take(std::as_writable_bytes(std::span(&added, 1)));
        if (added > most) return std::unexpected(EINVAL);
        {
            const Guard guard(mutex_);
            if (most - value_ < added) return std::unexpected(EAGAIN);
            value_ += added;
        }
        from.skip(from.left());  // of more than a number the rest counts for nothing
        changed();
        return sizeof value_;
    }
    short state() noexcept override {
        const Guard guard(mutex_);
        return static_cast<short>((value_ != 0 ? POLLIN | POLLRDNORM : 0) | (value_ < most ? POLLOUT | POLLWRNORM : 0));
    }
    void describe(struct stat& out) noexcept override {
        out.st_mode = S_IRUSR | S_IWUSR;
        out.st_nlink = 1;
    }

private:
    static constexpr std::uint64_t most = ~std::uint64_t{0} - 1;

    void destroy() noexcept override { unmake(*this); }

    sched::Mutex mutex_;
    std::uint64_t value_;
    const bool semaphore_;
};

}  // namespace
}  // namespace unicore::posix::fd

using namespace unicore::posix::fd;

extern "C" {

/// Errors: EINVAL for other flags; EMFILE; ENOMEM.
int eventfd(unsigned initial, int flags) {
    if ((flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK)) != 0) return fail(EINVAL);
    auto made = make<Event>(initial, (flags & EFD_SEMAPHORE) != 0, flags & O_NONBLOCK);
    if (!made) return fail(made.error());
    return answer(open(std::move(*made), (flags & EFD_CLOEXEC) != 0));
}

int eventfd_read(int descriptor, eventfd_t* value) {
    return read(descriptor, value, sizeof *value) == sizeof *value ? 0 : -1;
}
int eventfd_write(int descriptor, eventfd_t value) {
    return write(descriptor, &value, sizeof value) == sizeof value ? 0 : -1;
}

}  // extern "C"
