// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/undefined.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/chrono.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/words.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/sched.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

namespace unicore::debug::drill {
using namespace std::string_view_literals;
namespace {

/// After none, in the order of the names.
enum class Drill : std::uint8_t {
    none,
    null,           ///< reads address 0
    write_text,     ///< writes to code
    write_rodata,   ///< writes to a constant
    execute_data,   ///< calls a function in a variable
    execute_stack,  ///< calls a function on the stack
    stack,          ///< recurses without end
    panic,
    assert,
    illegal,  ///< executes an instruction that is none
    heap,     ///< takes all memory, gives it back, goes on
    sleep,    ///< sleeps, goes on
};

/// The same text as ALLOWED in CMakeLists.txt, so that the linker keeps it once.
constexpr const char* names =
    "null, write-text, write-rodata, execute-data, execute-stack, stack, panic, assert, illegal, heap, sleep:SECONDS";

constinit Drill chosen = Drill::none;
constinit std::uint64_t seconds = 0;

/// Keeps the compiler from seeing what is done to `pointer`, which is never right.
template <typename T>
T* hidden(T* pointer) noexcept {
    asm volatile("" : "+r"(pointer));
    return pointer;
}

void nothing() noexcept { asm volatile(""); }

/// Room for all of `nothing` on any architecture, and where functions may be: elsewhere a call may mean other code.
constexpr std::size_t code_size = 32;
constexpr std::size_t code_alignment = 16;

alignas(code_alignment) std::byte variable[code_size];

/// Reads and writes a byte that is not both readable and writable.
void touch(Drill what) noexcept {
    const void* place = nullptr;
    if (what == Drill::write_text) place = reinterpret_cast<const void*>(&nothing);
    if (what == Drill::write_rodata) place = names;
    auto* const byte = hidden(static_cast<volatile char*>(const_cast<void*>(place)));
    *byte = *byte;
}

/// Calls a function from where there may be none.
void execute(Drill what) noexcept {
    alignas(code_alignment) std::byte local[code_size];
    std::byte* const code = hidden(what == Drill::execute_data ? variable : local);
    std::memcpy(code, reinterpret_cast<const void*>(&nothing), code_size);
    reinterpret_cast<void (*)()>(code)();
}

int recurse(int depth) noexcept {
    volatile char here[256];
    here[0] = static_cast<char>(depth);
    return depth == -1 ? 0 : recurse(depth + 1) + here[0];
}

struct Block {
    Block* next;
};

/// Takes blocks from 1 GiB down to 64 bytes, each size until there is none, and writes to both ends
/// of each; then gives all back.
void exhaust_heap() noexcept {
    Block* blocks = nullptr;
    std::size_t total = 0;
    for (std::size_t size = std::size_t{1} << 30; size >= 64; size /= 2) {
        while (const auto memory = memory::heap::allocate(size)) {
            static_cast<char*>(*memory)[size - 1] = 1;
            blocks = new (*memory) Block{blocks};
            total += size;
        }
    }
    while (blocks != nullptr) {
        Block* const next = blocks->next;
        memory::heap::release(blocks);
        blocks = next;
    }
    text::Report line("drill: heap of ");
    line << total << " bytes";
    line.print();
}

}  // namespace

Result<void> choose(std::string_view value) noexcept {
    const base::Choice choice = base::choose(names, value);
    if (!choice) return unexpected(Error::invalid_argument);
    const auto drill = static_cast<Drill>(choice.number + 1);
    if (drill == Drill::sleep &&
        (seconds = UNICORE_TRY(text::parse_decimal({choice.parameter, value.end()}))) > 999'999)
        return unexpected(Error::out_of_range);
    chosen = drill;
    return {};
}

Result<void> start() noexcept {
    switch (chosen) {
        case Drill::null:
        case Drill::write_text:
        case Drill::write_rodata: touch(chosen); break;
        case Drill::execute_data:
        case Drill::execute_stack: execute(chosen); break;
        case Drill::stack: recurse(0); break;
        case Drill::panic: unicore::panic("drill"sv);
        case Drill::assert: UNICORE_ASSERT(chosen != Drill::assert); break;
        case Drill::illegal: arch::Undefined::execute(); break;
        case Drill::heap: exhaust_heap(); return {};
        case Drill::sleep: static_cast<void>(sched::sleep_for(std::chrono::seconds(seconds))); return {};
        case Drill::none: return {};
    }
    return unexpected(Error::unsupported);  // nothing caught it
}

}  // namespace unicore::debug::drill
