// SPDX-License-Identifier: BSD-3-Clause
#include "table.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/platform/per_image.hpp>

#include <algorithm>
#include <memory>
#include <new>

#include <errno.h>

namespace unicore::posix::fd {

using sched::Guard;

Table::Entry* Table::entry(int descriptor) noexcept {
    const auto all = entries();
    if (descriptor < 0 || static_cast<std::size_t>(descriptor) >= all.size()) return nullptr;
    return &all[static_cast<std::size_t>(descriptor)];
}

Outcome<void> Table::grow(std::size_t size) noexcept {
    const auto old = entries();
    const std::size_t wanted = std::min(most, std::max(size, 2 * old.size()));
    const auto block = memory::heap::allocate(wanted * sizeof(Entry));
    if (!block) return std::unexpected(ENOMEM);
    const std::span<Entry> entries(static_cast<Entry*>(*block), wanted);
    std::uninitialized_default_construct(entries.begin(), entries.end());
    std::ranges::move(old, entries.begin());
    if (grown_) memory::heap::release(old.data());
    more_ = entries;
    grown_ = true;
    return {};
}

Outcome<int> Table::open(Reference description, bool close_on_exec, int least) noexcept {
    const Guard guard(mutex_);
    for (auto number = static_cast<std::size_t>(least); number < most; ++number) {
        if (number >= entries().size())
            if (const auto grown = grow(number + 1); !grown) return std::unexpected(grown.error());
        Entry& entry = entries()[number];
        if (entry.description) continue;
        entry = {std::move(description), close_on_exec};
        return static_cast<int>(number);
    }
    return std::unexpected(EMFILE);
}

Outcome<Reference> Table::replace(int descriptor, Reference description, bool close_on_exec) noexcept {
    if (descriptor < 0 || static_cast<std::size_t>(descriptor) >= most) return std::unexpected(EBADF);
    const Guard guard(mutex_);
    const auto number = static_cast<std::size_t>(descriptor);
    if (number >= entries().size())
        if (const auto grown = grow(number + 1); !grown) return std::unexpected(grown.error());
    Entry& entry = entries()[number];
    Reference before = std::move(entry.description);
    entry.description = std::move(description);
    entry.close_on_exec = close_on_exec;
    return before;
}

Outcome<Reference> Table::find(int descriptor) noexcept {
    const Guard guard(mutex_);
    const Entry* const found = entry(descriptor);
    if (found == nullptr || !found->description) return std::unexpected(EBADF);
    return found->description.copy();
}

Outcome<Reference> Table::close(int descriptor) noexcept {
    const Guard guard(mutex_);
    Entry* const found = entry(descriptor);
    if (found == nullptr || !found->description) return std::unexpected(EBADF);
    return std::move(found->description);
}

Outcome<bool> Table::close_on_exec(int descriptor) noexcept {
    const Guard guard(mutex_);
    const Entry* const found = entry(descriptor);
    if (found == nullptr || !found->description) return std::unexpected(EBADF);
    return found->close_on_exec;
}

Outcome<void> Table::set_close_on_exec(int descriptor, bool yes) noexcept {
    const Guard guard(mutex_);
    Entry* const found = entry(descriptor);
    if (found == nullptr || !found->description) return std::unexpected(EBADF);
    found->close_on_exec = yes;
    return {};
}

namespace {

platform::PerImage<Table> images_own;

}  // namespace

Table& table() noexcept { return *images_own; }

Outcome<int> open(Reference description, bool close_on_exec, int least) noexcept {
    return table().open(std::move(description), close_on_exec, least);
}

Outcome<Reference> find(int descriptor) noexcept { return table().find(descriptor); }

}  // namespace unicore::posix::fd
