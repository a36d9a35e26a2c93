// SPDX-License-Identifier: BSD-3-Clause
#include "guest_memory.hpp"

#include <cstdlib>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The kernel knows what is mapped: a copy through a file fails where a load would fault. The bare system
// calls, because the sanitizers' wrappers look at the memory first.
namespace unicore::xen::simulator {

GuestMemory::GuestMemory() : buffer_(memfd_create("unicore-simulator-copy", MFD_CLOEXEC)) {
    if (buffer_ < 0) std::abort();
}

GuestMemory::~GuestMemory() { close(buffer_); }

bool GuestMemory::copy_from(void* to, std::uintptr_t from, std::size_t size) const {
    const auto wanted = static_cast<long>(size);
    return syscall(SYS_pwrite64, buffer_, from, size, 0L) == wanted &&
           syscall(SYS_pread64, buffer_, to, size, 0L) == wanted;
}

bool GuestMemory::copy_to(std::uintptr_t to, const void* from, std::size_t size) const {
    const auto wanted = static_cast<long>(size);
    return syscall(SYS_pwrite64, buffer_, from, size, 0L) == wanted &&
           syscall(SYS_pread64, buffer_, to, size, 0L) == wanted;
}

}  // namespace unicore::xen::simulator
