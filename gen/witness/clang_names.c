/* clang_names.c - everything that headers declare, by libclang; see headers.h.
 *
 * In: headers of a target. Out: names, each with what it is. Design: two units. The first lists
 * declarations and macros; of a macro only a compiler knows whether it is a number, so the second
 * asks for the value of each in a line of its own, and what does not compile is no constant. Only
 * names are taken: their facts are read as those of every spec.
 */
#include "witness/headers.h"

#include <string.h>

#include "base/grouping.h"
#include "model/toolchain.h"
#include "witness/clang_private.h"

/* Names while they are listed. */
struct listing {
    struct reading reading; /* first, since visitors of clang_private.h get it */
    struct header_names *names;
    struct grouping known; /* kind and name */
    struct grouping known_enums;
    struct remarks macros; /* that may be numbers */
};

/* An enumeration while its members are listed. */
struct enum_listing {
    struct reading *reading;
    struct header_enum one;
};

static void add_name(struct listing *listing, enum fact_kind kind, const char *name)
{
    struct arena *arena = listing->reading.arena;
    struct header_name one = {kind, name};
    struct str key = {.arena = arena};

    grouping_key_number(&key, kind);
    grouping_key(&key, name);
    if (name[0] != '\0' && strchr(name, ' ') == NULL &&
        grouping_is_new(&listing->known, str_text(&key)))
        ARENA_PUSH(arena, listing->names->items, listing->names->n, one);
}

/* ---- declarations ---- */

/* True if a token cannot be in an expression whose value is a number. */
static bool is_no_number(enum CXTokenKind kind, const char *text)
{
    return text[0] == '"' || strpbrk(text, "{};#") != NULL ||
           (kind == CXToken_Keyword && (strcmp(text, "do") == 0 || strcmp(text, "extern") == 0 ||
                                        strcmp(text, "static") == 0));
}

/* True for a macro that is defined before the headers, and is none of theirs. */
static bool is_given(const struct spec_source *source, const char *name)
{
    size_t n = strlen(name);

    for (unsigned i = 0; i < source->n_defines; i++)
        if (strcspn(source->defines[i], "=") == n && strncmp(source->defines[i], name, n) == 0)
            return true;
    return false;
}

/* Adds a macro that stands for a field within a field: names with points between them. False if it
 * is none. */
static bool list_path(struct listing *listing, CXTranslationUnit unit, const char *name,
                      CXToken *tokens, unsigned n)
{
    struct reading *reading = &listing->reading;
    struct str path = {.arena = reading->arena};

    for (unsigned i = 1; i < n; i++) {
        const char *text = reading_take(reading, clang_getTokenSpelling(unit, tokens[i]));
        bool is_name = i % 2 == 1;
        if (is_name ? clang_getTokenKind(tokens[i]) != CXToken_Identifier : strcmp(text, ".") != 0)
            return false;
        str_add(&path, text);
    }
    if (n < 4 || n % 2 != 0)
        return false;
    struct header_path one = {arena_strdup(reading->arena, name), str_text(&path)};
    ARENA_PUSH(reading->arena, listing->names->paths, listing->names->n_paths, one);
    return true;
}

/* Adds a macro that may be a number: one with a value, whose brackets are closed. */
static void list_macro(struct listing *listing, CXCursor cursor, const char *name)
{
    static const char number_mark[] = "__NR_";
    struct reading *reading = &listing->reading;
    CXTranslationUnit unit = clang_Cursor_getTranslationUnit(cursor);
    struct location where = reading_location(reading, clang_getCursorLocation(cursor));

    if (clang_Cursor_isMacroBuiltin(cursor) || clang_Cursor_isMacroFunctionLike(cursor) ||
        where.file == NULL || is_given(reading->source, name))
        return;
    unsigned n = 0;
    CXToken *tokens = NULL;
    clang_tokenize(unit, clang_getCursorExtent(cursor), &tokens, &n);
    int depth = 0;
    bool is_good = n > 1 && !list_path(listing, unit, name, tokens, n);
    for (unsigned i = 1; i < n && is_good; i++) {
        const char *text = reading_take(reading, clang_getTokenSpelling(unit, tokens[i]));
        depth += (strcmp(text, "(") == 0) - (strcmp(text, ")") == 0);
        is_good = depth >= 0 && !is_no_number(clang_getTokenKind(tokens[i]), text);
    }
    clang_disposeTokens(unit, tokens, n);
    if (!is_good || depth != 0)
        return;
    remark_add(&listing->macros, reading->arena, name, where, "%s", "");
    if (str_starts(name, number_mark))
        add_name(listing, FACT_SYSCALL, name + strlen(number_mark));
}

static enum CXChildVisitResult visit_member(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct enum_listing *listing = data;

    (void)parent;
    if (clang_getCursorKind(cursor) == CXCursor_EnumConstantDecl)
        ARENA_PUSH(listing->reading->arena, listing->one.members, listing->one.n_members,
                   reading_take(listing->reading, clang_getCursorSpelling(cursor)));
    return CXChildVisit_Continue;
}

/* False for what libclang calls something without a name: "(unnamed enum at stat.h:3:1)". */
static bool is_word(const char *name)
{
    return name[0] != '\0' && strpbrk(name, " (") == NULL;
}

/* Adds an enumeration; one of a single member is how C writes a constant. */
static void add_enum(struct listing *listing, CXCursor cursor, const char *name)
{
    struct enum_listing members = {&listing->reading, {.name = name}};
    struct arena *arena = listing->reading.arena;

    if (!is_word(name) || !clang_isCursorDefinition(cursor) ||
        !grouping_is_new(&listing->known_enums, name))
        return;
    clang_visitChildren(cursor, visit_member, &members);
    if (members.one.n_members > 1)
        ARENA_PUSH(arena, listing->names->enums, listing->names->n_enums, members.one);
}

/* The enumeration that a typedef gives its only name. */
static void list_named_enum(struct listing *listing, CXCursor cursor, const char *name)
{
    CXType type = clang_getCanonicalType(clang_getTypedefDeclUnderlyingType(cursor));
    CXCursor decl = clang_getTypeDeclaration(type);
    const char *tag = reading_take(&listing->reading, clang_getCursorSpelling(decl));

    if (type.kind == CXType_Enum && (!is_word(tag) || strcmp(tag, name) == 0))
        add_enum(listing, decl, name);
}

/* What a typedef stands for: a record goes by that name too. */
static enum fact_kind kind_of_typedef(CXCursor cursor)
{
    CXType type = clang_getCanonicalType(clang_getTypedefDeclUnderlyingType(cursor));
    CXCursor record = clang_getTypeDeclaration(type);

    if (type.kind != CXType_Record)
        return FACT_ALIAS;
    return clang_Type_getSizeOf(type) > 0 && !clang_Cursor_isNull(record) ? FACT_RECORD
                                                                          : N_FACT_KINDS;
}

static enum CXChildVisitResult visit_name(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct listing *listing = data;
    const char *name = reading_take(&listing->reading, clang_getCursorSpelling(cursor));

    (void)parent;
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_MacroDefinition:
        list_macro(listing, cursor, name);
        return CXChildVisit_Continue;
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
        if (clang_isCursorDefinition(cursor) && !clang_Cursor_isAnonymous(cursor))
            add_name(listing, FACT_RECORD, name);
        return CXChildVisit_Recurse;
    case CXCursor_EnumDecl:
        add_enum(listing, cursor, name);
        return CXChildVisit_Recurse;
    case CXCursor_EnumConstantDecl:
        add_name(listing, FACT_CONSTANT, name);
        return CXChildVisit_Continue;
    case CXCursor_TypedefDecl:
        if (kind_of_typedef(cursor) != N_FACT_KINDS)
            add_name(listing, kind_of_typedef(cursor), name);
        list_named_enum(listing, cursor, name);
        return CXChildVisit_Continue;
    case CXCursor_FunctionDecl:
        if (clang_Cursor_getStorageClass(cursor) != CX_SC_Static)
            add_name(listing, FACT_FUNCTION, name);
        return CXChildVisit_Continue;
    default:
        return CXChildVisit_Continue;
    }
}

/* ---- macros ---- */

/* A line of the second unit that compiles, and whose value is an integer. */
static enum CXChildVisitResult visit_value(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct listing *listing = data;
    struct reading *reading = &listing->reading;
    const char *name =
        name_without(CONSTANT_MARK, reading_take(reading, clang_getCursorSpelling(cursor)));

    (void)parent;
    if (clang_getCursorKind(cursor) != CXCursor_VarDecl || name == NULL)
        return CXChildVisit_Continue;
    enum CXTypeKind type = clang_getCanonicalType(clang_getCursorType(cursor)).kind;
    CXEvalResult value = clang_Cursor_Evaluate(cursor);
    if (value != NULL && clang_EvalResult_getKind(value) == CXEval_Int && type != CXType_Pointer)
        add_name(listing, FACT_CONSTANT, arena_strdup(reading->arena, name));
    if (value != NULL)
        clang_EvalResult_dispose(value);
    return CXChildVisit_Continue;
}

static void list_values(struct listing *listing, const char *includes)
{
    struct reading *reading = &listing->reading;
    struct str text = {.arena = reading->arena};

    str_add(&text, includes);
    for (size_t i = 0; i < listing->macros.n; i++) {
        const char *name = listing->macros.items[i].name;
        str_addf(&text,
                 "#ifdef %s\nstatic const __typeof__(%s) " CONSTANT_MARK "%s = (%s);\n#endif\n",
                 name, name, name, name);
    }
    reading->text = str_text(&text);
    reading_parse(reading, visit_value);
}

/* ---- the list ---- */

/* The triple that the headers are listed with: the target's own, or of a machine that libclang
 * knows and whose words are of the same width and order. */
static const char *known_triple(const struct target *target)
{
    if (!target_is_read_by_dwarf(target))
        return target->triple;
    if (target->bits == 64)
        return "x86_64-linux-gnu";
    return strcmp(target->endian, "big") == 0 ? "powerpc-linux-gnu" : "i686-linux-gnu";
}

bool headers_list(struct header_names *names, const struct spec *spec, const struct target *target,
                  struct arena *arena, struct diag *diag)
{
    struct target known = *target;
    struct evidence evidence = {.facts = {.arena = arena}};
    struct diag ignored;
    struct listing listing = {
        .reading = {.spec = spec,
                    .source = &spec->sources[0],
                    .target = &known,
                    .evidence = &evidence,
                    .arena = arena,
                    .diag = diag},
        .names = names,
        .known = {.arena = arena},
        .known_enums = {.arena = arena},
    };
    struct str includes = {.arena = arena};
    int errors_before = diag->n_errors;

    known.triple = known_triple(target);
    if (!reading_include(&listing.reading, &includes))
        return false;
    const char *text = arena_strdup(arena, str_text(&includes));
    listing.reading.text = text;
    diag_init(&ignored, arena, false);
    if (target_is_read_by_dwarf(target)) /* another machine's errors are none of this one's */
        listing.reading.diag = &ignored;
    if (!reading_parse(&listing.reading, visit_name) || diag->n_errors > errors_before)
        return false;
    listing.reading.diag = &ignored;
    list_values(&listing, text);
    return true;
}
