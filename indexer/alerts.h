/* alerts.h: which saved queries do the articles match that have just come into an index? newsdex add --alerts.
 * It tells what this run brought and keeps no state; newsq saved run --new is what tells each article exactly once.
 * Used by: cmd_add. */
#ifndef NEWSDEX_ALERTS_H
#define NEWSDEX_ALERTS_H

#include "newsdex.h"

#include <stdint.h>

/* Print a line `new|changed TAB NAME TAB ID TAB TITLE` on standard output for each saved query and article that came or
 * changed after a revision, by query, newest article first. A bad query is told and the others go on.
 * queries: their folder, NULL for the usual one.
 * Return: 0; ND_QUERY where a query was bad (it has been told); another failure in err.
 * Cost: a look at each new article a query. */
int newsdex_alerts(const struct newsdex *t, const char *dir, const char *queries, uint32_t revision,
                   struct nd_error *err);

#endif
