#include "text/date.h"

int64_t nd_days_from_civil(int year, unsigned month, unsigned day)
{
    /* years start in March, so that the leap day is the last of its year */
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (int64_t)(month + (month > 2 ? -3u : 9u)) + 2) / 5 + (int64_t)day - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void nd_civil_from_days(int64_t days, int *year, unsigned *month, unsigned *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    *month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

unsigned nd_month_days(int year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

int nd_date_format(struct nd_buf *out, const struct nd_date *d)
{
    unsigned year = d->day / 10000, month = d->day / 100 % 100, day = d->day % 100;
    if (d->precision == ND_DATE_NONE)
        return 0;
    nd_buf_printf(out, "%04u", year);
    if (d->precision >= ND_DATE_MONTH)
        nd_buf_printf(out, "-%02u", month);
    if (d->precision >= ND_DATE_DAY)
        nd_buf_printf(out, "-%02u", day);
    if (d->precision >= ND_DATE_MINUTE) {
        int zone = d->zone == ND_ZONE_NONE ? 0 : d->zone;
        int64_t t = (d->utc + (int64_t)zone * 60) % 86400;
        if (t < 0)
            t += 86400;
        nd_buf_printf(out, "T%02d:%02d", (int)(t / 3600), (int)(t / 60 % 60));
        if (d->precision >= ND_DATE_SECOND)
            nd_buf_printf(out, ":%02d", (int)(t % 60));
        int away = zone < 0 ? -zone : zone;
        if (d->zone == 0)
            nd_buf_byte(out, 'Z');
        else if (d->zone != ND_ZONE_NONE)
            nd_buf_printf(out, "%c%02d:%02d", zone < 0 ? '-' : '+', away / 60, away % 60);
    }
    return nd_buf_code(out);
}
