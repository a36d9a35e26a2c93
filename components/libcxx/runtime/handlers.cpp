// SPDX-License-Identifier: BSD-3-Clause
// The handlers that programs may replace, and std::terminate's own: a panic that says what nobody caught. A handler of
// SIGABRT is called before, as std::abort would. [ISO C++23, except.terminate, terminate.handler]
#include "type_name.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

#include <csignal>
#include <exception>
#include <new>
#include <typeinfo>
#include <utility>

#include <cxxabi.h>

namespace {

void add_what(unicore::text::Line& line) noexcept {
    try {
        throw;
    } catch (const std::exception& exception) {
        line << ": " << exception.what();
    } catch (...) {
    }
}

constinit bool ending = false;

[[noreturn]] void say_and_end() noexcept {
    unicore::text::Line line;
    line << "terminating";
    // Once: what() may end here, too.
    if (const std::type_info* const type = abi::__cxa_current_exception_type();
        type != nullptr && !std::exchange(ending, true)) {
        line << " due to uncaught exception of type ";
        unicore::libcxx::type_name(line, type->name());
        add_what(line);
    }
    const auto handler = std::signal(SIGABRT, SIG_DFL);
    if (handler != SIG_DFL && handler != SIG_IGN && handler != SIG_ERR) handler(SIGABRT);
    unicore::panic(line.view());
}

}  // namespace

extern "C" {
// What libc++abi reads. [libc++abi, cxa_handlers.h]
constinit std::terminate_handler __cxa_terminate_handler = say_and_end;
constinit std::terminate_handler __cxa_unexpected_handler = std::terminate;
constinit std::new_handler __cxa_new_handler = nullptr;
}

namespace std {

terminate_handler set_terminate(terminate_handler handler) noexcept {
    return exchange(__cxa_terminate_handler, handler != nullptr ? handler : say_and_end);
}

new_handler set_new_handler(new_handler handler) noexcept { return exchange(__cxa_new_handler, handler); }

}  // namespace std
