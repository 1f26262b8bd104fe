/* verify_private.h - what the files verify*.c share, and nobody else includes. */
#ifndef ABIPROOF_VERIFY_PRIVATE_H
#define ABIPROOF_VERIFY_PRIVATE_H

#include "verify/verify.h"

/* What a kernel name of a map is: its kind, and the name without "syscall:". FACT_FIELD for
 * RECORD.FIELD. False if the reference has no such name. */
bool verify_find_ours(const struct reference *reference, const char *ours, enum fact_kind *kind,
                      const char **name);

/* The kernel's name of a field, RECORD.FIELD, or of one that a macro of C's names so: of
 * "ifreq.ifr_name" that is "ifreq.ifr_ifrn.ifrn_name". NULL if there is none. */
const char *verify_field_of(const struct reference *reference, const char *ours);

/* True if the request is for everything of the spec, or of the facility that it is part of. */
bool verify_is_complete(const struct verify_request *request, const struct spec *spec);

/* The name of the system call that a map is for by "syscall:"; NULL if it is for something else. */
const char *verify_number_name(const char *ours);

/* True for a record that is the facility's own because its name is; timespec and sigset_t are
 * everybody's. */
bool verify_is_own(const struct spec *spec, const struct spec_record *record);

/* Reads all that the request's headers declare, and the numbers of system calls that its maps name
 * and no spec has. False after reporting. */
bool verify_read_headers(struct reference *reference, const struct verify_request *request,
                         struct diag *diag);

/* Adds an item for what headers declare and no item is for: `mapped` has those that are. */
void verify_add_declarations(struct verification *verification,
                             const struct verify_request *request, const struct grouping *mapped);
void verify_add_declaration(struct verification *verification, const struct fact *fact,
                            struct reference_part *part);

/* Adds the item for an enumeration that a header declares. */
void verify_add_enum(struct verification *verification, const char *name,
                     struct reference_part *part, const char *missing_kind);

/* A constant of an item's enumeration by its number; NULL if the headers give no value for it. */
const struct fact *verify_enum_member(const struct verification *verification,
                                      const struct verify_item *item, size_t number);

/* Judges an item of VIEW_ENUM that was found: what is expected and what was read of it become the
 * constants that both sides have, and what only one has is a finding. */
void verify_judge_enum(const struct verification *verification, struct verify_item *item,
                       const struct verify_request *request, struct finding_scope scope);

/* True if the request names the enumeration as one of which everything must be there. */
bool verify_is_enum_listed(const struct verify_request *request, const char *name);

/* Gives up enumerations of the program's own that have the tag of a header's, and constants of
 * headers that an enumeration among the items compares. */
void verify_settle_enumerators(struct verification *verification);

/* Gives up functions of headers to which the object does not link: they are only called so. */
void verify_settle_declarations(struct verification *verification);

/* True if an item is for the kernel's name: a map decides, and something else in the object that
 * only looks like it, such as a constant of another package, is not what its author means. */
bool verify_is_mapped(const struct grouping *mapped, enum fact_kind kind, const char *name);

/* Adds the items for a system call's number, which has no name of its own in most languages: it is
 * looked for under the usual prefixes. */
void verify_add_number(struct verification *verification, const char *name);

/* Makes the items: what the maps name, and what is looked for by its own name. False after
 * reporting: a map names what no spec or header has. */
bool verify_make_items(struct verification *verification, const struct verify_request *request);

/* Reads the items, and adds those for what else has their names. False after reporting: the object
 * is damaged, or types of one name lie too deep in each other. */
bool verify_read_items(struct verification *verification, const struct verify_request *request);

/* Notes what a query passed over because it belongs to a language itself; adds what was noted to what
 * is unchecked, a line per language. */
void verify_pass_over(struct verification *verification, const struct verify_item *item,
                      const struct dwarf_query *query);
void verify_add_passed_over(struct verification *verification);

/* True if a language's own packages have something of the kernel's name. */
bool verify_is_passed_over(const struct verification *verification, enum fact_kind kind,
                           const char *name);

/* Adds the fact that says which byte order the object has. */
void verify_add_abi(const struct verification *verification, struct facts *facts);

/* Fills in everything that the kernel's side says of an item. */
void verify_expect(const struct verification *verification, struct verify_item *item);

/* Shows the values of a constant in the same base and width, requests of ioctl in their parts. */
void verify_show_values(const struct verification *verification, struct verify_item *item);

/* Says in the first finding about the layout of a spec's record which targets have which one. */
void verify_compare_targets(const struct verification *verification,
                            const struct verify_request *request, struct verify_item *item);

/* Judges all items; where something is wrong once more, with the headers' own lines. */
void verify_judge_items(struct verification *verification, const struct verify_request *request);

/* Fills in everything that the kernel's side says of an item. */
void verify_expect(const struct verification *verification, struct verify_item *item);

/* Adds to what is unchecked records of the object that no item is for, and that look like one of
 * the kernel's which no item found. False after reporting: the object is damaged. */
bool verify_find_lookalikes(struct verification *verification,
                            const struct verify_request *request);

/* Judges one item. */
void verify_judge_item(const struct verification *verification, struct verify_item *item,
                       const struct verify_request *request);

/* Tells, of items whose names several structs have, which of them they were compared with. */
void verify_find_same_names(struct verification *verification,
                            const struct verify_request *request);

/* Adds to what is unchecked, per spec that the object has something of, what it does not show of
 * it; for a spec that must be complete one item that is missing. After items were read. */
void verify_find_unseen(struct verification *verification, const struct verify_request *request);

/* Adds to what is unchecked the units that have no types because their compiler was asked so. */
void verify_find_bare_units(struct verification *verification);

/* Adds the records that the functions among the items take by address. */
void verify_add_parameters(struct verification *verification);

/* Adds the record of this name, which the parameter leads to, and which is defined elsewhere. */
void verify_add_declared(struct verification *verification, size_t index, const char *name);

/* Names a record that was found as a parameter, and says why it stands for the kernel's. */
void verify_name_parameter(const struct verification *verification, struct verify_item *item);

/* Of the records that were found as parameters, gives up those that say nothing or are known by
 * their name as well, and those of functions that are not the kernel's. Items keep their
 * indices. */
void verify_settle_parameters(struct verification *verification);

/* Sorts the maps of fields by the record that they are for; before verify_name_fields. */
void verify_sort_maps(struct verification *verification, const struct verify_request *request);

/* Gives the fields of an item's facts the kernel's names where maps say so. */
void verify_name_fields(struct verification *verification, struct verify_item *item,
                        const struct verify_request *request);

/* The maps that name a field which the binding's record lacks, while the record is there. Returns
 * how many; *numbers is in the arena. After verify_name_fields of all items. */
size_t verify_unused_maps(const struct verification *verification,
                          const struct verify_request *request, size_t **numbers);

/* Adds to what is expected of a record of a spec the fields that a header has of it besides: a spec
 * names those that all supported headers have. */
void verify_expect_more(const struct verification *verification, struct verify_item *item);

/* Adds to what is expected of an item the fields of records within it. Sorts. */
void verify_expect_inside(const struct verification *verification, struct verify_item *item);

/* Reads from the request's headers the records that lie in those of the reference; what is not to
 * be had is left out. */
void verify_read_inside(struct reference *reference, const struct verify_request *request);

#endif
