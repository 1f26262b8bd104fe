/* clang_record.c - records of libclang in, facts out; see clang_private.h.
 *
 * In: the cursor of a record. Out: a fact of it and of each field. Design: C has rules of its own:
 * an anonymous member's fields belong to the record around it, and an unnamed bit-field is padding.
 */
#include "witness/clang_private.h"

#include <string.h>

struct cursor_walk {
    struct reading *reading;
    const char *path;    /* "epoll_event" or "epoll_event.data": what field names follow */
    long long base_bits; /* offset of the record being walked in the outermost one */
};

static void read_fields(struct reading *reading, CXType record, const char *path,
                        long long base_bits);

static void add_field(struct cursor_walk *walk, CXCursor cursor, const char *path,
                      long long offset_bits)
{
    struct facts *facts = &walk->reading->evidence->facts;
    CXType type = clang_getCursorType(cursor);
    struct fact *fact = facts_add(facts, FACT_FIELD, path);
    long long size_bytes = clang_Type_getSizeOf(type);

    fact->where = reading_where(walk->reading, cursor);
    fact_set_number(facts, fact, FIELD_OFFSET, offset_bits / 8);
    fact_set(facts, fact, FIELD_TYPE, reading_type(walk->reading, type));
    if (clang_Cursor_isBitField(cursor))
        fact_set(facts, fact, FIELD_BIT,
                 arena_printf(walk->reading->arena, "%lld:%d", offset_bits % 8,
                              clang_getFieldDeclBitWidth(cursor)));
    else if (size_bytes >= 0) /* a flexible array has no size */
        fact_set_number(facts, fact, FIELD_SIZE, size_bytes);
}

/* An array of records without names: the fields of its first element, as of a record "0" in it, and
 * all others as one block "1". Those of a name are records of their own. */
static void read_elements(struct cursor_walk *walk, CXCursor cursor, const char *path,
                          long long offset_bits)
{
    struct reading *reading = walk->reading;
    struct facts *facts = &reading->evidence->facts;
    CXType array = clang_getCanonicalType(clang_getCursorType(cursor)), type = array;

    while (type.kind == CXType_ConstantArray || type.kind == CXType_IncompleteArray)
        type = clang_getCanonicalType(clang_getArrayElementType(type));
    long long whole = clang_Type_getSizeOf(array), size = clang_Type_getSizeOf(type);
    if (type.kind != CXType_Record || !clang_Cursor_isAnonymous(clang_getTypeDeclaration(type)) ||
        size <= 0)
        return;
    const char *text = reading_type(reading, type);
    struct fact *first = facts_add(facts, FACT_FIELD, arena_printf(reading->arena, "%s.0", path));
    first->where = reading_where(reading, cursor);
    fact_set_number(facts, first, FIELD_OFFSET, offset_bits / 8);
    fact_set(facts, first, FIELD_TYPE, text);
    fact_set_number(facts, first, FIELD_SIZE, size);
    if (whole > size) {
        struct fact *rest =
            facts_add(facts, FACT_FIELD, arena_printf(reading->arena, "%s.1", path));
        rest->where = reading_where(reading, cursor);
        fact_set_number(facts, rest, FIELD_OFFSET, offset_bits / 8 + size);
        fact_set(facts, rest, FIELD_TYPE,
                 arena_printf(reading->arena, "%s[%lld]", text, whole / size - 1));
        fact_set_number(facts, rest, FIELD_SIZE, whole - size);
    }
    read_fields(reading, type, arena_printf(reading->arena, "%s.0", path), offset_bits);
}

static enum CXVisitorResult visit_field(CXCursor cursor, CXClientData data)
{
    struct cursor_walk *walk = data;
    struct reading *reading = walk->reading;
    CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
    bool is_record = type.kind == CXType_Record;
    CXCursor decl = clang_getTypeDeclaration(type);
    long long offset_bits = walk->base_bits + clang_Cursor_getOffsetOfField(cursor);
    const char *name = reading_take(reading, clang_getCursorSpelling(cursor));

    /* A C11 anonymous member has no name of its own: its fields belong to the outer record. */
    if (is_record && clang_Cursor_isAnonymousRecordDecl(decl)) {
        read_fields(reading, type, walk->path, offset_bits);
        return CXVisit_Continue;
    }
    if (name[0] == '\0' /* an unnamed bit-field is padding */ ||
        spec_excludes(reading->spec, walk->path, name))
        return CXVisit_Continue;
    name = arena_printf(reading->arena, "%s.%s", walk->path, name);
    add_field(walk, cursor, name, offset_bits);
    if (is_record && clang_Cursor_isAnonymous(decl))
        read_fields(reading, type, name, offset_bits);
    else if (!is_record)
        read_elements(walk, cursor, name, offset_bits);
    return CXVisit_Continue;
}

static void read_fields(struct reading *reading, CXType record, const char *path,
                        long long base_bits)
{
    struct cursor_walk walk = {reading, path, base_bits};

    clang_Type_visitFields(record, visit_field, &walk);
}

void reading_add_record(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->evidence->facts;
    CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
    struct fact *fact = facts_add(facts, FACT_RECORD, name);
    bool is_union = clang_getCursorKind(cursor) == CXCursor_UnionDecl;

    fact->where = reading_where(reading, cursor);
    fact_set_number(facts, fact, RECORD_SIZE, clang_Type_getSizeOf(type));
    fact_set_number(facts, fact, RECORD_ALIGN, clang_Type_getAlignOf(type));
    fact_set(facts, fact, RECORD_KIND, is_union ? "union" : "struct");
    read_fields(reading, type, name, 0);
}

void reading_add_named_record(struct reading *reading, CXCursor cursor, const char *name)
{
    CXType type = clang_getCanonicalType(clang_getTypedefDeclUnderlyingType(cursor));
    CXCursor record = clang_getTypeDeclaration(type);
    const char *tag = reading_take(reading, clang_getCursorSpelling(record));

    if (type.kind == CXType_Record && strcmp(tag, name) != 0 && clang_Type_getSizeOf(type) >= 0 &&
        facts_find(&reading->evidence->facts, FACT_RECORD, name) == NULL)
        reading_add_record(reading, record, name);
}
