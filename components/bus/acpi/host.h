/* SPDX-License-Identifier: BSD-3-Clause */
/* What ACPICA's files expect of whoever they are compiled for. Included before anything else of theirs. */
#pragma once

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
typedef int spinlock_t;

#define COMPILER_DEPENDENT_INT64 long long
#define COMPILER_DEPENDENT_UINT64 unsigned long long
#define BITS_PER_LONG __SIZEOF_LONG__ * 8
#define EXPORT_SYMBOL(symbol)
#define __init
#define __initdata
#define __iomem

/* Firmware's mistakes are worked around without a word: nobody could do anything about them. */
#define ACPI_NO_ERROR_MESSAGES
