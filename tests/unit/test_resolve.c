/* Ids of given mentions: the gold mentions of corpora/, and small articles for each rule. */
#include "check.h"
#include "gold_eval.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct nd_entity_data data; /* without a model */

/* A person who is called by one word that nothing in the article explains has no id worth the name. */
static bool abstains(const struct nd_mention *m, const struct nd_evidence *v)
{
    return m->type == ND_PERSON && m->words == 1 && v->by == ND_BY_MODEL;
}

static void resolve_gold_mentions_get_their_ids(void)
{
    static struct gold g;
    struct nd_entities *e;
    struct nd_error err = {0};
    bool verbose = getenv("VERBOSE") != NULL;
    if (!CHECK_INT(gold_open(&g), 0))
        return;
    CHECK_INT(nd_entities_new(&e, &data, &err), 0);
    size_t all = 0, claimed = 0, right = 0, missing = 0;
    while (gold_article(&g) == 0) {
        const struct nd_mention *m;
        size_t n;
        CHECK_INT(nd_entities_resolve(e, &g.article, &g.tokens, g.tags, g.tags_n, &m, &n, &err), 0);
        const struct nd_evidence *v = nd_entities_evidence(e);
        for (size_t i = 0, k = 0; i < g.tags_n; i++) {
            all++;
            while (k < n && m[k].first + m[k].words <= g.tags[i].first)
                k++;
            if (k == n || m[k].first >= g.tags[i].first + g.tags[i].words) {
                missing++;
                if (verbose)
                    printf("MISSING %.*s\t%.*s\t%.*s\n", (int)g.article.id.n, g.article.id.p,
                           (int)g.line[i]->surface.n, g.line[i]->surface.p, (int)g.line[i]->id.n,
                           g.line[i]->id.p);
                continue;
            }
            struct nd_str id = gold_id(&data.gaz, g.line[i], &g.arena);
            bool ok = nd_str_eq(id, m[k].id);
            right += ok;
            claimed += !abstains(&m[k], &v[k]);
            if (verbose && !ok)
                printf("%s %.*s\t%.*s\twant %.*s\tgot %.*s\tby %d\n",
                       abstains(&m[k], &v[k]) ? "OPEN" : "WRONG", (int)g.article.id.n,
                       g.article.id.p, (int)g.line[i]->surface.n, g.line[i]->surface.p, (int)id.n,
                       id.p, (int)m[k].id.n, m[k].id.p, v[k].by);
        }
    }
    CHECK_INT(g.lost, 0);
    printf("%zu gold mentions, %zu missing, precision of ids %.2f, recall %.2f\n", all, missing,
           100.0 * (double)right / (double)claimed, 100.0 * (double)right / (double)all);
    CHECK(right * 100 >= claimed * 97);
    CHECK(right * 100 >= all * 90);
    nd_entities_free(e);
    gold_close(&g);
}

/* ---- small articles: mentions in [brackets], P O L M before the bracket ---- */
struct small {
    struct nd_article a;
    struct nd_tokens tokens;
    struct nd_tag tags[64];
    size_t n;
    char title[512], body[4096];
};

static size_t unmark(const char *marked, char *out, size_t *at, size_t *end, unsigned *type,
                     size_t *n)
{
    size_t k = 0;
    for (const char *p = marked; *p; p++) {
        if (*p == '[') {
            k--;
            type[*n] = out[k] == 'P'   ? ND_PERSON
                       : out[k] == 'O' ? ND_ORG
                       : out[k] == 'L' ? ND_PLACE
                                       : ND_MISC;
            at[*n] = k;
        } else if (*p == ']') {
            end[(*n)++] = k;
        } else {
            out[k++] = *p;
        }
    }
    out[k] = 0;
    return k;
}

static void small_make(struct small *s, const char *title, const char *body)
{
    size_t at[64], end[64], n = 0, titles;
    unsigned type[64];
    memset(s, 0, sizeof *s);
    CHECK_INT(nd_tokens_init(&s->tokens), 0);
    s->a.title = (struct nd_str){s->title, unmark(title, s->title, at, end, type, &n)};
    titles = n;
    s->a.body = (struct nd_str){s->body, unmark(body, s->body, at, end, type, &n)};
    CHECK_INT(nd_tokens_add(&s->tokens, s->a.title.p, s->a.title.n, ND_FIELD_TITLE, NULL), 0);
    CHECK_INT(nd_tokens_add(&s->tokens, s->a.body.p, s->a.body.n, ND_FIELD_BODY, NULL), 0);
    for (size_t i = 0; i < n; i++) {
        unsigned field = i < titles ? ND_FIELD_TITLE : ND_FIELD_BODY;
        size_t k = 0, m = 0;
        while (s->tokens.v[k].field != field || s->tokens.v[k].end <= at[i])
            k++;
        while (k + m < s->tokens.n && s->tokens.v[k + m].field == field &&
               s->tokens.v[k + m].start < end[i])
            m++;
        s->tags[s->n++] = (struct nd_tag){(uint32_t)k, (uint8_t)m, (uint8_t)type[i], 80};
    }
}

/* The ids, a line each: TYPE id. */
static void expect(const char *title, const char *body, const char *want)
{
    static struct small s;
    struct nd_entities *e;
    struct nd_error err = {0};
    struct nd_buf out;
    const struct nd_mention *m;
    size_t n;
    nd_buf_init(&out, 1 << 16);
    small_make(&s, title, body);
    CHECK_INT(nd_entities_new(&e, &data, &err), 0);
    CHECK_INT(nd_entities_resolve(e, &s.a, &s.tokens, s.tags, s.n, &m, &n, &err), 0);
    for (size_t i = 0; i < n; i++)
        nd_buf_printf(&out, "%c %.*s\n", "POLM"[m[i].type], (int)m[i].id.n, m[i].id.p);
    CHECK_STR(out.data ? out.data : "", want);
    nd_buf_free(&out);
    nd_entities_free(e);
    nd_tokens_free(&s.tokens);
}

static void resolve_puts_bounds_right(void)
{
    expect("", "O[House Republicans] met O[Ohio Republican] guests; O[Senate Majority] Leader.",
           "O house of representatives\nO republican party\nL ohio\nM republican\nO united states "
           "senate\n");
    expect("", "O[ANALYSIS]/OPINION: told The P[Hill] on the P[Hill] today.",
           "O the hill\nL capitol hill\n");
}

static void resolve_namesakes_by_paragraph_and_share(void)
{
    expect("", "P[Hillary Clinton] ran. P[Bill Clinton] did too. P[Clinton] won.",
           "P hillary clinton\nP bill clinton\nP clinton\n");
    expect("", "P[Hillary Clinton] ran.\n\nP[Bill Clinton] did too. P[Clinton] won.",
           "P hillary clinton\nP bill clinton\nP bill clinton\n");
    expect("", "P[Melania Trump] came.\n\nMr. P[Trump] spoke.",
           "P melania trump\nP donald trump\n");
    expect("", "P[Melania Trump] came. P[Trump] spoke.", "P melania trump\nP melania trump\n");
    expect("", "P[Robert Gray] spoke. P[Robert Gray Jr.] did not.",
           "P robert gray\nP robert gray jr.\n");
}

static void resolve_last_names_join_the_full_name(void)
{
    expect("", "P[John Kirby] spoke. Mr. P[Kirby] said P[Kirby]'s view is P[John]'s.",
           "P john kirby\nP john kirby\nP john kirby\nP john kirby\n");
    expect("", "P[Lidia Ferro] and P[Marco Ferro] met. P[Ferro] left.",
           "P lidia ferro\nP marco ferro\nP ferro\n");
    expect("", "P[Kim Jong Un] met P[Pak Jong-chon]. Mr. P[Kim] and P[Pak] ate.",
           "P kim jong-un\nP pak jong-chon\nP kim jong-un\nP pak jong-chon\n");
    expect("", "P[F.W. de Klerk] and P[de Klerk]; P[J. K. Rowling], P[JK Rowling].",
           "P f.w. de klerk\nP f.w. de klerk\nP j.k. rowling\nP j.k. rowling\n");
    expect("", "P[Mark A. Tilley] came. P[Mark Tilley] and P[M. Tilley] went.",
           "P mark a. tilley\nP mark a. tilley\nP mark a. tilley\n");
    expect("", "P[George Bush] and P[George W. Bush]. P[Bush] spoke.",
           "P george bush\nP george w. bush\nP bush\n");
}

static void resolve_titles_and_offices_come_off(void)
{
    expect("", "P[Gen. Sergei Shoigu] and P[President Putin], P[King Hussein].",
           "P sergey shoigu\nP vladimir putin\nP king hussein\n");
    expect("",
           "The O[U.S. National Security Adviser] and O[National Security Adviser] spoke; the "
           "O[U.S. National Security] Adviser.",
           "L united states\nL united states\n");
    expect("", "P[President] O[Prime Minister] M[Monday] L[September] P[He].", "");
    expect("", "Prince P[William] and P[William].", "P prince william\nP prince william\n");
}

static void resolve_acronyms_and_short_forms(void)
{
    expect("",
           "The O[Korea Baduk Association] (O[KBA]) said the O[KBA] met the O[World Food Program]; "
           "O[WFP].",
           "O korea baduk association\nO korea baduk association\nO korea baduk association\nO "
           "world food program\n"
           "O world food program\n");
    expect("", "L[Democratic People's Republic of Korea] (L[DPRK]) and L[DPRK].",
           "L north korea\nL north korea\nL north korea\n");
    expect("", "O[Celera Genomics Inc.] grew. O[Celera] fell.",
           "O celera genomics\nO celera genomics\n");
    expect("", "O[The New York Times], O[New York Times], O[Epoch Times], O[The Epoch Times]",
           "O the new york times\nO the new york times\nO the epoch times\nO the epoch times\n");
    expect("", "O[Johnson & Johnson] and O[AT&T].", "O johnson & johnson\nO at&t\n");
}

static void resolve_places_by_alias_and_context(void)
{
    expect("", "L[U.S.] L[US] L[United States] L[Kiev] L[Fla.]",
           "L united states\nL united states\nL united states\nL kyiv\nL florida\n");
    expect("", "L[Georgia] and L[Russia] in L[Tbilisi]", "L georgia\nL russia\nL tbilisi\n");
    expect("", "L[Georgia], L[Atlanta], L[Alabama]", "L georgia#2\nL atlanta\nL alabama\n");
    expect("", "L[Seattle], L[Washington]. O[Kremlin] L[Kremlin] M[Russians]",
           "L seattle\nL washington state\nO kremlin\nO kremlin\nM russian\n");
}

static void resolve_pairs_are_parted(void)
{
    expect("",
           "P[Vladimir Putin] P[Kim Jong-un]. The M[Putin-Kim] summit, L[Russia-North Korea] ties, "
           "M[U.S.-led], M[Russian-speaking].",
           "P vladimir putin\nP kim jong-un\nP vladimir putin\nP kim jong-un\nL russia\nL north "
           "korea\nL united states\n");
}

static void resolve_headlines_invent_nothing(void)
{
    expect("O[Putin Meets] P[Kim] at L[Vladivostok Forum] O[Talks Resume]",
           "P[Vladimir Putin] met P[Kim Jong-un].",
           "P vladimir putin\nP kim jong-un\nL vladivostok\nP vladimir putin\nP kim jong-un\n");
    expect("Storm hits O[Zorgon Industries] plant at night", "Nothing.", "O zorgon industries\n");
}

static void resolve_gold_of_the_dump_is_marked(void)
{
    static struct small s;
    struct nd_entities *e;
    const struct nd_mention *m;
    size_t n;
    struct nd_gold gold[] = {{ND_PERSON, ND_STR("Ferro, Lidia")},
                             {ND_ORG, ND_STR("Zorgon")},
                             {ND_ORG, ND_STR("Absent Inc")}};
    small_make(&s, "", "Lidia Ferro of L[Zorgon] said Ferro-like things.");
    s.a.gold = gold;
    s.a.gold_n = 3;
    CHECK_INT(nd_entities_new(&e, &data, NULL), 0);
    CHECK_INT(nd_entities_resolve(e, &s.a, &s.tokens, s.tags, s.n, &m, &n, NULL), 0);
    CHECK_INT(n, 2);
    CHECK(n == 2 && nd_str_eq(m[0].id, nd_str_of("lidia ferro")) && m[1].type == ND_ORG);
    CHECK_INT(nd_entities_evidence(e)[0].by, ND_BY_GOLD);
    CHECK_INT(nd_entities_evidence(e)[1].by, ND_BY_GOLD);
    nd_entities_free(e);
    nd_tokens_free(&s.tokens);
}

static void resolve_random_mentions_stay_in_bounds(void)
{
    static const char *const words[] = {"Kim",
                                        "Jong-un",
                                        "Putin-Kim",
                                        "of",
                                        "the",
                                        "U.S.",
                                        "The",
                                        "New",
                                        "York",
                                        "Times",
                                        "(NYT)",
                                        "J.",
                                        "F.W.",
                                        "de",
                                        "Klerk",
                                        "l'ONU",
                                        "Jr.",
                                        "III",
                                        "King",
                                        "Mr.",
                                        "adviser",
                                        "Senate",
                                        "and",
                                        "House",
                                        "D-N.Y.",
                                        "A",
                                        "\xd0\x9f\xd1\x83\xd1\x82\xd0\xb8\xd0\xbd",
                                        "AT&T",
                                        "Inc.",
                                        "7",
                                        "\xc3\x89lys",
                                        "d'\xc3\x89t\xc3\xa9",
                                        "\n\n"};
    struct nd_entities *e;
    struct nd_tokens t;
    CHECK_INT(nd_entities_new(&e, &data, NULL), 0);
    CHECK_INT(nd_tokens_init(&t), 0);
    for (int round = 0; round < 400; round++) {
        char text[2][2048];
        struct nd_article a = {0};
        nd_tokens_reset(&t);
        for (unsigned f = 0; f < 2; f++) {
            size_t n = 0;
            for (int i = 0; i < 60; i++)
                n += (size_t)snprintf(text[f] + n, sizeof text[f] - n, "%s%s",
                                      words[check_random() % (sizeof words / sizeof *words)],
                                      check_random() % 9 ? " " : ", ");
            *(f ? &a.body : &a.title) = (struct nd_str){text[f], n};
            CHECK_INT(nd_tokens_add(&t, text[f], n, f ? ND_FIELD_BODY : ND_FIELD_TITLE, NULL), 0);
        }
        struct nd_gold gold[3] = {{ND_PERSON, ND_STR("Klerk, F.W. de")},
                                  {ND_ORG, ND_STR("House")},
                                  {ND_PLACE, ND_STR(",")}};
        a.gold = gold;
        a.gold_n = check_random() % 4;
        struct nd_tag tags[80];
        size_t n = 0;
        for (size_t at = 0; at < t.n && n < 80; at += check_random() % 3) {
            size_t len = 1 + check_random() % 6;
            if (len > t.n - at)
                len = t.n - at;
            tags[n++] = (struct nd_tag){(uint32_t)at, (uint8_t)len, (uint8_t)(check_random() % 4),
                                        (uint8_t)(check_random() % 101)};
        }
        const struct nd_mention *m;
        size_t out;
        CHECK_INT(nd_entities_resolve(e, &a, &t, tags, n, &m, &out, NULL), 0);
        uint32_t end = 0;
        for (size_t i = 0; i < out; i++) {
            CHECK(m[i].first >= end && m[i].words > 0 && m[i].first + m[i].words <= t.n);
            CHECK(m[i].id.n > 0 && m[i].surface.n > 0);
            end = m[i].first + m[i].words;
            const struct nd_evidence *v = &nd_entities_evidence(e)[i];
            CHECK(v->by != ND_BY_RESOLVED || v->from < out);
        }
    }
    nd_tokens_free(&t);
    nd_entities_free(e);
}

int main(void)
{
    if (nd_gaz_open(&data.gaz, NULL, NULL))
        return 1;
    RUN(resolve_puts_bounds_right);
    RUN(resolve_namesakes_by_paragraph_and_share);
    RUN(resolve_last_names_join_the_full_name);
    RUN(resolve_titles_and_offices_come_off);
    RUN(resolve_acronyms_and_short_forms);
    RUN(resolve_places_by_alias_and_context);
    RUN(resolve_pairs_are_parted);
    RUN(resolve_headlines_invent_nothing);
    RUN(resolve_gold_of_the_dump_is_marked);
    RUN(resolve_random_mentions_stay_in_bounds);
    RUN(resolve_gold_mentions_get_their_ids);
    nd_gaz_close(&data.gaz);
    return check_done();
}
