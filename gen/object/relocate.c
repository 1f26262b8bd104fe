/* relocate.c - what relocations do to debug sections, as one table.
 *
 * In: a relocation and the bytes of its section. Out: the bytes as a linker that puts every section
 * at its own address 0 would leave them.
 *
 * Debug sections hold numbers, never instructions, so a machine needs few of its types: a word is
 * set (S + A), set relative to its own place (S + A - P), or, where the linker may still shorten
 * code, sums up to a difference of two symbols (RISC-V, LoongArch, Mach-O). S is 0 for a symbol
 * that only a linker would find. Positions of thread-local variables are the one thing that no
 * reader of types needs and that a linker alone can know: they stay as they are.
 *
 * Sources: the psABI of each machine and its bfd/elf*.c; <mach-o/reloc.h>.
 */
#include "object/relocate.h"

#include <elf.h>

#include "base/bytes.h"

enum operation {
    OP_NONE,
    OP_SET,       /* S + A */
    OP_PLACE,     /* S + A - P */
    OP_NEXT,      /* S + A - P - 8: from behind a branch and its delay slot */
    OP_ADD,       /* what is there + S + A */
    OP_SUB,       /* what is there - S - A */
    OP_ADD_PLACE, /* what is there + S + A - P */
    OP_SET_6,     /* the low 6 bits of a byte */
    OP_ADD_6,
    OP_SUB_6,
    OP_SET_LEB, /* ULEB128 that keeps its length */
    OP_ADD_LEB,
    OP_SUB_LEB,
    OP_THREAD, /* thread-local: left alone */
};

/* machine, type, bytes (0: the relocation says), what to do */
static const struct rule {
    uint32_t machine;
    uint16_t type;
    uint8_t width;
    uint8_t operation;
} rules[] = {
    {EM_X86_64, R_X86_64_64, 8, OP_SET},
    {EM_X86_64, R_X86_64_PC32, 4, OP_PLACE},
    {EM_X86_64, R_X86_64_32, 4, OP_SET},
    {EM_X86_64, R_X86_64_32S, 4, OP_SET},
    {EM_X86_64, R_X86_64_16, 2, OP_SET},
    {EM_X86_64, R_X86_64_8, 1, OP_SET},
    {EM_X86_64, R_X86_64_PC64, 8, OP_PLACE},
    {EM_X86_64, R_X86_64_DTPOFF32, 4, OP_THREAD},
    {EM_X86_64, R_X86_64_DTPOFF64, 8, OP_THREAD},

    {EM_386, R_386_32, 4, OP_SET},
    {EM_386, R_386_PC32, 4, OP_PLACE},
    {EM_386, R_386_16, 2, OP_SET},
    {EM_386, R_386_8, 1, OP_SET},
    {EM_386, R_386_TLS_LDO_32, 4, OP_THREAD},

    {EM_AARCH64, R_AARCH64_P32_ABS32, 4, OP_SET},
    {EM_AARCH64, R_AARCH64_ABS64, 8, OP_SET},
    {EM_AARCH64, R_AARCH64_ABS32, 4, OP_SET},
    {EM_AARCH64, R_AARCH64_ABS16, 2, OP_SET},
    {EM_AARCH64, R_AARCH64_PREL64, 8, OP_PLACE},
    {EM_AARCH64, R_AARCH64_PREL32, 4, OP_PLACE},
    {EM_AARCH64, R_AARCH64_TLS_DTPREL, 8, OP_THREAD},

    {EM_ARM, R_ARM_ABS32, 4, OP_SET},
    {EM_ARM, R_ARM_REL32, 4, OP_PLACE},
    {EM_ARM, R_ARM_ABS16, 2, OP_SET},
    {EM_ARM, R_ARM_ABS8, 1, OP_SET},
    {EM_ARM, R_ARM_TARGET1, 4, OP_SET},
    {EM_ARM, R_ARM_TLS_DTPOFF32, 4, OP_THREAD},
    {EM_ARM, R_ARM_TLS_LDO32, 4, OP_THREAD},

    {EM_RISCV, R_RISCV_32, 4, OP_SET},
    {EM_RISCV, R_RISCV_64, 8, OP_SET},
    {EM_RISCV, R_RISCV_TLS_DTPREL32, 4, OP_THREAD},
    {EM_RISCV, R_RISCV_TLS_DTPREL64, 8, OP_THREAD},
    {EM_RISCV, R_RISCV_ADD8, 1, OP_ADD},
    {EM_RISCV, R_RISCV_ADD16, 2, OP_ADD},
    {EM_RISCV, R_RISCV_ADD32, 4, OP_ADD},
    {EM_RISCV, R_RISCV_ADD64, 8, OP_ADD},
    {EM_RISCV, R_RISCV_SUB8, 1, OP_SUB},
    {EM_RISCV, R_RISCV_SUB16, 2, OP_SUB},
    {EM_RISCV, R_RISCV_SUB32, 4, OP_SUB},
    {EM_RISCV, R_RISCV_SUB64, 8, OP_SUB},
    {EM_RISCV, R_RISCV_RELAX, 0, OP_NONE},
    {EM_RISCV, R_RISCV_SUB6, 1, OP_SUB_6},
    {EM_RISCV, R_RISCV_SET6, 1, OP_SET_6},
    {EM_RISCV, R_RISCV_SET8, 1, OP_SET},
    {EM_RISCV, R_RISCV_SET16, 2, OP_SET},
    {EM_RISCV, R_RISCV_SET32, 4, OP_SET},
    {EM_RISCV, R_RISCV_32_PCREL, 4, OP_PLACE},
    {EM_RISCV, 60 /* R_RISCV_SET_ULEB128 */, 1, OP_SET_LEB},
    {EM_RISCV, 61 /* R_RISCV_SUB_ULEB128 */, 1, OP_SUB_LEB},

    {EM_LOONGARCH, R_LARCH_32, 4, OP_SET},
    {EM_LOONGARCH, R_LARCH_64, 8, OP_SET},
    {EM_LOONGARCH, R_LARCH_TLS_DTPREL32, 4, OP_THREAD},
    {EM_LOONGARCH, R_LARCH_TLS_DTPREL64, 8, OP_THREAD},
    {EM_LOONGARCH, R_LARCH_ADD8, 1, OP_ADD},
    {EM_LOONGARCH, R_LARCH_ADD16, 2, OP_ADD},
    {EM_LOONGARCH, R_LARCH_ADD24, 3, OP_ADD},
    {EM_LOONGARCH, R_LARCH_ADD32, 4, OP_ADD},
    {EM_LOONGARCH, R_LARCH_ADD64, 8, OP_ADD},
    {EM_LOONGARCH, R_LARCH_SUB8, 1, OP_SUB},
    {EM_LOONGARCH, R_LARCH_SUB16, 2, OP_SUB},
    {EM_LOONGARCH, R_LARCH_SUB24, 3, OP_SUB},
    {EM_LOONGARCH, R_LARCH_SUB32, 4, OP_SUB},
    {EM_LOONGARCH, R_LARCH_SUB64, 8, OP_SUB},
    {EM_LOONGARCH, 99 /* R_LARCH_32_PCREL */, 4, OP_PLACE},
    {EM_LOONGARCH, 100 /* R_LARCH_RELAX */, 0, OP_NONE},
    {EM_LOONGARCH, 105 /* R_LARCH_ADD6 */, 1, OP_ADD_6},
    {EM_LOONGARCH, 106 /* R_LARCH_SUB6 */, 1, OP_SUB_6},
    {EM_LOONGARCH, 107 /* R_LARCH_ADD_ULEB128 */, 1, OP_ADD_LEB},
    {EM_LOONGARCH, 108 /* R_LARCH_SUB_ULEB128 */, 1, OP_SUB_LEB},
    {EM_LOONGARCH, 109 /* R_LARCH_64_PCREL */, 8, OP_PLACE},

    {EM_PPC64, R_PPC64_ADDR32, 4, OP_SET},
    {EM_PPC64, R_PPC64_ADDR16, 2, OP_SET},
    {EM_PPC64, R_PPC64_UADDR32, 4, OP_SET},
    {EM_PPC64, R_PPC64_UADDR16, 2, OP_SET},
    {EM_PPC64, R_PPC64_REL32, 4, OP_PLACE},
    {EM_PPC64, R_PPC64_ADDR64, 8, OP_SET},
    {EM_PPC64, R_PPC64_UADDR64, 8, OP_SET},
    {EM_PPC64, R_PPC64_REL64, 8, OP_PLACE},
    {EM_PPC64, R_PPC64_DTPREL64, 8, OP_THREAD},

    {EM_PPC, R_PPC_ADDR32, 4, OP_SET},
    {EM_PPC, R_PPC_ADDR16, 2, OP_SET},
    {EM_PPC, R_PPC_UADDR32, 4, OP_SET},
    {EM_PPC, R_PPC_UADDR16, 2, OP_SET},
    {EM_PPC, R_PPC_REL32, 4, OP_PLACE},
    {EM_PPC, R_PPC_DTPREL32, 4, OP_THREAD},

    {EM_S390, R_390_8, 1, OP_SET},
    {EM_S390, R_390_16, 2, OP_SET},
    {EM_S390, R_390_32, 4, OP_SET},
    {EM_S390, R_390_PC32, 4, OP_PLACE},
    {EM_S390, R_390_64, 8, OP_SET},
    {EM_S390, R_390_PC64, 8, OP_PLACE},
    {EM_S390, R_390_TLS_LDO32, 4, OP_THREAD},
    {EM_S390, R_390_TLS_LDO64, 8, OP_THREAD},

    {EM_MIPS, R_MIPS_32, 4, OP_SET},
    {EM_MIPS, R_MIPS_64, 8, OP_SET},
    {EM_MIPS, 248 /* R_MIPS_PC32 */, 4, OP_PLACE},
    {EM_MIPS, R_MIPS_TLS_DTPREL32, 4, OP_THREAD},
    {EM_MIPS, R_MIPS_TLS_DTPREL64, 8, OP_THREAD},

    {EM_68K, R_68K_32, 4, OP_SET},
    {EM_68K, R_68K_16, 2, OP_SET},
    {EM_68K, R_68K_8, 1, OP_SET},
    {EM_68K, R_68K_PC32, 4, OP_PLACE},
    {EM_68K, R_68K_TLS_LDO32, 4, OP_THREAD},
    {EM_68K, R_68K_TLS_DTPREL32, 4, OP_THREAD},

    {EM_SPARC, R_SPARC_8, 1, OP_SET},
    {EM_SPARC, R_SPARC_16, 2, OP_SET},
    {EM_SPARC, R_SPARC_32, 4, OP_SET},
    {EM_SPARC, R_SPARC_DISP32, 4, OP_PLACE},
    {EM_SPARC, R_SPARC_UA16, 2, OP_SET},
    {EM_SPARC, R_SPARC_UA32, 4, OP_SET},
    {EM_SPARC, R_SPARC_TLS_DTPOFF32, 4, OP_THREAD},
    {EM_SPARC, R_SPARC_TLS_DTPOFF64, 8, OP_THREAD},
    {EM_SPARCV9, R_SPARC_8, 1, OP_SET},
    {EM_SPARCV9, R_SPARC_16, 2, OP_SET},
    {EM_SPARCV9, R_SPARC_32, 4, OP_SET},
    {EM_SPARCV9, R_SPARC_DISP32, 4, OP_PLACE},
    {EM_SPARCV9, R_SPARC_UA16, 2, OP_SET},
    {EM_SPARCV9, R_SPARC_UA32, 4, OP_SET},
    {EM_SPARCV9, R_SPARC_64, 8, OP_SET},
    {EM_SPARCV9, R_SPARC_DISP64, 8, OP_PLACE},
    {EM_SPARCV9, R_SPARC_UA64, 8, OP_SET},
    {EM_SPARCV9, R_SPARC_TLS_DTPOFF32, 4, OP_THREAD},
    {EM_SPARCV9, R_SPARC_TLS_DTPOFF64, 8, OP_THREAD},

    {EM_ALPHA, R_ALPHA_REFLONG, 4, OP_SET},
    {EM_ALPHA, R_ALPHA_REFQUAD, 8, OP_SET},
    {EM_ALPHA, R_ALPHA_SREL32, 4, OP_PLACE},
    {EM_ALPHA, R_ALPHA_SREL64, 8, OP_PLACE},
    {EM_ALPHA, R_ALPHA_DTPREL64, 8, OP_THREAD},

    {EM_PARISC, R_PARISC_DIR32, 4, OP_SET},
    {EM_PARISC, R_PARISC_PCREL32, 4, OP_NEXT}, /* and gas adds the 8 to the addend */
    {EM_PARISC, R_PARISC_SECREL32, 4, OP_SET},
    {EM_PARISC, R_PARISC_SEGREL32, 4, OP_SET},
    {EM_PARISC, R_PARISC_DIR64, 8, OP_SET},
    {EM_PARISC, R_PARISC_SECREL64, 8, OP_SET},
    {EM_PARISC, R_PARISC_TLS_DTPOFF32, 4, OP_THREAD},
    {EM_PARISC, R_PARISC_TLS_DTPOFF64, 8, OP_THREAD},

    {EM_SH, R_SH_DIR32, 4, OP_ADD}, /* RELA, and yet gas leaves the addend in place */
    {EM_SH, R_SH_REL32, 4, OP_ADD_PLACE},
    {EM_SH, R_SH_TLS_LDO_32, 4, OP_THREAD},
    {EM_SH, R_SH_TLS_DTPOFF32, 4, OP_THREAD},

    {EM_ARC_COMPACT, R_ARC_8, 1, OP_SET},
    {EM_ARC_COMPACT, R_ARC_16, 2, OP_SET},
    {EM_ARC_COMPACT, R_ARC_32, 4, OP_SET},
    {EM_ARC_COMPACT, 49 /* R_ARC_32_PCREL */, 4, OP_PLACE},
    {EM_ARC_COMPACT, R_ARC_TLS_DTPOFF, 4, OP_THREAD},

    {MACHO | EM_X86_64, 0 /* X86_64_RELOC_UNSIGNED */, 0, OP_ADD},
    {MACHO | EM_X86_64, 5 /* X86_64_RELOC_SUBTRACTOR */, 0, OP_SUB},
    {MACHO | EM_AARCH64, 0 /* ARM64_RELOC_UNSIGNED */, 0, OP_ADD},
    {MACHO | EM_AARCH64, 1 /* ARM64_RELOC_SUBTRACTOR */, 0, OP_SUB},
};

static const struct rule *find_rule(unsigned machine, uint32_t type)
{
    if (machine == EM_ARCV2) /* the two generations of ARC share their relocations */
        machine = EM_ARC_COMPACT;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].machine == machine && rules[i].type == type)
            return &rules[i];
    return NULL;
}

/* Bytes of the ULEB128 number at `bytes`, 0 if it does not end within n. */
static size_t leb_length(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n && i < 10; i++)
        if ((bytes[i] & 0x80) == 0)
            return i + 1;
    return 0;
}

static uint64_t leb_get(const uint8_t *bytes, size_t length)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++)
        value |= i < 9 ? (uint64_t)(bytes[i] & 0x7f) << (7 * i) : (uint64_t)(bytes[i] & 1) << 63;
    return value;
}

static void leb_set(uint8_t *bytes, size_t length, uint64_t value)
{
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)((value & 0x7f) | (i + 1 < length ? 0x80 : 0));
        value >>= 7;
    }
}

/* The new value of a word, all arithmetic modulo its width. */
static uint64_t compute(enum operation operation, uint64_t old, uint64_t operand, uint64_t place)
{
    switch (operation) {
    case OP_SET:
    case OP_SET_LEB:
        return operand;
    case OP_PLACE:
        return operand - place;
    case OP_NEXT:
        return operand - place - 8;
    case OP_ADD_PLACE:
        return old + operand - place;
    case OP_ADD:
    case OP_ADD_LEB:
        return old + operand;
    case OP_SUB:
    case OP_SUB_LEB:
        return old - operand;
    case OP_SET_6:
        return (old & 0xc0) | (operand & 0x3f);
    case OP_ADD_6:
        return (old & 0xc0) | ((old + operand) & 0x3f);
    case OP_SUB_6:
        return (old & 0xc0) | ((old - operand) & 0x3f);
    default:
        return old;
    }
}

static bool is_leb(enum operation operation)
{
    return operation == OP_SET_LEB || operation == OP_ADD_LEB || operation == OP_SUB_LEB;
}

const char *relocate(struct arena *arena, const struct relocation *relocation, unsigned machine,
                     bool is_big_endian, uint8_t *contents, size_t n_contents,
                     uint64_t section_address)
{
    const struct rule *rule = find_rule(machine, relocation->type);
    enum operation operation = rule != NULL ? (enum operation)rule->operation : OP_NONE;
    unsigned width = rule != NULL && rule->width > 0 ? rule->width : relocation->width;
    uint64_t offset = relocation->offset;

    if (rule == NULL && (relocation->type != 0 || machine >= MACHO))
        return arena_printf(arena, "relocation type %u is unknown", relocation->type);
    if (operation == OP_NONE || operation == OP_THREAD)
        return NULL;
    if (width == 0 || width > 8 || offset > n_contents || width > n_contents - offset)
        return arena_printf(arena, "relocation at 0x%llx is outside", (unsigned long long)offset);
    uint8_t *at = contents + offset;
    size_t length = is_leb(operation) ? leb_length(at, n_contents - offset) : width;
    if (length == 0)
        return arena_printf(arena, "relocation at 0x%llx is of no ULEB128 number",
                            (unsigned long long)offset);
    uint64_t old = is_leb(operation) ? leb_get(at, length) : bytes_get(at, width, is_big_endian);
    uint64_t operand = relocation->value;
    if (!relocation->is_in_place)
        operand += (uint64_t)relocation->addend;
    else if (operation == OP_SET || operation == OP_PLACE)
        operand += old; /* negative or not: what is kept is the word alone */
    old = compute(operation, old, operand, section_address + offset);
    if (is_leb(operation))
        leb_set(at, length, old);
    else
        bytes_set(at, width, is_big_endian, old);
    return NULL;
}
