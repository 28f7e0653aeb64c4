#include "tiny_index.h"

#include "lang/expand.h"
#include "lang/plan.h"

static const struct tiny_article articles[] = {
    {"b1", "Trains of war", NULL, "The armored train. Armor armored armors. First-class wheat.",
     "The Sun", "Jane Doe", "2023-09-05", "en", "p0 1 george bush"},
    {"b2", "Tren", NULL, "La guerra y el tren. Generalmente. Trains.", "El Sol", NULL, "2021", "es",
     "p0 1 laura bush"},
    {"b3", "Nothing", NULL, "Generally nothing. The US told us.", NULL, NULL, NULL, "en", NULL},
};

static const char *index_dir(void)
{
    static char dir[4200];
    if (!dir[0]) {
        snprintf(dir, sizeof dir, "%s/lower", check_dir());
        tiny_make(dir, articles, 3, 3);
    }
    return dir;
}

static void plan_is(struct tiny *t, const char *query, const char *want)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    if (tiny_lower(t, query))
        nd_buf_printf(&out, "error: %s", t->err.msg);
    else
        nd_plan_print(&out, t->lowered.plan);
    CHECK_STR(out.data ? out.data : "", want);
    nd_buf_free(&out);
}

static void lower_words_become_terms(void)
{
    struct tiny t;
    tiny_open(&t, index_dir());
    plan_is(&t, "war", "Zwar");
    plan_is(&t, "title:war", "Swar");
    /* a stem of one language is looked for by language only where articles in another one have it */
    plan_is(&t, "generally", "Zgeneral/en");
    plan_is(&t, "trains", "(syn Ztrain Ztrains)");
    plan_is(&t, "war AND train", "(and Zwar Ztrain)");
    plan_is(&t, "war OR NOT train", "(or Zwar (andnot (all) Ztrain))");
    plan_is(&t, "war -train -tren", "(andnot Zwar (or Ztrain Ztren))");
    plan_is(&t, "source:=\"The Sun\"", "XSRCthe\\ sun");
    plan_is(&t, "source:sol", "XSRCel\\ sol");
    plan_is(&t, "date:2020..2023-09", "(or Y2021 M202309)");
    plan_is(&t, "date:2023-09-05..2023-09-06", "D20230905");
    plan_is(&t, "person:laura", "XPERlaura\\ bush");
    plan_is(&t, "source:none", "XNONE:source");
    plan_is(&t, "length:10..20", "(number 14 10 20)");
    plan_is(&t, "zzz*", "(nothing)");
    tiny_close(&t);
}

static void lower_parts_of_positions_go_to_the_stream(void)
{
    struct tiny t;
    tiny_open(&t, index_dir());
    plan_is(&t, "\"armored train\"", "(span (and Zarmor Ztrain) (phrase =armored =train))");
    plan_is(&t, "body:war", "(span Zwar war@body)");
    plan_is(&t, "war w/3 train AND tren",
            "(and (span (and Zwar Ztrain) (near 3 war train)) Ztren)");
    plan_is(&t, "caps(war AND train)", "(and (span Zwar war^caps) (span Ztrain train^caps))");
    plan_is(&t, "quoted(first(5,war))", "(span Zwar (quoted (first 5 war)))");
    tiny_close(&t);
}

static void lower_spreads_operands(void)
{
    struct tiny t;
    tiny_open(&t, index_dir());
    plan_is(&t, "(war AND armored) w/3 train",
            "(and (span (and Zwar Ztrain) (near 3 war train)) "
            "(span (and Zarmor Ztrain) (near 3 armored train)))");
    plan_is(&t, "(war AND NOT armored) w/3 train",
            "(andnot (span (and Zwar Ztrain) (near 3 war train)) "
            "(span (and Zarmor Ztrain) (near 3 armored train)))");
    plan_is(&t, "any(2,war,armored,us) w/3 train",
            "(quorum 2 (span (and Zwar Ztrain) (near 3 war train)) "
            "(span (and Zarmor Ztrain) (near 3 armored train)) "
            "(span (and Zus Ztrain) (near 3 us train)))");
    plan_is(&t, "train w/3 (war AND date:2023)",
            "(and (span (and Ztrain Zwar) (near 3 train war)) Y2023)");
    plan_is(&t, "train NOT w/3 (war AND armored)",
            "(or (span Ztrain (notnear 3 train war)) (span Ztrain (notnear 3 train armored)))");
    plan_is(&t, "train NOT w/3 (war OR armored)",
            "(span Ztrain (notnear 3 train (or war armored)))");
    plan_is(&t, "train NOT w/3 any(2,war,armored,us)",
            "(or (span Ztrain (notnear 3 train (or war armored))) "
            "(span Ztrain (notnear 3 train (or war us))) "
            "(span Ztrain (notnear 3 train (or armored us))))");
    plan_is(&t, "atleast(2,war AND train)",
            "(and (span Zwar (atleast 2 war)) (span Ztrain (atleast 2 train)))");
    plan_is(&t, "title:(war AND NOT armored) w/3 train",
            "(andnot (span (and Swar Ztrain) (near 3 war@title train)) "
            "(span (and Sarmor Ztrain) (near 3 armored@title train)))");
    plan_is(&t, "(NOT NOT war) w/3 train", "(span (and Zwar Ztrain) (near 3 war train))");
    plan_is(&t, "((war AND armored) w/3 train) w/9 us",
            "(and (span (and Zwar Ztrain Zus) (near 9 (near 3 war train) us)) "
            "(span (and Zarmor Ztrain Zus) (near 9 (near 3 armored train) us)))");
    plan_is(&t, "NOT NOT war", "Zwar");
    plan_is(&t, "(war AND NOT armored) w/3 (train OR (us AND tren))",
            "error: both operands have AND, OR or NOT: which is taken first?");
    CHECK(strcmp(t.err.hint, "write (war w/3 (train OR (us AND tren))) AND NOT (armored w/3 (train "
                             "OR (us AND tren))), or write ((war AND NOT armored) w/3 train) OR "
                             "(((war AND NOT armored) w/3 us) AND ((war AND NOT armored) w/3 "
                             "tren))") == 0);
    plan_is(&t, "war NOT w/3 (train AND NOT us)", "error: NOT inside what must not be near");
    tiny_close(&t);
}

static void lower_refuses_with_the_place(void)
{
    static const struct {
        const char *query, *msg;
        size_t start, end;
    } cases[] = {
        {"war AND query:x", "saved queries cannot be used here", 8, 15},
        {"war person:@names.txt", "files of values cannot be used here", 4, 21},
        {"lead:none", "whether an article has 'lead:' is not kept in the index", 0, 9},
    };
    struct tiny t;
    tiny_open(&t, index_dir());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(tiny_lower(&t, cases[i].query), ND_QUERY);
        CHECK_STR(t.err.msg, cases[i].msg);
        CHECK_INT(t.err.start, cases[i].start);
        CHECK_INT(t.err.end, cases[i].end);
        CHECK(t.err.hint[0] != '\0');
    }
    tiny_close(&t);
}

static void lower_notes_names_and_undated_articles(void)
{
    struct tiny t;
    tiny_open(&t, index_dir());
    CHECK_INT(tiny_lower(&t, "person:bush"), 0);
    if (CHECK(t.lowered.notes != NULL))
        CHECK_STR(t.lowered.notes->text, "'bush' fits 2 names: george bush (1), laura bush (1)");
    CHECK_INT(tiny_lower(&t, "date:2023"), 0);
    if (CHECK(t.lowered.notes != NULL))
        CHECK_STR(t.lowered.notes->text,
                  "articles without a date are in no range of dates: the index has 1");
    CHECK_INT(tiny_lower(&t, "war"), 0);
    CHECK(t.lowered.notes == NULL);
    tiny_close(&t);
}

static int give_saved(void *ctx, struct nd_str name, struct nd_arena *arena, struct nd_node **out,
                      struct nd_error *err)
{
    static const char *const texts[] = {"query:itself", "armored train"};
    struct nd_parse_options o = {.today = 20240315};
    struct nd_query q;
    const char *text = texts[name.n == 6 ? 0 : 1];
    (void)ctx;
    int rc = nd_parse(&q, arena, text, strlen(text), &o, err);
    *out = rc ? NULL : q.root;
    return rc;
}

static int give_list(void *ctx, struct nd_str file, struct nd_arena *arena, struct nd_strs *out,
                     struct nd_error *err)
{
    static struct nd_str lines[] = {{"Laura Bush", 10}, {"nobody", 6}};
    (void)ctx;
    (void)file;
    (void)arena;
    (void)err;
    *out = (struct nd_strs){lines, 2};
    return 0;
}

static void lower_uses_saved_queries_and_lists(void)
{
    static const struct nd_lower_options o = {.saved = give_saved, .list = give_list};
    struct tiny t;
    struct nd_buf out;
    nd_buf_init(&out, 1 << 16);
    tiny_open(&t, index_dir());
    tiny_lower(&t, "query:mine -tren");
    CHECK_INT(nd_lower(&t.lowered, &t.arena, t.ix, t.stemmers, t.query.root, &o, &t.err), 0);
    nd_plan_print(&out, t.lowered.plan);
    CHECK_STR(out.data, "(andnot (and Zarmor Ztrain) Ztren)");
    tiny_lower(&t, "query:itself");
    CHECK_INT(nd_lower(&t.lowered, &t.arena, t.ix, t.stemmers, t.query.root, &o, &t.err), ND_QUERY);
    CHECK_STR(t.err.msg, "saved queries are nested deeper than 16");
    tiny_lower(&t, "person:@names");
    nd_buf_reset(&out);
    CHECK_INT(nd_lower(&t.lowered, &t.arena, t.ix, t.stemmers, t.query.root, &o, &t.err), 0);
    nd_plan_print(&out, t.lowered.plan);
    CHECK_STR(out.data, "XPERlaura\\ bush");
    nd_buf_free(&out);
    tiny_close(&t);
}

static void fit_patterns(void)
{
    static const struct {
        const char *pattern, *word;
        int fits;
    } cases[] = {{"a*", "a", 1},    {"a*", "abc", 1},     {"*c", "abc", 1},      {"*b*", "abc", 1},
                 {"a?c", "abc", 1}, {"a?c", "ac", 0},     {"a*c*e", "abcde", 1}, {"a*c", "abcd", 0},
                 {"*ab", "aab", 1}, {"?", "\xd1\x84", 1}, {"??", "\xd1\x84", 0}, {"", "", 1},
                 {"*", "", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(nd_wild_match(cases[i].pattern, strlen(cases[i].pattern), cases[i].word,
                                strlen(cases[i].word)),
                  cases[i].fits);
}

static void fit_edits(void)
{
    static const struct {
        const char *a, *b;
        unsigned edits;
        int fits;
    } cases[] = {{"train", "trian", 1, 1},
                 {"train", "trains", 1, 1},
                 {"train", "rain", 1, 1},
                 {"train", "brain", 1, 1},
                 {"train", "trians", 1, 0},
                 {"train", "trians", 2, 1},
                 {"train", "plain", 1, 0},
                 {"train", "plain", 2, 1},
                 {"", "a", 1, 1},
                 {"ab", "ba", 1, 1},
                 {"abcd", "badc", 1, 0},
                 {"abcd", "badc", 2, 1},
                 {"\xd1\x84\xd1\x83", "\xd1\x83\xd1\x84", 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(nd_fuzzy_match(cases[i].a, strlen(cases[i].a), cases[i].b, strlen(cases[i].b),
                                 cases[i].edits),
                  cases[i].fits);
}

static void fit_values(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {{"U.S. Dept. of Defense", "us dept of defense"},
                 {"Kim Jong-un", "kim jong un"},
                 {"O\xe2\x80\x99Sullivan", "o sullivan"},
                 {"nytimes.com", "nytimes com"},
                 {"J. R. Smith", "j r smith"},
                 {"\xc3\x89lys\xc3\xa9"
                  "e",
                  "elysee"},
                 {"...", ""}};
    struct nd_buf out;
    nd_buf_init(&out, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        nd_buf_reset(&out);
        CHECK_INT(nd_value_words(&out, cases[i].text, strlen(cases[i].text)), 0);
        CHECK_STR(out.data && out.len ? out.data : "", cases[i].words);
    }
    CHECK(nd_value_holds(ND_STR("the sun"), ND_STR("sun")));
    CHECK(!nd_value_holds(ND_STR("the sunday times"), ND_STR("sun")));
    CHECK(nd_value_holds(ND_STR("sunsun sun"), ND_STR("sun")));
    CHECK(!nd_value_holds(ND_STR("the sun"), ND_STR("")));
    nd_buf_free(&out);
}

int main(void)
{
    RUN(lower_words_become_terms);
    RUN(lower_parts_of_positions_go_to_the_stream);
    RUN(lower_spreads_operands);
    RUN(lower_refuses_with_the_place);
    RUN(lower_notes_names_and_undated_articles);
    RUN(lower_uses_saved_queries_and_lists);
    RUN(fit_patterns);
    RUN(fit_edits);
    RUN(fit_values);
    return check_done();
}
