// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, expr.dynamic.cast, expr.typeid, type.info; Itanium C++ ABI, __cxa_demangle]
#include "suites.hpp"

#include <cstdlib>
#include <memory>
#include <string_view>
#include <typeindex>
#include <typeinfo>

#include <cxxabi.h>

namespace unicore::libcxx {
namespace {

struct Animal {
    virtual ~Animal() = default;
};
struct Swims {
    virtual ~Swims() = default;
};
struct Fish : Animal, Swims {};
struct Trout final : Fish {};
struct Left : virtual Animal {};
struct Right : virtual Animal {};
struct Bottom : Left, Right {};
class Hidden : Animal {};

[[gnu::noinline]] Animal* hide(Animal* animal) { return animal; }

void casts(debug::Check& check) {
    Trout trout;
    Fish fish;
    Animal animal;
    check(dynamic_cast<Fish*>(hide(&trout)) == &trout && dynamic_cast<Trout*>(hide(&trout)) == &trout, "down");
    check(dynamic_cast<Trout*>(hide(&fish)) == nullptr && dynamic_cast<Fish*>(hide(&animal)) == nullptr, "not what it is");
    check(dynamic_cast<Swims*>(hide(&trout)) == static_cast<Swims*>(&trout), "across");
    Swims* const swims = &trout;
    check(dynamic_cast<void*>(swims) == &trout, "to the whole object");
    Bottom bottom;
    Left* const left = &bottom;
    check(dynamic_cast<Right*>(left) == &bottom && dynamic_cast<Bottom*>(hide(&bottom)) == &bottom, "with a virtual base");
    bool caught = false;
    try {
        static_cast<void>(dynamic_cast<Fish&>(*hide(&animal)));
    } catch (const std::bad_cast&) {
        caught = true;
    }
    check(caught, "of a reference: bad_cast");
}

void ids(debug::Check& check) {
    Trout trout;
    Animal* const animal = hide(&trout);
    check(typeid(*animal) == typeid(Trout) && typeid(*animal) != typeid(Fish) && typeid(int) == typeid(const int&),
          "typeid");
    check(std::type_index(typeid(int)) != std::type_index(typeid(long)) &&
              typeid(int).hash_code() == typeid(int).hash_code(), "type_index, hash_code");
    bool caught = false;
    try {
        Animal* const none = hide(nullptr);
        static_cast<void>(typeid(*none).name());
    } catch (const std::bad_typeid&) {
        caught = true;
    }
    check(caught, "typeid of a null pointer's object: bad_typeid");
    int status = -1;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(typeid(Trout).name(), nullptr, nullptr, &status), std::free);
    check(status == 0 && std::string_view(name.get()) == "unicore::libcxx::(anonymous namespace)::Trout", "__cxa_demangle");
}

}  // namespace

void types(debug::Check& check) noexcept {
    casts(check);
    ids(check);
}

}  // namespace unicore::libcxx
