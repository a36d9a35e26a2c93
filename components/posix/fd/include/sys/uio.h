/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading into, and writing from, several buffers. [POSIX.1-2017, sys/uio.h] */
#ifndef _SYS_UIO_H
#define _SYS_UIO_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct iovec {
    void* iov_base;
    size_t iov_len;
};

ssize_t readv(int descriptor, const struct iovec* pieces, int count);
ssize_t writev(int descriptor, const struct iovec* pieces, int count);

#ifdef __cplusplus
}
#endif

#endif
