#include "text/date_names.h"
#include "text/date.h"

#include <string.h>

/* Month names: English with its newspaper abbreviations, then Spanish, French, German. */
static const struct nd_date_name months[] = {
    {"jan", 1},        {"january", 1},    {"feb", 2},        {"february", 2},  {"mar", 3},
    {"march", 3},      {"apr", 4},        {"april", 4},      {"may", 5},       {"jun", 6},
    {"june", 6},       {"jul", 7},        {"july", 7},       {"aug", 8},       {"august", 8},
    {"sep", 9},        {"sept", 9},       {"september", 9},  {"oct", 10},      {"october", 10},
    {"nov", 11},       {"november", 11},  {"dec", 12},       {"december", 12}, {"enero", 1},
    {"febrero", 2},    {"marzo", 3},      {"abril", 4},      {"mayo", 5},      {"junio", 6},
    {"julio", 7},      {"agosto", 8},     {"septiembre", 9}, {"setiembre", 9}, {"octubre", 10},
    {"noviembre", 11}, {"diciembre", 12}, {"janvier", 1},    {"février", 2},   {"fevrier", 2},
    {"mars", 3},       {"avril", 4},      {"mai", 5},        {"juin", 6},      {"juillet", 7},
    {"août", 8},       {"aout", 8},       {"septembre", 9},  {"octobre", 10},  {"novembre", 11},
    {"décembre", 12},  {"decembre", 12},  {"januar", 1},     {"februar", 2},   {"märz", 3},
    {"maerz", 3},      {"juni", 6},       {"juli", 7},       {"oktober", 10},  {"dezember", 12},
};

static const struct nd_date_name weekdays[] = {
    {"mon", 1},  {"monday", 1},    {"tue", 2}, {"tues", 2},     {"tuesday", 2}, {"wed", 3},
    {"weds", 3}, {"wednesday", 3}, {"thu", 4}, {"thur", 4},     {"thurs", 4},   {"thursday", 4},
    {"fri", 5},  {"friday", 5},    {"sat", 6}, {"saturday", 6}, {"sun", 7},     {"sunday", 7},
};

/* Minutes east of UTC. Those that change with the season (ET, PT) say nothing sure. */
static const struct nd_date_name zones[] = {
    {"z", 0},
    {"ut", 0},
    {"utc", 0},
    {"gmt", 0},
    {"est", -300},
    {"edt", -240},
    {"cst", -360},
    {"cdt", -300},
    {"mst", -420},
    {"mdt", -360},
    {"pst", -480},
    {"pdt", -420},
    {"akst", -540},
    {"akdt", -480},
    {"hst", -600},
    {"wet", 0},
    {"bst", 60},
    {"west", 60},
    {"cet", 60},
    {"cest", 120},
    {"eet", 120},
    {"eest", 180},
    {"msk", 180},
    {"jst", 540},
    {"kst", 540},
    {"hkt", 480},
    {"sgt", 480},
    {"aest", 600},
    {"aedt", 660},
    {"nzst", 720},
    {"nzdt", 780},
    {"et", ND_ZONE_NONE},
    {"ct", ND_ZONE_NONE},
    {"mt", ND_ZONE_NONE},
    {"pt", ND_ZONE_NONE},
};

/* Words between the pieces that carry nothing. */
static const struct nd_date_name fillers[] = {
    {"at", 0},      {"on", 0},     {"of", 0}, {"the", 0}, {"de", 0},  {"del", 0}, {"published", 0},
    {"updated", 0}, {"posted", 0}, {"le", 0}, {"el", 0},  {"den", 0}, {"vom", 0},
};

#define TABLE(t)                                                                                   \
    {                                                                                              \
        t, sizeof(t) / sizeof((t)[0])                                                              \
    }

const struct nd_date_name *nd_date_name(enum nd_name_kind kind, const char *word)
{
    static const struct {
        const struct nd_date_name *rows;
        size_t n;
    } tables[] = {[ND_NAME_MONTH] = TABLE(months),
                  [ND_NAME_WEEKDAY] = TABLE(weekdays),
                  [ND_NAME_ZONE] = TABLE(zones),
                  [ND_NAME_FILLER] = TABLE(fillers)};
    for (size_t i = 0; i < tables[kind].n; i++)
        if (!strcmp(tables[kind].rows[i].text, word))
            return &tables[kind].rows[i];
    return NULL;
}
