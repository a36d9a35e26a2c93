// SPDX-License-Identifier: BSD-3-Clause
// Ends of a program with threads. The case is the first argument. [ISO C++23, thread.thread.constr, basic.start.term]
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace {

struct Speaker {
    explicit Speaker(const char* name) : name_(name) {}
    ~Speaker() { std::printf("%s ends\n", name_); }
    void speak() const { std::printf("%s speaks\n", name_); }
    const char* name_;
};

Speaker global("global");
thread_local Speaker own("own");

void uncaught() {
    std::thread([] { throw std::logic_error("in a thread"); }).join();
}

void joinable() { std::thread([] {}); }

void returns() {
    std::thread([] { own.speak(); }).join();
    own.speak();
}

/// What the other threads have does not end.
void exits() {
    own.speak();
    std::thread([] {
        own.name_ = "thread's own";
        own.speak();
        std::exit(3);
    }).join();
}

}  // namespace

int main(int count, char** arguments) {
    const std::string_view name = count == 2 ? arguments[1] : "";
    if (name == "uncaught") uncaught();
    else if (name == "joinable") joinable();
    else if (name == "return") returns();
    else if (name == "exit") exits();
    else return 99;
}
