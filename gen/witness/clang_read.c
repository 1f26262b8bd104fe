/* clang_read.c - declarations in, facts out; see clang_private.h.
 *
 * In: the cursors of one unit. Out: facts in the evidence, and names that the spec forgot; records
 * are clang_record.c's, types clang_type.c's. Design: C has rules of its own: an enumerator that fits
 * int is an int.
 */
#include "witness/clang_private.h"

#include <string.h>

#include "model/sources.h"

const char *reading_take(struct reading *reading, CXString string)
{
    const char *text = clang_getCString(string);
    const char *copy = arena_strdup(reading->arena, text != NULL ? text : "");

    clang_disposeString(string);
    return copy;
}

const char *name_without(const char *prefix, const char *name)
{
    return str_starts(name, prefix) ? name + strlen(prefix) : NULL;
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

struct location reading_location(struct reading *reading, CXSourceLocation location)
{
    CXFile file;
    unsigned line, column;

    clang_getExpansionLocation(location, &file, &line, &column, NULL);
    if (file == NULL)
        return no_location;
    return (struct location){
        shorten(reading->target, reading_take(reading, clang_getFileName(file))), (int)line,
        (int)column};
}

struct location reading_where(struct reading *reading, CXCursor cursor)
{
    return reading_location(reading, clang_getCursorLocation(cursor));
}

bool reading_has_group(const struct reading *reading, const struct spec_constants *group)
{
    return reading->source == NULL ||
           constants_source(reading->spec, reading->target, group) == reading->source;
}

/* ---- values ---- */

static struct location location_of_macro(const struct reading *reading, const char *name)
{
    size_t number = grouping_find(&reading->macro_names, name);

    return number != INDEX_NONE ? reading->macros.items[number].where : no_location;
}

/* The value of one of our own variables. Returns false if it is no integer constant. */
static bool evaluate(CXCursor cursor, uint64_t *bits, bool *is_negative)
{
    CXEvalResult value = clang_Cursor_Evaluate(cursor);
    bool is_integer = value != NULL && clang_EvalResult_getKind(value) == CXEval_Int;

    if (is_integer && clang_EvalResult_isUnsignedInt(value)) {
        *bits = clang_EvalResult_getAsUnsigned(value);
        *is_negative = false;
    } else if (is_integer) {
        long long number = clang_EvalResult_getAsLongLong(value);
        *bits = (uint64_t)number;
        *is_negative = number < 0;
    }
    if (value != NULL)
        clang_EvalResult_dispose(value);
    return is_integer;
}

/* A macro that is defined at the end hides an enumerator of its name. */
static void read_constant(struct reading *reading, CXCursor cursor, const char *name, uint64_t bits,
                          bool is_negative)
{
    struct facts *facts = &reading->evidence->facts;
    const struct fact *found = facts_find(facts, FACT_CONSTANT, name);
    struct fact *fact =
        found != NULL ? &facts->items[found - facts->items] : facts_add(facts, FACT_CONSTANT, name);

    fact->where = location_of_macro(
        reading, arena_printf(reading->arena, "%s%s", reading->naming->constant, name));
    fact_set_value(facts, fact, bits, is_negative);
    fact_set(facts, fact, CONSTANT_TYPE, reading_type(reading, clang_getCursorType(cursor)));
}

/* The fact of a system call, which has two origins in a binding: its number and its function. */
static struct fact *syscall_fact(struct facts *facts, const char *name)
{
    const struct fact *found = facts_find(facts, FACT_SYSCALL, name);

    return found != NULL ? &facts->items[found - facts->items]
                         : facts_add(facts, FACT_SYSCALL, name);
}

static void read_number(struct reading *reading, const char *name, uint64_t bits)
{
    struct facts *facts = &reading->evidence->facts;
    struct fact *fact = syscall_fact(facts, name);

    fact->where = location_of_macro(
        reading, arena_printf(reading->arena, "%s%s", reading->naming->number, name));
    fact_set_number(facts, fact, SYSCALL_NUMBER, (int64_t)bits);
}

/* One of our variables abiproof_a_NAME; the one for the byte order is 1 for little. */
static void read_abi(struct reading *reading, const char *name, uint64_t bits)
{
    struct facts *facts = &reading->evidence->facts;
    const struct fact *found = facts_find(facts, FACT_ABI, reading->target->name);
    struct fact *fact = found != NULL ? &facts->items[found - facts->items]
                                      : facts_add(facts, FACT_ABI, reading->target->name);

    for (int attr = 0; fact_attr_name(FACT_ABI, attr) != NULL; attr++)
        if (strcmp(name, fact_attr_name(FACT_ABI, attr)) != 0)
            continue;
        else if (attr == ABI_ENDIAN)
            fact_set(facts, fact, attr, bits == 1 ? "little" : "big");
        else
            fact_set_number(facts, fact, attr, (int64_t)bits);
}

/* Adds what one of our own variables holds. */
static void read_value(struct reading *reading, CXCursor cursor, const char *name)
{
    const char *constant = name_without(CONSTANT_MARK, name);
    const char *number = name_without(NUMBER_MARK, name);
    const char *abi = name_without(ABI_MARK, name);

    if (constant == NULL && number == NULL && abi == NULL)
        return;
    uint64_t bits = 0;
    bool is_negative = false;
    if (!evaluate(cursor, &bits, &is_negative)) {
        const char *macro =
            arena_printf(reading->arena, "%s%s",
                         constant != NULL ? reading->naming->constant : reading->naming->number,
                         constant != NULL ? constant : number);
        diag_error(reading->diag, location_of_macro(reading, macro),
                   "'%s' does not evaluate to an integer constant for %s", macro,
                   reading->target->name);
    } else if (constant != NULL) {
        read_constant(reading, cursor, constant, bits, is_negative);
    } else if (number != NULL) {
        read_number(reading, number, bits);
    } else {
        read_abi(reading, abi, bits);
    }
}

/* An enumerator. In C one that fits int is an int, whatever the enum's own type. */
static void read_enumerator(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->evidence->facts;
    CXType type = clang_getEnumDeclIntegerType(clang_getCursorSemanticParent(cursor));
    bool is_unsigned = !reading_is_signed(clang_getCanonicalType(type).kind);
    long long value = clang_getEnumConstantDeclValue(cursor);
    struct fact *fact = facts_add(facts, FACT_CONSTANT, name);

    /* libclang sign-extends the values of an unsigned enum of 32 bits. */
    if (is_unsigned && clang_Type_getSizeOf(type) == 4)
        value &= 0xffffffffLL;
    bool fits_int = value <= INT32_MAX && value >= (is_unsigned ? 0 : INT32_MIN);
    fact->where = reading_where(reading, cursor);
    fact_set_value(facts, fact, (uint64_t)value, !is_unsigned && value < 0);
    fact_set(facts, fact, CONSTANT_TYPE, fits_int ? "i32" : reading_type(reading, type));
}

/* ---- functions ---- */

static const char *params_text(struct reading *reading, CXCursor cursor)
{
    CXType type = clang_getCursorType(cursor);
    struct str text = {.arena = reading->arena};
    int n = clang_Cursor_getNumArguments(cursor);

    for (int i = 0; i < n; i++) {
        CXType param = clang_getCanonicalType(clang_getArgType(type, (unsigned)i));
        /* An array or a function as a parameter is a pointer. */
        bool is_pointer = reading_is_array(param) || param.kind == CXType_FunctionProto ||
                          param.kind == CXType_FunctionNoProto;
        str_addf(&text, "%s%s", i > 0 ? "," : "",
                 is_pointer ? "ptr" : reading_type(reading, param));
    }
    if (clang_isFunctionTypeVariadic(type))
        str_add(&text, n > 0 ? ",..." : "...");
    return n > 0 || text.len > 0 ? str_text(&text) : "void";
}

/* The symbol that a call links to, without what the object format puts before every C symbol. */
static const char *symbol_of(struct reading *reading, CXCursor cursor)
{
    const char *symbol = reading_take(reading, clang_Cursor_getMangling(cursor));
    const char *bare = name_without(reading->target->label, symbol);

    return bare != NULL ? bare : symbol;
}

static void read_function(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->evidence->facts;
    const struct fact *found = facts_find(facts, FACT_FUNCTION, name);

    if (found != NULL) { /* declared again, perhaps to give it another symbol */
        fact_set(facts, &facts->items[found - facts->items], FUNCTION_SYMBOL,
                 symbol_of(reading, cursor));
        return;
    }
    struct fact *fact = facts_add(facts, FACT_FUNCTION, name);
    fact->where = reading_where(reading, cursor);
    if (reading->source != NULL)
        fact_set(facts, fact, FUNCTION_LIBRARY, reading->source->library);
    fact_set(facts, fact, FUNCTION_SYMBOL, symbol_of(reading, cursor));
    fact_set(facts, fact, FUNCTION_RETURN,
             reading_type(reading, clang_getCursorResultType(cursor)));
    fact_set(facts, fact, FUNCTION_PARAMS, params_text(reading, cursor));
}

/* In a binding the parameters of a system call are those of its function. */
static void read_wrapper(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->evidence->facts;

    fact_set(facts, syscall_fact(facts, name), SYSCALL_PARAMS, params_text(reading, cursor));
}

/* ---- what the unit declares ---- */

/* True if what is bound from this source is read from this unit. */
static bool is_from(const struct reading *reading, const char *from)
{
    return reading->source == NULL || strcmp(from, reading->source->name) == 0;
}

static bool binds_alias(const struct reading *reading, const char *name)
{
    const struct spec_alias *alias = bound_by(reading->bound, name).alias;

    return alias != NULL && is_from(reading, alias->from);
}

static bool binds_constant(const struct reading *reading, const char *name)
{
    const struct spec_constants *group = bound_by(reading->bound, name).constants;

    return group != NULL && reading_has_group(reading, group);
}

static bool binds_record(const struct reading *reading, const char *name)
{
    const struct spec_record *record = bound_by(reading->bound, name).record;

    return record != NULL && is_from(reading, record->from);
}

static bool binds_call(const struct reading *reading, const char *name)
{
    return bound_by(reading->bound, name).call != NULL;
}

static bool binds_function(const struct reading *reading, const char *name)
{
    const struct spec_call *call = bound_by(reading->bound, name).call;

    return call != NULL && (call->forms & FORM_LIBRARY) != 0 &&
           (reading->source == NULL || reading->source->library != NULL);
}

static void read_alias(struct reading *reading, CXCursor cursor, const char *name)
{
    struct facts *facts = &reading->evidence->facts;
    struct fact *fact = facts_add(facts, FACT_ALIAS, name);

    fact->where = reading_where(reading, cursor);
    fact_set(facts, fact, ALIAS_TYPE,
             reading_type(reading, clang_getTypedefDeclUnderlyingType(cursor)));
}

static struct remark *find_remark(const struct remarks *remarks, const char *name)
{
    for (size_t i = 0; i < remarks->n; i++)
        if (strcmp(remarks->items[i].name, name) == 0)
            return &remarks->items[i];
    return NULL;
}

/* What a macro seems to be, by the first token behind its name. Only a compiler knows whether it is
 * an expression; this is for a suggestion. */
static const char *what_macro(struct reading *reading, CXCursor cursor, const char *name)
{
    CXTranslationUnit unit = clang_Cursor_getTranslationUnit(cursor);
    const char *what = str_starts(name, "__NR_") ? "a system call's number" : "a constant";

    if (clang_Cursor_isMacroFunctionLike(cursor))
        return "a macro with parameters";
    unsigned n = 0;
    CXToken *tokens = NULL;
    clang_tokenize(unit, clang_getCursorExtent(cursor), &tokens, &n);
    if (n < 2) {
        what = "a macro without a value";
    } else {
        const char *first = reading_take(reading, clang_getTokenSpelling(unit, tokens[1]));
        bool is_word = clang_getTokenKind(tokens[1]) == CXToken_Keyword;
        if (first[0] == '"' || first[0] == '{' || (is_word && strcmp(first, "sizeof") != 0))
            what = "a macro that is no number";
    }
    clang_disposeTokens(unit, tokens, n);
    return what;
}

/* "a constant": what a name is that the headers give. */
static const char *what_is(struct reading *reading, CXCursor cursor, const char *name)
{
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
        return "a record";
    case CXCursor_EnumDecl:
        return "an enumeration";
    case CXCursor_TypedefDecl:
        return "a typedef";
    case CXCursor_FunctionDecl:
        return "a function";
    case CXCursor_MacroDefinition:
        return what_macro(reading, cursor, name);
    default:
        return "a constant";
    }
}

/* A name that the headers give: is it the facility's, and forgotten? Once is enough, as macro or as
 * enumerator. What the compiler itself defines is nowhere. */
static void check_bound(struct reading *reading, CXCursor cursor, const char *name)
{
    bool is_macro = clang_getCursorKind(cursor) == CXCursor_MacroDefinition;
    struct remarks *list = is_macro ? &reading->candidates : &reading->evidence->unbound;
    struct remark *before = find_remark(list, name);
    struct location location = reading_where(reading, cursor);

    if (reading->source == NULL || name[0] == '\0' || location.file == NULL ||
        !spec_leaves_unbound(reading->spec, name) ||
        find_remark(&reading->evidence->unbound, name) != NULL)
        return;
    if (before == NULL)
        remark_add(list, reading->arena, name, location, "%s of source '%s' that is neither",
                   what_is(reading, cursor, name), reading->source->name);
    else /* of two definitions of a macro the later one holds */
        before->where = location;
}

/* Of two definitions the later one holds. */
static void note_macro(struct reading *reading, CXCursor cursor, const char *name)
{
    struct location where = reading_where(reading, cursor);
    size_t number = grouping_of(&reading->macro_names, name);

    if (number == reading->macros.n)
        remark_add(&reading->macros, reading->arena, name, where, "%s", name);
    else
        reading->macros.items[number].where = where;
}

static void read_macro(struct reading *reading, CXCursor cursor, const char *name)
{
    const char *constant = name_without(reading->naming->constant, name);
    const char *number = name_without(reading->naming->number, name);

    if (clang_Cursor_isMacroBuiltin(cursor))
        return;
    if ((constant != NULL && binds_constant(reading, constant)) ||
        (number != NULL && binds_call(reading, number)))
        note_macro(reading, cursor, name);
    if (reading->source != NULL)
        reading_note_request(reading, cursor, name,
                             constant != NULL && binds_constant(reading, constant) ? constant
                                                                                   : NULL);
    check_bound(reading, cursor, name);
}

static void read_declared_function(struct reading *reading, CXCursor cursor, const char *name)
{
    const char *wrapped =
        reading->naming->syscall != NULL ? name_without(reading->naming->syscall, name) : NULL;
    const char *bare = name_without(reading->naming->type, name);

    if (wrapped != NULL && binds_call(reading, wrapped))
        read_wrapper(reading, cursor, wrapped);
    else if (bare != NULL && binds_function(reading, bare))
        read_function(reading, cursor, bare);
}

static void read_enum(struct reading *reading, CXCursor cursor, const char *name)
{
    const char *bare = name_without(reading->naming->constant, name);

    if (bare != NULL && binds_constant(reading, bare))
        read_enumerator(reading, cursor, bare);
    check_bound(reading, cursor, name);
}

enum CXChildVisitResult reading_visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
    struct reading *reading = data;
    const char *name = reading_take(reading, clang_getCursorSpelling(cursor));
    const char *bare = name_without(reading->naming->type, name);

    (void)parent;
    switch (clang_getCursorKind(cursor)) {
    case CXCursor_MacroDefinition:
        read_macro(reading, cursor, name);
        return CXChildVisit_Continue;
    case CXCursor_VarDecl:
        read_value(reading, cursor, name);
        return CXChildVisit_Continue;
    case CXCursor_StructDecl:
    case CXCursor_UnionDecl:
        if (bare != NULL && clang_isCursorDefinition(cursor) && binds_record(reading, bare))
            reading_add_record(reading, cursor, bare);
        break;
    case CXCursor_TypedefDecl:
        if (bare != NULL && binds_alias(reading, bare))
            read_alias(reading, cursor, bare);
        if (bare != NULL && binds_record(reading, bare))
            reading_add_named_record(reading, cursor, bare);
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
    /* What is declared within a record has the scope around it: C11 6.2.1p4. */
    return clang_getCursorKind(cursor) == CXCursor_TypedefDecl ||
                   clang_getCursorKind(cursor) == CXCursor_FunctionDecl
               ? CXChildVisit_Continue
               : CXChildVisit_Recurse;
}
