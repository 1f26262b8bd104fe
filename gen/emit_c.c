/* emit_c.c - bindings in C: bindings/c/raw.h and bindings/c/<spec>.h.
 *
 * In: a spec and the facts of its targets. Out: one header that needs no other but raw.h, compiles
 * as C11 and C++11, and may stand beside libc's own headers since every name starts with raw_ or
 * RAW_.
 *
 * The hard idea: no layout may need a packed attribute or an unaligned access. A field modelled as
 * words becomes two u32 members, and what the system leaves empty becomes a member named pad, so
 * that the compiler has no hole left to fill in its own way. Targets share text only where the text
 * is equal.
 */
#include "emit.h"

#include <stdlib.h>
#include <string.h>

#include "calltype.h"

/* ---- raw.h ---- */

static void emit_types(struct str *out)
{
    static const int widths[] = {8, 16, 32, 64};

    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        str_addf(out, "typedef __UINT%d_TYPE__ raw_u%d;\ntypedef __INT%d_TYPE__ raw_i%d;\n",
                 widths[i], widths[i], widths[i], widths[i]);
    str_add(out, "typedef __SIZE_TYPE__ raw_size;\n"
                 "typedef __UINTPTR_TYPE__ raw_uptr;\n\n");
}

static void emit_targets(struct str *out, const struct targets *targets)
{
    str_add(out, "/* The target that the compiler is building for. Each header below refuses a "
                 "target without\n"
                 " * a proved layout; this one only names it. */\n");
    for (unsigned i = 0; i < targets->n; i++)
        str_addf(out, "#%sif %s\n#define %s 1\n", i > 0 ? "el" : "", targets->items[i].when,
                 target_macro(out->arena, &targets->items[i]));
    str_add(out, "#endif\n\n");
}

static void emit_helpers(struct str *out)
{
    str_add(out, "/* Links a declaration to a symbol of another name. */\n"
                 "#define RAW_TEXT_(x) #x\n"
                 "#define RAW_TEXT(x) RAW_TEXT_(x)\n"
                 "#define RAW_SYMBOL(name) __asm__(RAW_TEXT(__USER_LABEL_PREFIX__) name)\n\n"
                 "#ifdef __cplusplus\n"
                 "#define RAW_STATIC_ASSERT(condition, text) static_assert(condition, text)\n"
                 "#define RAW_ALIGNOF(type) alignof(type)\n"
                 "#else\n"
                 "#define RAW_STATIC_ASSERT(condition, text) _Static_assert(condition, text)\n"
                 "#define RAW_ALIGNOF(type) _Alignof(type)\n"
                 "#endif\n\n");
}

/* Declares a variable that lives in a register, as the constraint of the system call needs it. */
static void emit_register(struct str *out, const char *name, const char *value)
{
    str_addf(out, "    register long %s __asm__(\"%s\")", name, name);
    if (value != NULL)
        str_addf(out, " = %s", value);
    str_add(out, ";\n");
}

/* The register that takes the result may be that of the number or of the first argument. */
static void emit_syscall_n(struct str *out, const struct syscall_convention *way, unsigned n_args)
{
    bool result_is_number = strcmp(way->result, way->number) == 0;
    bool result_is_arg = n_args > 0 && strcmp(way->result, way->args[0]) == 0;

    str_addf(out, "static inline long raw_syscall%u(long number", n_args);
    for (unsigned i = 0; i < n_args; i++)
        str_addf(out, ", long arg%u", i + 1);
    str_add(out, ")\n{\n");
    emit_register(out, way->number, "number");
    for (unsigned i = 0; i < n_args; i++)
        emit_register(out, way->args[i], arena_printf(out->arena, "arg%u", i + 1));
    if (!result_is_number && !result_is_arg)
        emit_register(out, way->result, NULL);
    str_addf(out,
             "\n    __asm__ volatile(\"%s\"\n                     : \"%sr\"(%s)\n                  "
             "   : ",
             way->instruction, result_is_number || result_is_arg ? "+" : "=", way->result);
    if (!result_is_number)
        str_addf(out, "\"r\"(%s)%s", way->number, n_args > (unsigned)result_is_arg ? ", " : "");
    for (unsigned i = result_is_arg; i < n_args; i++)
        str_addf(out, "\"r\"(%s)%s", way->args[i], i + 1 < n_args ? ", " : "");
    str_add(out, "\n                     : ");
    for (unsigned i = 0; i < way->n_clobbers; i++)
        str_addf(out, "\"%s\", ", way->clobbers[i]);
    str_addf(out, "\"memory\");\n    return %s;\n}\n\n", way->result);
}

static void emit_syscalls(struct str *out, const struct targets *targets)
{
    enum { MOST_ARGS = 6 };
    bool is_open = false;

    str_add(out, "/* raw_syscallN enters the kernel with N arguments and returns what it returns: "
                 "-errno, from\n"
                 " * -4095 to -1, on failure. RAW_SIGSET_SIZE is the size of the kernel's signal "
                 "set in bytes. */\n");
    for (unsigned i = 0; i < targets->n; i++) {
        const struct target *target = &targets->items[i];
        if (target->syscall == NULL)
            continue;
        str_addf(out, "#%sif defined(%s)\n", is_open ? "el" : "", target_macro(out->arena, target));
        str_addf(out, "/* Source: %s. */\n#define RAW_SIGSET_SIZE %u\n\n", target->syscall->source,
                 target->sigset);
        for (unsigned n = 1; n <= MOST_ARGS; n++)
            emit_syscall_n(out, target->syscall, n);
        is_open = true;
    }
    if (is_open)
        str_add(out, "#endif\n\n");
}

static void emit_raw(struct emit_files *files, const struct targets *targets)
{
    struct str *out = emit_start(files, "bindings/c/raw.h");

    str_add(out, "/* Generated by abiproof gen; do not edit.\n"
                 " *\n"
                 " * What every header beside this one needs: integers of fixed width without "
                 "libc, the name of the\n"
                 " * target, links to symbols, raw system calls. C11 or C++11, GCC or Clang.\n"
                 " *\n"
                 " * RAW_NO_ASSERT leaves out the compile-time assertions of those headers.\n"
                 " */\n"
                 "#ifndef RAW_RAW_H\n"
                 "#define RAW_RAW_H\n\n");
    emit_types(out);
    emit_targets(out, targets);
    emit_helpers(out);
    emit_syscalls(out, targets);
    str_add(out, "#endif\n");
}

/* ---- one header for a facility of which each system has its own spec ---- */

static bool is_later_part(const struct emit_job *jobs, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (jobs[k].spec->part_of != NULL &&
            strcmp(jobs[k].spec->part_of, jobs[i].spec->part_of) == 0)
            return true;
    return false;
}

static void emit_facility(struct emit_files *files, const struct emit_job *jobs, size_t n_jobs,
                          const char *facility)
{
    struct str *out = emit_start(files, arena_printf(files->arena, "bindings/c/%s.h", facility));
    bool is_open = false;

    str_addf(out,
             "/* Generated by abiproof gen; do not edit.\n"
             " *\n"
             " * %s on whichever system the compiler is building for.\n"
             " */\n"
             "#include \"raw.h\"\n\n",
             facility);
    for (size_t i = 0; i < n_jobs; i++) {
        if (jobs[i].spec->part_of == NULL || strcmp(jobs[i].spec->part_of, facility) != 0)
            continue;
        str_add(out, is_open ? "#elif " : "#if ");
        emit_condition(out, &jobs[i], NULL);
        str_addf(out, "\n#include \"%s.h\"\n", jobs[i].spec->name);
        is_open = true;
    }
    str_addf(out, "#else\n#error \"%s: abiproof has proved no layout for this target\"\n#endif\n",
             facility);
}

static void emit_common(struct emit_files *files, const struct targets *targets,
                        const struct emit_job *jobs, size_t n_jobs)
{
    emit_raw(files, targets);
    for (size_t i = 0; i < n_jobs; i++)
        if (jobs[i].spec->part_of != NULL && !is_later_part(jobs, i))
            emit_facility(files, jobs, n_jobs, jobs[i].spec->part_of);
}

/* ---- types ---- */

/* Splits "u64[2]" into element "u64" and count text "[2]". */
static const char *element_of(struct arena *arena, const char *type, const char **count)
{
    size_t length = strcspn(type, "[");

    *count = arena_strdup(arena, type + length);
    return arena_strndup(arena, type, length);
}

/* The C spelling of a fact's type; NULL if a binding cannot have a member of it. */
static const char *c_type(struct arena *arena, const char *type)
{
    if (strcmp(type, "ptr") == 0)
        return "void *";
    if (str_starts(type, "struct:") || str_starts(type, "union:"))
        return arena_printf(arena, "%.*s raw_%s", (int)strcspn(type, ":"), type,
                            strchr(type, ':') + 1);
    if (scalar_of(type).is_integer && strcmp(type, "bool") != 0)
        return arena_printf(arena, "raw_%s", type);
    return NULL;
}

/* ---- records ---- */

struct record_context {
    const struct spec *spec;
    const struct spec_record *record;
};

/* One member of a record as the binding models it. */
struct member {
    const char *name;
    const char *type; /* of a fact */
    int64_t offset;
    int64_t size;
    int64_t align;
    const char *doc;
};

struct members {
    struct arena *arena;
    struct member *items;
    size_t n;
    int64_t end;        /* offset after the last one */
    int64_t align;      /* of the record they make */
    int64_t word_align; /* of the 32-bit words that we put there ourselves */
    unsigned n_pads;
};

static void push_member(struct members *members, struct member member)
{
    ARENA_PUSH(members->arena, members->items, members->n, member);
    members->end = member.offset + member.size;
    if (member.align > members->align)
        members->align = member.align;
}

/* Fills the bytes up to `offset`, with words where both ends allow it. */
static void push_pad(struct members *members, int64_t offset, const char *doc)
{
    int64_t gap = offset - members->end;
    int64_t unit = gap % 4 == 0 && members->end % 4 == 0 ? 4 : 1;
    const char *count =
        gap == unit ? "" : arena_printf(members->arena, "[%lld]", (long long)(gap / unit));
    const char *suffix;

    if (gap <= 0)
        return;
    suffix = members->n_pads++ == 0 ? "" : arena_printf(members->arena, "%u", members->n_pads);
    push_member(members,
                (struct member){arena_printf(members->arena, "pad%s", suffix),
                                arena_printf(members->arena, "u%lld%s", (long long)unit * 8, count),
                                members->end, gap, unit == 4 ? members->word_align : 1, doc});
}

static void push_words(struct members *members, const struct spec_field *field, int64_t offset,
                       bool is_little)
{
    const char *low = arena_printf(members->arena, "%s_lo", field->name);
    const char *high = arena_printf(members->arena, "%s_hi", field->name);

    push_member(members,
                (struct member){is_little ? low : high, "u32", offset, 4, members->word_align,
                                is_little ? field->doc : "the upper 32 bits"});
    push_member(members,
                (struct member){is_little ? high : low, "u32", offset + 4, 4, members->word_align,
                                is_little ? "the upper 32 bits" : field->doc});
}

static int by_offset(const void *a, const void *b)
{
    const struct fact *const *x = a, *const *y = b;
    int64_t left = fact_number(*x, FIELD_OFFSET), right = fact_number(*y, FIELD_OFFSET);

    return left < right ? -1 : left > right;
}

/* The record's direct fields by offset: "kevent.ident", not "kevent.ext.word". */
static size_t fields_of(struct arena *arena, const struct facts *facts, const char *record,
                        const struct fact ***fields)
{
    size_t n = 0, length = strlen(record);

    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->kind == FACT_FIELD && strncmp(fact->name, record, length) == 0 &&
            fact->name[length] == '.' && strchr(fact->name + length + 1, '.') == NULL)
            ARENA_PUSH(arena, *fields, n, fact);
    }
    if (n > 0)
        qsort(*fields, n, sizeof **fields, by_offset);
    return n;
}

static const struct spec_field *find_field(const struct spec_record *record, const char *name)
{
    for (unsigned i = 0; i < record->n_fields; i++)
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

/* Alignment that C gives a member of this type: that of its element, as the target aligns words. */
static int64_t natural_align(struct arena *arena, const char *type, const struct emit_on *on)
{
    const struct fact *abi = facts_find(on->facts, FACT_ABI, on->target->name);
    const char *count;
    const char *element = element_of(arena, type, &count);
    int size_bytes =
        strcmp(element, "ptr") == 0 ? on->target->bits / 8 : scalar_of(element).size_bytes;

    if (size_bytes == 8)
        return fact_number(abi, ABI_ALIGN64);
    if (size_bytes == 4)
        return fact_number(abi, ABI_ALIGN32);
    return size_bytes > 0 ? size_bytes : 1;
}

/* Alignment of a word that we put there ourselves. */
static int64_t word_align(const struct emit_on *on)
{
    return fact_number(facts_find(on->facts, FACT_ABI, on->target->name), ABI_ALIGN32);
}

static struct members model(struct arena *arena, const struct emit_on *on,
                            const struct spec_record *record)
{
    struct members members = {.arena = arena, .word_align = word_align(on)};
    const struct fact **fields = NULL;
    size_t n = fields_of(arena, on->facts, record->name, &fields);
    const struct fact *whole = facts_find(on->facts, FACT_RECORD, record->name);

    for (size_t i = 0; i < n; i++) {
        const char *name = strrchr(fields[i]->name, '.') + 1;
        const struct spec_field *field = find_field(record, name);
        int64_t offset = fact_number(fields[i], FIELD_OFFSET);
        push_pad(&members, offset,
                 arena_printf(arena, "the system aligns %s to %lld here", name, (long long)offset));
        if (field != NULL && field->as == AS_WORDS)
            push_words(&members, field, offset, strcmp(on->target->endian, "little") == 0);
        else
            push_member(&members,
                        (struct member){name, fields[i]->attr[FIELD_TYPE], offset,
                                        fact_number(fields[i], FIELD_SIZE),
                                        natural_align(arena, fields[i]->attr[FIELD_TYPE], on),
                                        field != NULL ? field->doc : "not named by the spec"});
    }
    push_pad(&members, fact_number(whole, RECORD_SIZE), "the record ends on its alignment");
    return members;
}

static void text_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct record_context *record = context;
    const struct fact *whole = facts_find(on->facts, FACT_RECORD, record->record->name);
    struct members members = model(out->arena, on, record->record);

    str_addf(out, "/* %s bytes; the system aligns it to %s, this declaration to %lld. */\n",
             whole->attr[RECORD_SIZE], whole->attr[RECORD_ALIGN], (long long)members.align);
    str_addf(out, "struct raw_%s {\n", record->record->name);
    for (size_t i = 0; i < members.n; i++) {
        const struct member *member = &members.items[i];
        const char *count;
        const char *type = c_type(out->arena, element_of(out->arena, member->type, &count));
        str_addf(out, "    %s%s%s%s; /* at %lld: %s */\n", type != NULL ? type : member->type,
                 type != NULL && strchr(type, '*') != NULL ? "" : " ", member->name, count,
                 (long long)member->offset, member->doc);
    }
    str_add(out, "};\n");
}

/* Assertions that the compiler lays the members out as the system does. */
static void text_record_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    const struct record_context *record = context;
    const char *name = record->record->name;
    struct members members = model(out->arena, on, record->record);

    str_addf(out, "RAW_STATIC_ASSERT(sizeof(struct raw_%s) == %lld, \"size of %s\");\n", name,
             (long long)members.end, name);
    str_addf(out, "RAW_STATIC_ASSERT(RAW_ALIGNOF(struct raw_%s) == %lld, \"alignment of %s\");\n",
             name, (long long)members.align, name);
    for (size_t i = 0; i < members.n; i++)
        str_addf(out,
                 "RAW_STATIC_ASSERT(__builtin_offsetof(struct raw_%s, %s) == %lld, \"offset of "
                 "%s.%s\");\n",
                 name, members.items[i].name, (long long)members.items[i].offset, name,
                 members.items[i].name);
}

/* ---- accessors of a field modelled as words ---- */

struct view_context {
    const char *record;
    const struct spec_field *field;
    const struct spec_view *view;
};

/* The first 32 bits in memory: where a C union would put an int. */
static void text_view(struct str *out, const struct emit_on *on, const void *context)
{
    const struct view_context *view = context;
    const char *record = view->record, *field = view->field->name, *type = view->view->type;
    bool is_pointer = strchr(type, '*') != NULL;
    bool is_little = strcmp(on->target->endian, "little") == 0;
    bool is_word = is_pointer && on->target->bits == 64;
    const char *first = is_little ? "lo" : "hi", *second = is_little ? "hi" : "lo";
    const char *star = is_pointer ? "" : " ";

    str_addf(out, "static inline %s%sraw_%s_get_%s(const struct raw_%s *record)\n{\n", type, star,
             record, view->view->name, record);
    if (is_word)
        str_addf(out, "    return (%s)(raw_uptr)raw_%s_get_%s(record);\n}\n", type, record, field);
    else
        str_addf(out, "    return (%s)%srecord->%s_%s;\n}\n", type, is_pointer ? "(raw_uptr)" : "",
                 field, first);
    str_addf(out, "static inline void raw_%s_set_%s(struct raw_%s *record, %s%s%s)\n{\n", record,
             view->view->name, record, type, star, view->view->name);
    if (is_word)
        str_addf(out, "    raw_%s_set_%s(record, (raw_u64)(raw_uptr)%s);\n}\n\n", record, field,
                 view->view->name);
    else
        str_addf(out, "    record->%s_%s = (raw_u32)%s%s;\n    record->%s_%s = 0;\n}\n\n", field,
                 first, is_pointer ? "(raw_uptr)" : "", view->view->name, field, second);
}

static void emit_accessors(struct str *out, const struct emit_job *job, const char *record,
                           const struct spec_field *field)
{
    str_addf(out, "/* The whole of %s.%s: %s. */\n", record, field->name, field->doc);
    str_addf(out,
             "static inline raw_u64 raw_%s_get_%s(const struct raw_%s *record)\n{\n"
             "    return (raw_u64)record->%s_hi << 32 | record->%s_lo;\n}\n",
             record, field->name, record, field->name, field->name);
    str_addf(out,
             "static inline void raw_%s_set_%s(struct raw_%s *record, raw_u64 %s)\n{\n"
             "    record->%s_lo = (raw_u32)%s;\n    record->%s_hi = (raw_u32)(%s >> 32);\n}\n\n",
             record, field->name, record, field->name, field->name, field->name, field->name,
             field->name);
    for (unsigned i = 0; i < field->n_views; i++) {
        struct view_context context = {record, field, &field->views[i]};
        str_addf(out, "/* %s.%s as %s: %s. */\n", record, field->name, field->views[i].name,
                 field->views[i].doc);
        emit_grouped(out, job, text_view, &context);
    }
}

/* True if every field of the record has a type that a binding can express; reports if not. */
static bool can_express(const struct emit_job *job, const struct spec_record *record,
                        struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < job->n_on; i++) {
        const struct fact **fields = NULL;
        size_t n = fields_of(arena, job->on[i].facts, record->name, &fields);
        for (size_t k = 0; k < n; k++) {
            const char *count;
            const char *type = element_of(arena, fields[k]->attr[FIELD_TYPE], &count);
            const struct spec_field *field = find_field(record, strrchr(fields[k]->name, '.') + 1);
            bool is_words = field != NULL && field->as == AS_WORDS;
            if (fields[k]->attr[FIELD_BIT] == NULL && (is_words || c_type(arena, type) != NULL))
                continue;
            diag_error(diag, spec_place(job->spec, record->name),
                       "field '%s' of type '%s' has no expression in a C binding yet; an 8-byte "
                       "one can be "
                       "modelled with 'as: words'",
                       fields[k]->name, fields[k]->attr[FIELD_TYPE]);
            return false;
        }
    }
    return true;
}

static void emit_record(struct str *out, const struct emit_job *job,
                        const struct spec_record *record)
{
    struct record_context context = {job->spec, record};

    str_add(out, "/*\n");
    str_add_wrapped(out, " * ", record->doc, 100);
    str_add(out, " */\n");
    emit_grouped(out, job, text_record, &context);
    str_add(out, "\n");
    for (unsigned i = 0; i < record->n_fields; i++)
        if (record->fields[i].as == AS_WORDS)
            emit_accessors(out, job, record->name, &record->fields[i]);
}

/* ---- aliases and constants ---- */

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    const struct spec_alias *alias = context;
    const struct fact *fact = facts_find(on->facts, FACT_ALIAS, alias->name);

    str_addf(out, "typedef %s raw_%s;\n", c_type(out->arena, fact->attr[ALIAS_TYPE]), alias->name);
}

/* A literal of the constant's own type, usable in #if. */
static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_CONSTANT, name);
    const char *value = fact->attr[CONSTANT_VALUE], *type = fact->attr[CONSTANT_TYPE];
    const char *suffix = strcmp(type, "u64") == 0   ? "ULL"
                         : strcmp(type, "i64") == 0 ? "LL"
                         : strcmp(type, "u32") == 0 ? "U"
                                                    : "";

    if (value[0] == '-')
        str_addf(out, "#define RAW_%s (%s%s)\n", name, value, suffix);
    else
        str_addf(out, "#define RAW_%s %s%s\n", name, value, suffix);
}

static void text_constant_assert(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_CONSTANT, name);

    str_addf(out, "RAW_STATIC_ASSERT(RAW_%s == %s, \"value of %s\");\n", name,
             fact->attr[CONSTANT_VALUE], name);
}

static void emit_constants(struct str *out, const struct emit_job *job)
{
    for (unsigned i = 0; i < job->spec->n_constants; i++) {
        const struct spec_constants *group = &job->spec->constants[i];
        str_add(out, "/*\n");
        str_add_wrapped(out, " * ", group->doc, 100);
        str_add(out, " */\n");
        for (unsigned k = 0; k < group->n_names; k++)
            emit_grouped(out, job, text_constant, group->names[k]);
        str_add(out, "\n");
    }
}

/* ---- calls ---- */

/* "int epfd, struct raw_epoll_event *events", or "void". */
static void emit_params(struct str *out, const struct spec *spec, const struct spec_call *call,
                        enum spec_form form)
{
    size_t before = out->len;

    for (unsigned i = 0; i < call->n_params; i++) {
        const struct spec_param *param = &call->params[i];
        const char *type;
        if ((param->form & form) == 0)
            continue;
        type = calltype_binding(out->arena, spec_param_type(param, form), spec);
        str_addf(out, "%s%s%s%s", out->len > before ? ", " : "", type,
                 strchr(type, '*') != NULL ? "" : " ", param->name);
    }
    if (out->len == before)
        str_add(out, "void");
}

static void emit_call_doc(struct str *out, const struct spec_call *call, enum spec_form form,
                          const char *origin)
{
    bool is_library = form == FORM_LIBRARY;
    struct str *text = out;

    str_add(out, "/*\n");
    str_add_wrapped(out, " * ", call->doc, 100);
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & form) != 0)
            str_add_wrapped(
                out, " *   ",
                arena_printf(text->arena, "%s: %s", call->params[i].name, call->params[i].doc),
                100);
    str_add_wrapped(out, " * ",
                    arena_printf(text->arena, "Returns %s, or %s.", call->returns.doc,
                                 is_library ? "-1 with errno set" : "-errno"),
                    100);
    str_add_wrapped(out, " * ", arena_printf(text->arena, "Errors: %s.", call->errors), 100);
    str_add_wrapped(out, " * ", arena_printf(text->arena, "%s Source: %s.", origin, call->manual),
                    100);
    str_add(out, " */\n");
}

struct call_context {
    const struct spec *spec;
    const struct spec_call *call;
};

static void text_function(struct str *out, const struct emit_on *on, const void *context)
{
    const struct call_context *call = context;
    const struct fact *fact = facts_find(on->facts, FACT_FUNCTION, call->call->name);
    const char *type = calltype_binding(out->arena, call->call->returns.type, call->spec);

    str_addf(out, "%s raw_%s(", type, call->call->name);
    emit_params(out, call->spec, call->call, FORM_LIBRARY);
    str_addf(out, ")\n    RAW_SYMBOL(\"%s\");\n", fact->attr[FUNCTION_SYMBOL]);
}

static const char *library_of(const struct spec *spec)
{
    for (unsigned i = 0; i < spec->n_sources; i++)
        if (spec->sources[i].library != NULL)
            return spec->sources[i].library;
    return "";
}

static void emit_functions(struct str *out, const struct emit_job *job)
{
    for (unsigned i = 0; i < job->spec->n_calls; i++) {
        struct call_context context = {job->spec, &job->spec->calls[i]};
        if ((context.call->forms & FORM_LIBRARY) == 0)
            continue;
        emit_call_doc(out, context.call, FORM_LIBRARY,
                      arena_printf(out->arena, "Library %s.", library_of(job->spec)));
        emit_grouped(out, job, text_function, &context);
        str_add(out, "\n");
    }
}

static void text_number(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_SYSCALL, name);

    if (fact != NULL)
        str_addf(out, "#define RAW_NR_%s %s\n", name, fact->attr[SYSCALL_NUMBER]);
}

static void text_number_assert(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_SYSCALL, name);

    if (fact != NULL)
        str_addf(out, "RAW_STATIC_ASSERT(RAW_NR_%s == %s, \"number of %s\");\n", name,
                 fact->attr[SYSCALL_NUMBER], name);
}

static void emit_direct(struct str *out, const struct spec_call *call)
{
    unsigned n = 0;

    for (unsigned i = 0; i < call->n_params; i++)
        n += (call->params[i].form & FORM_SYSCALL) != 0;
    str_addf(out, "    return (int)raw_syscall%u(RAW_NR_%s", n, call->name);
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & FORM_SYSCALL) != 0)
            str_addf(out, ", (long)%s", call->params[i].name);
    str_add(out, ");\n");
}

/* The other call that a target without the number makes. */
static void emit_detour(struct str *out, const struct spec_otherwise *otherwise)
{
    str_add(out, "#else\n");
    if (otherwise->positive != NULL)
        str_addf(
            out,
            "    if (%s <= 0)\n"
            "        return -22; /* -EINVAL, as the call itself; %s takes no such argument */\n",
            otherwise->positive, otherwise->call);
    str_addf(out, "    return raw_sys_%s(", otherwise->call);
    for (unsigned i = 0; i < otherwise->n_args; i++) {
        const char *arg = otherwise->args[i];
        str_addf(out, "%s%s", i > 0 ? ", " : "",
                 strcmp(arg, "NULL") == 0          ? "0"
                 : strcmp(arg, "SIGSET_SIZE") == 0 ? "RAW_SIGSET_SIZE"
                                                   : arg);
    }
    str_add(out, ");\n#endif\n");
}

static void emit_wrapper(struct str *out, const struct emit_job *job, const struct spec_call *call)
{
    const struct spec_otherwise *otherwise = call->otherwise;

    emit_grouped(out, job, text_number, call->name);
    emit_call_doc(out, call, FORM_SYSCALL,
                  otherwise == NULL
                      ? "System call."
                      : arena_printf(out->arena,
                                     "System call; %s where the target has no such number.",
                                     otherwise->call));
    str_addf(out, "static inline int raw_sys_%s(", call->name);
    emit_params(out, job->spec, call, FORM_SYSCALL);
    str_add(out, ")\n{\n");
    if (otherwise != NULL)
        str_addf(out, "#ifdef RAW_NR_%s\n", call->name);
    emit_direct(out, call);
    if (otherwise != NULL)
        emit_detour(out, otherwise);
    str_add(out, "}\n\n");
}

/* A call that may be made by way of another one comes after it. */
static void emit_wrappers(struct str *out, const struct emit_job *job)
{
    for (int pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < job->spec->n_calls; i++) {
            const struct spec_call *call = &job->spec->calls[i];
            if ((call->forms & FORM_SYSCALL) != 0 && (call->otherwise != NULL) == (pass == 1))
                emit_wrapper(out, job, call);
        }
}

/* ---- the header ---- */

static void emit_asserts(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;

    str_add(out, "#ifndef RAW_NO_ASSERT\n");
    for (unsigned i = 0; i < spec->n_records; i++) {
        struct record_context context = {spec, &spec->records[i]};
        emit_grouped(out, job, text_record_asserts, &context);
    }
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            emit_grouped(out, job, text_constant_assert, spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0)
            emit_grouped(out, job, text_number_assert, spec->calls[i].name);
    str_add(out, "#endif\n\n");
}

static void emit_head(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;

    str_addf(out, "/* Generated by abiproof gen --spec %s; do not edit.\n * From", spec->name);
    for (unsigned i = 0; i < spec->n_sources; i++)
        for (unsigned k = 0; k < spec->sources[i].n_headers; k++)
            str_addf(out, "%s <%s>", i + k > 0 ? "," : "", spec->sources[i].headers[k]);
    str_addf(out, ".\n *\n * %s. See %s.\n */\n#ifndef RAW_%s_H\n#define RAW_%s_H\n\n", spec->doc,
             spec->manual, spec->name, spec->name);
    str_add(out, "#include \"raw.h\"\n\n#if !(");
    emit_condition(out, job, NULL);
    str_addf(out, ")\n#error \"%s: abiproof has proved no layout for this target\"\n#endif\n\n",
             spec->name);
    str_add(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
}

static void emit_header(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    const struct spec *spec = job->spec;
    struct str *out;

    for (unsigned i = 0; i < spec->n_records; i++)
        if (!can_express(job, &spec->records[i], files->arena, diag))
            return;
    out = emit_start(files, arena_printf(files->arena, "bindings/c/%s.h", spec->name));
    emit_head(out, job);
    for (unsigned i = 0; i < spec->n_aliases; i++) {
        str_addf(out, "/* %s */\n", spec->aliases[i].doc);
        emit_grouped(out, job, text_alias, &spec->aliases[i]);
        str_add(out, "\n");
    }
    emit_constants(out, job);
    for (unsigned i = 0; i < spec->n_records; i++)
        emit_record(out, job, &spec->records[i]);
    emit_functions(out, job);
    emit_wrappers(out, job);
    emit_asserts(out, job);
    str_add(out, "#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}

const struct emitter emit_c = {
    .name = "c",
    .about = "C headers, bindings/c/*.h",
    .emit_common = emit_common,
    .emit = emit_header,
};
