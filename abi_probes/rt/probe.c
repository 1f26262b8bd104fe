/* probe.c - the rows of a probe's output.
 *
 * In: what the macros of probe.h and the behaviour probes found out. Out: one fact per call, in the
 * canonical text of gen/model/facts.h.
 *
 * Nothing here knows a size or an offset, except how many bits a byte has.
 */
#include "probe.h"

const volatile int probe_minus_one = -1;

/* The linker names the two ends of a section whose name is a C identifier. Weak: a probe without a
 * PROBE_SYMBOL has no such section. */
extern const struct probe_symbol __start_probe_symbols[] __attribute__((weak));
extern const struct probe_symbol __stop_probe_symbols[] __attribute__((weak));

static void put_row(const char *kind, const char *name)
{
    rt_put(kind);
    rt_put(" ");
    rt_put(name);
}

static void put_text(const char *attribute, const char *text)
{
    rt_put(attribute);
    rt_put(text);
}

static void put_number(const char *attribute, uint64_t number)
{
    rt_put(attribute);
    rt_put_unsigned(number);
}

static void put_params(const char *const *params)
{
    rt_put(" params=");
    for (size_t i = 0; params[i] != NULL; i++)
        put_text(i > 0 ? "," : "", params[i]);
}

const char *probe_type(enum probe_class class, size_t size, bool is_signed)
{
    switch (class) {
    case PROBE_CLASS_VOID:
        return "void";
    case PROBE_CLASS_BOOL:
        return "bool";
    case PROBE_CLASS_POINTER:
        return "ptr";
    case PROBE_CLASS_REAL:
        return size == 4 ? "f32" : size == 8 ? "f64" : "?";
    case PROBE_CLASS_INTEGER:
    case PROBE_CLASS_CHAR:
    case PROBE_CLASS_ENUM:
        switch (size) {
        case 1:
            return is_signed ? "i8" : "u8";
        case 2:
            return is_signed ? "i16" : "u16";
        case 4:
            return is_signed ? "i32" : "u32";
        case 8:
            return is_signed ? "i64" : "u64";
        default:
            return "?";
        }
    default:
        return "?";
    }
}

void probe_abi(const char *name, size_t bits, bool is_little_endian, size_t align32, size_t align64)
{
    put_row("abi", name);
    put_number(" bits=", bits);
    put_text(" endian=", is_little_endian ? "little" : "big");
    put_number(" align32=", align32);
    put_number(" align64=", align64);
    rt_put("\n");
}

void probe_record(const char *name, size_t size, size_t align, const char *kind)
{
    put_row("record", name);
    put_number(" size=", size);
    if (align != 0)
        put_number(" align=", align);
    if (kind != NULL)
        put_text(" kind=", kind);
    rt_put("\n");
}

void probe_field(const char *name, size_t offset, size_t size, const char *type)
{
    put_row("field", name);
    put_number(" offset=", offset);
    put_number(" size=", size);
    if (type != NULL)
        put_text(" type=", type);
    rt_put("\n");
}

void probe_array_field(const char *name, size_t offset, size_t size, const char *element, size_t n)
{
    put_row("field", name);
    put_number(" offset=", offset);
    put_number(" size=", size);
    put_text(" type=", element);
    put_number("[", n);
    rt_put("]\n");
}

void probe_flexible_field(const char *name, size_t offset, const char *element)
{
    put_row("field", name);
    put_number(" offset=", offset);
    put_text(" type=", element);
    rt_put("[]\n");
}

/* `filled` is a record of zeroes but for the field, which is all ones. Either byte order begins a
 * bit-field in the lowest byte it touches: from the least significant bit up on little endian, from
 * the most significant one down on big endian. */
void probe_bitfield(const char *name, const unsigned char *filled, size_t size, const char *type)
{
    bool is_little_endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    size_t offset = 0;
    size_t first = 0;
    size_t count = 0;

    for (size_t bit = 0; bit < size * 8; bit++) {
        size_t place = is_little_endian ? bit % 8 : 7 - bit % 8;
        if ((filled[bit / 8] >> place & 1) == 0)
            continue;
        if (count == 0) {
            offset = bit / 8;
            first = bit % 8;
        }
        count++;
    }

    put_row("field", name);
    put_number(" offset=", offset);
    put_text(" type=", type);
    put_number(" bit=", first);
    put_number(":", count);
    rt_put("\n");
}

void probe_constant(const char *name, uint64_t value, bool is_signed, const char *type)
{
    put_row("constant", name);
    rt_put(" value=");
    if (is_signed && (int64_t)value < 0)
        rt_put_signed((int64_t)value);
    else
        rt_put_hex(value);
    put_text(" type=", type);
    rt_put("\n");
}

void probe_alias(const char *name, const char *type)
{
    put_row("alias", name);
    put_text(" type=", type);
    rt_put("\n");
}

void probe_syscall(const char *name, long number, const char *const *params)
{
    put_row("syscall", name);
    rt_put(" number=");
    rt_put_signed(number);
    put_params(params);
    rt_put("\n");
}

/* Compilers may hold that a function and a datum never share an address; through volatile they have
 * to look. */
static const char *symbol_at(void (*address)(void))
{
    volatile uintptr_t wanted = (uintptr_t)address;

    /* Volatile: GCC 14 for mips64 keeps only half of an address that bounds a loop. */
    const struct probe_symbol *volatile end = __stop_probe_symbols;

    for (const struct probe_symbol *symbol = __start_probe_symbols; symbol < end; symbol++)
        if ((uintptr_t)symbol->address == wanted)
            return symbol->name;
    return "?";
}

void probe_function(const char *name, void (*address)(void), const char *return_type,
                    const char *const *params)
{
    put_row("function", name);
    put_text(" symbol=", symbol_at(address));
    put_text(" return=", return_type);
    put_params(params);
    rt_put("\n");
}

/* ---- behaviour ----------------------------------------------------------------------------- */

void probe_result(const char *name, long expected, long got)
{
    put_row("behaviour", name);
    rt_put(" expected=");
    rt_put_result(expected);
    rt_put(" got=");
    rt_put_result(got);
    rt_put("\n");
}

void probe_word(const char *name, uint64_t expected, uint64_t got)
{
    put_row("behaviour", name);
    rt_put(" expected=");
    rt_put_hex(expected);
    rt_put(" got=");
    rt_put_hex(got);
    rt_put("\n");
}

void probe_holds(const char *name, bool got)
{
    put_row("behaviour", name);
    rt_put(" expected=yes");
    put_text(" got=", got ? "yes" : "no");
    rt_put("\n");
}

void probe_not_checked(const char *name, const char *reason)
{
    put_row("# not-checked", name);
    put_text(": ", reason);
    rt_put("\n");
}
