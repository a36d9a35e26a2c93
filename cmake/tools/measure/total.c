// SPDX-License-Identifier: BSD-3-Clause
// QEMU TCG plugin: how many guest instructions were executed so far, to be looked at while the guest runs. A block of
// translated code counts as a whole when it begins: exact but for the blocks that interrupts and faults leave.
//
// Arguments: out=PATH       a file of eight bytes, which are the number
//            start=ADDRESS  counting begins when this is first executed (firmware is left out); 0: at once
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// As in count.c: the plugin API, version 1.
typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };
typedef struct {
    const char* target_name;
} qemu_info_t;
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb*));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb*, void (*)(unsigned int, void*),
                                          enum qemu_plugin_cb_flags, void*);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb*, enum qemu_plugin_op, void*, uint64_t);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb*);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

static uint64_t* total;
static uint64_t start_address;

static void begin(unsigned int cpu, void* data) {
    (void)cpu, (void)data;
    *total = 0;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb* block) {
    (void)id;
    if (start_address != 0 && qemu_plugin_tb_vaddr(block) == start_address)
        qemu_plugin_register_vcpu_tb_exec_cb(block, begin, QEMU_PLUGIN_CB_NO_REGS, NULL);
    qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, total, qemu_plugin_tb_n_insns(block));
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int count, char** arguments) {
    (void)info;
    const char* path = NULL;
    for (int i = 0; i < count; ++i) {
        if (strncmp(arguments[i], "out=", 4) == 0) path = arguments[i] + 4;
        else if (strncmp(arguments[i], "start=", 6) == 0) start_address = strtoull(arguments[i] + 6, NULL, 0);
        else return fprintf(stderr, "total: %s is unknown\n", arguments[i]), -1;
    }
    const int file = path == NULL ? -1 : open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || ftruncate(file, sizeof *total) != 0) return perror("total: out="), -1;
    total = mmap(NULL, sizeof *total, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (total == MAP_FAILED) return perror("total: out="), -1;
    close(file);
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    return 0;
}
