// SPDX-License-Identifier: BSD-3-Clause
// There is no file system: no path leads anywhere. [POSIX.1-2017, link, mkdir, open, rename, stat, unlink: ENOENT]
#include "reent.hpp"

#include <sys/stat.h>
#include <unistd.h>

using unicore::libc::newlib::fail;

extern "C" {

int _open_r(_reent* reent, const char*, int, int) { return fail(reent, ENOENT); }
int _stat_r(_reent* reent, const char*, struct stat*) { return fail(reent, ENOENT); }
int _link_r(_reent* reent, const char*, const char*) { return fail(reent, ENOENT); }
int _unlink_r(_reent* reent, const char*) { return fail(reent, ENOENT); }
int _rename_r(_reent* reent, const char*, const char*) { return fail(reent, ENOENT); }
int _mkdir_r(_reent* reent, const char*, int) { return fail(reent, ENOENT); }

int mkdir(const char*, mode_t) { return fail(_REENT, ENOENT); }
int rmdir(const char*) { return fail(_REENT, ENOENT); }
int access(const char*, int) { return fail(_REENT, ENOENT); }
int chdir(const char*) { return fail(_REENT, ENOENT); }
char* getcwd(char*, std::size_t) {
    fail(_REENT, ENOENT);
    return nullptr;
}

}  // extern "C"
