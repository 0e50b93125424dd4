/* Records to try operations on: for each kind of caller rows that are its own, a colleague's, a neighbour's, a
 * stranger's, another side's draft, and an id that names nothing. Each is made beside the road, so that what the road
 * allows has no part in making what it is tried on. */
#ifndef TEPAI_SUBJECTS_H
#define TEPAI_SUBJECTS_H

#include "contract.h"

/* The kinds of caller; MACHINE is a county's own system, for its office of science and technology, with every scope
 * there is; INSTITUTION is the holder of a capability link. */
enum caller {
    NOBODY,
    CITY_ST,
    CITY_OTHER,
    COUNTY_ST,
    COUNTY_OTHER,
    MACHINE,
    ENTERPRISE,
    SPECIALIST,
    INSTITUTION,
    CALLERS
};
extern const char *const caller_words[CALLERS];

/* How a record stands to its caller. COLLEAGUE: made by another person of the caller's organisation. NEIGHBOUR: of
 * another organisation in the same unit. STRANGER: of another unit, or of anybody for those who belong to no unit.
 * DRAFT: in the caller's reach, but a draft that another side began. */
enum owner { OWN, COLLEAGUE, NEIGHBOUR, STRANGER, DRAFT, NOWHERE, OWNERS };
extern const char *const owner_words[OWNERS];

#define NOWHERE_ID "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000"

/* The bytes of every file that subject() makes. */
#define FILE_BYTES "%PDF-1.7 a small one"

/* A document that waits for nobody's answer any more. */
#define SETTLED_ID "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0002"

/* Chooses the people. Call it after harness_open(). */
void subjects_open(void);

/* Demo account of a caller; NULL for nobody, a machine and the holder of a link. */
const char *login_of(enum caller c);

/* Asks as this caller from now on, the holder of a link with a link of his own. */
void as_caller(enum caller c);

/* The token of a new live link of `kind` for `subject`, which ends `hours` after now (before, when negative). */
const char *new_link(const char *kind, const char *subject, int hours);

/* An adopted match of a fresh firm of the unit and a fresh person, both in good standing; its round starts in 60 days.
 */
const char *adopted_pair(const char *unit);

/* A token of the machine for scopes separated by blanks; NULL for all there are. */
const char *machine_token(const char *scopes);

/* The machine's id. */
const char *machine_id(void);

/* A fresh enterprise account that has no firm yet. */
const char *unbound_login(void);

/* Id of a new record of `room` in `status`, or NULL when no such record can stand so to the caller. `status` NULL: the
 * state in which everybody who may see the room sees the record. */
const char *subject(const char *room, enum caller c, enum owner o, const char *status);

/* A stored file that this demo account's organisation has uploaded and no record names yet. */
const char *stored_file(const char *login);

/* The present version of a record, by the id that subject() gave. */
const char *version_of(const struct op *op, const char *id);

/* The token of the session that subject("session", c, OWN, …) opened last. */
const char *fresh_token(void);

/* The state from which an operation can be called; NULL where it has none. */
const char *state_for(const struct op *op, enum caller c);

/* The smallest body an operation takes from this caller, or NULL when it takes none. A create refers to the record
 * that stands to the caller as `o` says; NULL in *refers when there is none. */
const char *body_for(const struct op *op, enum caller c, enum owner o, bool *refers);

/* Whether x-roles of the contract lets a caller in. */
bool may_call(const struct op *op, enum caller c);

/* The unit of the county and the firm that are asked as, and one that is not. */
const char *unit_here(void);
const char *unit_elsewhere(void);

/* A unified social credit code with its right check character, new at each call. */
const char *fresh_uscc(void);

/* The target of an operation with `id` in its first path word and, where it needs them, its required parameters. */
const char *target_of(const struct op *op, const char *id);

#endif
