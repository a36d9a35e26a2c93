// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/units.hpp>

#include <cstdint>  // which Xen's headers need

#include <xen/xen.h>

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace unicore::xen::simulator {

using Frame = xen_pfn_t;

/// The memory of the machine: a file, of which domains have pages mapped.
class Frames {
public:
    static constexpr std::size_t most = 65536;
    /// No frame of a domain is among the first, so that small numbers are nobody's frame.
    static constexpr Frame first = 0x4000;

    Frames();
    ~Frames();
    Frames(const Frames&) = delete;
    Frames& operator=(const Frames&) = delete;

    /// A frame for a domain, referenced once; nothing when there is none left.
    std::optional<Frame> allocate(domid_t owner);
    void retain(Frame frame) { ++record(frame).references; }
    /// Frees it with the last reference.
    void release(Frame frame);

    /// Whose it is; DOMID_INVALID for frames that are not in use, or do not exist.
    domid_t owner(Frame frame) const noexcept;
    /// Its owner has it no more; it stays for whoever still references it.
    void disown(Frame frame);

    /// Where the hypervisor sees it.
    std::byte* at(Frame frame) const noexcept { return memory_ + (frame - first) * page_size; }
    /// Puts it at `page`.
    void map(void* page, Frame frame, bool writable) const;
    /// Leaves nothing at `page`, whose accesses fault then.
    static void unmap(void* page);

    std::size_t used() const noexcept { return used_; }

private:
    struct Record {
        domid_t owner = DOMID_INVALID;
        unsigned references = 0;
    };
    Record& record(Frame frame) { return records_[frame - first]; }

    int file_;
    std::byte* memory_;
    std::vector<Record> records_;
    std::vector<Frame> free_;
    std::size_t used_ = 0;
};

}  // namespace unicore::xen::simulator
