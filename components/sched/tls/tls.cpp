// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/units.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/sched/locals.hpp>

#include <algorithm>
#include <cstring>
#include <span>

namespace unicore::sched {
namespace tls {
namespace {

/// What the compiler says of a variable, in memory that is written to. [LLVM, lib/CodeGen/LowerEmuTLS.cpp]
struct Variable {
    std::size_t size;
    std::size_t alignment;
    std::size_t offset;   ///< in each block
    const void* initial;  ///< null: zeroes
};

// All variables of the image, gathered by its linker script.
extern "C" Variable unicore_thread_locals[];
extern "C" Variable unicore_thread_locals_end[];

std::span<Variable> variables() noexcept { return {unicore_thread_locals, unicore_thread_locals_end}; }

constinit locals::Layout whole{};

/// Gives each variable its place: the first time that somebody asks, which may be a boot step before this one's, that
/// makes a thread.
void arrange() noexcept {
    if (whole.size != 0) return;
    for (Variable& variable : variables()) {
        variable.offset = align_up(whole.size, variable.alignment);
        whole.size = variable.offset + variable.size;
        whole.alignment = std::max(whole.alignment, variable.alignment);
    }
}

}  // namespace

/// The boot step: the first thread gets its block, which nobody gives back.
Result<void> start() noexcept {
    if (variables().empty()) return {};
    const locals::Layout whole = locals::layout();
    const std::size_t alignment = std::max(whole.alignment, page_size);
    std::byte* const block = UNICORE_TRY(memory::pages::take(pages_for(whole.size), alignment));
    locals::prepare(block);
    locals::current().block = block;
    return {};
}

}  // namespace tls

locals::Layout locals::layout() noexcept {
    tls::arrange();
    return tls::whole;
}

void locals::prepare(std::byte* block) noexcept {
    for (const tls::Variable& variable : tls::variables()) {
        if (variable.initial != nullptr) std::memcpy(block + variable.offset, variable.initial, variable.size);
        else std::memset(block + variable.offset, 0, variable.size);
    }
}

}  // namespace unicore::sched

/// Where a thread_local variable of the thread that runs is: what the compiler calls for it. Context: thread, after the
/// boot step. [LLVM, compiler-rt/lib/builtins/emutls.c, for what it is called with]
extern "C" void* __emutls_get_address(const unicore::sched::tls::Variable* variable) noexcept {
    return unicore::sched::locals::current().block + variable->offset;
}
