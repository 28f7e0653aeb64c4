#include "text/date.h"

#include <string.h>
#include <strings.h>
#include <time.h>

/* One end of a range: the days it covers, and whether it counts back from today. */
struct end {
    uint32_t from, to;
    bool counted;
};

static uint32_t from_days(int64_t days)
{
    int year;
    unsigned month, day;
    nd_civil_from_days(days, &year, &month, &day);
    if (year < 1)
        return 0;
    return (uint32_t)year * 10000 + month * 100 + day;
}

static int64_t to_days(uint32_t day)
{
    return nd_days_from_civil((int)(day / 10000), day / 100 % 100, day % 100);
}

/* today, less so many months, plus a day, so that the count includes today. */
static uint32_t months_back(uint32_t today, uint64_t months)
{
    int64_t at = (int64_t)(today / 10000) * 12 + today / 100 % 100 - 1 - (int64_t)months;
    if (at < 12)
        return 0;
    int year = (int)(at / 12);
    unsigned month = (unsigned)(at % 12) + 1, day = today % 100, most = nd_month_days(year, month);
    if (day > most)
        day = most;
    return from_days(nd_days_from_civil(year, month, day) + 1);
}

static bool same(const char *p, size_t n, const char *word)
{
    return strlen(word) == n && !strncasecmp(p, word, n);
}

/* 7d, 2w, 3months, 1y. Return: false if p[0..n) has not that shape. */
static bool counted(struct end *out, const char *p, size_t n, uint32_t today)
{
    uint64_t v = 0;
    size_t k = 0;
    while (k < n && k < 6 && p[k] >= '0' && p[k] <= '9')
        v = v * 10 + (uint64_t)(p[k++] - '0');
    if (!k || k == n || !v)
        return false;
    const char *u = p + k;
    size_t un = n - k;
    *out = (struct end){.to = today, .counted = true};
    if (same(u, un, "d") || same(u, un, "day") || same(u, un, "days"))
        out->from = from_days(to_days(today) - (int64_t)v + 1);
    else if (same(u, un, "w") || same(u, un, "week") || same(u, un, "weeks"))
        out->from = from_days(to_days(today) - (int64_t)v * 7 + 1);
    else if (same(u, un, "month") || same(u, un, "months"))
        out->from = months_back(today, v);
    else if (same(u, un, "y") || same(u, un, "year") || same(u, un, "years"))
        out->from = months_back(today, v * 12);
    else
        return false;
    return true;
}

/* 2024, 2024-03, 2024-3-5, 2024/03/05, 20240305. Return: NULL or what is wrong. */
static const char *calendar(struct end *out, const char *p, size_t n)
{
    unsigned v[3] = {0}, parts = 0;
    size_t i = 0;
    char sep = '\0';
    *out = (struct end){0};
    while (i < n && parts < 3) {
        size_t k = 0;
        while (i < n && k < 8 && p[i] >= '0' && p[i] <= '9') {
            v[parts] = v[parts] * 10 + (unsigned)(p[i++] - '0');
            k++;
        }
        if (parts == 0 ? k != 4 && k != 8 : k < 1 || k > 2)
            return "is not a date";
        if (parts++ == 0 && k == 8) {
            if (i < n)
                return "is not a date";
            v[2] = v[0] % 100;
            v[1] = v[0] / 100 % 100;
            v[0] /= 10000;
            parts = 3;
            break;
        }
        if (i == n)
            break;
        if ((p[i] != '-' && p[i] != '/') || (sep && p[i] != sep) || i + 1 == n)
            return "is not a date";
        sep = p[i++];
    }
    if (i < n || !parts)
        return "is not a date";
    if (!v[0])
        return "has no such year";
    if (parts > 1 && (v[1] < 1 || v[1] > 12))
        return "has no such month";
    if (parts > 2 && (v[2] < 1 || v[2] > nd_month_days((int)v[0], v[1])))
        return "has no such day";
    out->from = v[0] * 10000 + (parts > 1 ? v[1] : 1) * 100 + (parts > 2 ? v[2] : 1);
    unsigned last = parts > 1 ? v[1] : 12;
    out->to = v[0] * 10000 + last * 100 + (parts > 2 ? v[2] : nd_month_days((int)v[0], last));
    return NULL;
}

static int read_end(struct end *out, const char *p, size_t n, size_t offset, uint32_t today,
                    struct nd_error *err)
{
    const char *why = NULL;
    if (same(p, n, "today"))
        *out = (struct end){.from = today, .to = today};
    else if (same(p, n, "yesterday"))
        out->from = out->to = from_days(to_days(today) - 1);
    else if (!counted(out, p, n, today))
        why = calendar(out, p, n);
    if (!why)
        return 0;
    nd_fail(err, ND_QUERY, "'%.*s' %s", n > 60 ? 60 : (int)n, p, why);
    nd_hint(err, "dates are written 2024-03-05, 2024-03, 2024, today, yesterday, 7d, 2w, 3months, "
                 "1y, and ranges 2023-09..2023-12");
    nd_span(err, offset, offset + n);
    return ND_QUERY;
}

int nd_date_range(struct nd_day_range *out, const char *p, size_t n, uint32_t today,
                  struct nd_error *err)
{
    struct end a = {0}, b = {0};
    const char *dots = n >= 2 ? memmem(p, n, "..", 2) : NULL;
    *out = (struct nd_day_range){0};
    if (!dots) {
        int rc = read_end(&a, p, n, 0, today, err);
        if (!rc)
            *out = (struct nd_day_range){a.from, a.to};
        return rc;
    }
    size_t left = (size_t)(dots - p), right = left + 2;
    struct nd_day_range r = {0, 99991231};
    if (left) {
        int rc = read_end(&a, p, left, 0, today, err);
        if (rc)
            return rc;
        r.from = a.from;
    }
    if (right < n) {
        int rc = read_end(&b, p + right, n - right, right, today, err);
        if (rc)
            return rc;
        /* a count names the days back to its start; `..7d` is what lies before them */
        r.to = !b.counted ? b.to : b.from ? from_days(to_days(b.from) - 1) : 0;
    }
    if (!left && right >= n) {
        nd_fail(err, ND_QUERY, "the range '..' has no end");
        nd_hint(err, "write 2023.. or ..2023");
        nd_span(err, 0, n);
        return ND_QUERY;
    }
    if (r.from > r.to) {
        nd_fail(err, ND_QUERY, "the range '%.*s' ends before it begins", n > 60 ? 60 : (int)n, p);
        nd_hint(err, "the earlier day comes first");
        nd_span(err, 0, n);
        return ND_QUERY;
    }
    *out = r;
    return 0;
}

uint32_t nd_today(void)
{
    struct tm tm;
    time_t now = time(NULL);
    tzset();
    if (!localtime_r(&now, &tm))
        return 19700101;
    return (uint32_t)(tm.tm_year + 1900) * 10000 + (uint32_t)(tm.tm_mon + 1) * 100 +
           (uint32_t)tm.tm_mday;
}
