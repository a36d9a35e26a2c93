// SPDX-License-Identifier: BSD-3-Clause
// QEMU TCG plugin: exact number of guest instructions from the image's entry until a text is
// complete on its console, or until QEMU ends. The guest runs unmodified.
//
// The console goes to a file, which QEMU writes in the virtual CPU's own thread while it executes
// the OUT or the store. So after each of these the plugin looks at the file before the next instruction counts.
//
// Arguments: start=ADDRESS  counting begins when this is first executed (firmware is left out); 0: at once
//            console=PATH   file of the serial console
//            marker=HEX     text to wait for; QEMU is ended there. Without it: counts to the end
//            out=PATH       the result, one line: "FOUND INSTRUCTIONS REPEATS"
// QEMU executes each iteration of REP as one instruction; REPEATS of them are not the first.
//
// The prototypes are those of the plugin API, version 1 (QEMU documentation, "QEMU TCG Plugins"),
// declared here because no Debian package has qemu-plugin.h.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
typedef struct {
    const char* target_name;  // the first member; the others are of no use here
} qemu_info_t;
typedef void (*instruction_cb)(unsigned int cpu, void* data);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb*));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn*, instruction_cb, enum qemu_plugin_cb_flags, void*);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void*), void*);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t);
const uint8_t* qemu_plugin_insn_data(const struct qemu_plugin_insn*);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn*);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn*);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

enum { REPEATED = 1, OUTPUT = 2 };  // low bits of a callback's data; the address is above them

static uint64_t start_address, instructions, repeats, last_repeated;
static bool started, look_at_console;
static int console_fd = -1;
static char marker[256], console[1 << 16];
static size_t marker_size, console_size;
static const char* out_path;

static void report(bool found) {
    char line[80];
    const int size = snprintf(line, sizeof line, "%d %llu %llu\n", found, (unsigned long long)instructions,
                              (unsigned long long)repeats);
    const int fd = open(out_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || write(fd, line, (size_t)size) != size) perror(out_path);
    if (fd >= 0) close(fd);
}

// Ends QEMU when the marker has come out.
static void look(void) {
    look_at_console = false;
    const ssize_t got = pread(console_fd, console + console_size, sizeof console - console_size, (off_t)console_size);
    if (got <= 0) return;
    console_size += (size_t)got;
    if (memmem(console, console_size, marker, marker_size) != NULL) {
        report(true);
        _exit(0);
    }
}

static void begin(unsigned int cpu, void* data) {
    (void)cpu, (void)data;
    started = true;
}

static void step(unsigned int cpu, void* data) {
    (void)cpu;
    if (!started) return;
    if (look_at_console) look();
    ++instructions;
    const uint64_t what = (uint64_t)data;
    const bool again = (what & REPEATED) != 0 && what == last_repeated;
    repeats += again;
    last_repeated = (what & REPEATED) != 0 ? what : 0;
    look_at_console = (what & OUTPUT) != 0 && marker_size != 0;
}

// What kind of x86 instruction this is. Source: Intel SDM, volume 2, 2.1.1 and the opcode map.
static uint64_t kind(const uint8_t* code, size_t size) {
    bool rep = false;
    for (size_t i = 0; i < size; ++i) {
        const uint8_t byte = code[i];
        if (byte == 0xf2 || byte == 0xf3) {
            rep = true;
        } else if (byte == 0x66 || byte == 0x67 || byte == 0x2e || byte == 0x36 || byte == 0x3e || byte == 0x26 ||
                   byte == 0x64 || byte == 0x65 || (rep && byte >= 0x40 && byte <= 0x4f)) {
            continue;
        } else {
            const bool outs = byte == 0x6e || byte == 0x6f;
            const bool string = outs || byte == 0x6c || byte == 0x6d || (byte >= 0xa4 && byte <= 0xa7) ||
                                (byte >= 0xaa && byte <= 0xaf);
            const bool out = outs || byte == 0xe6 || byte == 0xe7 || byte == 0xee || byte == 0xef;
            return (rep && string ? REPEATED : 0) | (out ? OUTPUT : 0);
        }
    }
    return 0;
}

// A store, which may be one to a UART. Source: Arm DDI 0487, C4.1.66: loads and stores, of which bit 22 tells.
static uint64_t kind_aarch64(const uint8_t* code, size_t size) {
    if (size != 4) return 0;
    const uint32_t word = code[0] | code[1] << 8 | code[2] << 16 | (uint32_t)code[3] << 24;
    return (word & 0x0a400000) == 0x08000000 ? OUTPUT : 0;
}

// The same for Arm's A32. Source: Arm DDI 0406C, A5.2.8, A5.3 and A5.5: loads and stores, of which bit 20 tells.
static uint64_t kind_arm(const uint8_t* code, size_t size) {
    if (size != 4) return 0;
    const uint32_t word = code[0] | code[1] << 8 | code[2] << 16 | (uint32_t)code[3] << 24;
    const bool wide = (word & 0x0c000000) == 0x04000000 || (word & 0x0e000000) == 0x08000000;
    const bool extra = (word & 0x0e000090) == 0x00000090;
    return (wide || extra) && (word & 0x00100000) == 0 ? OUTPUT : 0;
}

// The same for MIPS32, little endian. Source: MD00086, A.1: opcodes SB to CACHE.
static uint64_t kind_mipsel(const uint8_t* code, size_t size) {
    return size == 4 && code[3] >> 5 == 5 ? OUTPUT : 0;
}

static uint64_t (*kind_of)(const uint8_t* code, size_t size) = kind;

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb* block) {
    (void)id;
    const size_t count = qemu_plugin_tb_n_insns(block);
    for (size_t i = 0; i < count; ++i) {
        struct qemu_plugin_insn* instruction = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(instruction);
        if (!started && address == start_address)
            qemu_plugin_register_vcpu_insn_exec_cb(instruction, begin, QEMU_PLUGIN_CB_NO_REGS, NULL);
        const uint64_t what =
            address << 2 | kind_of(qemu_plugin_insn_data(instruction), qemu_plugin_insn_size(instruction));
        qemu_plugin_register_vcpu_insn_exec_cb(instruction, step, QEMU_PLUGIN_CB_NO_REGS, (void*)what);
    }
}

static void at_exit(qemu_plugin_id_t id, void* data) {
    (void)id, (void)data;
    if (look_at_console) look();
    report(false);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t* info, int argc, char** argv) {
    if (strcmp(info->target_name, "aarch64") == 0) {
        kind_of = kind_aarch64;
    } else if (strcmp(info->target_name, "arm") == 0) {
        kind_of = kind_arm;
    } else if (strcmp(info->target_name, "mipsel") == 0) {
        kind_of = kind_mipsel;
    } else if (strcmp(info->target_name, "x86_64") != 0) {
        fprintf(stderr, "count: %s guests are not known here\n", info->target_name);
        return -1;
    }
    bool from = false;
    for (int i = 0; i < argc; ++i) {
        const char* value = strchr(argv[i], '=');
        if (value == NULL) continue;
        ++value;
        if (strncmp(argv[i], "start=", 6) == 0) {
            start_address = strtoull(value, NULL, 0);
            started = start_address == 0;
            from = true;
        }
        if (strncmp(argv[i], "out=", 4) == 0) out_path = value;
        if (strncmp(argv[i], "console=", 8) == 0) console_fd = open(value, O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
        if (strncmp(argv[i], "marker=", 7) == 0)
            for (; value[0] != 0 && value[1] != 0 && marker_size < sizeof marker; value += 2) {
                const char digits[3] = {value[0], value[1], 0};
                marker[marker_size++] = (char)strtoul(digits, NULL, 16);
            }
    }
    if (out_path == NULL || !from || (marker_size != 0 && console_fd < 0)) {
        fprintf(stderr, "count: start=, out= and, with marker=, console= are needed\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
    qemu_plugin_register_atexit_cb(id, at_exit, NULL);
    return 0;
}
