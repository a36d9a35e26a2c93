/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include <stddef.h>
void abort(void);
void free(void* block);
long pathconf(const char* path, int name);
char* realpath(const char* __restrict path, char* __restrict resolved);
