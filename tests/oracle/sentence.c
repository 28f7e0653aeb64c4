/* Where a sentence ends: marks between two words, abbreviations, words that usually start one. */
#include "oracle.h"

#include <ctype.h>
#include <string.h>
#include <utf8proc.h>

/* Abbreviations with a dot: " word " marks one that needs a capital by a leading ^. */
static const char never[] =
    " ^adm ^asst ^atty ^brig bzw ca ^capt cf ^cmdr ^col ^comdr ^cpl ^det dr ^dra evtl ^fr ^ft ^gen ggf ^gov "
    "^govs ^hon ^hr ^insp ^lic ^lt ^maj ^mgr ^mlle ^mm ^mme mr mrs ^ms ^msgr ^mt p ^pfc pp ^pres prof ^pvt "
    "^rep ^reps ^rev ^rt ^sec ^sen ^sens ^sgt ^sra ^st ^sta ^ste ^supt v vgl vs гр им проф см стр ул ";
static const char before_digits[] =
    " ^apr ^apt ^art ^aug ^dec ^feb fig figs ^jan ^jul ^jun ^mar ^no ^nos ^nov ^nr núm ^oct ^okt pg ^sep "
    "^sept ^str tel vol ";
static const char maybe[] =
    " al ^ala ^ariz ^ark ^assn ^av ^ave ^bldg ^blvd ^bros ^calif ^cie ^co ^colo ^conn ^corp ^cr ^ct ^del "
    "^dept ^dist ^ed ^eds ^esq ^est etc ^fla ^ga hrsg ^ill ^inc ^ind ^jr ^kan ^ky ^la ^ltd ^mass ^mfg ^mich "
    "^minn ^miss ^neb ^nev ^okla ^ore ^pa ^pt ^pte ^pty ^rd ^sr ^tenn ^tex ^univ usw ^va ^vt ^wash ^wis "
    "^wyo г гг др млн млрд руб тыс ";
static const char starters[] =
    " a about according after all also although an and another any as asked at auf aux because before both "
    "but by cette critics das der despite die during each earlier ein eine el elle er es even every few for "
    "former from he her here his how however i if il ils im in instead it its last later le les many "
    "meanwhile more most my no nor not nous now officials on once one only or other others our over police "
    "she sie since so some still such that the their then there these they this those though three through "
    "to today two under und une until was we what when where whether which while who why wir with yet you "
    "your в и на но он она они по это ";
static const char months[] = " april august dezember februar jan januar juli juni mai märz november oktober "
                             "september ";

/* Is word in the list? *capital: it is there with a ^. */
static bool listed(const char *list, const char *word, bool *capital)
{
    char key[KEY_MAX + 4];
    if (!*word)
        return false;
    *capital = true;
    snprintf(key, sizeof key, " ^%s ", word);
    for (char *p = key; *p; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    if (strstr(list, key))
        return true;
    *capital = false;
    key[1] = ' ';
    return strstr(list, key + 1) != NULL;
}

static bool starter(const struct piece *w)
{
    bool capital;
    return w->first_upper && !(w->dotted && !w->initials) && listed(starters, w->key, &capital);
}

static bool full_stop(const struct piece *a, const struct piece *b)
{
    bool capital;
    size_t digits = strspn(a->key, "0123456789");
    if (a->dotted)
        return starter(b);
    if (!a->key[digits]) {
        if (digits > 2)
            return true;
        return a->brk == 0 && !listed(months, b->key, &capital);
    }
    if (listed(never, a->key, &capital))
        return capital && !a->first_upper;
    if (listed(before_digits, a->key, &capital))
        return (capital && !a->first_upper) || b->first_upper;
    if (listed(maybe, a->key, &capital))
        return (capital && !a->first_upper) || starter(b);
    return true;
}

bool blank(int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);
    return (c >= 9 && c <= 13) || c == 0x85 || k == UTF8PROC_CATEGORY_ZS || k == UTF8PROC_CATEGORY_ZL ||
           k == UTF8PROC_CATEGORY_ZP;
}

int break_between(const struct piece *a, const struct piece *b, const char *gap, size_t n)
{
    bool space = false, strong = false, hard = false, other = false, line = false;
    unsigned dots = a->dot;
    for (size_t i = 0; i < n;) {
        int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((const uint8_t *)gap + i, (utf8proc_ssize_t)(n - i), &c);
        i += len > 0 ? (size_t)len : 1;
        if (len <= 0)
            c = 0xfffd;
        if (blank(c)) {
            if (c == 0x2029 || (c == '\n' && line))
                return 2;
            line |= c == '\n';
            space = true;
            continue;
        }
        line = false;
        if (c == '.' || c == 0x2025 || c == 0x2026) {
            dots += c == '.' ? 1 : 2;
            space = other = false;
        } else if (c == '!' || c == '?' || c == 0x61f || c == 0x203c || (c >= 0x2047 && c <= 0x2049)) {
            strong = true;
            space = other = false;
        } else if (c == 0x589 || c == 0x6d4 || c == 0x964 || c == 0x965 || c == 0x3002 || c == 0xff01 ||
                   c == 0xff0e || c == 0xff1f || c == 0xff61) {
            hard = true;
        } else if (c == ',' || c == ';' || c == ':') {
            dots = 0;
            strong = false;
            other = true;
        } else if (c < 0x80 && strchr("\"'`()[]{}", c)) {
            continue;
        } else if (c == 0xab || c == 0xbb || (c >= 0x2018 && c <= 0x201a) || (c >= 0x201c && c <= 0x201f)) {
            continue;
        } else {
            utf8proc_category_t k = utf8proc_category(c);
            other |= !(k == UTF8PROC_CATEGORY_CF || k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME ||
                       k == UTF8PROC_CATEGORY_MC);
        }
    }
    if (hard)
        return 1;
    if (strong)
        return space || b->first_upper;
    if (!dots || b->first_lower)
        return 0;
    if (space)
        return dots > 1 ? b->first_upper : full_stop(a, b);
    if (other || dots > 1 || !b->first_upper || !a->last_lower || (b->dotted && !b->initials))
        return 0;
    return full_stop(a, b);
}
