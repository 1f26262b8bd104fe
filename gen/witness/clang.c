/* clang.c - headers and bindings as libclang sees them; the only user of libclang.
 *
 * In: the headers of one source of a spec, or one binding, and a target. Out: facts of tier read.
 *
 * Design: the value and the exact type of a macro such as ((__poll_t)(1U << 31)), _IOW(...) or a
 * cast enumerator are the compiler's business. The spec names every constant, so the unit that
 * includes the headers also holds, per name,
 *
 *     #ifdef EPOLLET
 *     static const __typeof__(EPOLLET) abiproof_c_EPOLLET = (EPOLLET);
 *     #endif
 *
 * and libclang evaluates the initialiser: one unit per source and target, from memory, and no
 * evaluator of our own that could be wrong. #ifdef also keeps out what a header #undef's, which the
 * preprocessing record still lists.
 *
 * Names of a binding carry prefixes (struct raw_epoll_event, RAW_EPOLLIN); facts never do.
 */
#include "witness/clang_private.h"

#include <stdlib.h>
#include <string.h>

#include "model/calltype.h"
#include "model/toolchain.h"

static const struct naming system_naming = {"", "", "__NR_", NULL};
static const struct naming binding_naming = {"raw_", "RAW_", "RAW_NR_", "raw_sys_"};

static const char defined_mark[] = "abiproof_d_";

/* ---- the text of the unit ---- */

static void declare_value(struct str *text, const char *mark, const char *prefix, const char *name)
{
    str_addf(text, "#ifdef %s%s\nstatic const __typeof__(%s%s) %s%s = (%s%s);\n#endif\n", prefix,
             name, prefix, name, mark, name, prefix, name);
}

/* The first source is the kernel's: it has the numbers. */
static bool is_first_source(const struct reading *reading)
{
    return reading->source == NULL || reading->source == &reading->spec->sources[0];
}

static void declare_all_values(const struct reading *reading, struct str *text)
{
    const struct spec *spec = reading->spec;

    if (is_first_source(reading))
        str_add(text,
                "static const int " ABI_MARK "bits = sizeof(void *) * 8;\n"
                "static const int " ABI_MARK "endian = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;\n"
                "struct abiproof_member { char before; int word; };\n"
                "struct abiproof_long_member { char before; long long word; };\n"
                "static const int " ABI_MARK
                "align32 = __builtin_offsetof(struct abiproof_member, word);\n"
                "static const int " ABI_MARK
                "align64 = __builtin_offsetof(struct abiproof_long_member, word);\n");
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            if (reading_has_group(reading, &spec->constants[i]))
                declare_value(text, CONSTANT_MARK, reading->naming->constant,
                              spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0 && is_first_source(reading))
            declare_value(text, NUMBER_MARK, reading->naming->number, spec->calls[i].name);
}

/* "<sys/eventfd.h>": the headers that give the constants of an optional header where it is missing.
 */
static const char *fallback_headers(const struct reading *reading, const char *header)
{
    const struct spec *spec = reading->spec;
    struct str text = {.arena = reading->arena};

    for (unsigned i = 0; i < spec->n_constants && text.len == 0; i++) {
        const struct spec_constants *group = &spec->constants[i];
        if (group->header == NULL || strcmp(group->header, header) != 0)
            continue;
        const struct spec_source *other = spec_source(spec, group->fallback);
        for (unsigned k = 0; k < other->n_headers; k++)
            str_addf(&text, "%s<%s>", k > 0 ? " " : "", other->headers[k]);
    }
    return text.len > 0 ? str_text(&text) : "nowhere else";
}

bool reading_include(struct reading *reading, struct str *text)
{
    const struct spec_source *source = reading->source;

    for (unsigned i = 0; i < source->n_defines; i++)
        str_addf(text, "%s\n", spec_define(reading->arena, source->defines[i]));
    bool complete = true;
    for (unsigned i = 0; i < source->n_headers; i++) {
        const char *header = source->headers[i];
        if (header_exists(reading->target, header)) {
            str_addf(text, "#include <%s>\n", header);
        } else if (spec_header_is_optional(source, header)) {
            remark_add(&reading->evidence->notes, reading->arena, header, (struct location){0},
                       "not in the header set; its constants come from %s",
                       fallback_headers(reading, header));
        } else {
            struct str path = {.arena = reading->arena};
            for (unsigned k = 0; k < reading->target->n_include; k++)
                str_addf(&path, "%s%s", k > 0 ? ":" : "", reading->target->include[k]);
            diag_error(reading->diag, spec_location(reading->spec, header),
                       "header '%s' is not in the header set of %s: %s", header,
                       reading->target->name, str_text(&path));
            complete = false;
        }
    }
    return complete;
}

/* ---- parsing ---- */

/* The constant that line `line` of our own text reads, NULL if it reads none. */
static const char *requested_on_line(struct reading *reading, int line)
{
    const char *at = reading->text;

    for (int i = 1; i < line && at != NULL; i++)
        at = strchr(at, '\n') != NULL ? strchr(at, '\n') + 1 : NULL;
    if (at == NULL)
        return NULL;
    size_t length = strcspn(at, "\n");
    at = arena_strndup(reading->arena, at, length);
    const char *mark = strstr(at, CONSTANT_MARK);
    if (mark == NULL)
        mark = strstr(at, NUMBER_MARK);
    if (mark == NULL)
        return NULL;
    mark += strlen(CONSTANT_MARK);
    return arena_strndup(reading->arena, mark, strcspn(mark, " "));
}

/* Where the spec names a constant or a system call. */
static struct location requested_location(const struct spec *spec, const char *name)
{
    const struct spec_call *call = spec_call(spec, name);
    const char *constant = spec_constant(spec, name);

    return spec_location(spec, constant != NULL ? constant : call != NULL ? call->name : NULL);
}

static void report_one(struct reading *reading, CXDiagnostic diagnostic, const char *unit_name)
{
    struct location location = reading_location(reading, clang_getDiagnosticLocation(diagnostic));
    const char *message = reading_take(reading, clang_getDiagnosticSpelling(diagnostic));
    bool is_ours = location.file != NULL && strcmp(location.file, unit_name) == 0;
    const char *requested = is_ours ? requested_on_line(reading, location.line) : NULL;

    if (requested != NULL)
        diag_error(reading->diag, requested_location(reading->spec, requested),
                   "'%s' does not evaluate to an integer constant for %s: %s", requested,
                   reading->target->name, message);
    else if (reading->source == NULL)
        remark_add(&reading->evidence->broken, reading->arena, "does-not-compile", location, "%s",
                   message);
    else
        diag_error(reading->diag, location, "%s (reading source '%s' of '%s' for %s)", message,
                   reading->source->name, reading->spec->name, reading->target->name);
}

static void report_diagnostics(struct reading *reading, CXTranslationUnit unit,
                               const char *unit_name)
{
    for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
        if (clang_getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error)
            report_one(reading, diagnostic, unit_name);
        clang_disposeDiagnostic(diagnostic);
    }
}

bool reading_parse(struct reading *reading, CXCursorVisitor visitor)
{
    static const char unit_name[] = "abiproof-unit.c";
    /* No GCC: the driver would look through all that are installed, at every parse, for folders
     * that -nostdlibinc then leaves out. */
    static const char *const fixed[] = {"-std=gnu11",      "-w",
                                        "-nostdlibinc",    "-ffreestanding",
                                        "-DRAW_NO_ASSERT", "--gcc-toolchain=/nonexistent",
                                        "-ferror-limit=0"};
    struct CXUnsavedFile file = {unit_name, reading->text, strlen(reading->text)};
    const struct target *target = reading->target;
    const char **args = NULL;
    size_t n = 0;
    CXIndex index = clang_createIndex(0, 0);

    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        ARENA_PUSH(reading->arena, args, n, fixed[i]);
    ARENA_PUSH(reading->arena, args, n, "-target");
    ARENA_PUSH(reading->arena, args, n, target->triple);
    for (unsigned i = 0; i < target->n_include; i++) {
        ARENA_PUSH(reading->arena, args, n, "-isystem");
        ARENA_PUSH(reading->arena, args, n, target->include[i]);
    }
    for (unsigned i = 0; i < target->n_defines; i++)
        ARENA_PUSH(reading->arena, args, n,
                   arena_printf(reading->arena, "-D%s", target->defines[i]));
    CXTranslationUnit unit = NULL;
    enum CXErrorCode error = clang_parseTranslationUnit2(
        index, unit_name, args, (int)n, &file, 1,
        CXTranslationUnit_DetailedPreprocessingRecord | CXTranslationUnit_SkipFunctionBodies,
        &unit);
    if (error != CXError_Success) {
        diag_error(reading->diag, (struct location){reading->spec->path, 0, 0},
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
    const char *name = reading_take(reading, clang_getCursorSpelling(cursor));
    const char *defined = name_without(defined_mark, name);

    (void)parent;
    for (size_t i = 0; i < reading->evidence->unbound.n && defined != NULL; i++)
        if (strcmp(reading->evidence->unbound.items[i].name, defined) == 0)
            return CXChildVisit_Continue; /* an enumerator of that name has been named */
    if (defined != NULL)
        for (size_t i = 0; i < reading->candidates.n; i++)
            if (strcmp(reading->candidates.items[i].name, defined) == 0) {
                ARENA_PUSH(reading->arena, reading->evidence->unbound.items,
                           reading->evidence->unbound.n, reading->candidates.items[i]);
                break;
            }
    return CXChildVisit_Continue;
}

/* Of the macros that the spec leaves out, keeps those still defined at the end, by one more parse,
 * which is needed only when there is something to report. */
static void confirm_candidates(struct reading *reading, const char *includes)
{
    struct str text = {.arena = reading->arena};

    if (reading->candidates.n == 0)
        return;
    str_add(&text, includes);
    for (size_t i = 0; i < reading->candidates.n; i++)
        str_addf(&text, "#ifdef %s\nstatic int %s%s;\n#endif\n", reading->candidates.items[i].name,
                 defined_mark, reading->candidates.items[i].name);
    reading->text = str_text(&text);
    reading_parse(reading, visit_defined);
}

static bool read_source(struct reading *reading)
{
    struct str text = {.arena = reading->arena};
    int errors_before = reading->diag->n_errors;

    if (!reading_include(reading, &text))
        return false;
    const char *includes = arena_strdup(reading->arena, str_text(&text));
    declare_all_values(reading, &text);
    reading->text = str_text(&text);
    if (reading_parse(reading, reading_visit) && reading->diag->n_errors == errors_before)
        confirm_candidates(reading, includes);
    return reading->diag->n_errors == errors_before;
}

/* ---- completeness ---- */

/* A spec that names what its headers do not give is wrong: reports where it names `item`. */
static void require(struct reading *reading, enum fact_kind kind, const char *name,
                    const char *item)
{
    if (!reading->spec->may_lack && facts_find(&reading->evidence->facts, kind, name) == NULL)
        diag_error(reading->diag, spec_location(reading->spec, item),
                   "%s '%s' is not in the headers of '%s' for %s%s", fact_kind_name(kind), name,
                   reading->spec->name, reading->target->name,
                   features_hint(reading->features, kind, name));
}

static void require_call(struct reading *reading, const struct spec_call *call)
{
    struct facts *facts = &reading->evidence->facts;
    const struct fact *found = facts_find(facts, FACT_SYSCALL, call->name);

    if ((call->forms & FORM_LIBRARY) != 0)
        require(reading, FACT_FUNCTION, call->name, call->name);
    if ((call->forms & FORM_SYSCALL) == 0)
        return;
    if (found == NULL) {
        if (call->fallback == NULL && !call->per_target)
            require(reading, FACT_SYSCALL, call->name, call->name);
        return;
    }
    fact_set(facts, &facts->items[found - facts->items], SYSCALL_PARAMS,
             calltype_fact_params(reading->arena, call, FORM_SYSCALL, reading->target, facts));
}

static void require_all(struct reading *reading)
{
    const struct spec *spec = reading->spec;

    for (unsigned i = 0; i < spec->n_records; i++) {
        const struct spec_record *record = &spec->records[i];
        require(reading, FACT_RECORD, record->name, record->name);
        for (unsigned k = 0; k < record->n_fields; k++) {
            const char *field = record->fields[k].name;
            require(reading, FACT_FIELD, arena_printf(reading->arena, "%s.%s", record->name, field),
                    field);
        }
    }
    for (unsigned i = 0; i < spec->n_aliases; i++)
        require(reading, FACT_ALIAS, spec->aliases[i].name, spec->aliases[i].name);
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            require(reading, FACT_CONSTANT, spec->constants[i].names[k],
                    spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++)
        require_call(reading, &spec->calls[i]);
}

/* The table says of each target what emitters need to know before a compiler is asked. */
static void check_table(const struct evidence *evidence, const struct target *target,
                        struct diag *diag)
{
    const struct fact *abi = facts_find(&evidence->facts, FACT_ABI, target->name);

    if (abi != NULL && (fact_number(abi, ABI_BITS) != target->bits ||
                        strcmp(abi->attr[ABI_ENDIAN], target->endian) != 0))
        diag_error(diag, (struct location){"gen/targets.yaml", 0, 0},
                   "target '%s' has bits %d, endian %s; clang for '%s' says bits %s, endian %s",
                   target->name, target->bits, target->endian, target->triple, abi->attr[ABI_BITS],
                   abi->attr[ABI_ENDIAN]);
}

static struct evidence begin(enum subject subject, struct arena *arena)
{
    return (struct evidence){
        .witness = clang_witness.name,
        .subject = subject,
        .tier = clang_witness.tier,
        .is_complete = true,
        .facts = {.arena = arena},
    };
}

/* Reads all sources of the reading's spec, one after the other. Returns false after an error. */
static bool read_sources(struct reading *reading)
{
    struct bound_names bound = bound_names_of(reading->arena, reading->spec);
    int errors_before = reading->diag->n_errors;

    for (unsigned i = 0; i < reading->spec->n_sources; i++) {
        struct reading one = *reading;
        one.source = &reading->spec->sources[i];
        one.bound = &bound;
        one.macro_names = (struct grouping){.arena = reading->arena};
        (void)read_source(&one);
    }
    return reading->diag->n_errors == errors_before;
}

/* A feature_read_fn; context: the reading that found the spec to be wrong. */
static void read_again(struct facts *facts, const struct spec *spec, const void *context)
{
    struct reading reading = *(const struct reading *)context;
    struct evidence evidence = begin(SUBJECT_SYSTEM, facts->arena);
    struct diag diag;

    diag_init(&diag, facts->arena, false);
    reading.spec = spec;
    reading.evidence = &evidence;
    reading.diag = &diag;
    (void)read_sources(&reading);
    *facts = evidence.facts;
}

bool witness_clang_system(struct evidence *evidence, const struct spec *spec,
                          const struct target *target, struct arena *arena, struct diag *diag)
{
    int errors_before = diag->n_errors;
    struct reading reading = {
        .spec = spec,
        .target = target,
        .naming = &system_naming,
        .evidence = evidence,
        .arena = arena,
        .diag = diag,
        .makers = {.arena = arena},
    };
    struct features features = {spec, target, arena, read_again, &reading, NULL};

    *evidence = begin(SUBJECT_SYSTEM, arena);
    evidence->unavailable = missing_headers(target, arena);
    if (evidence->unavailable != NULL)
        return true;
    reading.features = &features;
    if (read_sources(&reading))
        require_all(&reading);
    check_table(evidence, target, diag);
    facts_sort(&evidence->facts);
    return diag->n_errors == errors_before &&
           (spec->may_lack || facts_check(&evidence->facts, diag));
}

/* A function without a number makes another call on this target: no fact. A number without a
 * function is half a binding: its parameters are nobody's. */
static void settle_syscalls(struct facts *facts)
{
    struct facts kept = {.arena = facts->arena};

    for (size_t i = 0; i < facts->n; i++) {
        struct fact *fact = &facts->items[i];
        if (fact->kind == FACT_SYSCALL && fact->attr[SYSCALL_NUMBER] == NULL)
            continue;
        if (fact->kind == FACT_SYSCALL && fact->attr[SYSCALL_PARAMS] == NULL)
            fact_set(facts, fact, SYSCALL_PARAMS, "no-such-function");
        facts_push(&kept, *fact);
    }
    *facts = kept;
}

bool witness_clang_binding(struct evidence *evidence, const struct spec *spec,
                           const struct target *target, const char *folder, struct arena *arena,
                           struct diag *diag)
{
    struct bound_names bound = bound_names_of(arena, spec);
    struct reading reading = {
        .spec = spec,
        .bound = &bound,
        .macro_names = {.arena = arena},
        .target = target,
        .naming = &binding_naming,
        .evidence = evidence,
        .arena = arena,
        .diag = diag,
    };

    struct str text = {.arena = arena};
    *evidence = begin(SUBJECT_BINDING, arena);
    str_addf(&text, "#include \"%s/%s.h\"\n", folder, spec->name);
    declare_all_values(&reading, &text);
    reading.text = str_text(&text);
    if (!reading_parse(&reading, reading_visit))
        return false;
    settle_syscalls(&evidence->facts);
    facts_sort(&evidence->facts);
    return true;
}

/* ---- the row ---- */

static const char *why_not(const struct witness_input *input)
{
    return target_is_read_by_dwarf(input->target)
               ? "clang's layout for this target is none, or wrong"
               : NULL;
}

/* Of the binding only: what it reads of the headers is what everything is compared with. */
static size_t collect(const struct witness_input *input, struct evidence *list)
{
    return witness_clang_binding(list, input->spec, input->target, input->workspace->bindings,
                                 input->arena, input->diag);
}

const struct witness clang_witness = {
    .name = "clang",
    .tier = TIER_READ,
    .why_not = why_not,
    .collect = collect,
};
