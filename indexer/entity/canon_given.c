/* canon_given.c: given names that are one name in several spellings. Only pairs that newspapers use for the same people. */
#include "entity/canon.h"

#include <string.h>

struct spelling {
    const char *from, *to;
};

/* Sorted by the first. */
static const struct spelling spellings[] = {
    {"abdallah", "abdullah"},
    {"abdulla", "abdullah"},
    {"achmed", "ahmed"},
    {"ahmad", "ahmed"},
    {"aleksander", "alexander"},
    {"aleksandr", "alexander"},
    {"aleksandra", "alexandra"},
    {"aleksei", "alexei"},
    {"aleksey", "alexei"},
    {"alexandr", "alexander"},
    {"alexey", "alexei"},
    {"anatoli", "anatoly"},
    {"andrej", "andrei"},
    {"andrey", "andrei"},
    {"arkadi", "arkady"},
    {"dimitri", "dmitry"},
    {"dmitri", "dmitry"},
    {"dmitrii", "dmitry"},
    {"dmitrij", "dmitry"},
    {"dmitriy", "dmitry"},
    {"evgeni", "yevgeny"},
    {"evgenii", "yevgeny"},
    {"evgeniy", "yevgeny"},
    {"evgeny", "yevgeny"},
    {"gennadi", "gennady"},
    {"gennadiy", "gennady"},
    {"georgi", "georgy"},
    {"georgiy", "georgy"},
    {"grigori", "grigory"},
    {"grigoriy", "grigory"},
    {"hasan", "hassan"},
    {"husain", "hussein"},
    {"husayn", "hussein"},
    {"hussain", "hussein"},
    {"jurij", "yuri"},
    {"khaled", "khalid"},
    {"michail", "mikhail"},
    {"mikhael", "mikhail"},
    {"mohamad", "mohammed"},
    {"mohamed", "mohammed"},
    {"mohammad", "mohammed"},
    {"muhamed", "mohammed"},
    {"muhammad", "mohammed"},
    {"muhammed", "mohammed"},
    {"nikolaj", "nikolai"},
    {"nikolay", "nikolai"},
    {"omer", "omar"},
    {"sergei", "sergey"},
    {"sergej", "sergey"},
    {"serguei", "sergey"},
    {"umar", "omar"},
    {"valeri", "valery"},
    {"valeriy", "valery"},
    {"vasili", "vasily"},
    {"vasiliy", "vasily"},
    {"viacheslav", "vyacheslav"},
    {"vitali", "vitaly"},
    {"vitaliy", "vitaly"},
    {"vjacheslav", "vyacheslav"},
    {"wladimir", "vladimir"},
    {"youssef", "yousef"},
    {"yousuf", "yousef"},
    {"yuriy", "yuri"},
    {"yury", "yuri"},
    {"yusuf", "yousef"},
};

struct nd_str nd_canon_given(struct nd_str w)
{
    size_t lo = 0, hi = sizeof spellings / sizeof *spellings;
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        struct nd_str from = nd_str_of(spellings[mid].from);
        int c = nd_str_cmp(w, from);
        if (c == 0)
            return nd_str_of(spellings[mid].to);
        if (c < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return w;
}
