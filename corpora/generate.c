/* generate: synthetic news, as much of it as is wanted, for tests of scale. Every article is a function of the seed
 * and its number alone, so a run writes the same bytes each time, and the first N of a longer run are the same.
 * What it imitates: few words that are everywhere, some thousands of common ones, a tail that never ends (distinct
 * words grow with the 0.6th power of all words); words of one story that come again within it; people and places
 * named in full and then by half; quotations; papers, sections and days of the week with habits; stories that other
 * papers take over with a paragraph less and a line more.
 * People and papers are invented, places are real, sentences say nothing. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <math.h>

enum {
    COMMON = 9000, /* words before the endless tail */
    FLAT = 20,     /* the first so many of them are about as frequent as each other */
    CAST = 5,
    TOPIC_WORDS = 48,
    BODY_MAX = 16 * 1024,
    TITLE_MAX = 512,
    LAST_DAY = 19722, /* 2023-12-31, in days since 1970 */
    BACK = 400,       /* how far before it the original of a near-copy lies, at most */
    OUT_SIZE = 1 << 20
};

#define SPAN 6.1115 /* log(COMMON / FLAT + 1) */
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char *const function_words[] = {
    "the",   "of",     "to",      "and",   "a",      "in",    "that",  "for",   "on",    "is",
    "was",   "with",   "as",      "by",    "it",     "at",    "from",  "be",    "has",   "he",
    "have",  "are",    "an",      "his",   "not",    "but",   "had",   "were",  "who",   "they",
    "this",  "their",  "which",   "will",  "been",   "its",   "more",  "would", "one",   "after",
    "about", "or",     "she",     "when",  "there",  "up",    "all",   "out",   "her",   "into",
    "than",  "no",     "over",    "two",   "could",  "new",   "if",    "some",  "we",    "what",
    "only",  "other",  "also",    "years", "last",   "first", "under", "year",  "time",  "so",
    "most",  "before", "between", "where", "during", "while", "them",  "can",   "three", "against"};

static const char *const news_words[] = {
    "government", "minister",    "people",     "police",    "officials",  "state",      "city",
    "court",      "country",     "company",    "officers",  "party",      "president",  "week",
    "report",     "month",       "law",        "market",    "election",   "water",      "plan",
    "school",     "percent",     "council",    "prices",    "workers",    "union",      "strike",
    "leader",     "trade",       "health",     "hospital",  "talks",      "agreement",  "budget",
    "tax",        "bank",        "investors",  "energy",    "oil",        "gas",        "railway",
    "airport",    "harbour",     "ships",      "farmers",   "grain",      "drought",    "flood",
    "storm",      "fire",        "river",      "bridge",    "road",       "train",      "vote",
    "voters",     "opposition",  "parliament", "committee", "commission", "inquiry",    "judge",
    "trial",      "lawyer",      "evidence",   "attack",    "soldiers",   "army",       "border",
    "refugees",   "peace",       "treaty",     "embassy",   "sanctions",  "exports",    "imports",
    "factory",    "jobs",        "wages",      "housing",   "rent",       "museum",     "festival",
    "theatre",    "film",        "book",       "author",    "team",       "match",      "season",
    "coach",      "players",     "league",     "goal",      "students",   "university", "research",
    "scientists", "climate",     "forest",     "power",     "station",    "nuclear",    "network",
    "technology", "data",        "security",   "campaign",  "protest",    "reform",     "crisis",
    "emergency",  "deal",        "growth",     "inflation", "interest",   "debt",       "loan",
    "spokesman",  "statement",   "decision",   "question",  "public",     "local",      "national",
    "foreign",    "military",    "political",  "economic",  "financial",  "industrial", "former",
    "early",      "late",        "large",      "small",     "major",      "recent",     "senior",
    "higher",     "lower",       "several",    "hundreds",  "thousands",  "million",    "billion",
    "announced",  "agreed",      "rejected",   "demanded",  "warned",     "expected",   "reported",
    "opened",     "closed",      "increased",  "fell",      "rose",       "began",      "ended",
    "called",     "killed",      "injured",    "arrested",  "charged",    "elected",    "appointed",
    "resigned",   "promised",    "accused",    "denied",    "confirmed",  "signed",     "voted",
    "negotiate",  "investigate", "consider",   "support",   "oppose",     "rebuild",    "publish"};

static const char *const first_names[] = {
    "Adela",   "Bruno",   "Carla",  "Dorian", "Edda",    "Florin", "Greta",   "Hanno",   "Ilse",
    "Joris",   "Katya",   "Lorenz", "Mirela", "Nils",    "Odile",  "Pavel",   "Quentin", "Rosa",
    "Stefan",  "Tamsin",  "Ulrich", "Vera",   "Wendell", "Xenia",  "Yannick", "Zora",    "Amos",
    "Beatrix", "Cyril",   "Delia",  "Emeric", "Fiona",   "Gideon", "Hedda",   "Ivo",     "Jasmin",
    "Kendra",  "Leopold", "Maren",  "Nestor", "Olaf",    "Petra",  "Rufus",   "Selma",   "Tobias"};

/* Two halves make a last name. */
static const char *const last_front[] = {"Ald",   "Ber",  "Cal",  "Dorn", "Elm",  "Far",   "Gar",
                                         "Hol",   "Ing",  "Jes",  "Kell", "Lind", "Mar",   "Nor",
                                         "Oster", "Pell", "Quin", "Ras",  "Sand", "Thorn", "Ulm",
                                         "Var",   "Wick", "Yar",  "Zell", "Ash",  "Brack", "Crav"};
static const char *const last_back[] = {"mann", "beck", "ovic",  "son",   "ford", "etti", "stad",
                                        "wick", "ova",  "hurst", "quist", "ley",  "dal",  "enko",
                                        "idis", "berg", "more",  "ini",   "well", "strom"};

static const char *const places[] = {
    "London",   "Paris",    "Berlin",       "Madrid",     "Rome",        "Vienna",      "Warsaw",
    "Prague",   "Budapest", "Athens",       "Lisbon",     "Dublin",      "Oslo",        "Stockholm",
    "Helsinki", "Moscow",   "Kyiv",         "Ankara",     "Cairo",       "Nairobi",     "Lagos",
    "Accra",    "Tunis",    "Jakarta",      "Manila",     "Tokyo",       "Seoul",       "Beijing",
    "Shanghai", "Delhi",    "Mumbai",       "Karachi",    "Tehran",      "Baghdad",     "Damascus",
    "Beirut",   "Amman",    "Sydney",       "Melbourne",  "Auckland",    "Toronto",     "Montreal",
    "Chicago",  "Boston",   "New York",     "Washington", "Los Angeles", "Mexico City", "Bogota",
    "Lima",     "Santiago", "Buenos Aires", "Sao Paulo",  "Havana",      "Hamburg",     "Naples",
    "Lyon",     "Valencia", "Krakow",       "Rotterdam",  "Marseille",   "Gdansk",      "Bergen"};

static const char *const papers[] = {"Morning Ledger",   "Harbour Gazette", "Continental Wire",
                                     "Evening Argus",    "Northern Echoes", "Union Dispatch",
                                     "Capital Post",     "Weekly Compass",  "Provincial News",
                                     "Atlantic Courier", "Meridian Times",  "Lantern"};
static const char *const sections[] = {"World",  "Politics", "Business", "Local",
                                       "Sports", "Culture",  "Science",  "Opinion"};
static const char *const titles[] = {"minister", "mayor",     "professor", "director",
                                     "senator",  "president", "engineer",  "spokeswoman"};

/* ---- random numbers ---- */

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint64_t draw(uint64_t *r)
{
    return mix(*r += 0x9e3779b97f4a7c15u);
}

static uint32_t below(uint64_t *r, uint32_t n)
{
    return (uint32_t)((draw(r) >> 32) * n >> 32);
}

static double unit(uint64_t *r)
{
    return ((double)(draw(r) >> 11) + 1) / 9007199254740993.0; /* in (0, 1) */
}

/* ---- text ---- */

struct text {
    char *p;
    size_t n, max;
};

static void add(struct text *t, const char *s)
{
    size_t n = strlen(s);
    if (n > t->max - t->n)
        n = t->max - t->n;
    memcpy(t->p + t->n, s, n);
    t->n += n;
}

/* What stands for common word number rank, or word number rank of the tail: made of syllables, the same each time. */
static void word(struct text *t, uint64_t rank)
{
    static const char on[][3] = {"b", "br", "c", "d", "f", "g",  "gr", "h",  "k", "l",
                                 "m", "n",  "p", "r", "s", "st", "t",  "tr", "v", "w"};
    static const char in[][3] = {"a", "e", "i", "o", "u", "ai", "ea", "ou"};
    static const char off[][3] = {"", "", "l", "n", "r", "s", "t", "nd"};
    static const char *const ends[] = {"", "", "", "", "s", "ed", "ing", "er"};
    if (rank < COUNT(news_words)) {
        add(t, news_words[rank]);
        return;
    }
    uint64_t base = rank / COUNT(ends), x = mix(base);
    for (uint64_t left = base + 20; left; left /= 400) {
        add(t, on[x % COUNT(on)]);
        add(t, in[x / 32 % COUNT(in)]);
        add(t, off[x / 512 % COUNT(off)]);
        x >>= 12;
    }
    add(t, ends[rank % COUNT(ends)]);
}

/* What an article is told with. */
struct story {
    uint64_t random;
    uint32_t topic[TOPIC_WORDS];
    char cast[CAST][32], last[CAST][24];
    bool named[CAST];
    const char *place;
};

static uint64_t any_word(struct story *s)
{
    double u = unit(&s->random);
    if (u < 0.35)
        return s->topic[below(&s->random, TOPIC_WORDS)];
    if (u < 0.93) /* as often as its rank is low */
        return (uint64_t)(FLAT * (exp(unit(&s->random) * SPAN) - 1)) % COMMON;
    double rank = COMMON * pow(unit(&s->random), -1 / 0.7);
    return rank > 1e15 ? (uint64_t)1000000000000000 : (uint64_t)rank;
}

static void name(struct story *s, struct text *t)
{
    unsigned who = below(&s->random, CAST);
    if (s->named[who]) {
        add(t, s->last[who]);
        return;
    }
    if (below(&s->random, 2)) {
        add(t, "the ");
        add(t, titles[below(&s->random, COUNT(titles))]);
        add(t, ", ");
    }
    add(t, s->cast[who]);
    s->named[who] = true;
}

/* Words n, beginning with a capital letter; no stop behind them. */
static void clause(struct story *s, struct text *t, unsigned n)
{
    size_t first = t->n;
    for (unsigned i = 0; i < n; i++) {
        if (i)
            add(t, i > 3 && below(&s->random, 14) == 0 ? ", " : " ");
        double u = unit(&s->random);
        if (u < 0.44) {
            unsigned k = (unsigned)(exp(unit(&s->random) * 4.39) - 1);
            add(t, function_words[k % COUNT(function_words)]);
        } else if (u < 0.455) {
            add(t, places[below(&s->random, COUNT(places))]);
        } else if (u < 0.48) {
            name(s, t);
        } else if (u < 0.49) {
            char number[24];
            snprintf(number, sizeof number, "%u",
                     1 + below(&s->random, 1 + below(&s->random, 9999)));
            add(t, number);
        } else {
            word(t, any_word(s));
        }
    }
    if (t->n > first && t->p[first] >= 'a' && t->p[first] <= 'z')
        t->p[first] = (char)(t->p[first] - 'a' + 'A');
}

static void sentence(struct story *s, struct text *t)
{
    if (below(&s->random, 9) == 0) {
        add(t, "“");
        clause(s, t, 5 + below(&s->random, 14));
        add(t, ",” said ");
        name(s, t);
    } else {
        clause(s, t, 7 + below(&s->random, 22));
    }
    add(t, ".");
}

static void paragraph(struct story *s, struct text *t)
{
    for (unsigned n = 1 + below(&s->random, 4), i = 0; i < n; i++) {
        if (i)
            add(t, " ");
        sentence(s, t);
    }
}

static void begin(struct story *s, uint64_t seed, uint64_t number)
{
    *s = (struct story){.random = mix(seed ^ mix(number))};
    /* stories of one subject share their words: some five hundred subjects */
    uint64_t subject = mix(below(&s->random, 1 + below(&s->random, 500)) + 77);
    for (unsigned i = 0; i < TOPIC_WORDS; i++)
        s->topic[i] = (uint32_t)(FLAT * (exp(unit(&subject) * SPAN) - 1)) % COMMON;
    for (unsigned i = 0; i < CAST; i++) {
        /* a few people are in the news all the time */
        uint64_t x = mix((uint64_t)(exp(unit(&s->random) * 10.3)) + 5);
        snprintf(s->last[i], sizeof s->last[i], "%s%s", last_front[x % COUNT(last_front)],
                 last_back[x / 64 % COUNT(last_back)]);
        snprintf(s->cast[i], sizeof s->cast[i], "%s %s", first_names[x / 4096 % COUNT(first_names)],
                 s->last[i]);
    }
    s->place = places[below(&s->random, COUNT(places))];
}

/* The body, of some 4 KB. skip: the paragraph to leave out, from 1; 0 none. */
static void body(struct story *s, struct text *t, unsigned skip)
{
    unsigned n = 6 + below(&s->random, 8) + below(&s->random, 11);
    add(t, s->place);
    add(t, " – ");
    for (unsigned i = 0; i < n; i++) {
        size_t at = t->n;
        paragraph(s, t);
        if (i && i == skip)
            t->n = at;
        else if (i + 1 < n)
            add(t, "\n\n");
    }
}

/* ---- output ---- */

static void json_string(FILE *out, const struct text *t)
{
    fputc('"', out);
    size_t from = 0;
    for (size_t i = 0; i <= t->n; i++) {
        if (i < t->n && (unsigned char)t->p[i] >= ' ' && t->p[i] != '"' && t->p[i] != '\\')
            continue;
        fwrite(t->p + from, 1, i - from, out);
        if (i < t->n && t->p[i] == '\n')
            fputs("\\n", out);
        from = i + 1;
    }
    fputc('"', out);
}

struct options {
    uint64_t n, seed, days;
    unsigned copies; /* of a hundred articles */
    bool array;
};

static void article(FILE *out, const struct options *o, uint64_t i)
{
    static char title_bytes[TITLE_MAX], body_bytes[BODY_MAX];
    struct text title = {title_bytes, 0, TITLE_MAX}, text = {body_bytes, 0, BODY_MAX};
    struct story s;
    uint64_t own = mix(mix(o->seed ^ mix(i)) + 1), from = i;
    bool copy = i > 1 && below(&own, 100) < o->copies;
    if (copy)
        from = i - 1 - below(&own, i - 1 < BACK ? (uint32_t)(i - 1) : BACK);
    begin(&s, o->seed, from);
    body(&s, &text, copy ? 1 + below(&own, 4) : 0);
    if (copy) {
        s.random = own;
        add(&text, "\n\n");
        sentence(&s, &text);
    }
    clause(&s, &title, 5 + below(&s.random, 6));
    /* in order of time, fewer on the last day of each week */
    uint64_t day =
        LAST_DAY - o->days + 1 + (uint64_t)((double)(i - 1) / (double)o->n * (double)o->days);
    if (day % 7 == 3 && below(&own, 3))
        day--;
    time_t at = (time_t)(day * 86400 + below(&own, 86400));
    struct tm tm;
    char date[32], url[96];
    gmtime_r(&at, &tm);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm);
    unsigned paper = below(&own, 1 + below(&own, COUNT(papers)));
    const char *section = sections[below(&own, COUNT(sections))];
    snprintf(url, sizeof url, "https://paper%u.example/%.4s/%.2s/%" PRIu64 ".html", paper, date,
             date + 5, i);
    fprintf(out, "{\"id\":\"gen-%08" PRIu64 "\",\"title\":", i);
    json_string(out, &title);
    fputs(",\"body\":", out);
    json_string(out, &text);
    fprintf(out, ",\"date\":\"%s\",\"source\":\"%s\",\"section\":\"%s\",\"lang\":\"en\"", date,
            papers[paper], section);
    if (below(&own, 10) < 7) {
        uint64_t who = mix(below(&own, 40) * 64 + paper);
        fprintf(out, ",\"author\":\"%s %s%s\"", first_names[who % COUNT(first_names)],
                last_front[who / 64 % COUNT(last_front)], last_back[who / 4096 % COUNT(last_back)]);
    }
    fprintf(out, ",\"url\":\"%s\"}", url);
}

static int usage(void)
{
    fputs("usage: generate N [--seed S] [--array] [--near-copies PERCENT] [--days D]\n"
          "Writes N synthetic articles to standard output, one JSON object a line or one array.\n",
          stderr);
    return 2;
}

static bool number(const char *s, uint64_t min, uint64_t max, uint64_t *out)
{
    char *end;
    if (!s || *s < '0' || *s > '9')
        return false;
    *out = strtoull(s, &end, 10);
    return !*end && *out >= min && *out <= max;
}

int main(int argc, char **argv)
{
    struct options o = {.n = 0, .seed = 1, .days = 3650};
    uint64_t copies = 5;
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        bool ok = true, takes = true;
        if (!strcmp(argv[i], "--seed"))
            ok = number(next, 0, UINT64_MAX, &o.seed);
        else if (!strcmp(argv[i], "--near-copies"))
            ok = number(next, 0, 100, &copies);
        else if (!strcmp(argv[i], "--days"))
            ok = number(next, 1, LAST_DAY, &o.days);
        else if ((takes = false, !strcmp(argv[i], "--array")))
            o.array = true;
        else
            ok = !o.n && number(argv[i], 1, 99999999, &o.n);
        if (!ok)
            return usage();
        i += takes;
    }
    if (!o.n)
        return usage();
    o.copies = (unsigned)copies;
    static char buffer[OUT_SIZE];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    if (o.array)
        fputs("[\n", stdout);
    for (uint64_t i = 1; i <= o.n && !ferror(stdout); i++) {
        article(stdout, &o, i);
        fputs(o.array && i < o.n ? ",\n" : "\n", stdout);
    }
    if (o.array)
        fputs("]\n", stdout);
    if (fflush(stdout) || ferror(stdout)) {
        perror("generate");
        return 1;
    }
    return 0;
}
