// SPDX-License-Identifier: BSD-3-Clause
#include "child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

namespace unicore::test {

Ending in_child(const std::function<void()>& body) {
    int pipe[2];
    if (::pipe(pipe) != 0) throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork");
    if (child == 0) {
        ::close(pipe[0]);
        ::dup2(pipe[1], STDOUT_FILENO);
        ::dup2(pipe[1], STDERR_FILENO);
        body();
        ::_exit(0);
    }
    ::close(pipe[1]);
    Ending ending{0, {}};
    char buffer[512];
    for (ssize_t n; (n = ::read(pipe[0], buffer, sizeof buffer)) > 0;)
        ending.output.append(buffer, static_cast<std::size_t>(n));
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ending.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ending;
}

}  // namespace unicore::test
