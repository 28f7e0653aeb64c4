/* explain_run.h: the plan of a query with true counts and times beside the estimates (explain --run).
 * Used by: cmd_look. */
#ifndef NEWSQ_EXPLAIN_RUN_H
#define NEWSQ_EXPLAIN_RUN_H

#include "ask.h"

/* Append a table of the plan's parts: what each is, its estimate, the articles that it has alone, and how long it
 * took to count them; last, the whole query and its ranking. Fails: as matching does. */
int nd_explain_run(struct nd_buf *out, struct nd_ask *a, struct nd_error *err);

#endif
