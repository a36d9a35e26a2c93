/* SPDX-License-Identifier: BSD-3-Clause */
/* Files in the image, for C. */
#ifndef UNICORE_EMBED_H
#define UNICORE_EMBED_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The contents of the file that unicore_embed put into the image under this name, and how long they are; a 0 byte
   follows that is not counted. Null when there is none. Context: any. */
const void* unicore_embedded_file(const char* name, size_t* size);

#ifdef __cplusplus
}
#endif

#endif
