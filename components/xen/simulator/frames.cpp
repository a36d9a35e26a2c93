// SPDX-License-Identifier: BSD-3-Clause
#include "frames.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <sys/mman.h>
#include <unistd.h>

namespace unicore::xen::simulator {
namespace {

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::abort();
}

}  // namespace

Frames::Frames() : file_(memfd_create("unicore-simulator", MFD_CLOEXEC)) {
    if (file_ < 0 || ftruncate(file_, most * page_size) != 0) fail("memory of the simulated machine");
    void* const memory =
        mmap(nullptr, most * page_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file_, 0);
    if (memory == MAP_FAILED) fail("memory of the simulated machine");
    memory_ = static_cast<std::byte*>(memory);
}

Frames::~Frames() {
    munmap(memory_, most * page_size);
    close(file_);
}

std::optional<Frame> Frames::allocate(domid_t owner) {
    Frame frame;
    if (!free_.empty()) {
        frame = free_.back();
        free_.pop_back();
        std::memset(at(frame), 0x5a, page_size);  // undefined contents
    } else {
        if (records_.size() == most) return {};
        frame = first + records_.size();
        records_.emplace_back();
    }
    record(frame) = {.owner = owner, .references = 1};
    ++used_;
    return frame;
}

void Frames::release(Frame frame) {
    if (--record(frame).references != 0) return;
    record(frame).owner = DOMID_INVALID;
    free_.push_back(frame);
    --used_;
}

domid_t Frames::owner(Frame frame) const noexcept {
    return frame - first < records_.size() ? records_[frame - first].owner : static_cast<domid_t>(DOMID_INVALID);
}

void Frames::disown(Frame frame) {
    record(frame).owner = DOMID_INVALID;
    release(frame);
}

void Frames::map(void* page, Frame frame, bool writable) const {
    if (mmap(page, page_size, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED | MAP_FIXED, file_,
             static_cast<off_t>((frame - first) * page_size)) == MAP_FAILED)
        fail("mapping a frame");
}

void Frames::unmap(void* page) {
    if (mmap(page, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED)
        fail("unmapping a frame");
}

}  // namespace unicore::xen::simulator
