/* probe.h - prints facts, as the compiler and the kernel see them.
 *
 * In: C types, fields, constants, functions. Out: lines of canonical text (gen/model/facts.h),
 * unsorted.
 *
 * Design: the COMPILER has to produce each fact. The generated line names a thing and never its
 * size, offset or type: `sizeof`, `__builtin_offsetof` and the type queries below find those out
 * while compiling, for whichever target the compiler builds. What no compiler knows is measured:
 * the bits of a bit-field by filling it, the symbol behind a function by its address.
 *
 * Every macro takes the printed name as a string literal and the C side separately, so that the
 * same rows serve the kernel's names ("epoll_event", struct epoll_event) and a binding's
 * ("epoll_event", struct raw_epoll_event). Needs gcc 12 or clang 14; warns about nothing under
 * -Wall -Wextra.
 */
#ifndef ABIPROOF_PROBE_H
#define ABIPROOF_PROBE_H

#include "rt.h"

/* ---- rows of a layout probe: statements ---------------------------------------------------- */

/* abi NAME bits=64 endian=little align32=4 align64=8 */
#define PROBE_ABI(name)                                                                            \
    probe_abi(name, sizeof(void *) * 8, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,                 \
              PROBE_MEMBER_ALIGN_(uint32_t), PROBE_MEMBER_ALIGN_(uint64_t))

/* record NAME size= align= kind=, for a struct or a union */
#define PROBE_RECORD(name, type)                                                                   \
    probe_record(name, sizeof(type), _Alignof(type), PROBE_KIND_TEXT_(type))

/* field NAME offset= size= type=; NAME is "record.field" and `field` may be a path (`data.fd`).
 * A scalar field; one of T[N] or T[] where T is a scalar; one of any type, whose text is
 * `type_text`: "struct:NAME", "struct:NAME[2]", "union". */
#define PROBE_FIELD(name, type, field)                                                             \
    PROBE_RECORD_FIELD(name, type, field, PROBE_TYPE(PROBE_TYPEOF_FIELD_(type, field)))
#define PROBE_ARRAY_FIELD(name, type, field)                                                       \
    probe_array_field(name, __builtin_offsetof(type, field), sizeof(((type *)0)->field),           \
                      PROBE_TYPE(__typeof__(((type *)0)->field[0])),                               \
                      sizeof(((type *)0)->field) / sizeof(((type *)0)->field[0]))
#define PROBE_FLEXIBLE_FIELD(name, type, field)                                                    \
    probe_flexible_field(name, __builtin_offsetof(type, field),                                    \
                         PROBE_TYPE(__typeof__(((type *)0)->field[0])))
#define PROBE_RECORD_FIELD(name, type, field, type_text)                                           \
    probe_field(name, __builtin_offsetof(type, field), sizeof(((type *)0)->field), type_text)

/* field NAME offset= type= bit=FIRST:COUNT; `declared` is the type it is declared with, which C
 * does not tell. Its sign is measured: that of a plain `int` bit-field is the ABI's choice. */
#define PROBE_BITFIELD(name, type, field, declared)                                                \
    do {                                                                                           \
        type probe_object_;                                                                        \
        memset(&probe_object_, 0, sizeof probe_object_);                                           \
        probe_object_.field = (declared)probe_minus_one;                                           \
        probe_bitfield(                                                                            \
            name, (const unsigned char *)&probe_object_, sizeof probe_object_,                     \
            probe_type(PROBE_CLASS_(declared), sizeof(declared), probe_object_.field < 1));        \
    } while (0)

/* constant NAME value= type= */
#define PROBE_CONSTANT(name, expression)                                                           \
    probe_constant(name, (uint64_t)(expression), PROBE_IS_SIGNED_(__typeof__(expression)),         \
                   PROBE_TYPE(__typeof__(expression)))

/* alias NAME type=, `?` if it is no scalar */
#define PROBE_ALIAS(name, type) probe_alias(name, PROBE_TYPE(type))

/* syscall NAME number= params=; the types of 1 to 10 parameters follow, or `void` for none. The
 * second form is for a function `fn` that makes the call: params is `?` unless fn really has the
 * type that `prototype`, the type of a pointer to it, says: `int (*)(int, void *)`. */
#define PROBE_SYSCALL(name, number, ...) probe_syscall(name, number, PROBE_PARAMS_(__VA_ARGS__))
#define PROBE_SYSCALL_FN(name, number, fn, prototype, ...)                                         \
    probe_syscall(name, number,                                                                    \
                  PROBE_HAS_TYPE_(fn, prototype) ? PROBE_PARAMS_(__VA_ARGS__) : PROBE_UNKNOWN_)

/* function NAME symbol= return= params=; return and params are `?` unless fn has the type
 * `prototype`, symbol is `?` unless fn is one of the file's PROBE_SYMBOLs. The weak declaration
 * lets a probe link whose fn is bound to a symbol that nobody expects. */
#define PROBE_FUNCTION(name, fn, prototype, return_type, ...)                                      \
    do {                                                                                           \
        extern __typeof__(fn) fn __attribute__((weak));                                            \
        probe_function(name, (void (*)(void))(fn),                                                 \
                       PROBE_HAS_TYPE_(fn, prototype) ? PROBE_TYPE(return_type) : "?",             \
                       PROBE_HAS_TYPE_(fn, prototype) ? PROBE_PARAMS_(__VA_ARGS__)                 \
                                                      : PROBE_UNKNOWN_);                           \
    } while (0)

/* At file scope: defines the symbol, as the library would, for PROBE_FUNCTION to find by address.
 * Once per symbol. */
#define PROBE_SYMBOL(symbol) PROBE_SYMBOL_(symbol, __COUNTER__)

/* The text of a type, a const char *: "i32", "ptr", "void"; "?" for records and arrays. */
#define PROBE_TYPE(T) probe_type(PROBE_CLASS_(T), sizeof(PROBE_VALUE_(T)), PROBE_IS_SIGNED_(T))

/* ---- rows of a behaviour probe ------------------------------------------------------------- */

/* What a behaviour probe measured of a layout: an attribute it cannot see is left out (align 0,
 * kind or type NULL). */
void probe_record(const char *name, size_t size, size_t align, const char *kind);
void probe_field(const char *name, size_t offset, size_t size, const char *type);

/* behaviour NAME expected= got=: the result of a system call, some bits, whether something holds.
 */
void probe_result(const char *name, long expected, long got);
void probe_word(const char *name, uint64_t expected, uint64_t got);
void probe_holds(const char *name, bool got);

/* # not-checked NAME: REASON. The runner counts and reports it. */
void probe_not_checked(const char *name, const char *reason);

/* ---- behind the macros --------------------------------------------------------------------- */

/* Classes of types, as __builtin_classify_type numbers them (gcc/typeclass.h); compilers answer
 * INTEGER for a bool and POINTER for an array, PROBE_CLASS_ tells those apart. */
enum probe_class {
    PROBE_CLASS_VOID = 0,
    PROBE_CLASS_INTEGER = 1,
    PROBE_CLASS_CHAR = 2,
    PROBE_CLASS_ENUM = 3,
    PROBE_CLASS_BOOL = 4,
    PROBE_CLASS_POINTER = 5,
    PROBE_CLASS_REAL = 8,
    PROBE_CLASS_RECORD = 12,
    PROBE_CLASS_UNION = 13,
    PROBE_CLASS_ARRAY = 14
};

struct probe_symbol {
    const char *name;
    const void *address;
};

extern const volatile int probe_minus_one; /* -1 that no compiler warns about narrowing */

const char *probe_type(enum probe_class class, size_t size, bool is_signed);
void probe_abi(const char *name, size_t bits, bool is_little_endian, size_t align32,
               size_t align64);
void probe_array_field(const char *name, size_t offset, size_t size, const char *element, size_t n);
void probe_flexible_field(const char *name, size_t offset, const char *element);
void probe_bitfield(const char *name, const unsigned char *filled, size_t size, const char *type);
void probe_constant(const char *name, uint64_t value, bool is_signed, const char *type);
void probe_alias(const char *name, const char *type);
void probe_syscall(const char *name, long number, const char *const *params);
void probe_function(const char *name, void (*address)(void), const char *return_type,
                    const char *const *params);

/* No expression below is ever evaluated: each stands in sizeof, __typeof__ or another type query.
 * An expression of type T, but int for void, so that every query may be written for every T. */
#define PROBE_VALUE_(T) (*__builtin_choose_expr(PROBE_IS_VOID_(T), (int *)0, (__typeof__(T) *)0))

/* The same when `is_kind`, else of type `other`: a query that suits few types compiles for all. */
#define PROBE_VALUE_IF_(is_kind, T, other)                                                         \
    __builtin_choose_expr(is_kind, PROBE_VALUE_(T), *(other *)0)

/* The type of `value` as a comma expression leaves it: unqualified, and an array decayed. */
#define PROBE_PLAIN_(value) __typeof__(((void)0, (value)))

#define PROBE_IS_VOID_(T)            __builtin_types_compatible_p(__typeof__(T), void)
#define PROBE_IS_BOOL_(T)            __builtin_types_compatible_p(__typeof__(T), _Bool)
#define PROBE_HAS_TYPE_(fn, pointer) __builtin_types_compatible_p(__typeof__(&(fn)), pointer)
#define PROBE_BARE_CLASS_(T)         __builtin_classify_type(PROBE_VALUE_(T))

#define PROBE_POINTER_OR_INT_(T)                                                                   \
    PROBE_VALUE_IF_(PROBE_BARE_CLASS_(T) == PROBE_CLASS_POINTER, T, int)
#define PROBE_IS_ARRAY_(T)                                                                         \
    (!__builtin_types_compatible_p(__typeof__(PROBE_POINTER_OR_INT_(T)),                           \
                                   PROBE_PLAIN_(PROBE_POINTER_OR_INT_(T))))

#define PROBE_CLASS_(T)                                                                            \
    (PROBE_IS_VOID_(T)    ? PROBE_CLASS_VOID                                                       \
     : PROBE_IS_BOOL_(T)  ? PROBE_CLASS_BOOL                                                       \
     : PROBE_IS_ARRAY_(T) ? PROBE_CLASS_ARRAY                                                      \
                          : (enum probe_class)PROBE_BARE_CLASS_(T))

/* Integers answer 1 to 4. Not `< 0`: compilers warn that nothing unsigned is. */
#define PROBE_INTEGER_TYPE_(T)                                                                     \
    PROBE_PLAIN_(PROBE_VALUE_IF_(PROBE_BARE_CLASS_(T) >= PROBE_CLASS_INTEGER &&                    \
                                     PROBE_BARE_CLASS_(T) <= PROBE_CLASS_BOOL,                     \
                                 T, unsigned))
#define PROBE_IS_SIGNED_(T) ((PROBE_INTEGER_TYPE_(T)) - 1 < (PROBE_INTEGER_TYPE_(T))1)

/* Not _Alignof: GCC answers 8 for a long long on i386, where one inside a struct is aligned to 4.
 */
#define PROBE_MEMBER_ALIGN_(T)                                                                     \
    __builtin_offsetof(                                                                            \
        struct {                                                                                   \
            char before;                                                                           \
            T member;                                                                              \
        },                                                                                         \
        member)

#define PROBE_TYPEOF_FIELD_(type, field) __typeof__(((type *)0)->field)

#define PROBE_KIND_TEXT_(type)                                                                     \
    (PROBE_BARE_CLASS_(type) == PROBE_CLASS_RECORD  ? "struct"                                     \
     : PROBE_BARE_CLASS_(type) == PROBE_CLASS_UNION ? "union"                                      \
                                                    : "?")

/* Two labels at one address, in assembly: the symbol itself, which C knows as a function under a
 * name of the binding's choice, and one that C can declare as data without contradicting that.
 * Weak, as PROBE_FUNCTION declares it: clang's assembler wants the two to agree. Apart by 8 bytes,
 * since some architectures cannot address odd places. */
#define PROBE_SYMBOL_(symbol, n) PROBE_SYMBOL__(symbol, n)
#define PROBE_SYMBOL__(symbol, n)                                                                  \
    __asm__(".pushsection .data\n"                                                                 \
            ".balign 8\n"                                                                          \
            ".weak " symbol "\n" symbol ":\n"                                                      \
            "probe_label_" #n ":\n"                                                                \
            ".skip 8\n"                                                                            \
            ".popsection");                                                                        \
    extern const char probe_label_##n[];                                                           \
    static const struct probe_symbol probe_symbol_##n                                              \
        __attribute__((used, section("probe_symbols"))) = {symbol, probe_label_##n}

/* Arrays of type texts, NULL at the end. */
#define PROBE_UNKNOWN_ ((const char *const[]){"?", NULL})
#define PROBE_PARAMS_(...)                                                                         \
    ((const char *const[]){PROBE_PICK_(__VA_ARGS__, PROBE_10_, PROBE_9_, PROBE_8_, PROBE_7_,       \
                                       PROBE_6_, PROBE_5_, PROBE_4_, PROBE_3_, PROBE_2_, PROBE_1_, \
                                       0)(__VA_ARGS__) NULL})
#define PROBE_PICK_(a, b, c, d, e, f, g, h, i, j, pick, ...) pick
#define PROBE_1_(T)                                          PROBE_TYPE(T),
#define PROBE_2_(T, ...)                                     PROBE_TYPE(T), PROBE_1_(__VA_ARGS__)
#define PROBE_3_(T, ...)                                     PROBE_TYPE(T), PROBE_2_(__VA_ARGS__)
#define PROBE_4_(T, ...)                                     PROBE_TYPE(T), PROBE_3_(__VA_ARGS__)
#define PROBE_5_(T, ...)                                     PROBE_TYPE(T), PROBE_4_(__VA_ARGS__)
#define PROBE_6_(T, ...)                                     PROBE_TYPE(T), PROBE_5_(__VA_ARGS__)
#define PROBE_7_(T, ...)                                     PROBE_TYPE(T), PROBE_6_(__VA_ARGS__)
#define PROBE_8_(T, ...)                                     PROBE_TYPE(T), PROBE_7_(__VA_ARGS__)
#define PROBE_9_(T, ...)                                     PROBE_TYPE(T), PROBE_8_(__VA_ARGS__)
#define PROBE_10_(T, ...)                                    PROBE_TYPE(T), PROBE_9_(__VA_ARGS__)

#endif
