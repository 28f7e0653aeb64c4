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

/* What can be expected of a saved query. */
struct nd_report_facts {
    uint64_t total; /* matches */
    uint64_t fresh; /* what --new would report now */
    bool exact;
};

/* The facts of a query; nothing is reported and no state changes. news: fresh is wanted, else it is 0.
 * Fails: as nd_saved_read, nd_ask_text_as, nd_alert_load. */
int nd_report_count(struct newsq *t, struct nd_index *ix, const char *folder, struct nd_str name, bool news,
                    struct nd_report_facts *out, struct nd_error *err);

#endif
