/* alert.h: what is new for a saved query since it was last reported: exactly once, by the revision of the index and never
 * by a clock.
 * State:  $XDG_STATE_HOME/newsdex/UUID/NAME.state: commit id and revision up to which was reported, and the
 *         hashes of the ids that were. It is written only after the report has been; NAME.held waits for
 *         `saved commit`.
 * Call order: nd_alert_folder, nd_fresh_find, then per query nd_alert_load ... nd_alert_store nd_alert_free
 * Used by: cmd_saved. */
#ifndef NEWSQ_ALERT_H
#define NEWSQ_ALERT_H

#include "newsq.h"
#include "lang/fresh.h"

struct nd_alert {
    bool known;         /* there is a state */
    uint64_t commit;
    uint32_t revision;
    uint64_t *ids;      /* salted hashes of what was reported, sorted; owned */
    size_t n, cap;
};

/* The folder of the states of an index; arena memory. Fails: ND_USAGE (no $HOME). */
int nd_alert_folder(struct nd_arena *arena, const char *uuid, const char **out, struct nd_error *err);
/* Read the state of a name; a->known is false where there is none.
 * Fails: ND_VERSION where the state is of another index or another history of this one, with the choice in the hint;
 *        ND_CORRUPT, ND_IO. */
int nd_alert_load(struct nd_alert *a, const char *folder, struct nd_str name,
                  const struct nd_manifest *now, struct nd_error *err);
/* Was this id reported before? */
bool nd_alert_has(const struct nd_alert *a, uint64_t id);
/* Remember or forget an id. */
int nd_alert_add(struct nd_alert *a, uint64_t id);
void nd_alert_drop(struct nd_alert *a, uint64_t id);
/* Write the state as of the manifest; held: beside, until nd_alert_commit. */
int nd_alert_store(const struct nd_alert *a, const char *folder, struct nd_str name,
                   const struct nd_manifest *now, bool held, struct nd_error *err);
/* Make the held state the state. Return: ND_DONE where none is held. */
int nd_alert_commit(const char *folder, struct nd_str name, struct nd_error *err);
/* Remove the states of a name (it is removed), or move them (it is renamed). What is not there is no failure. */
void nd_alert_remove(const char *folder, struct nd_str name);
void nd_alert_free(struct nd_alert *a);

#endif
