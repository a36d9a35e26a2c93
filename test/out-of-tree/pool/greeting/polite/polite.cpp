#include <unicore/greeting/polite.hpp>

#include <unicore/base/text.hpp>
#include <unicore/greeting/polite/config.hpp>

namespace unicore::greeting::polite {
namespace {

constinit text::Line line{};

}  // namespace

std::string_view greet(std::string_view name) noexcept {
    line = {};
    line << "Good " << (config::time == config::Time::evening ? "evening" : "morning") << ", " << name.substr(0, 64)
         << ", said most politely.";
    return line.view();
}

}  // namespace unicore::greeting::polite
