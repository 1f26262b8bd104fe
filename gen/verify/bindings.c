/* bindings.c - see bindings.h.
 *
 * In: a row of the table of languages. Out: its commands, run with what they may ask for in their
 * environment, and the verified object. The order of work: which file, which programs, compile,
 * verify, count what was seen.
 */
#include "verify/bindings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/grouping.h"
#include "base/proc.h"
#include "verify/verify.h"
#include "witness/build.h"

bool binding_is_made(const struct binding *binding)
{
    return binding->language->binding != NULL &&
           language_word(binding->language, binding->target) != NULL &&
           language_has_spec(binding->language, binding->spec->name);
}

bool binding_is_whole(const struct binding *binding)
{
    return binding->unavailable == NULL && binding->n_checked == binding->n_facts;
}

/* ---- what commands may ask for ---- */

enum { N_VARIABLES = 10 };

/* A compiler is given more time than a probe: some build their own libraries first. */
enum { TIMES = 6 };

/* One binding while it is compiled. */
struct compiling {
    struct binding *binding;
    const struct languages *languages;
    const struct workspace *workspace;
    struct {
        const char *name, *value;
    } variables[N_VARIABLES];
    size_t n_variables;
    const char *object;
    const char *unit;      /* that the commands write; NULL: the binding itself is compiled */
    const char **programs; /* paths of those that are there */
    size_t n_programs;
};

static void set(struct compiling *compiling, const char *name, const char *value)
{
    compiling->variables[compiling->n_variables].name = name;
    compiling->variables[compiling->n_variables++].value = value;
}

/* The text with the values of "$NAME"s in it; what is no variable stays. */
static const char *expand(const struct compiling *compiling, const char *text)
{
    struct str out = {.arena = &compiling->binding->arena};

    for (const char *at = text; *at != '\0';) {
        size_t length = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        size_t i = *at == '$' ? 0 : compiling->n_variables;
        while (i < compiling->n_variables &&
               (strlen(compiling->variables[i].name) != length ||
                strncmp(compiling->variables[i].name, at + 1, length) != 0))
            i++;
        if (i < compiling->n_variables) {
            str_add(&out, compiling->variables[i].value);
            at += 1 + length;
        } else {
            str_add_char(&out, *at++);
        }
    }
    return str_text(&out);
}

/* The target's C compiler with its options; "" if there is none. */
static const char *compiler_words(struct arena *arena, const struct target *target)
{
    struct str text = {.arena = arena};

    for (unsigned i = 0; i < target->n_compiler; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", target->compiler[i]);
    if (target->compiler == NULL)
        str_add(&text, target->cc[0]);
    return str_text(&text);
}

static const char *absolute(struct arena *arena, const char *path)
{
    char *whole = realpath(path, NULL);
    const char *copy = arena_strdup(arena, whole != NULL ? whole : path);

    free(whole);
    return copy;
}

/* The folder of the language's bindings; those in C may be others than the repository's. */
static const char *folder_of(struct arena *arena, const struct language *language,
                             const struct workspace *workspace)
{
    if (strcmp(language->language, "c") == 0)
        return workspace->bindings;
    return arena_printf(arena, "%sbindings/%s", workspace->root, language->language);
}

static void set_variables(struct compiling *compiling)
{
    struct binding *binding = compiling->binding;
    const struct language *language = binding->language;
    struct arena *arena = &binding->arena;

    set(compiling, "SPEC", binding->spec->name);
    set(compiling, "TARGET", binding->target->name);
    set(compiling, "TRIPLE", binding->target->triple);
    set(compiling, "GNU", binding->target->gnu != NULL ? binding->target->gnu : "");
    set(compiling, "CC", compiler_words(arena, binding->target));
    set(compiling, "T", language_word(language, binding->target));
    set(compiling, "FLAGS", "");
    binding->path = arena_printf(arena, "%s/%s", folder_of(arena, language, compiling->workspace),
                                 expand(compiling, language->binding));
}

/* The path of a program; NULL if it is not there. */
static const char *find_program(const struct compiling *compiling, const char *program)
{
    struct arena *arena = &compiling->binding->arena;

    for (unsigned i = 0; i < compiling->languages->n_path; i++) {
        const char *path = arena_printf(arena, "%s%s/%s", compiling->workspace->root,
                                        compiling->languages->path[i], program);
        if (access(path, X_OK) == 0)
            return path;
    }
    return proc_find(arena, program);
}

/* Looks for what must be there. Returns false after saying what is missing. */
static bool find_all(struct compiling *compiling)
{
    struct binding *binding = compiling->binding;
    const struct language *language = binding->language;
    struct arena *arena = &binding->arena;

    for (unsigned i = 0; i < language->n_programs; i++) {
        const char *words = expand(compiling, language->programs[i]);
        const char *program = arena_strndup(arena, words, strcspn(words, " "));
        const char *path = find_program(compiling, program);
        if (path == NULL) {
            binding->unavailable = arena_printf(arena, "compiler '%s' not found; `%s` brings it",
                                                program, language->brings);
            return false;
        }
        ARENA_PUSH(arena, compiling->programs, compiling->n_programs, path);
    }
    if (access(binding->path, R_OK) == 0)
        return true;
    binding->unavailable =
        arena_printf(arena, "'%s': %s; run `make gen`", binding->path, strerror(errno));
    return false;
}

/* ---- compiling ---- */

static void add_broken(struct binding *binding, const char *kind, const char *expected,
                       const char *got, struct location where)
{
    struct finding_scope scope = {binding->spec->name, binding->target->name,
                                  binding->language->name, "binding"};

    findings_add(&binding->findings, kind, SEVERITY_ERROR, binding->spec->name, expected, got,
                 no_location, where, scope);
}

/* A location as a person would name it: in the binding, whatever the compiler was given. */
static struct location location_of(const struct compiling *compiling, struct location location)
{
    struct arena *arena = &compiling->binding->arena;
    const char *root = compiling->workspace->root[0] == '\0' ? "." : compiling->workspace->root;
    const char *whole = absolute(arena, root);
    size_t length = strlen(whole);

    if (location.file == NULL)
        return location;
    if (strcmp(location.file, compiling->object) == 0 ||
        (compiling->unit != NULL && strcmp(location.file, compiling->unit) == 0))
        return (struct location){compiling->binding->path, 0, 0};
    if (strncmp(location.file, whole, length) == 0 && location.file[length] == '/')
        location.file =
            arena_printf(arena, "%s%s", compiling->workspace->root, location.file + length + 1);
    return location;
}

/* What a failed command printed, as a finding: its first error, and where. */
static void add_failure(struct compiling *compiling, const struct proc_result *result)
{
    struct binding *binding = compiling->binding;
    struct arena *arena = &binding->arena;
    struct evidence reported = {.witness = binding->language->name};

    if (result->end != PROC_EXITED) {
        add_broken(binding, "probe-failed", "a compiler that ends",
                   proc_describe(arena, result, TIMES * compiling->workspace->timeout_ms),
                   (struct location){binding->path, 0, 0});
        return;
    }
    remark_compiler(&reported, arena, result->err[0] != '\0' ? result->err : result->out);
    if (reported.broken.items[0].where.file == NULL)
        reported.broken.items[0].where.file = binding->path;
    add_broken(binding, "does-not-compile", "an object", reported.broken.items[0].text,
               location_of(compiling, reported.broken.items[0].where));
}

/* The commands: the unit, where there is one, then what compiles it. */
static const char *script_of(const struct compiling *compiling)
{
    const struct language *language = compiling->binding->language;

    if (language->unit == NULL)
        return language->compile;
    return arena_printf(&compiling->binding->arena, "{\n%s\n} >\"$SOURCE\"\n%s", language->unit,
                        language->compile);
}

/* "NAME=VALUE" for each variable, and PATH. */
static const char **make_environment(struct compiling *compiling, size_t *n)
{
    struct arena *arena = &compiling->binding->arena;
    const char *root = compiling->workspace->root[0] == '\0' ? "." : compiling->workspace->root;
    const char *usual = getenv("PATH");

    const char **env = NULL;
    *n = 0;
    for (size_t i = 0; i < compiling->n_variables; i++)
        ARENA_PUSH(arena, env, *n,
                   arena_printf(arena, "%s=%s", compiling->variables[i].name,
                                compiling->variables[i].value));
    struct str path = {.arena = arena};
    for (unsigned i = 0; i < compiling->languages->n_path; i++)
        str_addf(&path, "%s/%s:", absolute(arena, root), compiling->languages->path[i]);
    ARENA_PUSH(arena, env, *n,
               arena_printf(arena, "PATH=%s%s", str_text(&path), usual ? usual : ""));
    return env;
}

/* Makes the object, in a folder that is locked. Returns false after adding a finding. */
static bool compile(struct compiling *compiling, const char *folder)
{
    struct binding *binding = compiling->binding;
    struct arena *arena = &binding->arena;
    const struct language *language = binding->language;
    const char *whole = absolute(arena, folder), *source = absolute(arena, binding->path);
    struct build_command command = {
        .script = script_of(compiling),
        .folder = folder,
        .programs = compiling->programs,
        .n_programs = compiling->n_programs,
        .inputs = folder_of(arena, language, compiling->workspace),
    };

    if (language->unit != NULL)
        compiling->unit = arena_printf(arena, "%s/%s", whole, expand(compiling, language->source));
    compiling->object = arena_printf(arena, "%s/binding.o", folder);
    set(compiling, "BINDING", source);
    set(compiling, "SOURCE", compiling->unit != NULL ? compiling->unit : source);
    set(compiling, "OBJECT", arena_printf(arena, "%s/binding.o", whole));
    command.env = make_environment(compiling, &command.n_env);
    struct proc_result result =
        build_command(arena, compiling->object, &command, compiling->workspace->cache,
                      TIMES * compiling->workspace->timeout_ms);
    if (result.end == PROC_EXITED && result.status == 0)
        return true;
    add_failure(compiling, &result);
    return false;
}

/* ---- verifying ---- */

/* Marks the attributes of facts that an item saw and found to be the same. What a record is called
 * that is a field counts for nothing where its own fields are compared. */
static void mark_seen(const struct facts *facts, const struct verify_item *item,
                      unsigned char *seen)
{
    for (size_t i = 0; item->agreed != NULL && i < item->expected.n; i++) {
        const struct fact *expected = &item->expected.items[i];
        const struct fact *fact = facts_find(facts, expected->kind, expected->name);
        if (fact == NULL)
            continue;
        seen[fact - facts->items] |= item->agreed[i];
        if (fact->kind == FACT_FIELD &&
            facts_next_field(&item->expected, fact->name, NULL, NULL) != NULL)
            seen[fact - facts->items] |= 1U << FIELD_TYPE;
    }
}

/* The attributes of a fact that a binding must show. Which library has a function is for a linker to
 * say; the type in which a constant is written, and what kind of record fills the bytes, are the
 * binding's own choice (JUDGE_FOREIGN). */
static unsigned char attrs_to_see(const struct fact *fact)
{
    static const unsigned char others[N_FACT_KINDS] = {
        [FACT_FUNCTION] = 1U << FUNCTION_LIBRARY,
        [FACT_CONSTANT] = 1U << CONSTANT_TYPE,
        [FACT_RECORD] = 1U << RECORD_KIND,
    };

    return fact_attrs_present(fact) & ~others[fact->kind];
}

static bool is_counted(const struct language *language, const struct fact *fact)
{
    return fact->kind != FACT_ABI && fact->kind != FACT_BEHAVIOUR &&
           (language->lacks >> fact->kind & 1) == 0;
}

/* Counts what was seen and says what was not. What a finding is about was seen, but is not right.
 * */
static void count(struct binding *binding, const struct facts *facts,
                  const struct verification *verification)
{
    struct arena *arena = &binding->arena;
    unsigned char *seen = arena_alloc(arena, facts->n + 1);
    struct grouping wrong = {.arena = arena};

    findings_items(&binding->findings, &wrong);
    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        mark_seen(facts, item, seen);
        if (item->found != NULL && item->unseen[0] != '\0')
            remark_add(&binding->unchecked, arena, item->ours, no_location, "%s", item->unseen);
    }
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->items[i];
        bool counts = is_counted(binding->language, fact);
        binding->n_facts += counts;
        bool is_whole = (seen[i] & attrs_to_see(fact)) == attrs_to_see(fact);
        bool has_finding = grouping_find(&wrong, fact->name) != INDEX_NONE;
        binding->n_checked += counts && (is_whole || (seen[i] != 0 && has_finding));
        bool has_bytes = fact->kind != FACT_FIELD || fact->attr[FIELD_SIZE] != NULL;
        if (is_whole || !counts || has_finding ||
            (fact->kind == FACT_FIELD && (has_bytes || seen[i] != 0)))
            continue;
        if (!has_bytes)
            remark_add(&binding->unchecked, arena, fact->name, no_location,
                       "an array without bytes, which the debug information leaves out");
        else if (fact->kind == FACT_ALIAS)
            remark_add(&binding->unchecked, arena, fact->name, no_location,
                       "gen/languages.yaml names no constant of that type");
        else if (fact->kind == FACT_SYSCALL && seen[i] != 0)
            remark_add(&binding->unchecked, arena, fact->name, no_location,
                       "its number alone, since gen/languages.yaml names no wrapper");
        else if (fact->kind == FACT_RECORD && seen[i] != 0)
            remark_add(&binding->unchecked, arena, fact->name, no_location,
                       "not its alignment, of which gen/languages.yaml names no constant");
        else
            remark_add(&binding->unchecked, arena, fact->name, no_location,
                       "not in the debug information, in which gen/languages.yaml requires no %ss",
                       fact_kind_name(fact->kind));
    }
}

/* Holds the object against the facts. */
static void verify_object(struct compiling *compiling, const struct facts *facts,
                          const struct targets *targets)
{
    struct binding *binding = compiling->binding;
    struct arena *arena = &binding->arena;
    struct verification *verification = arena_alloc(arena, sizeof *verification);
    struct reference_part part = {.spec = binding->spec, .facts = *facts, .is_reread = true};
    struct reference reference = {
        .target = binding->target, .arena = arena, .parts = &part, .n = 1};
    struct reference *loaded = &reference;
    struct references references = {.arena = arena, .items = &loaded, .n = 1};
    struct verify_request request = {
        .targets = targets,
        .target = binding->target,
        .language = binding->language,
        .languages = compiling->languages,
        .workspace = *compiling->workspace,
    };
    struct diag diag;

    diag_init(&diag, arena, false);
    if (!verify(verification, &request, &references, compiling->object, arena, &diag)) {
        add_broken(binding, "probe-failed", "an object with debug information of the target",
                   arena_strndup(arena, str_text(&diag.text), strcspn(str_text(&diag.text), "\n")),
                   (struct location){binding->path, 0, 0});
        return;
    }
    struct findings all = {.arena = arena};
    for (size_t i = 0; i < verification->n_items; i++) {
        struct findings *findings = &verification->items[i].findings;
        for (size_t k = 0; k < findings->n; k++)
            findings->items[k].location = location_of(compiling, findings->items[k].location);
        findings_append(&all, findings);
    }
    findings_merge(&binding->findings, &all);
    count(binding, facts, verification);
    if (binding->n_checked == 0 && binding->findings.n == 0)
        binding->unavailable = "the object has nothing of the spec";
}

void binding_prove(struct binding *binding, const struct facts *facts,
                   const struct targets *targets, const struct languages *languages,
                   const struct workspace *workspace)
{
    struct arena *arena = &binding->arena;
    struct compiling compiling = {
        .binding = binding, .languages = languages, .workspace = workspace};
    const char *folder = arena_printf(arena, "%s/%s/%s/%s", workspace->build, binding->target->name,
                                      binding->spec->name, binding->language->name);

    binding->findings.arena = arena;
    set_variables(&compiling);
    if (!find_all(&compiling))
        return;
    int lock = build_lock(arena, folder);
    if (lock < 0) {
        binding->unavailable =
            arena_printf(arena, "cannot use the build folder '%s': %s", folder, strerror(errno));
        return;
    }
    if (compile(&compiling, folder))
        verify_object(&compiling, facts, targets);
    build_unlock(lock);
}
