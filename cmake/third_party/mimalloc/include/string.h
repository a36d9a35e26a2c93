/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
#include <stddef.h>
void* memcpy(void* __restrict to, const void* __restrict from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* first, int value, size_t size);
void* memchr(const void* first, int value, size_t size);
size_t strlen(const char* string);
char* strcpy(char* __restrict to, const char* __restrict from);
