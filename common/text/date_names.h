/* date_names.h: the words that dates are made of; used by date_parse.c alone.
 * Threads: constant tables. */
#ifndef ND_TEXT_DATE_NAMES_H
#define ND_TEXT_DATE_NAMES_H

enum nd_name_kind {
    ND_NAME_MONTH,   /* value 1..12 */
    ND_NAME_WEEKDAY, /* value 1..7, Monday first */
    ND_NAME_ZONE,    /* minutes east of UTC, ND_ZONE_NONE where the name alone does not say */
    ND_NAME_FILLER   /* a word that carries nothing */
};

struct nd_date_name {
    const char *text; /* lower case */
    int value;
};

/* The row of a word in lower case, NULL if there is none. */
const struct nd_date_name *nd_date_name(enum nd_name_kind kind, const char *word);

#endif
