// SPDX-License-Identifier: BSD-3-Clause
// Values of each thread. [POSIX.1-2017, pthread_key_create, pthread_key_delete, pthread_getspecific]
#include "keys.hpp"

#include "record.hpp"

#include <unicore/memory/heap.hpp>

#include <atomic>
#include <cstring>
#include <utility>

#include <errno.h>

namespace unicore::posix::threads {

namespace {

using Destructor = void (*)(void*);

struct Key {
    std::atomic<unsigned> generation{0};  ///< odd: in use
    Destructor destructor = nullptr;      ///< guarded by `mutex`
};

constinit std::array<Key, PTHREAD_KEYS_MAX> keys{};
constinit sched::Mutex mutex;

bool in_use(unsigned generation) noexcept { return generation % 2 != 0; }

/// Null when the thread keeps nothing for such keys, or there is no such key.
Value* place(Values& values, pthread_key_t key) noexcept {
    if (key >= keys.size()) return nullptr;
    Value* const block = values.blocks[key / Values::in_block];
    return block != nullptr ? &block[key % Values::in_block] : nullptr;
}

/// What is to be called with the key's value, if anything.
Destructor destructor_of(pthread_key_t key, unsigned generation) noexcept {
    const sched::Guard guard(mutex);
    return keys[key].generation == generation ? keys[key].destructor : nullptr;
}

/// Whether there was something to do.
bool destroy_once(Values& values) noexcept {
    bool any = false;
    for (pthread_key_t key = 0; key != keys.size(); ++key) {
        Value* const own = place(values, key);
        if (own == nullptr || own->value == nullptr) continue;
        const Destructor destructor = destructor_of(key, own->generation);
        void* const value = std::exchange(own->value, nullptr);
        if (destructor == nullptr) continue;
        destructor(value);
        any = true;
    }
    return any;
}

}  // namespace

void destroy_values(Values& values) noexcept {
    for (int i = 0; i != PTHREAD_DESTRUCTOR_ITERATIONS && destroy_once(values); ++i) {}
    for (Value*& block : values.blocks) memory::heap::release(std::exchange(block, nullptr));
}

}  // namespace unicore::posix::threads

using namespace unicore;
using namespace unicore::posix::threads;

extern "C" {

/// Errors: EAGAIN when all PTHREAD_KEYS_MAX are in use.
int pthread_key_create(pthread_key_t* out, void (*destructor)(void*)) {
    const sched::Guard guard(mutex);
    for (pthread_key_t key = 0; key != keys.size(); ++key) {
        if (in_use(keys[key].generation)) continue;
        ++keys[key].generation;
        keys[key].destructor = destructor;
        *out = key;
        return 0;
    }
    return EAGAIN;
}

/// What threads have of it is forgotten, no destructor called. Errors: EINVAL.
int pthread_key_delete(pthread_key_t key) {
    const sched::Guard guard(mutex);
    if (key >= keys.size() || !in_use(keys[key].generation)) return EINVAL;
    ++keys[key].generation;
    return 0;
}

/// Errors: EINVAL for what is no key; ENOMEM.
int pthread_setspecific(pthread_key_t key, const void* value) {
    if (key >= keys.size() || !in_use(keys[key].generation)) return EINVAL;
    Values& values = own().values;
    if (place(values, key) == nullptr) {
        if (value == nullptr) return 0;
        constexpr std::size_t size = Values::in_block * sizeof(Value);
        const auto block = memory::heap::allocate(size);
        if (!block) return ENOMEM;
        values.blocks[key / Values::in_block] = static_cast<Value*>(std::memset(*block, 0, size));
    }
    *place(values, key) = {const_cast<void*>(value), keys[key].generation};
    return 0;
}

void* pthread_getspecific(pthread_key_t key) {
    const Value* const own_value = place(own().values, key);
    return own_value != nullptr && own_value->generation == keys[key].generation ? own_value->value : nullptr;
}

}  // extern "C"
