// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/mapping.hpp>
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/base/text.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/boot/pvh.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/kvm/devices.hpp>

#include <array>

namespace unicore::platform {
namespace {

constinit std::array<std::string_view, kvm::most_devices> devices{};
constinit std::size_t device_count = 0;

/// The monitor may have put its device words anywhere.
bool is_device(char* word) noexcept {
    constexpr std::string_view start = "virtio_mmio.device=";
    const std::string_view view(word);
    if (!view.starts_with(start)) return false;
    if (device_count == kvm::most_devices) text::report("more than 16 virtio_mmio devices; the rest is not used");
    else devices[device_count++] = word + start.size();
    return true;
}

}  // namespace

std::span<const std::string_view> kvm::devices_of_monitor() noexcept { return {devices.data(), device_count}; }

std::span<const MemoryRange> memory() noexcept { return boot::memory_map::ranges(); }

Result<MemoryRange> commit(MemoryRange range) noexcept { return arch::commit(range); }
Result<void> guard(MemoryRange stack, TakePage take_page) noexcept { return arch::guard(stack, take_page); }
MemoryRange first_stack() noexcept { return arch::first_stack(); }
void unguard(std::uintptr_t page) noexcept { arch::unguard(page); }

}  // namespace unicore::platform

extern "C" void unicore_platform_start(std::uintptr_t argument) noexcept {
    using namespace unicore;
    if (!boot::pvh::start(argument, platform::is_device).has_memory_map)
        text::report("the loader gave no memory map");
    boot::run();
}
