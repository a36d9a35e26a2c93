// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/late.hpp>
#include <unicore/entropy/source.hpp>
#include <unicore/platform/linux/system_call.hpp>

namespace unicore::entropy::linux {
namespace {

using namespace platform::linux;

constexpr unsigned do_not_block = 1;  // GRND_NONBLOCK

class Getrandom final : public Source {
public:
    Result<void> read(std::span<std::byte> bytes) noexcept override {
        while (!bytes.empty()) {
            const long count = system_call(Call::getrandom, bytes.data(), bytes.size(), 0U);
            if (count > 0) bytes = bytes.subspan(static_cast<std::size_t>(count));  // more than 256 may come in pieces
            else if (!is(count, ErrorNumber::interrupted)) return unexpected(Error::device_error);
        }
        return {};
    }
    std::string_view name() const noexcept override { return "getrandom"; }
};

constinit Late<Getrandom> source;

}  // namespace

/// A kernel before 3.17 has no getrandom, a sandbox may forbid it; then there is no source. One whose
/// pool is not filled yet says "again": reading waits for it.
Result<void> start() noexcept {
    std::byte probe;
    const long count = system_call(Call::getrandom, &probe, sizeof probe, do_not_block);
    if (count == sizeof probe || is(count, ErrorNumber::again)) add(source.construct());
    return {};
}

}  // namespace unicore::entropy::linux
