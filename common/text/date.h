/* date.h: dates as dumps print them and as queries ask for them.
 * A date keeps the day as printed, its precision, its zone, and the instant in UTC.
 * Threads: no shared state; `now` and the zone of `today` are given by the caller. */
#ifndef ND_TEXT_DATE_H
#define ND_TEXT_DATE_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

enum nd_precision { /* how much of a date is known; written to disk */
    ND_DATE_NONE = 0,
    ND_DATE_YEAR = 1,
    ND_DATE_MONTH = 2,
    ND_DATE_DAY = 3,
    ND_DATE_MINUTE = 4,
    ND_DATE_SECOND = 5
};

enum {
    ND_ZONE_NONE = 0x7fff /* no zone was given: UTC is assumed for the instant */
};

struct nd_date {
    uint8_t precision; /* enum nd_precision */
    int16_t zone;      /* minutes east of UTC, or ND_ZONE_NONE */
    uint32_t day;      /* yyyymmdd as printed; month precision yyyymm00, year yyyy0000; 0 none */
    int64_t utc;       /* seconds since 1970 of its first instant */
};

#define ND_UTC_NONE INT64_MIN /* the instant of an unknown date; sorts last either way */

/* Read any shape of date that news dumps use: ISO 8601 in its variants, RFC 822/2822, "Sept. 5, 2023",
 * "5 September 2023", 20230905, 2023/09/05, 05-SEP-1987 15:01:01.79, epoch seconds and milliseconds
 * (numbers of 9 to 13 digits), 2023, 2023-09. Numeric day/month order that is ambiguous (05/09/2023) is
 * refused. Return: 0; ND_INPUT with the reason (not a date, month 13, no 30 February). */
int nd_date_parse(struct nd_date *out, const char *p, size_t n, struct nd_error *err);
/* Append ISO 8601 with the precision and zone that the date has; nothing for no date. */
int nd_date_format(struct nd_buf *out, const struct nd_date *d);

/* Days since 1970-01-01 of a proleptic Gregorian day, and back. */
int64_t nd_days_from_civil(int year, unsigned month, unsigned day);
void nd_civil_from_days(int64_t days, int *year, unsigned *month, unsigned *day);
/* Days in a month. */
unsigned nd_month_days(int year, unsigned month);

/* A range of days, both ends included, as yyyymmdd; open ends are 0 and 99991231. */
struct nd_day_range {
    uint32_t from, to;
};

/* Read a date value of the query language: 2024 | 2024-03 | 2024-03-05 | 20240305 | today | yesterday | 7d | 2w |
 * 3months | 1y | a..b | a.. | ..b. A count means the last so many days, today included; `..7d` what is older.
 * today: the user's day, yyyymmdd.
 * Fails: ND_QUERY, err->start and end within p[0..n), with a hint ("dates are written 2024-03-05"). */
int nd_date_range(struct nd_day_range *out, const char *p, size_t n, uint32_t today,
                  struct nd_error *err);
/* Today in the user's zone ($TZ), yyyymmdd. */
uint32_t nd_today(void);

#endif
