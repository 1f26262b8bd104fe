/* verify.c - see verify.h.
 *
 * In: an object and a request. Out: items, each judged on its own. The order of work: which target,
 * what is queried, what the object has of it, the names of its fields made the kernel's, the judge.
 * query.c decides what is looked for, read_items.c finds it, field.c knows which field stands for
 * which, judge_items.c compares.
 */
#include "verify/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "verify/verify_private.h"
#include "object/dwarf.h"

/* ---- the object ---- */

/* An object while it is being read. */
struct mapped_object {
    const void *bytes;
    size_t n_bytes;
    struct arena arena; /* of the container: large, and of no use afterwards */
};

/* Only one file can be mapped at a time; an object of our own is small enough to be copied. */
static const void *take_bytes(struct verification *verification, struct mapped_object *object)
{
    if (verification->language == NULL)
        return out_map(verification->path, &object->n_bytes);
    const void *bytes = out_read(&object->arena, verification->path, &object->n_bytes);
    if (bytes != NULL && object->n_bytes == 0)
        errno = EINVAL;
    return object->n_bytes > 0 ? bytes : NULL;
}

/* target: what the object is to be for, which says the part of a fat file; NULL if nobody says. */
static bool open_object(struct verification *verification, const struct machines *machines,
                        const struct target *target, struct mapped_object *object)
{
    object->bytes = take_bytes(verification, object);
    if (object->bytes == NULL) {
        diag_error(verification->diag, (struct location){verification->path, 0, 0},
                   "cannot be read: %s; expected an object, a library or a program",
                   errno == EINVAL    ? "it is empty"
                   : errno == ENOTSUP ? "it is a device"
                                      : strerror(errno));
        return false;
    }
    return container_read(&verification->container, &object->arena, verification->path,
                          object->bytes, object->n_bytes, machines,
                          target != NULL ? target->machine_name : NULL, verification->diag) &&
           container_debug(&verification->container);
}

static void close_object(struct verification *verification, struct mapped_object *object)
{
    verification->container = (struct container){
        .path = verification->path, .is_big_endian = verification->container.is_big_endian};
    if (verification->language == NULL)
        out_unmap(object->bytes, object->n_bytes);
    arena_release(&object->arena);
}

/* ---- the target and its facts ---- */

/* What deciding on a target needs. */
struct choice {
    const struct verify_request *request;
    struct references *references;
    struct diag *diag;
};

static struct reference *reference_of(const struct choice *choice, const struct target *target)
{
    struct references *references = choice->references;

    for (size_t i = 0; i < references->n; i++)
        if (references->items[i]->target == target)
            return references->items[i];
    struct reference *reference;
    reference = arena_alloc(references->arena, sizeof *reference);
    if (!reference_load(reference, references->arena, target, choice->request->specs,
                        choice->request->workspace.root, choice->diag))
        return NULL;
    if ((choice->request->n_headers > 0 || choice->request->n_maps > 0) &&
        !verify_read_headers(reference, choice->request, choice->diag))
        return NULL; /* and is not kept: half a reference is none */
    ARENA_PUSH(references->arena, references->items, references->n, reference);
    return reference;
}

static bool choose_target(struct verification *verification, const struct verify_request *request,
                          struct references *references)
{
    struct choice choice = {request, references, verification->diag};

    verification->target = request->target;
    if (verification->target == NULL)
        verification->target = verify_target(&verification->container, request->targets,
                                             verification->arena, verification->diag);
    if (verification->target == NULL ||
        !verify_target_fits(&verification->container, request->targets, verification->target,
                            verification->arena, verification->diag))
        return false;
    verification->reference = reference_of(&choice, verification->target);
    return verification->reference != NULL;
}

/* ---- everything ---- */

/* A map for a field that is not there would leave the field's bytes to decide. */
static void add_unused_maps(struct verification *verification, const struct verify_request *request)
{
    size_t *numbers, n = verify_unused_maps(verification, request, &numbers);

    for (size_t i = 0; i < n; i++) {
        struct verify_item item = {
            .kind = FACT_FIELD,
            .theirs = request->maps[numbers[i]].theirs,
            .ours = request->maps[numbers[i]].ours,
            .missing_kind = "missing-map",
            .got = {.arena = verification->arena},
            .findings = {.arena = verification->arena},
        };
        reference_find(verification->reference, FACT_FIELD, item.ours, &item.part);
        ARENA_PUSH(verification->arena, verification->items, verification->n_items, item);
    }
}

/* What nobody asked for and the object does not have is no item. */
static void drop_missing(struct verification *verification)
{
    size_t n = 0;

    for (size_t i = 0; i < verification->n_items; i++)
        if (verification->items[i].missing_kind != NULL || verification->items[i].found != NULL)
            verification->items[n++] = verification->items[i];
    verification->n_items = n;
}

bool verify(struct verification *verification, const struct verify_request *request,
            struct references *references, const char *path, struct arena *arena, struct diag *diag)
{
    struct mapped_object object = {.bytes = NULL};

    *verification = (struct verification){
        .path = path,
        .arena = arena,
        .diag = diag,
        .language = request->language,
        .languages = request->languages,
        .looked_for = {.arena = arena},
    };
    verification->is_used = arena_alloc(arena, request->n_maps + 1);
    verification->is_package_used = arena_alloc(arena, request->n_packages + 1);
    verify_sort_maps(verification, request);
    bool is_read =
        open_object(verification, &request->targets->machines, request->target, &object) &&
        choose_target(verification, request, references) &&
        verify_make_items(verification, request) && verify_read_items(verification, request) &&
        dwarf_units(&verification->container, arena, &verification->units, &verification->n_units,
                    diag) &&
        (request->language != NULL || verify_find_lookalikes(verification, request));
    close_object(verification, &object);
    if (!is_read)
        return false;
    verify_settle_parameters(verification);
    verify_settle_declarations(verification);
    if (request->language == NULL) {
        verify_find_unseen(verification, request);
        verify_find_bare_units(verification);
        verify_add_passed_over(verification);
    }
    add_unused_maps(verification, request);
    drop_missing(verification);
    verify_judge_items(verification, request);
    verify_find_same_names(verification, request);
    return true;
}
