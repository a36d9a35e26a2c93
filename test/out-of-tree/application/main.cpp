#include <unicore/console.hpp>
#include <unicore/greeting/polite.hpp>

/// Greets the first argument.
int main(int argc, char** argv) {
    unicore::console::write_line(unicore::greeting::polite::greet(argc > 1 ? argv[1] : "whoever you are"));
    return 0;
}
