/* SPDX-License-Identifier: BSD-3-Clause */
/* What has no function of its own. [ioctl(2)] */
#ifndef _SYS_IOCTL_H
#define _SYS_IOCTL_H

#ifdef __cplusplus
extern "C" {
#endif

#define FIONREAD 0x541b /* int*: how many bytes can be read at once */
#define FIONBIO 0x5421  /* int*: O_NONBLOCK, or not */

int ioctl(int descriptor, unsigned long request, ...);

#ifdef __cplusplus
}
#endif

#endif
