/* pager.h: what is written to standard output goes through a pager, as git does it: $OWN_PAGER, $PAGER, or less with
 * -FRX, which ends by itself where the answer fits on the screen.
 * Call order:  nd_pager_command nd_pager_start (output) nd_pager_end
 * Standard error goes there too where it is a terminal, so that notes stay in order. An interrupt waits for the pager
 * to end, since it has the keyboard.   Threads: none yet. */
#ifndef ND_TOOL_PAGER_H
#define ND_TOOL_PAGER_H

#include "base/status.h"

#include <stdbool.h>
#include <sys/types.h>

struct nd_pager {
    pid_t pid;    /* 0: none */
    int out, err; /* where output went before; -1 where err stayed as it was */
};

/* The pager to use: of the variable `own`, of PAGER, else less unless the terminal is dumb. NULL: none is wanted (an
 * empty variable, `cat`). */
const char *nd_pager_command(const char *own);
/* Is it less, which passes colours and hyperlinks on? */
bool nd_pager_is_less(const char *command);
/* Start it and put it in the place of standard output. Fails: ND_IO (no such program, ...); then output stays as it was. */
int nd_pager_start(struct nd_pager *p, const char *command, struct nd_error *err);
/* End its input, wait until it is left, and put output back. Does nothing where none was started. */
void nd_pager_end(struct nd_pager *p);

#endif
