// SPDX-License-Identifier: BSD-3-Clause
// What the compiler calls when a check fails. Names, arguments and messages are those of the host's runtime.
// [Clang 19, UndefinedBehaviorSanitizer]
#include "report.hpp"

#include <unicore/base/panic.hpp>

#include <array>

using namespace unicore::debug::ubsan;
using unicore::text::Hex;

namespace {

constexpr std::array<const char*, 12> accesses = {
    "load of", "store to", "reference binding to", "member access within", "member call on", "constructor call on",
    "downcast of", "downcast of", "upcast of", "cast to virtual base of", "_Nonnull binding to", "dynamic operation on"};

void overflow(OneType& data, Value left, const char* sign, Value right) noexcept {
    Finding(data.where) << (data.type.is_signed() ? "signed" : "unsigned") << " integer overflow: "
                        << Shown{data.type, left} << sign << Shown{data.type, right} << " cannot be represented in type "
                        << data.type.name();
}

/// The check of what cannot be gone on from, and came back all the same.
[[noreturn]] void no_return() noexcept { unicore::panic("undefined behaviour that nothing can follow"); }

}  // namespace

extern "C" {

void __ubsan_handle_add_overflow(OneType& data, Value left, Value right) { overflow(data, left, " + ", right); }
void __ubsan_handle_sub_overflow(OneType& data, Value left, Value right) { overflow(data, left, " - ", right); }
void __ubsan_handle_mul_overflow(OneType& data, Value left, Value right) { overflow(data, left, " * ", right); }

void __ubsan_handle_negate_overflow(OneType& data, Value value) {
    Finding(data.where) << "negation of " << Shown{data.type, value} << " cannot be represented in type " << data.type.name();
}

void __ubsan_handle_divrem_overflow(OneType& data, Value left, Value right) {
    Finding finding(data.where);
    if (minus_one({data.type, right}))
        finding << "division of " << Shown{data.type, left} << " by -1 cannot be represented in type " << data.type.name();
    else finding << "division by zero";
}

void __ubsan_handle_shift_out_of_bounds(TwoTypes& data, Value left, Value right) {
    Finding finding(data.where);
    const Shown value{data.first, left}, places{data.second, right};
    const unsigned bits = data.first.bits();
    // Places of more than a word come by address, and are too many whatever they are.
    const bool few = !negative(places) && data.second.bits() <= sizeof(Value) * 8 && right < bits;
    if (negative(places)) finding << "shift exponent " << places << " is negative";
    else if (!few) finding << "shift exponent " << places << " is too large for " << bits << "-bit type " << data.first.name();
    else if (negative(value)) finding << "left shift of negative value " << value;
    else finding << "left shift of " << value << " by " << places << " places cannot be represented in type " << data.first.name();
}

void __ubsan_handle_out_of_bounds(TwoTypes& data, Value index) {
    Finding(data.where) << "index " << Shown{data.second, index} << " out of bounds for type " << data.first.name();
}

void __ubsan_handle_type_mismatch_v1(Access& data, Value pointer) {
    Finding finding(data.where);
    finding << (data.kind < accesses.size() ? accesses[data.kind] : "access to");
    const Value alignment = Value{1} << data.alignment_logarithm;
    if (pointer == 0) {
        finding << " null pointer of type " << data.type.name();
    } else if ((pointer & (alignment - 1)) != 0) {
        finding << " misaligned address " << Hex{pointer} << " for type " << data.type.name() << ", which requires " << alignment
                << " byte alignment";
    } else {
        finding << " address " << Hex{pointer} << " with insufficient space for an object of type " << data.type.name();
    }
}

void __ubsan_handle_pointer_overflow(Place& data, Value base, Value result) {
    Finding finding(data.where);
    if (base == 0 && result == 0) finding << "applying zero offset to null pointer";
    else if (base == 0) finding << "applying non-zero offset " << Hex{result} << " to null pointer";
    else if (result == 0) finding << "applying non-zero offset to non-null pointer " << Hex{base} << " produced null pointer";
    // The sign of addresses, not of the offset: that is not known here.
    else if ((base ^ result) >> (sizeof base * 8 - 1) == 0)
        finding << (base > result ? "addition of unsigned offset to " : "subtraction of unsigned offset from ") << Hex{base}
                << " overflowed to " << Hex{result};
    else finding << "pointer index expression with base " << Hex{base} << " overflowed to " << Hex{result};
}

void __ubsan_handle_vla_bound_not_positive(OneType& data, Value bound) {
    Finding(data.where) << "variable length array bound evaluates to non-positive value " << Shown{data.type, bound};
}

void __ubsan_handle_float_cast_overflow(TwoTypes& data, Value from) {
    Finding(data.where) << Shown{data.first, from} << " is outside the range of representable values of type "
                        << data.second.name();
}

void __ubsan_handle_load_invalid_value(OneType& data, Value value) {
    Finding(data.where) << "load of value " << Shown{data.type, value} << ", which is not a valid value for type "
                        << data.type.name();
}

void __ubsan_handle_invalid_builtin(Builtin& data) {
    Finding(data.where) << "passing zero to " << (data.kind == 0 ? "ctz()" : "clz()") << ", which is not a valid argument";
}

void __ubsan_handle_nonnull_arg(Argument& data) {
    Finding(data.where) << "null pointer passed as argument " << data.index << ", which is declared to never be null";
}
void __ubsan_handle_nullability_arg(Argument& data) { __ubsan_handle_nonnull_arg(data); }

void __ubsan_handle_nonnull_return_v1(Returned&, Location& where) {
    Finding(where) << "null pointer returned from function declared to never return null";
}
void __ubsan_handle_nullability_return_v1(Returned& data, Location& where) { __ubsan_handle_nonnull_return_v1(data, where); }

void __ubsan_handle_alignment_assumption(Assumption& data, Value pointer, Value alignment, Value offset) {
    Finding(data.where) << "assumption of " << alignment << " byte alignment" << (offset != 0 ? ", with an offset," : "")
                        << " for pointer of type " << data.type.name() << " failed: " << Hex{pointer};
}

void __ubsan_handle_function_type_mismatch(OneType& data, Value function) {
    Finding(data.where) << "call to function at " << Hex{function} << " through pointer to incorrect function type "
                        << data.type.name();
}

[[noreturn]] void __ubsan_handle_builtin_unreachable(Place& data) {
    Finding(data.where, false) << "execution reached an unreachable program point";
    no_return();
}

[[noreturn]] void __ubsan_handle_missing_return(Place& data) {
    Finding(data.where, false) << "execution reached the end of a value-returning function without returning a value";
    no_return();
}

}  // extern "C"
