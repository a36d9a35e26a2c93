// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, pipe, read, write]
#include <unicore/posix/fd/calls.hpp>
#include "table.hpp"

#include <unicore/posix/fd/config.hpp>
#include <unicore/sched/mutex.hpp>

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

using sched::Guard;

struct Pipe;

class ReadEnd final : public Description {
public:
    ReadEnd(Pipe& pipe, int flags) noexcept : Description(O_RDONLY | flags), pipe_(pipe) {}
    Outcome<std::size_t> read(Buffers& into) noexcept override;
    Outcome<std::size_t> write(Buffers&) noexcept override { return std::unexpected(EBADF); }
    short state() noexcept override;
    Outcome<int> unread() noexcept override;
    void describe(struct stat& out) noexcept override {
        out.st_mode = S_IFIFO | S_IRUSR;
        out.st_nlink = 1;
    }

private:
    void destroy() noexcept override;
    Pipe& pipe_;
};

class WriteEnd final : public Description {
public:
    WriteEnd(Pipe& pipe, int flags) noexcept : Description(O_WRONLY | flags), pipe_(pipe) {}
    Outcome<std::size_t> read(Buffers&) noexcept override { return std::unexpected(EBADF); }
    Outcome<std::size_t> write(Buffers& from) noexcept override;
    short state() noexcept override;
    void describe(struct stat& out) noexcept override {
        out.st_mode = S_IFIFO | S_IWUSR;
        out.st_nlink = 1;
    }

private:
    void destroy() noexcept override;
    Pipe& pipe_;
};

/// Both ends and what is between them: one block of memory, until both ends are gone.
struct Pipe {
    static constexpr std::size_t size = config::pipe;
    static_assert(size >= PIPE_BUF);

    explicit Pipe(int flags) noexcept : reader(*this, flags), writer(*this, flags) {}

    std::size_t used() const noexcept { return written - taken; }
    std::size_t room() const noexcept { return size - used(); }
    /// The bytes at a place of the ring, up to its end.
    std::span<std::byte> at(std::size_t place, std::size_t most) noexcept {
        return std::span(bytes).subspan(place % size).first(std::min(most, size - place % size));
    }
    /// An end has gone. The other one's waiters look again; it cannot go meanwhile, and all of this with it.
    void close(bool& here, Description& other) noexcept {
        bool last;
        {
            const Guard guard(mutex);
            here = false;
            last = !has_reader && !has_writer;
            if (!last) other.changed();
        }
        if (last) unmake(*this);
    }

    sched::Mutex mutex;  ///< of all that follows, but the ends
    std::size_t taken = 0, written = 0;  ///< of all bytes there ever were
    bool has_reader = true, has_writer = true;
    ReadEnd reader;
    WriteEnd writer;
    std::array<std::byte, size> bytes;
};

Outcome<std::size_t> ReadEnd::read(Buffers& into) noexcept {
    if (into.left() == 0) return 0;
    std::size_t done = 0;
    {
        const Guard guard(pipe_.mutex);
        if (pipe_.used() == 0) {
            if (pipe_.has_writer) return std::unexpected(EAGAIN);
            return 0;
        }
        while (pipe_.used() != 0 && into.left() != 0) {
            const std::size_t count = into.put(pipe_.at(pipe_.taken, pipe_.used()));
            pipe_.taken += count;
            done += count;
        }
    }
    pipe_.writer.changed();
    return done;
}

/// Up to PIPE_BUF bytes go in as one piece, or not at all.
Outcome<std::size_t> WriteEnd::write(Buffers& from) noexcept {
    std::size_t done = 0;
    bool broken;
    {
        const Guard guard(pipe_.mutex);
        broken = !pipe_.has_reader;
        if (!broken) {
            if (from.left() == 0) return 0;
            if (pipe_.room() < (from.left() <= PIPE_BUF ? from.left() : 1)) return std::unexpected(EAGAIN);
            while (pipe_.room() != 0 && from.left() != 0) {
                const std::size_t count = from.take(pipe_.at(pipe_.written, pipe_.room()));
                pipe_.written += count;
                done += count;
            }
        }
    }
    if (broken) {
        raise(SIGPIPE);
        return std::unexpected(EPIPE);
    }
    pipe_.reader.changed();
    return done;
}

short ReadEnd::state() noexcept {
    const Guard guard(pipe_.mutex);
    return static_cast<short>((pipe_.used() != 0 ? POLLIN | POLLRDNORM : 0) | (pipe_.has_writer ? 0 : POLLHUP));
}

/// There is room for what must not be taken apart.
short WriteEnd::state() noexcept {
    const Guard guard(pipe_.mutex);
    if (!pipe_.has_reader) return POLLERR;
    return pipe_.room() >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0;
}

Outcome<int> ReadEnd::unread() noexcept {
    const Guard guard(pipe_.mutex);
    return static_cast<int>(pipe_.used());
}

void ReadEnd::destroy() noexcept { pipe_.close(pipe_.has_reader, pipe_.writer); }
void WriteEnd::destroy() noexcept { pipe_.close(pipe_.has_writer, pipe_.reader); }

}  // namespace
}  // namespace unicore::posix::fd

using namespace unicore;
using namespace unicore::posix::fd;

extern "C" {

/// Errors: EINVAL for other flags than O_CLOEXEC and O_NONBLOCK; EMFILE; ENOMEM. [pipe(2)]
int pipe2(int descriptors[2], int flags) {
    if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0) return fail(EINVAL);
    const auto block = memory::heap::allocate(sizeof(Pipe));
    if (!block) return fail(ENOMEM);
    auto& made = *new (*block) Pipe(flags & O_NONBLOCK);
    Reference reader(made.reader), writer(made.writer);
    const bool close_on_exec = (flags & O_CLOEXEC) != 0;
    const auto first = open(std::move(reader), close_on_exec);
    if (!first) return fail(first.error());
    const auto second = open(std::move(writer), close_on_exec);
    if (!second) {
        close(*first);
        return fail(second.error());
    }
    descriptors[0] = *first;
    descriptors[1] = *second;
    return 0;
}

int pipe(int descriptors[2]) { return pipe2(descriptors, 0); }

}  // extern "C"
