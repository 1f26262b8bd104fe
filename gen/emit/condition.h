/* condition.h - "on these targets", in the words of a language.
 *
 * In: the targets of a job, some of them chosen, and the language's words. Out: the shortest
 * condition that holds on the chosen ones and on no other target of the job: by architecture, byte
 * order and width of a pointer.
 *
 * Design: a condition may be wrong on a target that the job does not have. So it is right only in a
 * file that refuses those, by condition_known, which leaves nothing out.
 */
#ifndef ABIPROOF_CONDITION_H
#define ABIPROOF_CONDITION_H

#include "emit/emit.h"

/* What some targets have in common; all members that are set hold. */
struct condition_term {
    const char *arch;   /* the language's own word for it; NULL: any */
    const char *endian; /* "little", "big"; NULL: any */
    int bits;           /* of a pointer; 0: any */
};

/* Terms of which one must hold. */
struct condition {
    struct condition_term *terms;
    size_t n; /* 0 only for no targets */
};

/* The condition for the targets of the job with chosen[i]. There is one: languages_load refuses a
 * language that cannot tell two of its targets apart. has_endian: the language can ask for the byte
 * order; if not, its architectures differ by it. Everything in the arena. */
struct condition condition_for(struct arena *arena, const struct emit_job *job, const bool *chosen,
                               bool has_endian);

/* The condition for all targets of the job and for no other that the language can name, whether it
 * has a proved layout or not. */
struct condition condition_known(struct arena *arena, const struct emit_job *job);

#endif
