/* condition.c - see condition.h.
 *
 * In: chosen targets. Out: terms. Each is as wide as it may be without covering a target that is not
 * chosen; of those the one that covers most is taken, and again for the rest.
 */
#include "emit/condition.h"

#include <string.h>

/* What the kinds of terms say, the plainest first. */
enum { HAS_ARCH = 1, HAS_ENDIAN = 2, HAS_BITS = 4, N_SHAPES = 7 };
static const int shapes[N_SHAPES] = {
    HAS_ARCH,
    HAS_ENDIAN,
    HAS_BITS,
    HAS_ARCH | HAS_ENDIAN,
    HAS_ARCH | HAS_BITS,
    HAS_ENDIAN | HAS_BITS,
    HAS_ARCH | HAS_ENDIAN | HAS_BITS,
};

static struct condition_term term_of(const struct emit_job *job, const struct target *target,
                                     int shape)
{
    return (struct condition_term){
        (shape & HAS_ARCH) != 0 ? language_arch(job->language, target) : NULL,
        (shape & HAS_ENDIAN) != 0 ? target->endian : NULL,
        (shape & HAS_BITS) != 0 ? target->bits : 0,
    };
}

static bool holds(const struct condition_term *term, const struct emit_job *job,
                  const struct target *target)
{
    return (term->arch == NULL || strcmp(term->arch, language_arch(job->language, target)) == 0) &&
           (term->endian == NULL || strcmp(term->endian, target->endian) == 0) &&
           (term->bits == 0 || term->bits == target->bits);
}

/* True if the term covers a target that is not chosen. */
static bool covers_other(const struct condition_term *term, const struct emit_job *job,
                         const bool *chosen)
{
    for (size_t i = 0; i < job->n_on; i++)
        if (!chosen[i] && holds(term, job, job->on[i].target))
            return true;
    return false;
}

/* The targets that are chosen, not covered yet, and covered by the term. */
static size_t gain(const struct condition_term *term, const struct emit_job *job,
                   const bool *chosen, const bool *covered)
{
    size_t n = 0;

    for (size_t i = 0; i < job->n_on; i++)
        n += chosen[i] && !covered[i] && holds(term, job, job->on[i].target);
    return n;
}

/* The term that covers most of what is left. Returns what it covers, 0 if no term is right. */
static size_t best_term(struct condition_term *best, const struct emit_job *job, const bool *chosen,
                        const bool *covered, bool has_endian)
{
    size_t most = 0;

    for (int k = 0; k < N_SHAPES; k++)
        for (size_t i = 0; i < job->n_on; i++) {
            if (!chosen[i] || covered[i] || ((shapes[k] & HAS_ENDIAN) != 0 && !has_endian))
                continue;
            struct condition_term term = term_of(job, job->on[i].target, shapes[k]);
            size_t n = gain(&term, job, chosen, covered);
            if (n > most && !covers_other(&term, job, chosen)) {
                *best = term;
                most = n;
            }
        }
    return most;
}

struct condition condition_for(struct arena *arena, const struct emit_job *job, const bool *chosen,
                               bool has_endian)
{
    struct condition condition = {.terms = NULL};
    bool *covered = arena_alloc(arena, job->n_on + 1);
    struct condition_term term;

    while (best_term(&term, job, chosen, covered, has_endian) > 0) {
        ARENA_PUSH(arena, condition.terms, condition.n, term);
        for (size_t i = 0; i < job->n_on; i++)
            covered[i] = covered[i] || holds(&term, job, job->on[i].target);
    }
    return condition;
}

/* Adds a term to those that differ in nothing but the byte order, or as one more. */
static void add_exact(struct arena *arena, struct condition *condition, struct condition_term term)
{
    for (size_t i = 0; i < condition->n; i++) {
        struct condition_term *known = &condition->terms[i];
        if (strcmp(known->arch, term.arch) != 0 || known->bits != term.bits)
            continue;
        if (known->endian != NULL && strcmp(known->endian, term.endian) != 0)
            known->endian = NULL;
        return;
    }
    ARENA_PUSH(arena, condition->terms, condition->n, term);
}

struct condition condition_known(struct arena *arena, const struct emit_job *job)
{
    struct condition condition = {.terms = NULL};

    for (size_t i = 0; i < job->n_on; i++)
        add_exact(arena, &condition, term_of(job, job->on[i].target, shapes[N_SHAPES - 1]));
    return condition;
}
