#include "tiny_index.h"

static const struct tiny_article articles[] = {
    {"a1", "Armored train crosses border", NULL,
     "Kim Jong-un travelled by armored train to Russia. The trains are slow.\n\n"
     "\"We have nothing to tell you,\" a spokesman said.",
     "The Sun", "Jane Doe", "2023-09-05", "en", "p4 3 kim jong-un;l11 1 russia"},
    {"a2", "Price of grain", NULL,
     "They will pay a price, said the international community. First-class wheat is dear. The US "
     "would not comment; it told us so.",
     "The Epoch Times", "John Q. Smith", "2023-09", "en", "l20 1 united states"},
    {"a3", "Train crash", "A crash of a train.",
     "The first class carriages were empty. Armor was not involved; firstclass tickets were.",
     "The Sunday Times", NULL, "2023", "en", NULL},
    {"a4", "Manifestación en Madrid", NULL,
     "La manifestacion fue grande. Los trenes pararon. Manifestaciones hubo muchas.", "El Sol",
     "Jane Doe", "2024-01-02", "es", "l2 1 madrid"},
    {"a5", "Nothing new", NULL, "Nobody said anything about Kim Philby. Border guards said no.",
     NULL, NULL, NULL, "en", "p6 2 kim philby"},
    {"a6", "WHO warns", NULL,
     "The WHO warns those who do not vaccinate. Gen. Kim was seen by a train "
     "that was very long, and armored.",
     "The Sun", "Sam Sun", "2024-03-10", "en", "o0 1 who;o3 1 who;p11 1 kim jong-un"},
};

enum {
    ARTICLES = sizeof articles / sizeof *articles
};

static const char *index_dir(size_t size)
{
    static char dir[3][4200];
    static int made[3];
    size_t i = size == 1 ? 0 : size == 4 ? 1 : 2;
    snprintf(dir[i], sizeof dir[i], "%s/ix%zu", check_dir(), size);
    if (!made[i]++)
        tiny_make(dir[i], articles, ARTICLES, size);
    return dir[i];
}

static const struct {
    const char *query, *ids;
} cases[] = {
    {"train", "a1 a3 a6"},
    {"=train", "a1 a3 a6"},
    {"=trains", "a1"},
    {"tren", "a4"},
    {"train OR tren", "a1 a3 a4 a6"},
    {"train -crash", "a1 a6"},
    {"NOT train", "a2 a4 a5"},
    {"armored AND NOT \"armored train\"", "a3 a6"},
    {"\"armored train\"", "a1"},
    {"\"train crash\"", "a3"},
    {"armored w/8 train", "a1 a6"},
    {"armored w/5 train", "a1"},
    {"train pre/8 armored", "a6"},
    {"armored pre/1 train", "a1"},
    {"manifestación", "a4"},
    {"manifestacion", "a4"},
    {"=manifestacion", "a4"},
    {"first-class", "a2 a3"},
    {"\"first class\"", "a2 a3"},
    {"firstclass", "a2 a3"},
    {"=firstclass", "a2 a3"},
    {"\"firstclass wheat\"", "a2"},
    {"US", "a2"},
    {"us", "a2"},
    {"WHO", "a6"},
    {"who", "a6"},
    {"WHO w/2 warns", "a6"},
    {"\"the US\"", "a2"},
    {"\"told us\"", "a2"},
    {"\"told US\"", ""},
    {"arm*", "a1 a3 a6"},
    {"armore*", "a1 a6"},
    {"*ain", "a1 a2 a3 a6"},
    {"tra?n", "a1 a3 a6"},
    {"trian~", "a1 a3 a6"},
    {"\"they * pay\"", "a2"},
    {"\"they will a price\"~1", "a2"},
    {"\"they pay\"", ""},
    {"\"they pay\"~1", "a2"},
    {"title:train", "a1 a3"},
    {"title:\"train crash\"", "a3"},
    {"title:(train AND NOT crash)", "a1"},
    {"lead:train", "a1 a3 a6"},
    {"lead:spokesman", ""},
    {"body:spokesman", "a1"},
    {"hlead:crash", "a3"},
    {"body:crash", ""},
    {"source:sun", "a1 a6"},
    {"source:\"the sun\"", "a1 a6"},
    {"source:=\"The Sun\"", "a1 a6"},
    {"source:times", "a2 a3"},
    {"source:none", "a5"},
    {"author:smith", "a2"},
    {"author:\"john smith\"", ""},
    {"author:none", "a3 a5"},
    {"author:*", "a1 a2 a4 a6"},
    {"lang:es", "a4"},
    {"id:a3", "a3"},
    {"date:2023-09", "a1 a2"},
    {"date:2023-09-05", "a1"},
    {"date:2023-09-01..2023-09-29", "a1"},
    {"date:2023", "a1 a2 a3"},
    {"date:2023..", "a1 a2 a3 a4 a6"},
    {"date:..2023-12", "a1 a2 a3"},
    {"date:none", "a5"},
    {"date:7d", "a6"},
    {"length:..14", "a4 a5"},
    {"person:kim", "a1 a5 a6"},
    {"person:philby", "a5"},
    {"person:=\"kim jong-un\"", "a1 a6"},
    {"person:\"kim jong-un\" w/4 train", "a1"},
    {"person:\"jong-un\" w/8 train", "a1 a6"},
    {"person:*", "a1 a5 a6"},
    {"person:none", "a2 a3 a4"},
    {"entity:* w/s crash", ""},
    {"person:kim w/s border", ""},
    {"person:kim w/p border", "a5"},
    {"org:who w/2 warns", "a6"},
    {"kim w/s train", "a1 a6"},
    {"nobody w/s border", ""},
    {"nobody w/p border", "a5"},
    {"said NOT w/3 nobody", "a1 a2 a5"},
    {"kim NOT w/1 philby", "a1 a6"},
    {"atleast(2,said)", "a5"},
    {"atleast(3,train)", "a1"},
    {"first(8,train)", "a1"},
    {"first(7,train)", "a1"},
    {"first(6,armored OR train)", "a1"},
    {"first(3,grain)", ""},
    {"caps(train)", "a3"},
    {"caps(armored)", "a1 a3"},
    {"nocaps(armored)", "a1 a6"},
    {"allcaps(who)", ""},
    {"allcaps(WHO)", "a6"},
    {"quoted(nothing)", "a1"},
    {"quoted(tell)", "a1"},
    {"quoted(spokesman)", ""},
    {"unquoted(spokesman)", "a1"},
    {"quoted(have AND tell)", "a1"},
    {"said w/s quoted(nothing)", "a1"},
    {"any(2,train,kim,border)", "a1 a5 a6"},
    {"any(3,train,kim,border)", "a1"},
    {"boost(3,train) crash", "a3"},
    {"verbatim(\"nothing to tell you,\\\"\")", "a1"},
    {"verbatim(\"rmored tra\")", "a1"},
    {"verbatim(\"armored train \")", "a1"},
    {"verbatim(\"Armored Train\")", ""},
    {"*", "a1 a2 a3 a4 a5 a6"},
    {"(train OR \"grain\") (source:sun OR \"pay a price\")", "a1 a2 a6"},
    {"NOT (train OR \"pay a price\")", "a4 a5"},
    {"zzzz", ""},
    {"zzz*", ""},
    {"train zzzz", ""},
    {"NOT zzzz", "a1 a2 a3 a4 a5 a6"},
};

/* Ids in the order of the walk. */
static void walk(struct tiny *t, char *out, size_t size)
{
    struct nd_match *m;
    size_t segment, at = 0;
    uint32_t docid;
    uint64_t total;
    int rc;
    out[0] = '\0';
    if (!CHECK_INT(nd_match_open(&m, t->ix, &t->lowered, NULL, &t->err), 0))
        return;
    uint64_t n = 0;
    while ((rc = nd_match_next(m, &segment, &docid, &t->err)) == 0) {
        char id[64];
        tiny_id(t, segment, docid, id);
        at += (size_t)snprintf(out + at, size - at, "%s%s", at ? " " : "", id);
        CHECK_INT(nd_match_test(m, segment, docid, &t->err), 0);
        n++;
    }
    if (!CHECK_INT(rc, ND_DONE))
        printf("%s\n", t->err.msg);
    CHECK(nd_match_state(m).exact);
    CHECK_INT(nd_match_count(m, &total, &t->err), 0);
    CHECK_INT(total, n);
    for (int sort = ND_SORT_SCORE; sort <= ND_SORT_SOURCE; sort++) {
        struct nd_ranked r;
        if (!CHECK_INT(nd_match_ranked(m, 0, SIZE_MAX, (enum nd_sort)sort, &r, &t->err), 0))
            printf("%s\n", t->err.msg);
        CHECK_INT(r.total, n);
        CHECK_INT(r.n, n);
        nd_ranked_free(&r);
    }
    nd_match_close(m);
}

static void match_cases(size_t size)
{
    struct tiny t;
    tiny_open(&t, index_dir(size));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[256], want[400], line[400];
        int rc = tiny_lower(&t, cases[i].query);
        if (rc)
            snprintf(got, sizeof got, "error: %.200s", t.err.msg);
        else
            walk(&t, got, sizeof got);
        snprintf(line, sizeof line, "%s: %s", cases[i].query, got);
        snprintf(want, sizeof want, "%s: %s", cases[i].query, cases[i].ids);
        CHECK_STR(line, want);
    }
    tiny_close(&t);
}

static void match_finds_what_it_should_in_one_segment(void)
{
    match_cases(100);
}

static void match_finds_the_same_in_several_segments(void)
{
    match_cases(1);
    match_cases(4);
}

static void ranked(const char *query, enum nd_sort sort, size_t first, size_t n, const char *want)
{
    struct tiny t;
    struct nd_match *m;
    struct nd_ranked r;
    char got[256] = "";
    size_t at = 0;
    tiny_open(&t, index_dir(4));
    CHECK_INT(tiny_lower(&t, query), 0);
    CHECK_INT(nd_match_open(&m, t.ix, &t.lowered, NULL, &t.err), 0);
    CHECK_INT(nd_match_ranked(m, first, n, sort, &r, &t.err), 0);
    for (size_t i = 0; i < r.n; i++) {
        char id[64];
        tiny_id(&t, r.v[i].segment, r.v[i].docid, id);
        at += (size_t)snprintf(got + at, sizeof got - at, "%s%s", at ? " " : "", id);
    }
    CHECK_STR(got, want);
    nd_ranked_free(&r);
    nd_match_close(m);
    tiny_close(&t);
}

static void match_orders_by_date_source_and_score(void)
{
    ranked("*", ND_SORT_NEWEST, 0, SIZE_MAX, "a6 a4 a1 a2 a3 a5");
    ranked("*", ND_SORT_OLDEST, 0, SIZE_MAX, "a3 a2 a1 a4 a6 a5");
    ranked("*", ND_SORT_SOURCE, 0, SIZE_MAX, "a4 a2 a6 a1 a3 a5");
    ranked("*", ND_SORT_SCORE, 0, SIZE_MAX, "a6 a4 a1 a2 a3 a5");
    ranked("*", ND_SORT_NEWEST, 1, 2, "a4 a1");
    ranked("*", ND_SORT_NEWEST, 5, 7, "a5");
    ranked("*", ND_SORT_NEWEST, 6, 7, "");
    ranked("train", ND_SORT_SCORE, 0, 1, "a3");
    ranked("train \"armored train\"", ND_SORT_SCORE, 0, 10, "a1");
    ranked("zzz", ND_SORT_SCORE, 0, 10, "");
}

/* Spans as text: field letter, first-last, ! for a whole. */
static void spans(const char *query, const char *id, const char *want)
{
    struct tiny t;
    struct nd_match *m;
    const struct nd_found *f;
    size_t n = 0, segment, at = 0;
    uint32_t docid;
    char got[512] = "";
    tiny_open(&t, index_dir(4));
    CHECK_INT(tiny_lower(&t, query), 0);
    CHECK_INT(nd_match_open(&m, t.ix, &t.lowered, NULL, &t.err), 0);
    CHECK_INT(nd_index_find(t.ix, id, strlen(id), &segment, &docid, &t.err), 0);
    CHECK_INT(nd_match_spans(m, segment, docid, &f, &n, &t.err), 0);
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(got + at, sizeof got - at, "%s%s%c%u-%u", at ? " " : "",
                               f[i].hit.whole ? "!" : "", "TLB"[f[i].hit.field], f[i].hit.first,
                               f[i].hit.last);
    CHECK_STR(got, want);
    nd_match_close(m);
    tiny_close(&t);
}

static void match_says_where(void)
{
    spans("\"armored train\"", "a1", "!T0-1 T0-0 T1-1 !B5-6 B5-5 B6-6");
    spans("train", "a1", "!T1-1 T1-1 !B6-6 B6-6 !B10-10 B10-10");
    spans("kim w/3 travelled -crash", "a1", "!B0-3 B0-0 B3-3");
    spans("kim -train", "a1", "!B0-0 B0-0");
    spans("person:kim AND source:sun", "a1", "!B0-2 B0-2");
}

static void match_leaves_deleted_articles_out(void)
{
    struct nd_error err = {0};
    struct nd_writer_options o = {0};
    struct nd_writer *w;
    struct tiny t;
    char dir[4200], got[256];
    snprintf(dir, sizeof dir, "%s/deleted", check_dir());
    tiny_make(dir, articles, ARTICLES, 4);
    CHECK_INT(nd_writer_open(&w, dir, &o, &err), 0);
    CHECK_INT(nd_writer_delete(w, 0, 3, NULL, &err), 0);
    CHECK_INT(nd_writer_commit(w, &err), 0);
    nd_writer_close(w);
    tiny_open(&t, dir);
    CHECK_INT(tiny_lower(&t, "train"), 0);
    walk(&t, got, sizeof got);
    CHECK_STR(got, "a1 a6");
    CHECK_INT(tiny_lower(&t, "NOT \"armored train\""), 0);
    walk(&t, got, sizeof got);
    CHECK_STR(got, "a2 a4 a5 a6");
    tiny_close(&t);
}

/* Without an accent both spellings are meant, though their stems differ. */
static void match_finds_accented_words_by_plain_ones(void)
{
    static const struct tiny_article es[] = {
        {"e1", "Uno", NULL, "Las manifestaciones siguen.", NULL, NULL, NULL, "es", NULL},
        {"e2", "Dos", NULL, "Otra manifestaci\u00f3n hoy.", NULL, NULL, NULL, "es", NULL},
        {"e3", "Three", NULL, "A manifestacion, in English.", NULL, NULL, NULL, "en", NULL},
    };
    static const struct {
        const char *query, *ids;
    } want[] = {
        {"manifestaci\u00f3n", "e1 e2 e3"},
        {"manifestacion", "e1 e2 e3"},
        {"manifestacion w/2 siguen", "e1"},
        {"=manifestacion", "e2 e3"},
    };
    struct tiny t;
    char dir[4200], got[256];
    snprintf(dir, sizeof dir, "%s/accents", check_dir());
    tiny_make(dir, es, 3, 3);
    tiny_open(&t, dir);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK_INT(tiny_lower(&t, want[i].query), 0);
        walk(&t, got, sizeof got);
        CHECK_STR(got, want[i].ids);
    }
    tiny_close(&t);
}

static double score_of(const char *query, const char *id)
{
    struct tiny t;
    struct nd_match *m;
    struct nd_ranked r;
    double score = -1;
    tiny_open(&t, index_dir(1));
    CHECK_INT(tiny_lower(&t, query), 0);
    CHECK_INT(nd_match_open(&m, t.ix, &t.lowered, NULL, &t.err), 0);
    CHECK_INT(nd_match_ranked(m, 0, SIZE_MAX, ND_SORT_SCORE, &r, &t.err), 0);
    for (size_t i = 0; i < r.n; i++) {
        char got[64];
        tiny_id(&t, r.v[i].segment, r.v[i].docid, got);
        if (strcmp(got, id) == 0)
            score = r.v[i].score;
    }
    nd_ranked_free(&r);
    nd_match_close(m);
    tiny_close(&t);
    return score;
}

static void match_weighs_no_branch_that_is_not_there(void)
{
    /* a6 has both words, but not side by side */
    double train = score_of("train", "a6");
    CHECK(train > 0);
    CHECK(score_of("train OR \"long armored\"", "a6") == train);
    CHECK(score_of("\"warns those\" OR \"long armored\"", "a6") ==
          score_of("\"warns those\"", "a6"));
    CHECK(score_of("train OR \"a train\"", "a6") > train);
}

/* An article whose spans are too many to tell is left out, also where it would have to lack them. */
static void match_leaves_out_what_it_cannot_tell(void)
{
    enum {
        WORDS = 4000
    };
    static char body[WORDS * 4 + 1];
    struct tiny t;
    char dir[4200];
    static const char *const queries[] = {
        "(ba w/2000 ba) w/1 zebra",
        "zebra AND NOT ((ba w/2000 ba) w/1 zebra)",
        "zebra AND NOT ((ba w/2000 ba) w/1 zebra OR =zebu)",
    };
    for (size_t i = 0; i < WORDS; i++)
        memcpy(body + i * 4, "ba. ", 4);
    const struct tiny_article many[] = {
        {"m1", "Zebra", NULL, body, NULL, NULL, NULL, "en", NULL},
        {"m2", "Zebra", NULL, "ba", NULL, NULL, NULL, "en", NULL},
    };
    snprintf(dir, sizeof dir, "%s/many", check_dir());
    tiny_make(dir, many, 2, 2);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct nd_match *m;
        uint64_t total;
        tiny_open(&t, dir);
        CHECK_INT(tiny_lower(&t, queries[i]), 0);
        CHECK_INT(nd_match_open(&m, t.ix, &t.lowered, NULL, &t.err), 0);
        CHECK_INT(nd_match_count(m, &total, &t.err), 0);
        CHECK_INT(total, i ? 1 : 0);
        CHECK_INT(nd_match_state(m).too_much, 1);
        CHECK(!nd_match_state(m).exact);
        nd_match_close(m);
        tiny_close(&t);
    }
}

static int fail_at_second(void *ctx, size_t segment, uint32_t docid, struct nd_error *err)
{
    (void)segment;
    (void)docid;
    return ++*(int *)ctx == 2 ? nd_fail(err, ND_IO, "enough") : 0;
}

static void match_each_hands_on_what_its_caller_returns(void)
{
    struct tiny t;
    struct nd_match *m;
    int calls = 0;
    tiny_open(&t, index_dir(4));
    CHECK_INT(tiny_lower(&t, "train"), 0);
    CHECK_INT(nd_match_open(&m, t.ix, &t.lowered, NULL, &t.err), 0);
    CHECK_INT(nd_match_each(m, fail_at_second, &calls, &t.err), ND_IO);
    CHECK_INT(calls, 2);
    nd_match_close(m);
    tiny_close(&t);
}

int main(void)
{
    RUN(match_finds_what_it_should_in_one_segment);
    RUN(match_finds_the_same_in_several_segments);
    RUN(match_orders_by_date_source_and_score);
    RUN(match_says_where);
    RUN(match_leaves_deleted_articles_out);
    RUN(match_finds_accented_words_by_plain_ones);
    RUN(match_weighs_no_branch_that_is_not_there);
    RUN(match_leaves_out_what_it_cannot_tell);
    RUN(match_each_hands_on_what_its_caller_returns);
    return check_done();
}
