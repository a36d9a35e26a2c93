// SPDX-License-Identifier: BSD-3-Clause
#include "kvm.hpp"

#include <unicore/base/boot.hpp>
#include <unicore/base/words.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/kvm/devices.hpp>

#include <algorithm>
#include <array>

namespace unicore::platform {
using namespace std::string_view_literals;
namespace {

constexpr std::size_t most_arguments = 64;
constexpr std::size_t most_settings = 32;
constinit std::array<char, page_size> copy{};
constinit std::array<char*, most_arguments + 2> argument_values{};
constinit int argument_count = 0;  // without argv[0]
constinit std::array<char*, most_settings> setting_values{};
constinit std::size_t setting_count = 0;
constinit std::array<std::string_view, kvm::most_devices> devices{};
constinit std::size_t device_count = 0;

constexpr std::string_view device_word = "virtio_mmio.device=";

}  // namespace

/// `setting=value … -- argument …`, in which the monitor may have put its device words anywhere.
void kvm::set_command_line(const char* text, std::size_t limit) noexcept {
    const char* const end = std::find(text, text + limit, '\0');
    if (end == text + limit) complain("the command line is longer than 4095 bytes; the rest is not used"sv);
    char* const copy_end = std::copy(text, std::min(end, text + copy.size() - 1), copy.data());
    char* next = copy.data();
    bool arguments_follow = false;
    while (char* const word = base::next_word(next, copy_end)) {
        const std::string_view view(word);
        if (view.starts_with(device_word)) {
            if (device_count == most_devices) complain("more than 16 virtio_mmio devices; the rest is not used"sv);
            else devices[device_count++] = word + device_word.size();
        } else if (arguments_follow) {
            if (argument_count == static_cast<int>(most_arguments)) complain("more than 64 arguments; the rest is not used"sv);
            else argument_values[++argument_count] = word;
        } else if (view == "--") {
            arguments_follow = true;
        } else if (setting_count == most_settings) {
            complain("more than 32 settings; the rest is not used"sv);
        } else {
            setting_values[setting_count++] = word;
        }
    }
}

std::span<char* const> settings() noexcept { return {setting_values.data(), setting_count}; }

Arguments arguments() noexcept {
    argument_values[0] = const_cast<char*>(boot::image_name);
    return {argument_count + 1, argument_values.data()};
}

std::span<const std::string_view> kvm::devices_of_monitor() noexcept { return {devices.data(), device_count}; }

}  // namespace unicore::platform
