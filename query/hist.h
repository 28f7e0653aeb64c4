/* hist.h: how many of the matches fall in each day, week, month or year, by the day as printed.
 * An article dated by month only has no place in a histogram by day: it is counted as `vague`.
 * Used by: cmd_hist, cmd_compare. */
#ifndef NEWSQ_HIST_H
#define NEWSQ_HIST_H

#include "lang/match.h"

enum nd_per {
    ND_PER_DAY,
    ND_PER_WEEK,  /* named by its Monday */
    ND_PER_MONTH,
    ND_PER_YEAR
};

struct nd_bin {
    int64_t number; /* of the period: days since 1970 of a day or Monday, months or years since year 0 */
    uint64_t count;
};

struct nd_hist {
    enum nd_per per;
    struct nd_bin *bins; /* in time order, only those with articles; owned */
    size_t n, cap;
    uint64_t matches, vague; /* articles looked at; of these without a date, or one that is too vague */
};

/* Count the matches of m. Free with nd_hist_free, also after a failure. */
int nd_hist_count(struct nd_hist *out, struct nd_index *ix, struct nd_match *m, enum nd_per per,
                  struct nd_error *err);
void nd_hist_free(struct nd_hist *h);
/* The count of a period, 0 where it has no bin. */
uint64_t nd_hist_at(const struct nd_hist *h, int64_t number);
/* The period of a printed day. Return: false where the day is not known well enough. */
bool nd_period_of(enum nd_per per, uint32_t day, int64_t *out);
/* The period that --per names; a month for NULL. */
enum nd_per nd_per_of(const char *name);
/* Write the name of a period: 2023-09-05, 2023-09, 2023. */
void nd_period_name(char out[16], enum nd_per per, int64_t number);

#endif
