/* witness_clang.c - headers and bindings as libclang sees them; the only user of libclang.
 *
 * In: the headers of one source of a spec, or one binding, and a target. Out: facts of tier read.
 *
 * The hard idea: the value and the exact type of a macro such as ((__poll_t)(1U << 31)), _IOW(...) or a
 * cast enumerator are the compiler's business. The spec names every constant, so the unit that includes
 * the headers also holds, per name,
 *
 *     #ifdef EPOLLET
 *     static const __typeof__(EPOLLET) abiproof_c_EPOLLET = (EPOLLET);
 *     #endif
 *
 * and libclang evaluates the initialiser: one unit per source and target, from memory, and no evaluator
 * of our own that could be wrong. #ifdef also keeps out what a header #undef's, which the preprocessing
 * record still lists.
 *
 * Names of a binding carry prefixes (struct raw_epoll_event, RAW_EPOLLIN); facts never do.
 */
#include "witness.h"

#include <clang-c/Index.h>
#include <stdlib.h>
#include <string.h>

#include "calltype.h"

/* How names are spelled in what is read. */
struct naming {
    const char *type;     /* before records, aliases and library functions */
    const char *constant; /* before constants */
    const char *number;   /* before a system call's number */
    const char *syscall;  /* before a system call as a function, NULL where there is none */
};
static const struct naming system_naming = {"", "", "__NR_", NULL};
static const struct naming binding_naming = {"raw_", "RAW_", "RAW_NR_", "raw_sys_"};

/* One translation unit being read. */
struct reading {
    const struct spec *spec;
    const struct target *target;
    const struct spec_source *source; /* NULL: a binding */
    const struct naming *naming;
    struct testimony *testimony;
    struct arena *arena;
    struct diag *diag;
    const char *text;        /* of the unit, for messages about its lines */
    struct remarks macros;   /* wanted macros and where they are defined */
    struct remarks suspects; /* macros of the facility that the spec leaves out, if not #undef'd */
};

static const char constant_mark[] = "abiproof_c_";
static const char number_mark[] = "abiproof_n_";
static const char defined_mark[] = "abiproof_d_";

static const char *take(struct reading *reading, CXString string)
{
    const char *text = arena_strdup(reading->arena, clang_getCString(string));

    clang_disposeString(string);
    return text;
}

/* Path as #include would spell it: without the folder of the header set it was found in. */
static const char *shorten(const struct target *target, const char *path)
{
    size_t best = 0;

    for (unsigned i = 0; i < target->n_include; i++) {
        size_t length = strlen(target->include[i]);
        if (length > best && strncmp(path, target->include[i], length) == 0 && path[length] == '/')
            best = length;
    }
    return best > 0 ? path + best + 1 : path;
}

static struct place place_of(struct reading *reading, CXSourceLocation location)
{
    CXFile file;
    unsigned line, column;

    clang_getExpansionLocation(location, &file, &line, &column, NULL);
    if (file == NULL)
        return (struct place){NULL, 0, 0};
    return (struct place){shorten(reading->target, take(reading, clang_getFileName(file))), (int)line,
                          (int)column};
}

static struct place place_of_cursor(struct reading *reading, CXCursor cursor)
{
    return place_of(reading, clang_getCursorLocation(cursor));
}

/* ---- the text of the unit ---- */

static void want_value(struct str *text, const char *mark, const char *prefix, const char *name)
{
    str_addf(text, "#ifdef %s%s\nstatic const __typeof__(%s%s) %s%s = (%s%s);\n#endif\n", prefix, name,
             prefix, name, mark, name, prefix, name);
}

/* True if the group's constants are read from this source on this target. */
static bool group_is_here(const struct reading *reading, const struct spec_constants *group)
{
    return reading->source == NULL ||
           constants_source(reading->spec, reading->target, group) == reading->source;
}

/* The first source is the kernel's: it has the numbers. */
static bool is_first_source(const struct reading *reading)
{
    return reading->source == NULL || reading->source == &reading->spec->sources[0];
}

static void want_all_values(const struct reading *reading, struct str *text)
{
    const struct spec *spec = reading->spec;

    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            if (group_is_here(reading, &spec->constants[i]))
                want_value(text, constant_mark, reading->naming->constant, spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0 && is_first_source(reading))
            want_value(text, number_mark, reading->naming->number, spec->calls[i].name);
}

/* Includes the source's headers. Returns false if one that must be there is not. */
static bool include_headers(struct reading *reading, struct str *text)
{
    const struct spec_source *source = reading->source;
    bool complete = true;

    for (unsigned i = 0; i < source->n_headers; i++) {
        const char *header = source->headers[i];
        if (header_exists(reading->target, header)) {
            str_addf(text, "#include <%s>\n", header);
        } else if (spec_header_is_optional(source, header)) {
            remark_add(&reading->testimony->notes, reading->arena, header, (struct place){0},
                       "%s is not in the header set of %s: %s", header, reading->target->name,
                       "its constants are read from the next source that the spec names");
        } else {
            struct str path = {.arena = reading->arena};
            for (unsigned k = 0; k < reading->target->n_include; k++)
                str_addf(&path, "%s%s", k > 0 ? ":" : "", reading->target->include[k]);
            diag_error(reading->diag, spec_place(reading->spec, header),
                       "header '%s' is not in the header set of %s: %s", header,
                       reading->target->name, str_text(&path));
            complete = false;
        }
    }
    return complete;
}

/* ---- types and values ---- */

static const char *integer_text(struct arena *arena, long long size_bytes, bool is_signed)
{
    return arena_printf(arena, "%c%lld", is_signed ? 'i' : 'u', size_bytes * 8);
}

static bool is_signed_kind(enum CXTypeKind kind)
{
    return kind == CXType_Char_S || (kind >= CXType_SChar && kind <= CXType_Int128);
}

/* The type in the words of facts.h. */
static const char *type_text(struct reading *reading, CXType type)
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
        return arena_printf(arena, "f%lld", clang_Type_getSizeOf(type) * 8);
    case CXType_Pointer:
    case CXType_BlockPointer:
        return "ptr";
    case CXType_Enum:
        return type_text(reading, clang_getEnumDeclIntegerType(clang_getTypeDeclaration(type)));
    case CXType_ConstantArray:
        return arena_printf(arena, "%s[%lld]", type_text(reading, clang_getArrayElementType(type)),
                            clang_getArraySize(type));
    case CXType_IncompleteArray:
        return arena_printf(arena, "%s[]", type_text(reading, clang_getArrayElementType(type)));
    case CXType_Record: {
        CXCursor decl = clang_getTypeDeclaration(type);
        const char *kind = clang_getCursorKind(decl) == CXCursor_UnionDecl ? "union" : "struct";
        if (clang_Cursor_isAnonymous(decl))
            return kind;
        return arena_printf(arena, "%s:%s", kind, take(reading, clang_getCursorSpelling(decl)));
    }
    default:
        if (type.kind >= CXType_Char_U && type.kind <= CXType_Int128)
            return integer_text(arena, clang_Type_getSizeOf(type), is_signed_kind(type.kind));
        return "?";
    }
}

/* Drops a prefix; NULL if name does not start with it. */
static const char *without(const char *prefix, const char *name)
{
    return str_starts(name, prefix) ? name + strlen(prefix) : NULL;
}

static struct place place_of_macro(const struct reading *reading, const char *name)
{
    /* Of two definitions the later one holds. */
    for (size_t i = reading->macros.n; i > 0; i--)
        if (strcmp(reading->macros.items[i - 1].name, name) == 0)
            return reading->macros.items[i - 1].where;
    return (struct place){NULL, 0, 0};
}

/* Adds the constant or number that one of our own variables holds. */
static void read_value(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->testimony->facts;
    const char *constant = without(constant_mark, name);
    const char *number = without(number_mark, name);
    const char *macro = arena_printf(
        reading->arena, "%s%s", constant != NULL ? reading->naming->constant : reading->naming->number,
        constant != NULL ? constant : number);
    CXType type = clang_getCursorType(cursor);
    CXEvalResult value = clang_Cursor_Evaluate(cursor);

    if (value == NULL || clang_EvalResult_getKind(value) != CXEval_Int) {
        diag_error(reading->diag, place_of_macro(reading, macro),
                   "'%s' does not evaluate to an integer constant for %s", macro, reading->target->name);
    } else {
        bool is_unsigned = clang_EvalResult_isUnsignedInt(value);
        long long bits = is_unsigned ? (long long)clang_EvalResult_getAsUnsigned(value)
                                     : clang_EvalResult_getAsLongLong(value);
        struct fact *fact = facts_add(facts, constant != NULL ? FACT_CONSTANT : FACT_SYSCALL,
                                      constant != NULL ? constant : number);
        fact->where = place_of_macro(reading, macro);
        if (constant != NULL) {
            fact_set_value(facts, fact, (uint64_t)bits, !is_unsigned && bits < 0);
            fact_set(facts, fact, CONSTANT_TYPE, type_text(reading, type));
        } else {
            fact_set_number(facts, fact, SYSCALL_NUMBER, bits);
        }
    }
    if (value != NULL)
        clang_EvalResult_dispose(value);
}

/* An enumerator that is no macro. In C one that fits int is an int, whatever the enum's own type. */
static void read_enumerator(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->testimony->facts;
    long long value = clang_getEnumConstantDeclValue(cursor);
    bool fits_int = value >= -0x7fffffffLL - 1 && value <= 0x7fffffffLL;
    CXType type = clang_getEnumDeclIntegerType(clang_getCursorSemanticParent(cursor));
    bool is_signed = is_signed_kind(clang_getCanonicalType(type).kind);
    struct fact *fact = facts_add(facts, FACT_CONSTANT, name);

    /* libclang sign-extends the values of an unsigned enum. */
    if (!is_signed && !fits_int && clang_Type_getSizeOf(type) == 4)
        value &= 0xffffffffLL;
    else if (!is_signed && value < 0 && clang_Type_getSizeOf(type) == 4) {
        value &= 0xffffffffLL;
        fits_int = false;
    }
    fact->where = place_of_cursor(reading, cursor);
    fact_set_value(facts, fact, (uint64_t)value, is_signed && value < 0);
    fact_set(facts, fact, CONSTANT_TYPE, fits_int ? "i32" : type_text(reading, type));
}

/* ---- records ---- */

struct record_walk {
    struct reading *reading;
    const char *path;    /* "epoll_event" or "epoll_event.data": what field names follow */
    long long base_bits; /* offset of the record being walked in the outermost one */
};

static void read_fields(struct reading *reading, CXType record, const char *path, long long base_bits);

static void add_field(struct record_walk *walk, CXCursor cursor, const char *path, long long offset_bits)
{
    struct facts *facts = &walk->reading->testimony->facts;
    CXType type = clang_getCursorType(cursor);
    struct fact *fact = facts_add(facts, FACT_FIELD, path);
    long long size_bytes = clang_Type_getSizeOf(type);

    fact->where = place_of_cursor(walk->reading, cursor);
    fact_set_number(facts, fact, FIELD_OFFSET, offset_bits / 8);
    fact_set(facts, fact, FIELD_TYPE, type_text(walk->reading, type));
    if (clang_Cursor_isBitField(cursor))
        fact_set(facts, fact, FIELD_BIT,
                 arena_printf(walk->reading->arena, "%lld:%d", offset_bits % 8,
                              clang_getFieldDeclBitWidth(cursor)));
    else
        fact_set_number(facts, fact, FIELD_SIZE, size_bytes < 0 ? 0 : size_bytes);
}

static enum CXVisitorResult visit_field(CXCursor cursor, CXClientData data)
{
    struct record_walk *walk = data;
    struct reading *reading = walk->reading;
    CXType type = clang_getCanonicalType(clang_getCursorType(cursor));
    bool is_record = type.kind == CXType_Record;
    CXCursor decl = clang_getTypeDeclaration(type);
    long long offset_bits = walk->base_bits + clang_Cursor_getOffsetOfField(cursor);
    const char *name = take(reading, clang_getCursorSpelling(cursor));

    /* A C11 anonymous member has no name of its own: its fields belong to the outer record. */
    if (is_record && clang_Cursor_isAnonymousRecordDecl(decl)) {
        read_fields(reading, type, walk->path, offset_bits);
        return CXVisit_Continue;
    }
    if (name[0] == '\0') /* an unnamed bit-field is padding */
        return CXVisit_Continue;
    name = arena_printf(reading->arena, "%s.%s", walk->path, name);
    add_field(walk, cursor, name, offset_bits);
    if (is_record && clang_Cursor_isAnonymous(decl))
        read_fields(reading, type, name, offset_bits);
    return CXVisit_Continue;
}

static void read_fields(struct reading *reading, CXType record, const char *path, long long base_bits)
{
    struct record_walk walk = {reading, path, base_bits};

    clang_Type_visitFields(record, visit_field, &walk);
}

static void read_record(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->testimony->facts;
    CXType type = clang_getCursorType(cursor);
    struct fact *fact = facts_add(facts, FACT_RECORD, name);
    bool is_union = clang_getCursorKind(cursor) == CXCursor_UnionDecl;

    fact->where = place_of_cursor(reading, cursor);
    fact_set_number(facts, fact, RECORD_SIZE, clang_Type_getSizeOf(type));
    fact_set_number(facts, fact, RECORD_ALIGN, clang_Type_getAlignOf(type));
    fact_set(facts, fact, RECORD_KIND, is_union ? "union" : "struct");
    read_fields(reading, type, name, 0);
}

/* ---- functions ---- */

static const char *params_text(struct reading *reading, CXCursor cursor)
{
    CXType type = clang_getCursorType(cursor);
    struct str text = {.arena = reading->arena};
    int n = clang_Cursor_getNumArguments(cursor);

    for (int i = 0; i < n; i++)
        str_addf(&text, "%s%s", i > 0 ? "," : "",
                 type_text(reading, clang_getArgType(type, (unsigned)i)));
    if (clang_isFunctionTypeVariadic(type))
        str_add(&text, n > 0 ? ",..." : "...");
    return n > 0 || text.len > 0 ? str_text(&text) : "void";
}

/* The symbol that a call links to, without what the object format puts before every C symbol. */
static const char *symbol_of(struct reading *reading, CXCursor cursor)
{
    const char *symbol = take(reading, clang_Cursor_getMangling(cursor));
    const char *bare = without(reading->target->label, symbol);

    return bare != NULL ? bare : symbol;
}

static void read_function(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->testimony->facts;
    struct fact *fact;

    if (facts_find(facts, FACT_FUNCTION, name) != NULL) /* declared again */
        return;
    fact = facts_add(facts, FACT_FUNCTION, name);
    fact->where = place_of_cursor(reading, cursor);
    if (reading->source != NULL)
        fact_set(facts, fact, FUNCTION_LIBRARY, reading->source->library);
    fact_set(facts, fact, FUNCTION_SYMBOL, symbol_of(reading, cursor));
    fact_set(facts, fact, FUNCTION_RETURN, type_text(reading, clang_getCursorResultType(cursor)));
    fact_set(facts, fact, FUNCTION_PARAMS, params_text(reading, cursor));
}

/* In a binding the parameters of a system call are those of its wrapper. */
static void read_wrapper(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->testimony->facts;
    const struct fact *found = facts_find(facts, FACT_SYSCALL, name);

    if (found != NULL) /* no number on this target: the wrapper makes another call */
        fact_set(facts, &facts->items[found - facts->items], SYSCALL_PARAMS, params_text(reading, cursor));
}

/* ---- what the unit declares ---- */

static bool wants_alias(const struct reading *reading, const char *name)
{
    for (unsigned i = 0; i < reading->spec->n_aliases; i++)
        if (strcmp(reading->spec->aliases[i].name, name) == 0)
            return reading->source == NULL ||
                   strcmp(reading->spec->aliases[i].from, reading->source->name) == 0;
    return false;
}

static bool wants_constant(const struct reading *reading, const char *name)
{
    for (unsigned i = 0; i < reading->spec->n_constants; i++)
        for (unsigned k = 0; k < reading->spec->constants[i].n_names; k++)
            if (strcmp(reading->spec->constants[i].names[k], name) == 0)
                return group_is_here(reading, &reading->spec->constants[i]);
    return false;
}

static bool wants_record(const struct reading *reading, const char *name)
{
    const struct spec_record *record = spec_record(reading->spec, name);

    return record != NULL &&
           (reading->source == NULL || strcmp(record->from, reading->source->name) == 0);
}

static bool wants_function(const struct reading *reading, const char *name)
{
    const struct spec_call *call = spec_call(reading->spec, name);

    return call != NULL && (call->forms & FORM_LIBRARY) != 0 &&
           (reading->source == NULL || reading->source->library != NULL);
}

static void read_alias(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->testimony->facts;
    struct fact *fact = facts_add(facts, FACT_ALIAS, name);

    fact->where = place_of_cursor(reading, cursor);
    fact_set(facts, fact, ALIAS_TYPE, type_text(reading, clang_getTypedefDeclUnderlyingType(cursor)));
}

/* A name that the headers give: is it the facility's, and forgotten? */
static void check_bound(struct reading *reading, CXCursor cursor, const char *name)
{
    struct remarks *list = clang_getCursorKind(cursor) == CXCursor_MacroDefinition
                               ? &reading->suspects
                               : &reading->testimony->unbound;

    if (reading->source != NULL && name[0] != '\0' && spec_leaves_unbound(reading->spec, name))
        remark_add(list, reading->arena, name, place_of_cursor(reading, cursor), "%s", name);
}

static void read_macro(struct reading *reading, CXCursor cursor, const char *name)
{
    const char *constant = without(reading->naming->constant, name);
    const char *number = without(reading->naming->number, name);

    if (clang_Cursor_isMacroBuiltin(cursor))
        return;
    if ((constant != NULL && wants_constant(reading, constant)) ||
        (number != NULL && spec_call(reading->spec, number) != NULL))
        remark_add(&reading->macros, reading->arena, name, place_of_cursor(reading, cursor), "%s", name);
    check_bound(reading, cursor, name);
}

static void read_declared_function(struct reading *reading, CXCursor cursor, const char *name)
{
    const char *wrapped = reading->naming->syscall ? without(reading->naming->syscall, name) : NULL;
    const char *bare = without(reading->naming->type, name);

    if (wrapped != NULL && spec_call(reading->spec, wrapped) != NULL)
        read_wrapper(reading, cursor, wrapped);
    else if (bare != NULL && wants_function(reading, bare))
        read_function(reading, cursor, bare);
}

static void read_enum(struct reading *reading, CXCursor cursor, const char *name)
{
    const char *bare = without(reading->naming->constant, name);

    if (bare != NULL && wants_constant(reading, bare) && place_of_macro(reading, name).file == NULL)
        read_enumerator(reading, cursor, bare);
    check_bound(reading, cursor, name);
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct reading *reading = data;
    const char *name = take(reading, clang_getCursorSpelling(cursor));
    const char *bare = without(reading->naming->type, name);

    (void)parent;
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_MacroDefinition:
        read_macro(reading, cursor, name);
        return CXChildVisit_Continue;
    case CXCursor_VarDecl:
        if (str_starts(name, constant_mark) || str_starts(name, number_mark))
            read_value(reading, cursor, name);
        return CXChildVisit_Continue;
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
        if (bare != NULL && clang_isCursorDefinition(cursor) && wants_record(reading, bare))
            read_record(reading, cursor, bare);
        break;
    case CXCursor_TypedefDecl:
        if (bare != NULL && wants_alias(reading, bare))
            read_alias(reading, cursor, bare);
        break;
    case CXCursor_FunctionDecl:
        read_declared_function(reading, cursor, name);
        break;
    case CXCursor_EnumConstantDecl:
        read_enum(reading, cursor, name);
        return CXChildVisit_Continue;
    case CXCursor_EnumDecl:
        break;
    default:
        return CXChildVisit_Continue;
    }
    if (!clang_Cursor_isAnonymous(cursor))
        check_bound(reading, cursor, name);
    return clang_getCursorKind(cursor) == CXCursor_EnumDecl ? CXChildVisit_Recurse
                                                             : CXChildVisit_Continue;
}

/* ---- parsing ---- */

/* The constant that line `line` of our own text asks for, NULL if it asks for none. */
static const char *asked_on_line(struct reading *reading, int line)
{
    const char *at = reading->text;
    const char *mark;
    size_t length;

    for (int i = 1; i < line && at != NULL; i++)
        at = strchr(at, '\n') != NULL ? strchr(at, '\n') + 1 : NULL;
    if (at == NULL)
        return NULL;
    length = strcspn(at, "\n");
    at = arena_strndup(reading->arena, at, length);
    mark = strstr(at, constant_mark);
    if (mark == NULL)
        mark = strstr(at, number_mark);
    if (mark == NULL)
        return NULL;
    mark += strlen(constant_mark);
    return arena_strndup(reading->arena, mark, strcspn(mark, " "));
}

static void report_one(struct reading *reading, CXDiagnostic diagnostic, const char *unit_name)
{
    struct place place = place_of(reading, clang_getDiagnosticLocation(diagnostic));
    const char *message = take(reading, clang_getDiagnosticSpelling(diagnostic));
    bool is_ours = place.file != NULL && strcmp(place.file, unit_name) == 0;
    const char *asked = is_ours ? asked_on_line(reading, place.line) : NULL;

    if (asked != NULL)
        diag_error(reading->diag, spec_place(reading->spec, asked),
                   "'%s' does not evaluate to an integer constant for %s: %s", asked,
                   reading->target->name, message);
    else if (reading->source == NULL)
        remark_add(&reading->testimony->broken, reading->arena, "does-not-compile", place, "%s", message);
    else
        diag_error(reading->diag, place, "%s (reading source '%s' of '%s' for %s)", message,
                   reading->source->name, reading->spec->name, reading->target->name);
}

static void report_diagnostics(struct reading *reading, CXTranslationUnit unit, const char *unit_name)
{
    for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error)
            report_one(reading, diagnostic, unit_name);
        clang_disposeDiagnostic(diagnostic);
    }
}

/* Parses reading->text for the target and visits its declarations. */
static bool parse_and_visit(struct reading *reading, CXCursorVisitor visitor)
{
    static const char unit_name[] = "abiproof-unit.c";
    static const char *const fixed[] = {"-std=gnu11", "-w", "-nostdlibinc", "-ffreestanding",
                                        "-DRAW_NO_ASSERT"};
    struct CXUnsavedFile file = {unit_name, reading->text, strlen(reading->text)};
    const struct target *target = reading->target;
    const char **args = NULL;
    size_t n = 0;
    CXIndex index = clang_createIndex(0, 0);
    CXTranslationUnit unit = NULL;
    enum CXErrorCode error;

    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        ARENA_PUSH(reading->arena, args, n, fixed[i]);
    ARENA_PUSH(reading->arena, args, n, "-target");
    ARENA_PUSH(reading->arena, args, n, target->triple);
    for (unsigned i = 0; i < target->n_include; i++) {
        ARENA_PUSH(reading->arena, args, n, "-isystem");
        ARENA_PUSH(reading->arena, args, n, target->include[i]);
    }
    error = clang_parseTranslationUnit2(index, unit_name, args, (int)n, &file, 1,
                                        CXTranslationUnit_DetailedPreprocessingRecord |
                                            CXTranslationUnit_SkipFunctionBodies,
                                        &unit);
    if (error != CXError_Success) {
        diag_error(reading->diag, (struct place){reading->spec->path, 0, 0},
                   "libclang cannot parse for '%s' (triple '%s'): error code %d", target->name,
                   target->triple, error);
    } else {
        report_diagnostics(reading, unit, unit_name);
        clang_visitChildren(clang_getTranslationUnitCursor(unit), visitor, reading);
        clang_disposeTranslationUnit(unit);
    }
    clang_disposeIndex(index);
    return error == CXError_Success;
}

static enum CXChildVisitResult visit_defined(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct reading *reading = data;
    const char *name = take(reading, clang_getCursorSpelling(cursor));
    const char *defined = without(defined_mark, name);

    (void)parent;
    if (defined != NULL)
        for (size_t i = 0; i < reading->suspects.n; i++)
            if (strcmp(reading->suspects.items[i].name, defined) == 0) {
                ARENA_PUSH(reading->arena, reading->testimony->unbound.items,
                           reading->testimony->unbound.n, reading->suspects.items[i]);
                break;
            }
    return CXChildVisit_Continue;
}

/* Of the macros that the spec leaves out, keeps those still defined at the end: asks once more, which
 * costs a parse, but only when there is something to complain about. */
static void confirm_suspects(struct reading *reading, const char *includes)
{
    struct str text = {.arena = reading->arena};

    if (reading->suspects.n == 0)
        return;
    str_add(&text, includes);
    for (size_t i = 0; i < reading->suspects.n; i++)
        str_addf(&text, "#ifdef %s\nstatic int %s%s;\n#endif\n", reading->suspects.items[i].name,
                 defined_mark, reading->suspects.items[i].name);
    reading->text = str_text(&text);
    parse_and_visit(reading, visit_defined);
}

static bool read_source(struct reading *reading)
{
    struct str text = {.arena = reading->arena};
    const char *includes;
    int errors_before = reading->diag->n_errors;

    if (!include_headers(reading, &text))
        return false;
    includes = arena_strdup(reading->arena, str_text(&text));
    want_all_values(reading, &text);
    reading->text = str_text(&text);
    if (parse_and_visit(reading, visit) && reading->diag->n_errors == errors_before)
        confirm_suspects(reading, includes);
    return reading->diag->n_errors == errors_before;
}

/* ---- completeness ---- */

/* A spec that names what its headers do not give is wrong: say where. */
static void demand(struct reading *reading, enum fact_kind kind, const char *name)
{
    if (facts_find(&reading->testimony->facts, kind, name) == NULL)
        diag_error(reading->diag, spec_place(reading->spec, name),
                   "%s '%s' is not in the headers of '%s' for %s", fact_kind_name(kind), name,
                   reading->spec->name, reading->target->name);
}

static void demand_call(struct reading *reading, const struct spec_call *call)
{
    struct facts *facts = &reading->testimony->facts;
    const struct fact *found = facts_find(facts, FACT_SYSCALL, call->name);
    struct str params = {.arena = reading->arena};

    if ((call->forms & FORM_LIBRARY) != 0)
        demand(reading, FACT_FUNCTION, call->name);
    if ((call->forms & FORM_SYSCALL) == 0)
        return;
    if (found == NULL) {
        if (call->otherwise == NULL)
            demand(reading, FACT_SYSCALL, call->name);
        return;
    }
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & FORM_SYSCALL) != 0)
            str_addf(&params, "%s%s", params.len > 0 ? "," : "",
                     calltype_fact(reading->arena, spec_param_type(&call->params[i], FORM_SYSCALL),
                                reading->target, facts));
    fact_set(facts, &facts->items[found - facts->items], SYSCALL_PARAMS,
             params.len > 0 ? str_text(&params) : "void");
}

static void demand_all(struct reading *reading)
{
    const struct spec *spec = reading->spec;

    for (unsigned i = 0; i < spec->n_records; i++) {
        demand(reading, FACT_RECORD, spec->records[i].name);
        for (unsigned k = 0; k < spec->records[i].n_fields; k++)
            demand(reading, FACT_FIELD,
                   arena_printf(reading->arena, "%s.%s", spec->records[i].name,
                                spec->records[i].fields[k].name));
    }
    for (unsigned i = 0; i < spec->n_aliases; i++)
        demand(reading, FACT_ALIAS, spec->aliases[i].name);
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            demand(reading, FACT_CONSTANT, spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++)
        demand_call(reading, &spec->calls[i]);
}

/* What the spec and the table say themselves, so that every witness can be held against it. */
static void add_abi(struct testimony *testimony, const struct target *target)
{
    struct fact *fact = facts_add(&testimony->facts, FACT_ABI, target->name);

    fact_set_number(&testimony->facts, fact, ABI_BITS, target->bits);
    fact_set(&testimony->facts, fact, ABI_ENDIAN, target->endian);
}

static struct testimony begin(enum subject subject, struct arena *arena)
{
    return (struct testimony){
        .witness = "clang", .subject = subject, .tier = TIER_READ, .facts = {.arena = arena}};
}

bool witness_clang_system(struct testimony *testimony, const struct spec *spec,
                          const struct target *target, struct arena *arena, struct diag *diag)
{
    int errors_before = diag->n_errors;

    *testimony = begin(SUBJECT_SYSTEM, arena);
    if (target->include == NULL) {
        testimony->absent = arena_printf(arena, "no header set: looked for %s", target->headers[0]);
        return true;
    }
    add_abi(testimony, target);
    for (unsigned i = 0; i < spec->n_sources; i++) {
        struct reading reading = {
            .spec = spec,
            .target = target,
            .source = &spec->sources[i],
            .naming = &system_naming,
            .testimony = testimony,
            .arena = arena,
            .diag = diag,
        };
        if (read_source(&reading) && i + 1 == spec->n_sources && diag->n_errors == errors_before)
            demand_all(&reading);
    }
    facts_sort(&testimony->facts);
    return diag->n_errors == errors_before && facts_check(&testimony->facts, diag);
}

bool witness_clang_binding(struct testimony *testimony, const struct spec *spec,
                           const struct target *target, const char *folder, struct arena *arena,
                           struct diag *diag)
{
    struct str text = {.arena = arena};
    struct reading reading = {
        .spec = spec,
        .target = target,
        .naming = &binding_naming,
        .testimony = testimony,
        .arena = arena,
        .diag = diag,
    };

    *testimony = begin(SUBJECT_BINDING, arena);
    str_addf(&text, "#include \"%s/%s.h\"\n", folder, spec->name);
    want_all_values(&reading, &text);
    reading.text = str_text(&text);
    if (!parse_and_visit(&reading, visit))
        return false;
    facts_sort(&testimony->facts);
    return true;
}

const char *witness_clang_version(struct arena *arena)
{
    CXString version = clang_getClangVersion();
    const char *text = arena_strdup(arena, clang_getCString(version));

    clang_disposeString(version);
    return text;
}
