/* saved_edit.h: what is done to saved queries besides running them: an editor, a test for scripts.
 * Used by: cmd_saved. */
#ifndef NEWSQ_SAVED_EDIT_H
#define NEWSQ_SAVED_EDIT_H

#include "ask.h"

/* Open the file of a saved query in $VISUAL, $EDITOR or vi, then look whether it is good. A bad one is told and kept.
 * Return: exit status: 0, 2 where the query is bad, 3 where there is none, 5 where the editor failed. */
int nd_saved_edit(struct newsq *t, const char *folder, struct nd_str name);
/* Does each of these queries meet every --expect (default: total > 0)? What does not is told on stderr.
 * Return: exit status: 0 all do, 1 one does not, 2 a query or an --expect is bad. */
int nd_saved_expect(struct newsq *t, struct nd_index *ix, const char *folder,
                    const struct nd_strs *names);

#endif
