// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/late.hpp>
#include <unicore/base/result.hpp>
#include <unicore/console/sink.hpp>
#include <unicore/platform/linux/output.hpp>
#include <unicore/platform/linux/system_call.hpp>

namespace unicore::console::stdio {
namespace {

class StandardOutput final : public Sink {
public:
    // Text that nobody takes any more is lost; what an image does must not depend on its console.
    void write(std::string_view text) noexcept override {
        platform::linux::write_all(platform::linux::standard_output, text);
    }
};

constinit Late<StandardOutput> standard_output;

}  // namespace

Result<void> start() noexcept {
    add(standard_output.construct());
    return {};
}

}  // namespace unicore::console::stdio
