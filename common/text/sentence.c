/* sentence.c: does a full stop end the sentence? Decided from the word before it, the word after it,
 * and what stands between; lists of abbreviations, and of words that usually start a sentence. */
#include "text/token_scan.h"

#include <stdlib.h>
#include <string.h>

enum kind { /* of an abbreviation; what it takes to end a sentence after it */
    NEVER,  /* Mr. Smith: another word always follows */
    DIGITS, /* No. 5, Sept. 11: goes on before a number */
    MAYBE   /* Corp. The ...: only before a word that usually starts a sentence */
};

enum {
    WORD_ROOM = 12,
    ABBREVIATION_MAX = 8, /* bytes of the longest */
    CAPITAL = 1           /* only where the text has a capital: Miss., Sun., Gen. */
};

struct abbreviation {
    char word[WORD_ROOM];
    uint8_t kind, flags;
};

/* Sorted by word. English, then the commonest of German, French, Spanish and Russian. */
static const struct abbreviation abbreviations[] = {
    {"adm", NEVER, CAPITAL},  {"al", MAYBE, 0},          {"ala", MAYBE, CAPITAL},
    {"apr", DIGITS, CAPITAL}, {"apt", DIGITS, CAPITAL},  {"ariz", MAYBE, CAPITAL},
    {"ark", MAYBE, CAPITAL},  {"art", DIGITS, CAPITAL},  {"assn", MAYBE, CAPITAL},
    {"asst", NEVER, CAPITAL}, {"atty", NEVER, CAPITAL},  {"aug", DIGITS, CAPITAL},
    {"av", MAYBE, CAPITAL},   {"ave", MAYBE, CAPITAL},   {"bldg", MAYBE, CAPITAL},
    {"blvd", MAYBE, CAPITAL}, {"brig", NEVER, CAPITAL},  {"bros", MAYBE, CAPITAL},
    {"bzw", NEVER, 0},        {"ca", NEVER, 0},          {"calif", MAYBE, CAPITAL},
    {"capt", NEVER, CAPITAL}, {"cf", NEVER, 0},          {"cie", MAYBE, CAPITAL},
    {"cmdr", NEVER, CAPITAL}, {"co", MAYBE, CAPITAL},    {"col", NEVER, CAPITAL},
    {"colo", MAYBE, CAPITAL}, {"comdr", NEVER, CAPITAL}, {"conn", MAYBE, CAPITAL},
    {"corp", MAYBE, CAPITAL}, {"cpl", NEVER, CAPITAL},   {"cr", MAYBE, CAPITAL},
    {"ct", MAYBE, CAPITAL},   {"dec", DIGITS, CAPITAL},  {"del", MAYBE, CAPITAL},
    {"dept", MAYBE, CAPITAL}, {"det", NEVER, CAPITAL},   {"dist", MAYBE, CAPITAL},
    {"dr", NEVER, 0},         {"dra", NEVER, CAPITAL},   {"ed", MAYBE, CAPITAL},
    {"eds", MAYBE, CAPITAL},  {"esq", MAYBE, CAPITAL},   {"est", MAYBE, CAPITAL},
    {"etc", MAYBE, 0},        {"evtl", NEVER, 0},        {"feb", DIGITS, CAPITAL},
    {"fig", DIGITS, 0},       {"figs", DIGITS, 0},       {"fla", MAYBE, CAPITAL},
    {"fr", NEVER, CAPITAL},   {"ft", NEVER, CAPITAL},    {"ga", MAYBE, CAPITAL},
    {"gen", NEVER, CAPITAL},  {"ggf", NEVER, 0},         {"gov", NEVER, CAPITAL},
    {"govs", NEVER, CAPITAL}, {"hon", NEVER, CAPITAL},   {"hr", NEVER, CAPITAL},
    {"hrsg", MAYBE, 0},       {"ill", MAYBE, CAPITAL},   {"inc", MAYBE, CAPITAL},
    {"ind", MAYBE, CAPITAL},  {"insp", NEVER, CAPITAL},  {"jan", DIGITS, CAPITAL},
    {"jr", MAYBE, CAPITAL},   {"jul", DIGITS, CAPITAL},  {"jun", DIGITS, CAPITAL},
    {"kan", MAYBE, CAPITAL},  {"ky", MAYBE, CAPITAL},    {"la", MAYBE, CAPITAL},
    {"lic", NEVER, CAPITAL},  {"lt", NEVER, CAPITAL},    {"ltd", MAYBE, CAPITAL},
    {"maj", NEVER, CAPITAL},  {"mar", DIGITS, CAPITAL},  {"mass", MAYBE, CAPITAL},
    {"mfg", MAYBE, CAPITAL},  {"mgr", NEVER, CAPITAL},   {"mich", MAYBE, CAPITAL},
    {"minn", MAYBE, CAPITAL}, {"miss", MAYBE, CAPITAL},  {"mlle", NEVER, CAPITAL},
    {"mm", NEVER, CAPITAL},   {"mme", NEVER, CAPITAL},   {"mr", NEVER, 0},
    {"mrs", NEVER, 0},        {"ms", NEVER, CAPITAL},    {"msgr", NEVER, CAPITAL},
    {"mt", NEVER, CAPITAL},   {"neb", MAYBE, CAPITAL},   {"nev", MAYBE, CAPITAL},
    {"no", DIGITS, CAPITAL},  {"nos", DIGITS, CAPITAL},  {"nov", DIGITS, CAPITAL},
    {"nr", DIGITS, CAPITAL},  {"núm", DIGITS, 0},        {"oct", DIGITS, CAPITAL},
    {"okla", MAYBE, CAPITAL}, {"okt", DIGITS, CAPITAL},  {"ore", MAYBE, CAPITAL},
    {"p", NEVER, 0},          {"pa", MAYBE, CAPITAL},    {"pfc", NEVER, CAPITAL},
    {"pg", DIGITS, 0},        {"pp", NEVER, 0},          {"pres", NEVER, CAPITAL},
    {"prof", NEVER, 0},       {"pt", MAYBE, CAPITAL},    {"pte", MAYBE, CAPITAL},
    {"pty", MAYBE, CAPITAL},  {"pvt", NEVER, CAPITAL},   {"rd", MAYBE, CAPITAL},
    {"rep", NEVER, CAPITAL},  {"reps", NEVER, CAPITAL},  {"rev", NEVER, CAPITAL},
    {"rt", NEVER, CAPITAL},   {"sec", NEVER, CAPITAL},   {"sen", NEVER, CAPITAL},
    {"sens", NEVER, CAPITAL}, {"sep", DIGITS, CAPITAL},  {"sept", DIGITS, CAPITAL},
    {"sgt", NEVER, CAPITAL},  {"sr", MAYBE, CAPITAL},    {"sra", NEVER, CAPITAL},
    {"st", NEVER, CAPITAL},   {"sta", NEVER, CAPITAL},   {"ste", NEVER, CAPITAL},
    {"str", DIGITS, CAPITAL}, {"supt", NEVER, CAPITAL},  {"tel", DIGITS, 0},
    {"tenn", MAYBE, CAPITAL}, {"tex", MAYBE, CAPITAL},   {"univ", MAYBE, CAPITAL},
    {"usw", MAYBE, 0},        {"v", NEVER, 0},           {"va", MAYBE, CAPITAL},
    {"vgl", NEVER, 0},        {"vol", DIGITS, 0},        {"vs", NEVER, 0},
    {"vt", MAYBE, CAPITAL},   {"wash", MAYBE, CAPITAL},  {"wis", MAYBE, CAPITAL},
    {"wyo", MAYBE, CAPITAL},  {"г", MAYBE, 0},           {"гг", MAYBE, 0},
    {"гр", NEVER, 0},         {"др", MAYBE, 0},          {"им", NEVER, 0},
    {"млн", MAYBE, 0},        {"млрд", MAYBE, 0},        {"проф", NEVER, 0},
    {"руб", MAYBE, 0},        {"см", NEVER, 0},          {"стр", NEVER, 0},
    {"тыс", MAYBE, 0},        {"ул", NEVER, 0},
};

/* Sorted. Words that start many sentences and few names. */
static const char starters[][WORD_ROOM] = {
    "a",       "about",   "according", "after",  "all",     "also",    "although",  "an",
    "and",     "another", "any",       "as",     "asked",   "at",      "auf",       "aux",
    "because", "before",  "both",      "but",    "by",      "cette",   "critics",   "das",
    "der",     "despite", "die",       "during", "each",    "earlier", "ein",       "eine",
    "el",      "elle",    "er",        "es",     "even",    "every",   "few",       "for",
    "former",  "from",    "he",        "her",    "here",    "his",     "how",       "however",
    "i",       "if",      "il",        "ils",    "im",      "in",      "instead",   "it",
    "its",     "last",    "later",     "le",     "les",     "many",    "meanwhile", "more",
    "most",    "my",      "no",        "nor",    "not",     "nous",    "now",       "officials",
    "on",      "once",    "one",       "only",   "or",      "other",   "others",    "our",
    "over",    "police",  "she",       "sie",    "since",   "so",      "some",      "still",
    "such",    "that",    "the",       "their",  "then",    "there",   "these",     "they",
    "this",    "those",   "though",    "three",  "through", "to",      "today",     "two",
    "under",   "und",     "une",       "until",  "was",     "we",      "what",      "when",
    "where",   "whether", "which",     "while",  "who",     "why",     "wir",       "with",
    "yet",     "you",     "your",      "в",      "и",       "на",      "но",        "он",
    "она",     "они",     "по",        "это",
};

/* Months after a German ordinal: 5. September. Sorted. */
static const char months[][WORD_ROOM] = {
    "april", "august", "dezember", "februar",  "jan",     "januar",    "juli",
    "juni",  "mai",    "märz",     "november", "oktober", "september",
};

/* Order of a text and the NUL-padded word of a table's row. */
static int compare(const void *key, const void *row)
{
    const struct nd_str *text = key;
    size_t n = strnlen(row, WORD_ROOM);
    int order = memcmp(text->p, row, text->n < n ? text->n : n);
    return order ? order : (text->n > n) - (text->n < n);
}

#define FIND(text, table)                                                                          \
    bsearch(&(text), (table), sizeof(table) / sizeof((table)[0]), sizeof((table)[0]), compare)

/* The key in lower case, for the lists: acronym keys are capitals. Too long a word is in no list. */
static struct nd_str lower(struct nd_str key, char room[WORD_ROOM])
{
    if (key.n > WORD_ROOM)
        return (struct nd_str){"", 0};
    for (size_t i = 0; i < key.n; i++)
        room[i] = (char)(key.p[i] >= 'A' && key.p[i] <= 'Z' ? key.p[i] + 32 : key.p[i]);
    return (struct nd_str){room, key.n};
}

static bool is_digits(struct nd_str key)
{
    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] < '0' || key.p[i] > '9')
            return false;
    return true;
}

/* One letter with a full stop after it. */
static bool is_initial(const struct nd_word *w)
{
    return (w->flags & ND_T_DOTTED) && !w->initials;
}

/* Does the word usually start a sentence? */
static bool is_starter(const struct nd_word *w, struct nd_str key)
{
    char room[WORD_ROOM];
    struct nd_str word = lower(key, room);
    return w->first == ND_CASE_UPPER && !is_initial(w) && word.n && FIND(word, starters);
}

/* Does a full stop after `prev` end a sentence before a word with a capital, a digit, or no case? */
static bool ends(const struct nd_before *prev, const struct nd_word *next, struct nd_str next_key)
{
    if (prev->token->flags & ND_T_DOTTED) /* U.S., a.m., J.K., John D. Doe */
        return is_starter(next, next_key);
    if (prev->key.n > ABBREVIATION_MAX)
        return true;
    if (is_digits(prev->key)) {
        if (prev->key.n > 2)
            return true;
        if (prev->token->brk != ND_BREAK_NONE)
            return false; /* 1. the number of a list */
        char room[WORD_ROOM];
        struct nd_str month = lower(next_key, room);
        return !(month.n && FIND(month, months));
    }
    char room[WORD_ROOM];
    struct nd_str key = lower(prev->key, room);
    const struct abbreviation *a = FIND(key, abbreviations);
    if (!a || ((a->flags & CAPITAL) && prev->word.first != ND_CASE_UPPER))
        return true;
    switch (a->kind) {
    case NEVER:
        return false;
    case DIGITS:
        return next->first == ND_CASE_UPPER;
    default:
        return is_starter(next, next_key);
    }
}

bool nd_sentence_break(const struct nd_before *prev, const struct nd_word *next,
                       struct nd_str next_key, unsigned gap)
{
    if (gap & ND_GAP_HARD)
        return true;
    if (gap & ND_GAP_STRONG)
        return (gap & ND_GAP_BLANK) || next->first == ND_CASE_UPPER;
    if (!(gap & ND_GAP_DOT) || next->first == ND_CASE_LOWER)
        return false;
    if (gap & ND_GAP_BLANK) {
        if (gap & ND_GAP_ELLIPSIS)
            return next->first == ND_CASE_UPPER;
        return ends(prev, next, next_key);
    }
    /* Moscow.It: the blank was forgotten; but not foo.com, U.S.Army, Ph.D., St.Petersburg. */
    if (gap & (ND_GAP_OTHER | ND_GAP_ELLIPSIS) || next->first != ND_CASE_UPPER ||
        prev->word.last != ND_CASE_LOWER || is_initial(next))
        return false;
    return ends(prev, next, next_key);
}
