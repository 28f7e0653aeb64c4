/* report.h: one report over several saved queries: all their matches, or with --new what came since the last report.
 * The states of alerts are written only when the whole report has been written and flushed (not with --hold).
 * Used by: cmd_saved. */
#ifndef NEWSQ_REPORT_H
#define NEWSQ_REPORT_H

#include "ask.h"

/* Run the queries of these names. A bad query is told and kept, and the rest goes on.
 * Return: exit status: 0 something was reported, 1 nothing, 2 a query was bad, 3 a state does not fit the index. */
int nd_report_run(struct newsq *t, struct nd_index *ix, const char *folder,
                  const struct nd_strs *names);

#endif
