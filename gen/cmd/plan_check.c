/* plan_check.c - what a run was to prove, compared with what it verified; see plan.h.
 *
 * In: a plan and its verified objects. Out: findings about requirements and waivers, and packages
 * in which there was nothing. Design: only a run that left nothing out can tell that something is
 * not there, so each question here first asks what was looked at.
 */
#include <string.h>

#include "base/grouping.h"
#include "cmd/plan.h"
#include "base/yaml.h"

/* ---- requirements ---- */

static void add_finding(struct findings *findings, const struct plan_requirement *requirement,
                        const char *got, const char *target)
{
    struct finding_scope scope = {NULL, target, NULL, NULL};

    findings_add(findings, "not-proved", SEVERITY_ERROR, requirement->what,
                 "proved, because it is required", got, no_location, requirement->where, scope);
}

static void check_target(const struct plan_requirement *requirement,
                         const struct verification *const *verified, size_t n_verified,
                         struct findings *findings)
{
    bool has_object = false;

    for (size_t i = 0; i < n_verified; i++)
        if (verified[i]->target == requirement->target) {
            has_object = true;
            if (verified[i]->n_items > 0)
                return;
        }
    add_finding(findings, requirement,
                has_object ? "an object with nothing to check in it" : "no object for it",
                requirement->target->name);
}

/* True if the name is meant. Only "syscall:NAME" means a system call's number. */
static bool is_meant(const char *what, enum fact_kind kind, const char *name)
{
    static const char mark[] = "syscall:";

    if (str_starts(what, mark))
        return kind == FACT_SYSCALL && str_glob(what + strlen(mark), name);
    return kind != FACT_SYSCALL && str_glob(what, name);
}

/* True if the kernel has what is required on the target of the verification. */
static bool kernel_has(const struct verification *verification, const char *what)
{
    const struct reference *reference = verification->reference;

    for (size_t i = 0; i < reference->n; i++)
        for (size_t k = 0; k < reference->parts[i].facts.n; k++) {
            const struct fact *fact = &reference->parts[i].facts.items[k];
            if (fact->kind != FACT_ABI && is_meant(what, fact->kind, fact->name))
                return true;
        }
    return false;
}

/* True if the item is an enumeration with what is required. */
static bool has_member(const struct plan_requirement *requirement, const struct verify_item *item)
{
    for (size_t i = 0; item->view == VIEW_ENUM && i < item->expected.n; i++)
        if (is_meant(requirement->what, FACT_CONSTANT, item->expected.items[i].name))
            return true;
    return false;
}

/* True if one of the objects of this target has the item. */
static bool is_checked(const struct plan_requirement *requirement, const struct target *target,
                       const struct verification *const *verified, size_t n_verified)
{
    for (size_t i = 0; i < n_verified; i++)
        for (size_t k = 0; verified[i]->target == target && k < verified[i]->n_items; k++) {
            const struct verify_item *item = &verified[i]->items[k];
            if (item->found != NULL && (is_meant(requirement->what, item->kind, item->ours) ||
                                        has_member(requirement, item)))
                return true;
        }
    return false;
}

/* An item that a target's kernel does not have cannot be asked for there, but somewhere it must be.
 */
static void check_item(const struct plan_requirement *requirement,
                       const struct verification *const *verified, size_t n_verified,
                       struct findings *findings)
{
    struct grouping targets = {.arena = findings->arena};
    bool is_known = false;

    for (size_t i = 0; i < n_verified; i++) {
        if (!grouping_is_new(&targets, verified[i]->target->name))
            continue;
        if (is_checked(requirement, verified[i]->target, verified, n_verified)) {
            is_known = true;
        } else if (kernel_has(verified[i], requirement->what)) {
            is_known = true;
            add_finding(findings, requirement, "not in any object", verified[i]->target->name);
        }
    }
    if (!is_known)
        add_finding(findings, requirement,
                    n_verified == 0 ? "nothing that was verified"
                                    : "no target of that name, and no item on a verified target",
                    NULL);
}

void plan_check_required(const struct plan *plan, const struct verification *const *verified,
                         size_t n_verified, struct findings *findings)
{
    for (size_t i = 0; i < plan->n_requirements; i++)
        if (plan->requirements[i].target != NULL)
            check_target(&plan->requirements[i], verified, n_verified, findings);
        else
            check_item(&plan->requirements[i], verified, n_verified, findings);
}

/* ---- packages ---- */

static bool has_package(const struct verification *const *verified, size_t n_verified,
                        size_t package)
{
    for (size_t i = 0; i < n_verified; i++)
        if (verified[i]->is_package_used[package])
            return true;
    return false;
}

/* "abiproof.yaml:5" */
static const char *describe_place(struct arena *arena, struct location location)
{
    return arena_printf(arena, "%s:%d", location.file, location.line);
}

size_t plan_check_packages(const struct plan *plan, const struct session *session,
                           const struct verification *const *verified, size_t n_verified,
                           struct unused_package **unused)
{
    const struct options *options = session->options;
    struct arena *arena = session->arena;
    bool is_all = options->targets.n == 0 && options->specs.n == 0;
    size_t n = 0, n_options = options->packages.n;

    *unused = NULL;
    for (size_t i = 0; i < (is_all ? plan->request.n_packages : n_options); i++) {
        struct unused_package one = {plan->request.packages[i], "--in"};
        if (has_package(verified, n_verified, i))
            continue;
        if (i >= n_options)
            one.by = describe_place(arena, yaml_location(&plan->places, one.name));
        ARENA_PUSH(arena, *unused, n, one);
    }
    return n;
}

/* ---- waivers ---- */

void plan_waive(struct plan *plan, const struct verification *const *verified, size_t n_verified,
                struct findings *findings, bool is_whole)
{
    struct arena *arena = findings->arena;
    const char *today = waive_today(arena);

    waive(findings, &plan->waivers, today);
    const char **looked_at = NULL;
    size_t n_looked_at = 0;
    for (size_t i = 0; i < n_verified; i++) {
        for (size_t k = 0; k < verified[i]->n_items; k++)
            waive(&verified[i]->items[k].findings, &plan->waivers, today);
        ARENA_PUSH(arena, looked_at, n_looked_at, verified[i]->target->name);
    }
    waivers_review(findings, &plan->waivers, today, looked_at, n_looked_at, is_whole);
}
