#include "../check.h"
#include "text/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Read a date and give it back as ISO text, or "-" where it is refused. */
static const char *iso(const char *text)
{
    static char out[64];
    struct nd_date d;
    struct nd_error err = {0};
    if (nd_date_parse(&d, text, strlen(text), &err)) {
        CHECK(err.code == ND_INPUT && *err.msg);
        return "-";
    }
    struct nd_buf b;
    nd_buf_init(&b, 64);
    CHECK_INT(nd_date_format(&b, &d), 0);
    snprintf(out, sizeof out, "%s", b.data);
    nd_buf_free(&b);
    return out;
}

static void date_iso_variants(void)
{
    CHECK_STR(iso("2023"), "2023");
    CHECK_STR(iso("2023-09"), "2023-09");
    CHECK_STR(iso("2023-09-05"), "2023-09-05");
    CHECK_STR(iso("2023-9-5"), "2023-09-05");
    CHECK_STR(iso("2023/09/05"), "2023-09-05");
    CHECK_STR(iso("20230905"), "2023-09-05");
    CHECK_STR(iso("2023-09-05T14:30Z"), "2023-09-05T14:30Z");
    CHECK_STR(iso("2023-09-05 14:30:15"), "2023-09-05T14:30:15");
    CHECK_STR(iso("2023-09-05T14:30:15.123456+02:00"), "2023-09-05T14:30:15+02:00");
    CHECK_STR(iso("2023-09-05t14:30:15,5-0730"), "2023-09-05T14:30:15-07:30");
    CHECK_STR(iso("20230905T143015Z"), "2023-09-05T14:30:15Z");
    CHECK_STR(iso("20230905T1430+02"), "2023-09-05T14:30+02:00");
    CHECK_STR(iso("20230905143015"), "2023-09-05T14:30:15");
    CHECK_STR(iso("2023-248"), "2023-09-05");
    CHECK_STR(iso("2023-W36-2"), "2023-09-05");
    CHECK_STR(iso("2023-09-05 14:30:15 UTC"), "2023-09-05T14:30:15Z");
    CHECK_STR(iso("2023-12-31T24:00:00Z"), "2024-01-01T00:00:00Z");
    CHECK_STR(iso("2016-12-31T23:59:60Z"), "2016-12-31T23:59:59Z");
    CHECK_STR(iso("  2023-09-05\n"), "2023-09-05");
    CHECK_STR(iso("2011-11-28T8:32:24T"), "2011-11-28T08:32:24");
}

static void date_mail_and_wire(void)
{
    CHECK_STR(iso("Tue, 05 Sep 2023 14:30:00 GMT"), "2023-09-05T14:30:00Z");
    CHECK_STR(iso("Tue, 5 Sep 2023 14:30:00 -0400"), "2023-09-05T14:30:00-04:00");
    CHECK_STR(iso("05 Sep 99 14:30 EST"), "1999-09-05T14:30-05:00");
    CHECK_STR(iso("5-SEP-1987 15:01:01.79"), "1987-09-05T15:01:01");
    CHECK_STR(iso("26-FEB-1987 15:01:01.79"), "1987-02-26T15:01:01");
    CHECK_STR(iso("Tue Sep  5 14:30:00 2023"), "2023-09-05T14:30:00");
    CHECK_STR(iso("Tue Sep 05 14:30:00 +0000 2023"), "2023-09-05T14:30:00Z");
    CHECK_STR(iso("Tue Sep  5 14:30:00 UTC 2023"), "2023-09-05T14:30:00Z");
    CHECK_STR(iso("Tue, 5 Sep 2023 14:30:00 -0400 (EDT)"), "2023-09-05T14:30:00-04:00");
    CHECK_STR(iso("Tue, 5 Sep 2023 14:30:00 +0200 (MET DST)"), "2023-09-05T14:30:00+02:00");
    CHECK_STR(iso("Tue Sep 05 2023 14:30:00 GMT-0700 (Pacific Daylight Time)"),
              "2023-09-05T14:30:00-07:00");
    CHECK_STR(iso("Tue, 5 Sep 2023 14:30:00 +0200 (open"), "2023-09-05T14:30:00+02:00");
    CHECK_STR(iso("/Date(1693875723000)/"), "2023-09-05T01:02:03Z");
}

static void date_newspaper(void)
{
    CHECK_STR(iso("2023\xe5\xb9\xb4"
                  "9\xe6\x9c\x88"
                  "5\xe6\x97\xa5"),
              "2023-09-05");
    CHECK_STR(iso("2023\xe5\xb9\xb4"
                  "9\xe6\x9c\x88"
                  "5\xe6\x97\xa5 14:30"),
              "2023-09-05T14:30");
    CHECK_STR(iso("le 5 septembre 2023 \xc3\xa0 13h02"), "2023-09-05T13:02");
    CHECK_STR(iso("5. September 2023, 13:02 Uhr"), "2023-09-05T13:02");
    CHECK_STR(iso("5 September 2023 \xe2\x80\xa2 1:02pm"), "2023-09-05T13:02");
    CHECK_STR(iso("Sept. 5, 2023"), "2023-09-05");
    CHECK_STR(iso("September 5 2023"), "2023-09-05");
    CHECK_STR(iso("Tuesday, September 5th, 2023"), "2023-09-05");
    CHECK_STR(iso("5 September 2023"), "2023-09-05");
    CHECK_STR(iso("September 2023"), "2023-09");
    CHECK_STR(iso("Sept. 5, 2023, 2:30 p.m. ET"), "2023-09-05T14:30");
    CHECK_STR(iso("Sep 5, 2023 12:05 AM"), "2023-09-05T00:05");
    CHECK_STR(iso("Sep 5, 2023 at 2 pm"), "2023-09-05T14:00");
    CHECK_STR(iso("Updated May 1, 2020"), "2020-05-01");
    CHECK_STR(iso("5 de septiembre de 2023"), "2023-09-05");
    CHECK_STR(iso("5. September 2023"), "2023-09-05");
    CHECK_STR(iso("1er août 2023"), "2023-08-01");
    CHECK_STR(iso("13/09/2023"), "2023-09-13");
    CHECK_STR(iso("09/13/2023"), "2023-09-13");
    CHECK_STR(iso("05/05/2023"), "2023-05-05");
    CHECK_STR(iso("5.9.2023"), "2023-09-05");
}

static void date_epoch(void)
{
    CHECK_STR(iso("1693922400"), "2023-09-05T14:00:00Z");
    CHECK_STR(iso("1693922400123"), "2023-09-05T14:00:00Z");
    CHECK_STR(iso("1693922400.75"), "2023-09-05T14:00:00Z");
    CHECK_STR(iso("999999999"), "2001-09-09T01:46:39Z");
    CHECK_STR(iso("-100000000"), "1966-10-31T14:13:20Z");
}

static void date_refused(void)
{
    static const char *const bad[] = {"",
                                      " ",
                                      "-",
                                      "x",
                                      "05/09/2023",
                                      "2023-13-01",
                                      "2023-00-05",
                                      "30 February 2023",
                                      "2023-02-29",
                                      "2023-04-31",
                                      "2023-09-05T25:00",
                                      "2023-09-05T14:60",
                                      "14:30",
                                      "Tuesday",
                                      "September",
                                      "September 5",
                                      "2023-09-05 2023-09-06",
                                      "soon",
                                      "12",
                                      "123",
                                      "123456",
                                      "0000-00-00",
                                      "2023-09-05 to 2023-09-06",
                                      "2023-W54-1",
                                      "2023-366",
                                      "5 13 2023",
                                      "2023-09-05T14:30+99:00",
                                      "999999999999999999999999",
                                      "2023-09-05\xff",
                                      "13:00 pm 5 May 2020",
                                      "5/9",
                                      "5/9/23",
                                      "2023-09-05T1",
                                      "May May 2020",
                                      "1693922400 x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (strcmp(iso(bad[i]), "-")) {
            fprintf(stderr, "accepted: '%s'\n", bad[i]);
            CHECK(!"a text that is no date is refused");
        }
    }
    struct nd_date d;
    struct nd_error err = {0};
    CHECK_INT(nd_date_parse(&d, "05/09/2023", 10, &err), ND_INPUT);
    CHECK(strstr(err.msg, "either way") && *err.hint);
    CHECK_INT(d.precision, ND_DATE_NONE);
    CHECK(d.utc == ND_UTC_NONE);
}

static void date_instant_and_zone(void)
{
    struct nd_date d;
    const char *t = "2023-09-05T01:00:00+03:00";
    CHECK_INT(nd_date_parse(&d, t, strlen(t), NULL), 0);
    CHECK_INT(d.day, 20230905); /* as printed, though it is still the 4th in UTC */
    CHECK_INT(d.utc, 1693864800);
    CHECK_INT(d.zone, 180);
    CHECK_INT(nd_date_parse(&d, "2023", 4, NULL), 0);
    CHECK_INT(d.day, 20230000);
    CHECK_INT(d.utc, 1672531200);
    CHECK_INT(d.zone, ND_ZONE_NONE);
    CHECK_INT(nd_date_parse(&d, "2023-09", 7, NULL), 0);
    CHECK_INT(d.day, 20230900);
}

static void date_civil_every_day(void)
{
    int64_t days = nd_days_from_civil(1900, 1, 1);
    CHECK_INT(days, -25567);
    int bad = 0;
    for (int y = 1900; y <= 2100; y++)
        for (unsigned m = 1; m <= 12; m++)
            for (unsigned d = 1; d <= nd_month_days(y, m); d++, days++) {
                int y2;
                unsigned m2, d2;
                nd_civil_from_days(days, &y2, &m2, &d2);
                bad += nd_days_from_civil(y, m, d) != days || y2 != y || m2 != m || d2 != d;
                char text[32], back[32];
                snprintf(text, sizeof text, "%04d-%02u-%02u", y, m, d);
                snprintf(back, sizeof back, "%s", iso(text));
                bad += strcmp(text, back) != 0;
            }
    CHECK_INT(bad, 0);
    CHECK_INT(days, nd_days_from_civil(2101, 1, 1));
    CHECK_INT(nd_month_days(1900, 2), 28);
    CHECK_INT(nd_month_days(2000, 2), 29);
    CHECK_INT(nd_month_days(2023, 13), 0);
}

/* Whatever is read is read the same again from what was printed of it. */
static void date_format_parse_round_trip(void)
{
    static const char *const shapes[] = {
        "%04d-%02d-%02dT%02d:%02d:%02dZ", "%04d-%02d-%02dT%02d:%02d:%02d-05:30",
        "%04d-%02d-%02d %02d:%02d:%02d +1400", "%04d%02d%02d%02d%02d%02d"};
    for (int i = 0; i < 20000; i++) {
        int y = 1 + (int)(check_random() % 9998), m = 1 + (int)(check_random() % 12);
        int d = 1 + (int)(check_random() % nd_month_days(y, (unsigned)m));
        char text[64];
        snprintf(text, sizeof text, shapes[check_random() % 4], y, m, d, (int)(check_random() % 24),
                 (int)(check_random() % 60), (int)(check_random() % 60));
        struct nd_date a, b;
        if (!CHECK(!nd_date_parse(&a, text, strlen(text), NULL)))
            return;
        const char *out = iso(text);
        if (!CHECK(!nd_date_parse(&b, out, strlen(out), NULL)) ||
            !CHECK(a.utc == b.utc && a.day == b.day && a.zone == b.zone &&
                   a.precision == b.precision)) {
            fprintf(stderr, "of '%s'\n", text);
            return;
        }
    }
}

/* Random pieces of dates glued together: never a crash, and what is accepted round-trips. */
static void date_hostile_mixtures(void)
{
    static const char *const piece[] = {"2023", "-",   "09",   "5",  "T",  ":", "Sep",
                                        "pm",   " ",   "Z",    "+",  ".",  "W", "99999",
                                        "/",    "utc", "\xc3", "th", "24", "1"};
    for (int i = 0; i < 50000; i++) {
        char text[160] = "";
        size_t n = 0;
        for (unsigned k = (unsigned)(check_random() % 9); k; k--) {
            const char *p = piece[check_random() % (sizeof piece / sizeof *piece)];
            n += (size_t)snprintf(text + n, sizeof text - n, "%s", p);
        }
        char *exact = malloc(n ? n : 1); /* so that a read past the end is seen */
        if (!CHECK(exact != NULL))
            return;
        memcpy(exact, text, n);
        struct nd_date a, b;
        int rc = nd_date_parse(&a, exact, n, NULL);
        free(exact);
        if (rc)
            continue;
        const char *out = iso(text);
        if (!CHECK(!nd_date_parse(&b, out, strlen(out), NULL)) || !CHECK(a.utc == b.utc)) {
            fprintf(stderr, "of '%s' -> '%s'\n", text, out);
            return;
        }
    }
}

static const char *range(const char *text)
{
    static char out[64];
    struct nd_day_range r;
    struct nd_error err = {0};
    if (nd_date_range(&r, text, strlen(text), 20240305, &err)) {
        CHECK(err.code == ND_QUERY && *err.msg && *err.hint && err.end <= strlen(text));
        return "-";
    }
    snprintf(out, sizeof out, "%u..%u", r.from, r.to);
    return out;
}

static void date_ranges(void)
{
    CHECK_STR(range("2024"), "20240101..20241231");
    CHECK_STR(range("2024-02"), "20240201..20240229");
    CHECK_STR(range("2024-03-05"), "20240305..20240305");
    CHECK_STR(range("20240305"), "20240305..20240305");
    CHECK_STR(range("today"), "20240305..20240305");
    CHECK_STR(range("yesterday"), "20240304..20240304");
    CHECK_STR(range("7d"), "20240228..20240305");
    CHECK_STR(range("2w"), "20240221..20240305");
    CHECK_STR(range("3months"), "20231206..20240305");
    CHECK_STR(range("1y"), "20230306..20240305");
    CHECK_STR(range("2023..2024-02"), "20230101..20240229");
    CHECK_STR(range("2023-09.."), "20230901..99991231");
    CHECK_STR(range("..2023-09"), "0..20230930");
    CHECK_STR(range("7d.."), "20240228..99991231");
    CHECK_STR(range("..7d"), "0..20240227");
    CHECK_STR(range("2024..7d"), "20240101..20240227");
    CHECK_STR(range("..today"), "0..20240305");
}

static void date_range_errors(void)
{
    static const char *const bad[] = {
        "",   "..",     "x",           "2024-13",    "2024-02-30",  "2024-",
        "24", "7x",     "0d",          "2024..2023", "2024...2025", "2024-03-05-06",
        "3m", "202403", "2024-03-05x", "20241301",   "2024..x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (strcmp(range(bad[i]), "-")) {
            fprintf(stderr, "accepted: '%s'\n", bad[i]);
            CHECK(!"a text that is no range is refused");
        }
    struct nd_day_range r;
    struct nd_error err = {0};
    CHECK_INT(nd_date_range(&r, "2023..2024-13", 13, 20240305, &err), ND_QUERY);
    CHECK_INT(err.start, 6);
    CHECK_INT(err.end, 13);
}

static void date_today_is_a_day(void)
{
    uint32_t t = nd_today();
    CHECK(t > 20200101 && t < 21000101 && t % 100 >= 1 && t / 100 % 100 <= 12);
}

int main(void)
{
    RUN(date_iso_variants);
    RUN(date_mail_and_wire);
    RUN(date_newspaper);
    RUN(date_epoch);
    RUN(date_refused);
    RUN(date_instant_and_zone);
    RUN(date_civil_every_day);
    RUN(date_format_parse_round_trip);
    RUN(date_hostile_mixtures);
    RUN(date_ranges);
    RUN(date_range_errors);
    RUN(date_today_is_a_day);
    return check_done();
}
