/* SPDX-License-Identifier: BSD-3-Clause */
/* What mimalloc's sources name of C's headers; the image may have no C library. Nobody looks at this errno. */
#pragma once
extern int unicore_mimalloc_errno;
#define errno unicore_mimalloc_errno
#define EAGAIN 11
#define ENOMEM 12
#define EFAULT 14
#define EINVAL 22
#define EOVERFLOW 139
