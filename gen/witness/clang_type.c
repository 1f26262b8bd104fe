/* clang_type.c - types of libclang in the words of facts; see clang_private.h.
 *
 * In: a type. Out: "u32", "ptr", "struct:timespec", "u64[2]". Design: what is atomic, an enumeration
 * or a typedef is the type of its bytes.
 */
#include "witness/clang_private.h"

#include <string.h>

static const char *integer_text(struct arena *arena, long long size_bytes, bool is_signed)
{
    return arena_printf(arena, "%c%lld", is_signed ? 'i' : 'u', size_bytes * 8);
}

bool reading_is_signed(enum CXTypeKind kind)
{
    return kind == CXType_Char_S || (kind >= CXType_SChar && kind <= CXType_Int128);
}

/* "struct:timespec", without the prefix that a binding gives it; "struct" if it has no name. */
static const char *record_text(struct reading *reading, CXCursor decl)
{
    const char *kind = clang_getCursorKind(decl) == CXCursor_UnionDecl ? "union" : "struct";
    const char *name = reading_take(reading, clang_getCursorSpelling(decl));
    const char *bare = name_without(reading->naming->type, name);

    if (clang_Cursor_isAnonymous(decl))
        return kind;
    return arena_printf(reading->arena, "%s:%s", kind, bare != NULL ? bare : name);
}

/* The type in the words of facts.h, if it is no array. */
static const char *element_text(struct reading *reading, CXType type)
{
    struct arena *arena = reading->arena;

    type = clang_getCanonicalType(type);
    switch (type.kind) {
    case CXType_Void:
        return "void";
    case CXType_Bool:
        return "bool";
    case CXType_Float:
    case CXType_Double:
    case CXType_LongDouble:
    case CXType_Float128:
        return arena_printf(arena, "f%lld", clang_Type_getSizeOf(type) * 8);
    case CXType_Complex:
        return arena_printf(arena, "complex%lld", clang_Type_getSizeOf(type) * 8);
    case CXType_Pointer:
    case CXType_BlockPointer:
        return "ptr";
    case CXType_Enum:
        return element_text(reading, clang_getEnumDeclIntegerType(clang_getTypeDeclaration(type)));
    case CXType_Record:
        return record_text(reading, clang_getTypeDeclaration(type));
    default:
        if (type.kind >= CXType_Char_U && type.kind <= CXType_Int128)
            return integer_text(arena, clang_Type_getSizeOf(type), reading_is_signed(type.kind));
        return "?";
    }
}

bool reading_is_array(CXType type)
{
    return type.kind == CXType_ConstantArray || type.kind == CXType_IncompleteArray;
}

/* A type without names; what is atomic has the bytes of what it is without that. */
static CXType bare_type(CXType type)
{
    type = clang_getCanonicalType(type);
    return type.kind == CXType_Atomic ? clang_getCanonicalType(clang_Type_getValueType(type))
                                      : type;
}

const char *reading_type(struct reading *reading, CXType type)
{
    struct str bounds = {.arena = reading->arena};

    for (type = bare_type(type); reading_is_array(type);
         type = bare_type(clang_getArrayElementType(type)))
        if (type.kind == CXType_ConstantArray)
            str_addf(&bounds, "[%lld]", clang_getArraySize(type));
        else
            str_add(&bounds, "[]");
    return arena_printf(reading->arena, "%s%s", element_text(reading, type), str_text(&bounds));
}
