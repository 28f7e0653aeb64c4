#include "text/date.h"
#include "text/date_names.h"

#include <string.h>
#include <strings.h>

/* A date is read as a run of small pieces in almost any order (numeric group, month name, day, year,
 * time, zone); each may come once. That covers ISO, RFC 822, wire and newspaper styles with one loop. */

enum {
    UNSET = -1,
    WORD_MAX = 16,
    SIGNS_MAX = 101
};

struct scan {
    const char *p;
    size_t n, i;
    struct nd_error *err;
    int year, month, day;
    int hour, minute, second; /* UNSET where not given */
    int zone;
    bool weekday, zoned;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char at(const struct scan *s, size_t ahead)
{
    return s->i + ahead < s->n ? s->p[s->i + ahead] : '\0';
}

static int refuse(struct scan *s, const char *why)
{
    int shown = s->n > 60 ? 60 : (int)s->n;
    return nd_fail(s->err, ND_INPUT, "'%.*s' is not a date: %s", shown, s->p, why);
}

/* Digits at the cursor, at most `most`; the value in *v. Return: how many were read. */
static int number(struct scan *s, int most, int64_t *v)
{
    int k = 0;
    *v = 0;
    while (k < most && s->i < s->n && is_digit(s->p[s->i])) {
        *v = *v * 10 + (s->p[s->i++] - '0');
        k++;
    }
    return k;
}

static size_t digits_ahead(const struct scan *s)
{
    size_t k = 0;
    while (is_digit(at(s, k)))
        k++;
    return k;
}

/* A word in lower case at the cursor: letters, and dots between single letters (p.m.). */
static bool word(struct scan *s, char out[WORD_MAX])
{
    size_t k = 0, i = s->i;
    while (i < s->n) {
        unsigned char c = (unsigned char)s->p[i];
        if (c == '.' && i + 1 < s->n && k == 1 && (s->p[i + 1] | 32) == 'm')
            ; /* a.m., p.m. */
        else if ((c | 32) >= 'a' && (c | 32) <= 'z')
            out[k++] = (char)(c | 32);
        else if (c >= 0x80)
            out[k++] = (char)c;
        else
            break;
        if (k == WORD_MAX)
            return false;
        i++;
    }
    out[k] = '\0';
    s->i = i;
    return k > 0;
}

static int set_day(struct scan *s, int64_t y, int64_t m, int64_t d)
{
    if (s->year != UNSET || s->month != UNSET || s->day != UNSET)
        return refuse(s, "there are two days");
    s->year = (int)y;
    s->month = (int)m;
    s->day = (int)d;
    return 0;
}

/* Seconds since 1970, or milliseconds where there are more than ten digits. */
static int epoch(struct scan *s, int digits, int64_t v, bool negative)
{
    int64_t t = digits > 10 ? v / 1000 : v;
    if (negative)
        t = -t;
    int64_t days = t >= 0 ? t / 86400 : -((86399 - t) / 86400);
    int64_t rest = t - days * 86400;
    int year;
    unsigned month, day;
    if (at(s, 0) == '.') { /* a fraction of a second */
        s->i++;
        s->i += digits_ahead(s);
    }
    if (s->i != s->n)
        return refuse(s, "there is text after the seconds since 1970");
    nd_civil_from_days(days, &year, &month, &day);
    int rc = set_day(s, year, (int64_t)month, (int64_t)day);
    if (rc)
        return rc;
    s->hour = (int)(rest / 3600);
    s->minute = (int)(rest / 60 % 60);
    s->second = (int)(rest % 60);
    s->zone = 0;
    s->zoned = true;
    return 0;
}

static int set_civil(struct scan *s, int64_t days)
{
    int y;
    unsigned m, d;
    nd_civil_from_days(days, &y, &m, &d);
    return set_day(s, y, (int64_t)m, (int64_t)d);
}

/* 2023-248 */
static int ordinal_date(struct scan *s, int64_t year, int64_t day)
{
    if (year < 1 || day < 1 || day > (nd_month_days((int)year, 2) == 29 ? 366 : 365))
        return refuse(s, "the year has no such day");
    return set_civil(s, nd_days_from_civil((int)year, 1, 1) + day - 1);
}

/* 2023-W36-2, the year and W read */
static int week_date(struct scan *s, int64_t year)
{
    int64_t week = 0, day = 1;
    if (number(s, 2, &week) != 2 || week < 1 || week > 53)
        return refuse(s, "weeks are written 2023-W36");
    if (at(s, 0) == '-')
        s->i++;
    if (is_digit(at(s, 0)) && (number(s, 1, &day) != 1 || day < 1 || day > 7))
        return refuse(s, "days of a week are 1 to 7");
    int64_t jan4 = nd_days_from_civil((int)year, 1, 4); /* is always in week 1 */
    int64_t monday = jan4 - (((jan4 + 3) % 7 + 7) % 7);
    return set_civil(s, monday + (week - 1) * 7 + day - 1);
}

/* a-b-c or a-b with one of - / . between, the first number read already. */
static int numeric_group(struct scan *s, int a_digits, int64_t a)
{
    char sep = at(s, 0);
    int64_t b = 0, c = 0;
    s->i++;
    if (a_digits == 4 && (at(s, 0) == 'W' || at(s, 0) == 'w')) {
        s->i++;
        return week_date(s, a);
    }
    int b_digits = number(s, 3, &b);
    if (a_digits == 4 && b_digits == 3)
        return ordinal_date(s, a, b);
    if (b_digits < 1 || b_digits > 2)
        return refuse(s, "a month has one or two digits");
    if (at(s, 0) != sep || !is_digit(at(s, 1))) {
        if (a_digits != 4)
            return refuse(s, "the year is missing");
        return set_day(s, a, b, UNSET);
    }
    s->i++;
    int c_digits = number(s, 4, &c);
    if (a_digits == 4) {
        if (c_digits > 2)
            return refuse(s, "a day has one or two digits");
        return set_day(s, a, b, c);
    }
    if (a_digits > 2 || c_digits != 4)
        return refuse(s, "the year needs four digits");
    if (sep == '.') /* 5.9.2023 is day first wherever it is used */
        return set_day(s, c, b, a);
    if (a > 12 || a == b)
        return set_day(s, c, b, a);
    if (b > 12)
        return set_day(s, c, a, b);
    refuse(s, "day and month could be either way round");
    nd_hint(s->err, "write it as 2023-09-05");
    return ND_INPUT;
}

/* The hour is read; minutes, seconds and a fraction follow, with colons or, in basic form, without. */
static int time_rest(struct scan *s, int64_t hour, bool basic)
{
    int64_t v = 0;
    if (s->hour != UNSET)
        return refuse(s, "there are two times");
    s->hour = (int)hour;
    s->minute = 0;
    if (basic ? is_digit(at(s, 0)) : at(s, 0) == ':' && is_digit(at(s, 1))) {
        s->i += !basic;
        if (number(s, 2, &v) != 2)
            return refuse(s, "minutes have two digits");
        s->minute = (int)v;
        if (basic ? is_digit(at(s, 0)) : at(s, 0) == ':' && is_digit(at(s, 1))) {
            s->i += !basic;
            if (number(s, 2, &v) != 2)
                return refuse(s, "seconds have two digits");
            s->second = (int)v;
        }
    }
    if ((at(s, 0) == '.' || at(s, 0) == ',') && is_digit(at(s, 1))) {
        s->i++;
        s->i += digits_ahead(s);
    }
    return 0;
}

static int zone_offset(struct scan *s, int sign)
{
    int64_t h = 0, m = 0;
    int k = number(s, 2, &h);
    if (k < 1)
        return refuse(s, "the zone has no hours");
    if (at(s, 0) == ':')
        s->i++;
    if (is_digit(at(s, 0)) && number(s, 2, &m) != 2)
        return refuse(s, "the zone's minutes have two digits");
    if (h > 15 || m > 59)
        return refuse(s, "there is no such zone");
    s->zone = sign * (int)(h * 60 + m);
    s->zoned = true;
    return 0;
}

/* Is am or pm next, after blanks? Then it is applied to the hour. */
static int half_day(struct scan *s, bool *found)
{
    struct scan t = *s;
    char w[WORD_MAX];
    *found = false;
    while (is_blank(at(&t, 0)))
        t.i++;
    if (!word(&t, w) || (strcmp(w, "am") && strcmp(w, "pm")))
        return 0;
    *found = true;
    s->i = t.i;
    if (s->hour < 1 || s->hour > 12)
        return refuse(s, "am and pm go with hours 1 to 12");
    s->hour = s->hour % 12 + (w[0] == 'p' ? 12 : 0);
    return 0;
}

/* A number without separators: year, day, compact day, compact day and time, seconds. */
static int plain_number(struct scan *s, int digits, int64_t v, bool lone)
{
    bool found = false;
    int rc;
    switch (digits) {
    case 1:
    case 2:
        if (s->hour == UNSET) { /* 2 p.m. */
            s->hour = (int)v;
            rc = half_day(s, &found);
            if (rc)
                return rc;
            if (found) {
                s->minute = 0;
                return 0;
            }
            s->hour = UNSET;
        }
        if (s->day == UNSET) {
            s->day = (int)v;
            return 0;
        }
        if (s->year == UNSET && digits == 2) { /* RFC 822's two-digit year */
            s->year = (int)(v < 50 ? 2000 + v : 1900 + v);
            return 0;
        }
        return refuse(s, "there is a number too many");
    case 4:
        if (s->year != UNSET)
            return refuse(s, "there are two years");
        s->year = (int)v;
        return 0;
    case 7:
        return ordinal_date(s, v / 1000, v % 1000);
    case 8:
        return set_day(s, v / 10000, v / 100 % 100, v % 100);
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
        return lone ? epoch(s, digits, v, false) : refuse(s, "there is a number too long");
    case 14:
        rc = set_day(s, v / 10000000000, v / 100000000 % 100, v / 1000000 % 100);
        if (rc)
            return rc;
        s->hour = (int)(v / 10000 % 100);
        s->minute = (int)(v / 100 % 100);
        s->second = (int)(v % 100);
        return 0;
    default:
        return refuse(s, "the number has an unusual length");
    }
}

static int take_number(struct scan *s, bool lone)
{
    int64_t v;
    int digits = number(s, 15, &v);
    char c = at(s, 0), d = at(s, 1);
    if (digits <= 2 && c == ':')
        return time_rest(s, v, false);
    bool dated = s->month != UNSET || s->hour != UNSET;
    if (!dated && (c == '-' || c == '/' || c == '.') && digits <= 4 &&
        (is_digit(d) || (c == '-' && (d | 32) == 'w' && is_digit(at(s, 2)))))
        return numeric_group(s, digits, v);
    int rc = plain_number(s, digits, v, lone);
    if (rc)
        return rc;
    if (digits <= 2) { /* 5th, 1st */
        static const char *const endings[] = {"st", "nd", "rd", "th", "er"};
        for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
            if (s->n - s->i >= 2 && !strncasecmp(s->p + s->i, endings[i], 2)) {
                s->i += 2;
                break;
            }
    }
    return 0;
}

static int take_word(struct scan *s)
{
    char w[WORD_MAX];
    const struct nd_date_name *name;
    size_t start = s->i;
    bool dated = s->day != UNSET && s->year != UNSET;
    if (dated && s->hour == UNSET && (at(s, 0) | 32) == 't' && is_digit(at(s, 1))) {
        int64_t hour;
        s->i++;
        size_t k = digits_ahead(s);
        if (k != 2 && k != 4 && k != 6 && !(k == 1 && at(s, 1) == ':'))
            return refuse(s, "the time after T is not hh:mm:ss");
        number(s, 2, &hour);
        return time_rest(s, hour, k > 2);
    }
    if (s->hour != UNSET && (at(s, 0) | 32) == 't' && s->i + 1 == s->n) {
        s->i++; /* 2011-11-28T8:32:24T, an export that put T for the zone */
        return 0;
    }
    if (!word(s, w))
        return refuse(s, "it has a word that no date has");
    if ((name = nd_date_name(ND_NAME_MONTH, w))) {
        if (s->month != UNSET)
            return refuse(s, "there are two months");
        s->month = name->value;
    } else if ((name = nd_date_name(ND_NAME_WEEKDAY, w))) {
        if (s->weekday)
            return refuse(s, "there are two weekdays");
        s->weekday = true;
    } else if (s->hour != UNSET && !s->zoned && (name = nd_date_name(ND_NAME_ZONE, w))) {
        s->zone = name->value;
        s->zoned = true;
    } else if (s->hour != UNSET && (!strcmp(w, "am") || !strcmp(w, "pm"))) {
        bool found;
        s->i = start;
        return half_day(s, &found);
    } else if (!nd_date_name(ND_NAME_FILLER, w)) {
        return refuse(s, "it has a word that no date has");
    }
    return 0;
}

static int check(struct scan *s)
{
    if (s->year == UNSET)
        return refuse(s, "it has no year");
    if (s->year < 1 || s->year > 9999)
        return refuse(s, "the year is out of range");
    if (s->month == UNSET && s->day != UNSET)
        return refuse(s, "it has no month");
    if (s->month != UNSET && (s->month < 1 || s->month > 12))
        return refuse(s, "there is no such month");
    if (s->day != UNSET && (s->day < 1 || s->day > (int)nd_month_days(s->year, (unsigned)s->month)))
        return refuse(s, "the month has no such day");
    if (s->hour != UNSET && s->day == UNSET)
        return refuse(s, "it has a time but no day");
    if (s->hour == UNSET)
        return 0;
    if (s->second == 60) /* a leap second stays in its minute */
        s->second = 59;
    if (s->hour > 24 || s->minute > 59 || s->second > 59 ||
        (s->hour == 24 && (s->minute > 0 || s->second > 0)))
        return refuse(s, "there is no such time");
    return 0;
}

static void finish(struct nd_date *out, const struct scan *s)
{
    unsigned m = s->month == UNSET ? 0 : (unsigned)s->month;
    unsigned d = s->day == UNSET ? 0 : (unsigned)s->day;
    int64_t days = nd_days_from_civil(s->year, m ? m : 1, d ? d : 1);
    int year = s->year;
    out->precision = !m ? ND_DATE_YEAR : !d ? ND_DATE_MONTH : ND_DATE_DAY;
    out->zone = ND_ZONE_NONE;
    out->utc = days * 86400;
    if (s->hour != UNSET) {
        out->precision = s->second == UNSET ? ND_DATE_MINUTE : ND_DATE_SECOND;
        out->zone = (int16_t)s->zone;
        out->utc += s->hour * 3600 + s->minute * 60 + (s->second == UNSET ? 0 : s->second);
        if (s->hour == 24 && days < nd_days_from_civil(9999, 12, 31)) /* the next day begins */
            nd_civil_from_days(days + 1, &year, &m, &d);
        if (s->zone != ND_ZONE_NONE)
            out->utc -= (int64_t)s->zone * 60;
    }
    out->day = (uint32_t)year * 10000 + m * 100 + d;
}

/* Signs of other languages and programs for what this page has signs for. Return: bytes written, 0 if there is none. */
static size_t usual_signs(char out[SIGNS_MAX], const char *p, size_t n)
{
    static const struct {
        const char *sign, *usual;
    } signs[] = {{"\xe5\xb9\xb4", "-"}, {"\xe6\x9c\x88", "-"}, {"\xe6\x97\xa5", " "}, /* 年月日 */
                 {"\xc3\xa0", " "},     {"\xe2\x80\xa2", " "}, {"\xc2\xb7", " "}, /* à • · */
                 {"\xc2\xa0", " "},     {" Uhr", ""},          {"/Date(", ""},        {")/", ""}};
    size_t k = 0;
    bool any = false;
    for (size_t i = 0; i < n && k + 1 < SIGNS_MAX;) {
        size_t j = 0, len = 0;
        for (; j < sizeof signs / sizeof *signs; j++) {
            len = strlen(signs[j].sign);
            if (n - i >= len && !memcmp(p + i, signs[j].sign, len))
                break;
        }
        bool hour = i && i + 1 < n && p[i] == 'h' && is_digit(p[i - 1]) && is_digit(p[i + 1]);
        if (j < sizeof signs / sizeof *signs) {
            if (*signs[j].usual)
                out[k++] = *signs[j].usual;
            i += len;
            any = true;
        } else {
            out[k++] = hour ? ':' : p[i];
            i++;
            any |= hour;
        }
    }
    return any ? k : 0;
}

static int parse(struct nd_date *out, const char *p, size_t n, struct nd_error *err);

int nd_date_parse(struct nd_date *out, const char *p, size_t n, struct nd_error *err)
{
    char usual[SIGNS_MAX];
    int rc = parse(out, p, n, err);
    size_t k = rc && n && n < SIGNS_MAX ? usual_signs(usual, p, n) : 0;
    return k && !parse(out, usual, k, NULL) ? 0 : rc;
}

static int parse(struct nd_date *out, const char *p, size_t n, struct nd_error *err)
{
    *out = (struct nd_date){.zone = ND_ZONE_NONE, .utc = ND_UTC_NONE};
    while (n && is_blank(p[n - 1]))
        n--;
    while (n && is_blank(*p)) {
        p++;
        n--;
    }
    struct scan s = {.p = p,
                     .n = n,
                     .err = err,
                     .year = UNSET,
                     .month = UNSET,
                     .day = UNSET,
                     .hour = UNSET,
                     .minute = UNSET,
                     .second = UNSET,
                     .zone = ND_ZONE_NONE};
    if (!n)
        return refuse(&s, "it is empty");
    if (n > 100)
        return refuse(&s, "it is too long");
    if (*p == '-' && n > 9 && is_digit(p[1])) { /* before 1970 */
        int64_t v;
        s.i = 1;
        int digits = number(&s, 14, &v);
        if (digits < 9 || digits > 13)
            return refuse(&s, "the number has an unusual length");
        int rc = epoch(&s, digits, v, true);
        if (rc)
            return rc;
    }
    while (s.i < s.n) {
        char c = s.p[s.i];
        int rc = 0;
        if (is_digit(c)) {
            rc = take_number(&s, s.i == 0);
        } else if ((c | 32) >= 'a' && (c | 32) <= 'z') {
            rc = take_word(&s);
        } else if ((c == '+' || c == '-') && s.hour != UNSET && is_digit(at(&s, 1)) &&
                   (!s.zoned || s.zone == 0)) { /* also UTC+2 */
            s.i++;
            rc = zone_offset(&s, c == '-' ? -1 : 1);
        } else if (c == '(' && s.zoned) { /* the zone once more, for people */
            const char *close = memchr(s.p + s.i, ')', s.n - s.i);
            s.i = close ? (size_t)(close - s.p) + 1 : s.n;
        } else if (is_blank(c) || c == ',' || c == '.' || c == '(' || c == ')' || c == '|' ||
                   c == '-' || c == '/' || c == ':') {
            s.i++;
        } else if (s.n - s.i >= 3 && !memcmp(s.p + s.i, "\xe2\x88\x92", 3) && s.hour != UNSET) {
            s.i += 3; /* a typographic minus */
            rc = zone_offset(&s, -1);
        } else {
            rc = refuse(&s, "it has a character that no date has");
        }
        if (rc)
            return rc;
    }
    int rc = check(&s);
    if (rc)
        return rc;
    finish(out, &s);
    return 0;
}
