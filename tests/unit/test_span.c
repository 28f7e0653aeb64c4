#include "../check.h"

#include "record/span.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAD = 128,
    TREES = 64
};

/* An article written by hand. Letters are words (a = rank 0, ...), capitals have a capital.
 *   |T |L |B  a field begins;  . sentence;  / paragraph;  < > quotation opens, closes
 *   {xy  mention of entity 7, two words, before them;  xy=  JOINED code 40 of two words behind them */
struct article {
    unsigned char all[4096 + 2 * PAD];
    struct nd_section s;
};

static struct nd_section write_article(struct article *a, const char *text)
{
    unsigned char *p = a->all + PAD;
    size_t n = 0;
    bool first = true;
    memset(a->all, 0, sizeof a->all);
    for (const char *c = text; *c; c++) {
        if (*c == '|') {
            c++;
            n += nd_code_put(p + n, ND_MARK_FIELD, *c == 'T' ? 0 : *c == 'L' ? 1 : 2);
            first = true;
        } else if (*c == '.' || *c == '/') {
            n += nd_code_put(p + n, *c == '.' ? ND_MARK_SENTENCE : ND_MARK_PARAGRAPH, 0);
            first = true;
        } else if (*c == '<' || *c == '>') {
            n += nd_code_put(p + n, ND_MARK_OTHER, *c == '>');
        } else if (*c == '{') {
            n += nd_code_put(p + n, ND_MARK_MENTION, 7);
        } else if (*c == '=') {
            n += nd_code_put(p + n, ND_MARK_JOINED, 40);
        } else if (*c != ' ') {
            bool capital = *c >= 'A' && *c <= 'Z';
            unsigned shape = capital ? ND_SHAPE_CAPITAL : ND_SHAPE_LOWER;
            if (shape != nd_shape_expected(ND_SHAPE_LOWER, first))
                n += nd_code_put(p + n, ND_MARK_OTHER, shape + 2);
            n += nd_code_put(p + n, ND_WORD_FIRST, (uint32_t)((*c | 32) - 'a') * 150);
            first = false;
        }
    }
    a->s = (struct nd_section){p, n};
    return a->s;
}

/* Trees from S-expressions:  a  word;  #  mention;  =  joined word or i;  *  any word;  ""  quotation;
 * (near 3 a b) (pre 3 a b) (same s a b) (notnear 2 a b) (phrase 0 a * b) (or a b) (atleast 2 a)
 * (first 5 a) (quoted a) (unquoted a);  T:a L:a B:a  scope;  ^a caps  _a nocaps */
struct trees {
    struct nd_span_node v[TREES];
    struct nd_span_node *kids[TREES][8];
    size_t n;
};

static struct nd_span_node *parse(struct trees *t, const char **c)
{
    static const char *const names[] = {"leaf",    "any",   "or",     "phrase",
                                        "near",    "pre",   "same",   "notnear",
                                        "atleast", "first", "quoted", "unquoted"};
    while (**c == ' ')
        ++*c;
    struct nd_span_node *x = &t->v[t->n];
    x->kids = t->kids[t->n++];
    if (**c == '(') {
        char name[16];
        size_t n = strcspn(++*c, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, *c);
        *c += n;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strcmp(names[i], name) == 0)
                x->op = (enum nd_span_op)i;
        while (**c == ' ')
            ++*c;
        if (x->op == ND_SPAN_SAME)
            x->n = (unsigned char)*(*c)++;
        else if (**c >= '0' && **c <= '9')
            x->n = (uint32_t)strtoul(*c, (char **)(void *)c, 10);
        while (**c != ')') {
            x->kids[x->kids_n++] = parse(t, c);
            while (**c == ' ')
                ++*c;
        }
        ++*c;
        return x;
    }
    x->scope = ND_SCOPE_ALL;
    if ((*c)[1] == ':') {
        x->scope = **c == 'T' ? 1 : **c == 'L' ? 2 : 4;
        *c += 2;
    }
    if (**c == '^' || **c == '_')
        x->cases = *(*c)++ == '^' ? ND_CASE_CAPS : ND_CASE_NONE;
    x->leaf = **c == '#' ? 26 : **c == '=' ? 27 : (uint32_t)(**c - 'a');
    if (**c == '*')
        x->op = ND_SPAN_ANY;
    if (**c == '"') {
        x->op = ND_SPAN_QUOTATION;
        ++*c;
    }
    ++*c;
    return x;
}

static void make_sets(struct nd_codes sets[28])
{
    for (uint32_t i = 0; i < 28; i++) {
        nd_codes_init(&sets[i]);
        if (i < 26)
            nd_codes_add(&sets[i], ND_WORD_FIRST, i * 150, 1, ND_SHAPE_LOWER);
        else if (i == 26)
            nd_codes_add(&sets[i], ND_MARK_MENTION, 7, 2, 0);
        else {
            nd_codes_add(&sets[i], ND_MARK_JOINED, 40, 2, 0);
            nd_codes_add(&sets[i], ND_WORD_FIRST, 8 * 150, 1, ND_SHAPE_LOWER);
        }
        nd_codes_ready(&sets[i]);
    }
}

/* The whole spans as text: "B1-3 T0-0", "" for no match. All levels must agree, and deciding alone. */
static const char *spans(const char *text, const char *tree)
{
    static char out[4096];
    char first[4096] = "";
    struct article a;
    struct nd_codes sets[28];
    const struct nd_codes *pointers[28];
    struct nd_section s = write_article(&a, text);
    make_sets(sets);
    for (size_t i = 0; i < 28; i++)
        pointers[i] = &sets[i];
    for (int level = 0; level <= (int)nd_scan_choose(); level++) {
        struct trees t = {0};
        struct nd_span_program prog = {.leaves_n = 28};
        struct nd_spans *sp;
        struct nd_error err = {0};
        const struct nd_span_hit *hits;
        size_t n, at = 0;
        const char *c = tree;
        prog.root = parse(&t, &c);
        CHECK_INT(nd_spans_new(&sp, &prog, (enum nd_scan_level)level, &err), 0);
        nd_spans_bind(sp, NULL, pointers, NULL);
        int decided = nd_spans_match(sp, s, &err);
        int rc = nd_spans_collect(sp, s, &hits, &n, &err);
        CHECK_INT(decided, rc);
        CHECK_INT(rc < 0, 0);
        out[0] = '\0';
        for (size_t i = 0; i < n; i++)
            if (hits[i].whole)
                at += (size_t)snprintf(out + at, sizeof out - at, "%s%c%u-%u", at ? " " : "",
                                       "TLB"[hits[i].field], hits[i].first, hits[i].last);
        if (level == 0)
            memcpy(first, out, sizeof first);
        else
            CHECK_STR(out, first);
        nd_spans_free(sp);
    }
    for (size_t i = 0; i < 28; i++)
        nd_codes_free(&sets[i]);
    return out;
}

static void span_phrases_need_neighbours_in_one_field(void)
{
    CHECK_STR(spans("|Tab|Bcab", "(phrase 0 a b)"), "T0-1 B1-2");
    CHECK_STR(spans("|Ta|Bb", "(phrase 0 a b)"), "");
    CHECK_STR(spans("|Ba.b/ab", "(phrase 0 a b)"), "B0-1 B2-3");
    CHECK_STR(spans("|Bacb", "(phrase 0 a b)"), "");
    CHECK_STR(spans("|Baab", "(phrase 0 a a b)"), "B0-2");
    CHECK_STR(spans("|Babcd", "(phrase 0 b c d)"), "B1-3");
}

static void span_phrases_allow_gaps_and_extra_words(void)
{
    CHECK_STR(spans("|Baxb", "(phrase 0 a * b)"), "B0-2");
    CHECK_STR(spans("|Bab", "(phrase 0 a * b)"), "");
    CHECK_STR(spans("|Baxb", "(phrase 1 a b)"), "B0-2");
    CHECK_STR(spans("|Baxyb", "(phrase 1 a b)"), "");
    CHECK_STR(spans("|Baxbyc", "(phrase 1 a b c)"), "");
    CHECK_STR(spans("|Baxbyc", "(phrase 2 a b c)"), "B0-4");
    CHECK_STR(spans("|Bxa", "(phrase 0 * a)"), "B0-1");
    CHECK_STR(spans("|Ba", "(phrase 0 * a)"), "");
    CHECK_STR(spans("|Bax|Tay", "(phrase 0 a * *)"), "");
    CHECK_STR(spans("|Baxy", "(phrase 0 a * *)"), "B0-2");
}

static void span_matches_are_enumerated(void)
{
    CHECK_STR(spans("|Btbgw", "(phrase 0 t (or g (phrase 0 b g)) w)"), "B0-3");
    CHECK_STR(spans("|Bab", "(or a (phrase 0 a b))"), "B0-0 B0-1");
    CHECK_STR(spans("|Baxxb", "(near 2 (or a (phrase 0 a x)) b)"), "B0-3");
}

static void span_near_and_pre_count_words(void)
{
    CHECK_STR(spans("|Bab", "(near 1 a b)"), "B0-1");
    CHECK_STR(spans("|Bba", "(near 1 a b)"), "B0-1");
    CHECK_STR(spans("|Bba", "(pre 1 a b)"), "");
    CHECK_STR(spans("|Baxxb", "(near 2 a b)"), "");
    CHECK_STR(spans("|Baxxb", "(near 3 a b)"), "B0-3");
    CHECK_STR(spans("|Baxxb", "(pre 3 a b)"), "B0-3");
    CHECK_STR(spans("|Ta|Bb", "(near 1000000 a b)"), "");
    CHECK_STR(spans("|Babxa", "(near 2 a b)"), "B0-1 B1-3");
    CHECK_STR(spans("|Baxbxxc", "(near 3 a b c)"), "B0-5");
    CHECK_STR(spans("|Bbaxc", "(near 2 (near 1 a b) c)"), "B0-3");
    CHECK_STR(spans("|Ba", "(near 1 a a)"), "B0-0");
    CHECK_STR(spans("|Ba", "(pre 1 a a)"), "");
    CHECK_STR(spans("|Baa", "(pre 1 a a)"), "B0-1");
}

static void span_same_sentence_and_paragraph(void)
{
    CHECK_STR(spans("|Baxb.c", "(same s a b)"), "B0-2");
    CHECK_STR(spans("|Ba.b", "(same s a b)"), "");
    CHECK_STR(spans("|Ba.b", "(same p a b)"), "B0-1");
    CHECK_STR(spans("|Ba/b", "(same p a b)"), "");
    CHECK_STR(spans("|Bb.a.cb", "(same s a b)"), "");
    CHECK_STR(spans("|Ba.bxa", "(same s b a)"), "B1-3");
    CHECK_STR(spans("|Ba.b", "(same s a (or b (phrase 0 a b)))"), "");
    CHECK_STR(spans("|Bax.xbac", "(same s a b c)"), "B3-5");
}

static void span_notnear_atleast_first(void)
{
    CHECK_STR(spans("|Babxxa", "(notnear 2 a b)"), "B4-4");
    CHECK_STR(spans("|Babxa", "(notnear 2 a b)"), "");
    CHECK_STR(spans("|Ba|Tb", "(notnear 2 a b)"), "B0-0");
    CHECK_STR(spans("|Baxa", "(atleast 2 a)"), "B0-0 B2-2");
    CHECK_STR(spans("|Baxa", "(atleast 3 a)"), "");
    CHECK_STR(spans("|Ta|Ba", "(atleast 2 (or a b))"), "T0-0 B0-0");
    CHECK_STR(spans("|Txxxa|Bxxa", "(first 3 a)"), "B2-2");
    CHECK_STR(spans("|Ta|Bxxxa", "(first 3 a)"), "");
}

static void span_scopes_and_the_lead(void)
{
    CHECK_STR(spans("|Ta|Ba", "T:a"), "T0-0");
    CHECK_STR(spans("|Ta|Ba", "B:a"), "B0-0");
    CHECK_STR(spans("|Tx|Bxa/a", "L:a"), "B1-1");
    CHECK_STR(spans("|Tx|La|Ba/a", "L:a"), "L0-0");
    CHECK_STR(spans("|Tx|Bx/a", "L:a"), "");
}

static void span_quotations(void)
{
    CHECK_STR(spans("|Ba<bc>d", "(quoted b)"), "B1-1");
    CHECK_STR(spans("|Ba<bc>d", "(quoted a)"), "");
    CHECK_STR(spans("|Ba<bc>d", "(unquoted d)"), "B3-3");
    CHECK_STR(spans("|Ba<bc>d", "(unquoted (phrase 0 a b))"), "");
    CHECK_STR(spans("|Ba<bc/d", "(quoted d)"), "");
    CHECK_STR(spans("|Ba<bc/d", "(quoted \"\")"), "B1-2");
    CHECK_STR(spans("|Ba<bc>d.a", "(same s a \"\")"), "B0-2");
    CHECK_STR(spans("|Ba<b<c>d>e", "(quoted d)"), "B3-3");
}

static void span_mentions_and_joined_words(void)
{
    CHECK_STR(spans("|Bx{abc", "#"), "B1-2");
    CHECK_STR(spans("|Bx{abc", "(near 1 # c)"), "B1-3");
    CHECK_STR(spans("|Bx{abc", "(near 1 # a)"), "B1-2");
    CHECK_STR(spans("|Bx{abc", "(pre 1 # a)"), "");
    CHECK_STR(spans("|Bfc=x", "="), "B0-1");
    CHECK_STR(spans("|Bfc=x", "(phrase 0 = x)"), "B0-2");
    CHECK_STR(spans("|Bfc=xix", "(phrase 0 = x)"), "B0-2 B3-4");
    CHECK_STR(spans("|Bafc=", "(phrase 0 a f c)"), "B0-2");
}

static void span_letter_case(void)
{
    CHECK_STR(spans("|BXa.a xA", "^a"), "B4-4");
    CHECK_STR(spans("|BAx.A.a", "^a"), "B0-0 B2-2");
    CHECK_STR(spans("|BAx.A.a", "_a"), "B3-3");
    CHECK_STR(spans("|Bx{AB", "^#"), "B1-2");
    CHECK_STR(spans("|Bx{Ab", "^#"), "");
    CHECK_STR(spans("|BxAb=", "_="), "");
    CHECK_STR(spans("|Bxab=", "_="), "B1-2");
}

static void span_work_limit_is_reported(void)
{
    size_t n = 12000;
    unsigned char *all = calloc(1, n + 2 * PAD + 8);
    struct nd_codes set;
    const struct nd_codes *sets[] = {&set};
    struct nd_span_node a = {.op = ND_SPAN_LEAF, .scope = ND_SCOPE_ALL};
    struct nd_span_node *kids[] = {&a, &a};
    struct nd_span_node near = {.op = ND_SPAN_NEAR, .n = 100000, .kids = kids, .kids_n = 2};
    struct nd_span_node *one[] = {&near};
    struct nd_span_node many = {.op = ND_SPAN_ATLEAST, .n = 2, .kids = one, .kids_n = 1};
    struct nd_span_program prog = {&many, 1};
    struct nd_spans *s;
    struct nd_error err = {0};
    const struct nd_span_hit *hits;
    size_t got;
    nd_codes_init(&set);
    nd_codes_add(&set, ND_WORD_FIRST, 1, 1, 0);
    nd_codes_ready(&set);
    size_t at = nd_code_put(all + PAD, ND_MARK_FIELD, ND_FIELD_BODY);
    memset(all + PAD + at, 7, n);
    CHECK_INT(nd_spans_new(&s, &prog, nd_scan_choose(), &err), 0);
    nd_spans_bind(s, NULL, sets, NULL);
    struct nd_section article = {all + PAD, n + at};
    CHECK_INT(nd_spans_match(s, article, &err), ND_LIMIT);
    CHECK_INT(nd_spans_collect(s, article, &hits, &got, &err), ND_LIMIT);
    nd_spans_free(s);
    nd_codes_free(&set);
    free(all);
}

static void span_damaged_articles_never_harm(void)
{
    static const char *const trees[] = {
        "(near 3 a #)", "(phrase 1 a * =)",   "(same s ^a _b)", "(quoted \"\")",
        "(first 2 #)",  "(phrase 0 a b)",     "(pre 4 a b)",    "L:a",
        "(same p a b)", "(unquoted (or # =))"};
    struct nd_codes sets[28];
    const struct nd_codes *pointers[28];
    make_sets(sets);
    for (size_t i = 0; i < 28; i++)
        pointers[i] = &sets[i];
    for (int round = 0; round < 4000; round++) {
        struct article a;
        struct trees t = {0};
        struct nd_span_program prog = {.leaves_n = 28};
        struct nd_spans *sp;
        struct nd_error err = {0};
        const struct nd_span_hit *hits;
        size_t n;
        const char *c = trees[check_random() % (sizeof trees / sizeof *trees)];
        struct nd_section s = write_article(&a, "|Tab{ab|Laxfc=<b>.ca/{ab|Babc<ab.{ab>bfc=/aB");
        for (uint64_t k = check_random() % 4; k > 0; k--)
            a.all[PAD + check_random() % s.n] = (unsigned char)(check_random() % 256);
        s.n = check_random() % (s.n + 1);
        prog.root = parse(&t, &c);
        int level = (int)(check_random() % ((uint64_t)nd_scan_choose() + 1));
        CHECK_INT(nd_spans_new(&sp, &prog, (enum nd_scan_level)level, &err), 0);
        nd_spans_bind(sp, NULL, pointers, NULL);
        int rc = nd_spans_match(sp, s, &err);
        CHECK(rc == 0 || rc == ND_DONE || rc == ND_CORRUPT);
        rc = nd_spans_collect(sp, s, &hits, &n, &err);
        CHECK(rc == 0 || rc == ND_DONE || rc == ND_CORRUPT);
        nd_spans_free(sp);
    }
    for (size_t i = 0; i < 28; i++)
        nd_codes_free(&sets[i]);
}

int main(void)
{
    RUN(span_phrases_need_neighbours_in_one_field);
    RUN(span_phrases_allow_gaps_and_extra_words);
    RUN(span_matches_are_enumerated);
    RUN(span_near_and_pre_count_words);
    RUN(span_same_sentence_and_paragraph);
    RUN(span_notnear_atleast_first);
    RUN(span_scopes_and_the_lead);
    RUN(span_quotations);
    RUN(span_mentions_and_joined_words);
    RUN(span_letter_case);
    RUN(span_work_limit_is_reported);
    RUN(span_damaged_articles_never_harm);
    return check_done();
}
