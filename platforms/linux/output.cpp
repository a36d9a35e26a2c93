// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>
#include <unicore/platform/linux/output.hpp>
#include <unicore/platform/linux/system_call.hpp>

namespace unicore::platform {
namespace {

constexpr int patience = 100;                          // tries without progress,
constexpr std::int64_t pause_nanoseconds = 10'000'000;  // each as long as this

}  // namespace

bool linux::write_all(int descriptor, std::string_view text) noexcept {
    for (int tries = patience; !text.empty(); --tries) {
        const long written = system_call(Call::write, descriptor, text.data(), text.size());
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
            tries = patience;
        } else if (tries == 0) {
            return false;
        } else if (is(written, ErrorNumber::again)) {
            PollDescriptor poll{descriptor, poll_out, 0};
            TimeSpec pause{0, pause_nanoseconds};
            system_call(Call::ppoll, &poll, 1, &pause, nullptr);
        } else if (written != 0 && !is(written, ErrorNumber::interrupted)) {
            return false;
        }
    }
    return true;
}

void early_write(std::string_view text) noexcept { linux::write_all(linux::standard_error, text); }

void halt(int status) noexcept {
    for (;;) linux::system_call(linux::Call::exit_group, status);
}

}  // namespace unicore::platform
