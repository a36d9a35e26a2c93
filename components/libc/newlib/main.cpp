// SPDX-License-Identifier: BSD-3-Clause
// A return from main is a call of exit, which runs what atexit registered and flushes the streams. Images with this
// component are linked with --wrap=main. [ISO C17, 5.1.2.2.3]
#include <cstdlib>

extern "C" {

extern char** environ;

int __real_main(int count, char** values, char** environment);

int __wrap_main(int count, char** values) { std::exit(__real_main(count, values, environ)); }

}  // extern "C"
