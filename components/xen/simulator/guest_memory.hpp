// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace unicore::xen::simulator {

/// Memory as a domain's pointers have it: copies fail (EFAULT) where nothing is mapped.
class GuestMemory {
public:
    GuestMemory();
    ~GuestMemory();
    GuestMemory(const GuestMemory&) = delete;
    GuestMemory& operator=(const GuestMemory&) = delete;

    bool copy_from(void* to, std::uintptr_t from, std::size_t size) const;
    bool copy_to(std::uintptr_t to, const void* from, std::size_t size) const;

    template <typename T>
    bool read(T& value, std::uintptr_t from) const {
        return copy_from(&value, from, sizeof value);
    }
    template <typename T>
    bool write(std::uintptr_t to, const T& value) const {
        return copy_to(to, &value, sizeof value);
    }

private:
    int buffer_;
};

}  // namespace unicore::xen::simulator
