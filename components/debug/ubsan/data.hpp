// SPDX-License-Identifier: BSD-3-Clause
/// What the compiler's checks of undefined behaviour hand to their handlers.
/// Source: clang 19, lib/CodeGen/CGExpr.cpp (EmitCheckTypeDescriptor, EmitCheckValue, EmitCheckSourceLocation).
#pragma once

#include <cstddef>
#include <cstdint>

namespace unicore::debug::ubsan {

struct Location {
    const char* file;  ///< null where there is none
    std::uint32_t line;
    std::uint32_t column;
};

/// A type, and how to read a Value of it. Its name follows, in quotes, with a 0 byte.
struct Type {
    enum Kind : std::uint16_t { integer = 0, floating = 1, unknown = 0xffff };

    Kind kind;
    std::uint16_t info;  ///< integer: whether signed in bit 0, the logarithm of its bits above; floating: its bits
    const char* name() const noexcept { return reinterpret_cast<const char*>(this + 1); }
    bool is_signed() const noexcept { return kind == integer && (info & 1) != 0; }
    unsigned bits() const noexcept { return kind == integer ? 1U << (info >> 1) : info; }
};
static_assert(sizeof(Type) == 4);

/// The value itself where it fits, else its address.
using Value = std::uintptr_t;

/// Of which the address comes to most handlers; the members are those that the check has, in the compiler's order.
struct OneType {
    Location where;
    const Type& type;
};
struct TwoTypes {
    Location where;
    const Type& first;
    const Type& second;
};
struct Access {
    Location where;
    const Type& type;
    std::uint8_t alignment_logarithm;
    std::uint8_t kind;  ///< an index of `accesses` in handlers.cpp
};
struct Place {
    Location where;
};
struct Builtin {
    Location where;
    std::uint8_t kind;  ///< 0 of ctz, 1 of clz
};
struct Argument {
    Location where;
    Location attribute;
    int index;
};
struct Returned {
    Location attribute;
};
struct Assumption {
    Location where;
    Location assumed;
    const Type& type;
};

}  // namespace unicore::debug::ubsan
