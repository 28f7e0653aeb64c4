#include "../check.h"

#include "base/file.h"
#include "base/map.h"
#include "record/column.h"
#include "record/evidence.h"
#include "record/schema.h"
#include "segment/build.h"
#include "text/stem.h"
#include "text/utf8.h"
#include "xap/xap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[512];

static const char *dir_of(const char *name)
{
    snprintf(dir, sizeof dir, "%s/%s", check_dir(), name);
    return dir;
}

static struct nd_str file_of(const char *name)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return nd_str_of(path);
}

static void tokens_of(struct nd_tokens *t, const struct nd_article *a)
{
    nd_tokens_reset(t);
    for (unsigned f = 0; f < ND_FIELDS; f++) {
        struct nd_str s = nd_article_field(a, f);
        if (s.n)
            CHECK_INT(nd_tokens_add(t, s.p, s.n, f, NULL), 0);
    }
}

static int add(struct nd_build *b, const struct nd_article *a, const struct nd_mention *m, size_t n,
               struct nd_error *err)
{
    struct nd_tokens t;
    nd_tokens_init(&t);
    tokens_of(&t, a);
    struct nd_build_article x = {.article = a,
                                 .tokens = &t,
                                 .lang = ND_LANG_EN,
                                 .mentions = m,
                                 .mentions_n = n,
                                 .content = nd_hash128(a->body.p, a->body.n),
                                 .revision = 4,
                                 .first_revision = 3,
                                 .version = 9,
                                 .indexed = 1700000000};
    int rc = nd_build_add(b, &x, err);
    nd_tokens_free(&t);
    return rc;
}

static struct nd_str authors[] = {{"J\xc3\xb6rg Doe", 9}, {"ANN", 3}, {"Ann", 3}};

static struct nd_article full(void)
{
    struct nd_article a = {.id = ND_STR("id-1"),
                           .title = ND_STR("Grain deal ends"),
                           .lead = ND_STR("Ships wait."),
                           .body =
                               ND_STR("The first-class ship waited. Ships left Odesa with Grain."),
                           .source = ND_STR("The  Sun"),
                           .section = ND_STR("World"),
                           .url = ND_STR("https://user@WWW.Example.org:8080/a?b"),
                           .lang = ND_STR("en-GB"),
                           .authors = {authors, 3},
                           .origin = {ND_STR("dump.jsonl"), ND_STR(""), 77, 5}};
    CHECK_INT(nd_date_parse(&a.published, "2023-09-05", 10, NULL), 0);
    return a;
}

/* The wdf of a posting, -1 if the document lacks the term. */
static int64_t wdf_of(struct xap_index *ix, const char *term, uint32_t docid)
{
    struct xap_postings *p;
    uint32_t d;
    int64_t wdf = -1;
    if (xap_postings_open(&p, ix, 0, term, strlen(term), NULL))
        return -1;
    if (xap_postings_skip(p, docid, &d, NULL) == 0 && d == docid)
        wdf = xap_postings_wdf(p);
    xap_postings_close(p);
    return wdf;
}

/* Build the full article and an empty one. */
static void build_two(const char *name, bool complete)
{
    struct nd_build_options o = {.complete = complete};
    struct nd_build *b;
    struct nd_error err = {0};
    struct nd_build_sizes sizes;
    struct nd_mention m[] = {{12, 1, ND_PLACE, ND_STR("odesa"), ND_STR("Odesa"), 0},
                             {0, 2, ND_MISC, ND_STR("grain deal"), ND_STR("Grain deal"),
                              nd_proof_pack(0, ND_PROOF_LIST + 1, 934)},
                             {12, 1, ND_PLACE, ND_STR("odesa"), ND_STR("Odesa"), 0}};
    struct nd_article a = full(), empty = {.id = ND_STR("id-2")};
    if (!CHECK_INT(nd_build_new(&b, dir_of(name), &o, &err), 0))
        return;
    CHECK_INT(add(b, &a, m, 3, &err), 0);
    CHECK_INT(add(b, &empty, NULL, 0, &err), 0);
    CHECK_INT(nd_build_docs(b), 2);
    CHECK(nd_build_bytes(b) > 1000);
    CHECK_INT(nd_build_finish(b, &sizes, &err), 0);
    CHECK(sizes.total > 0 && sizes.docs == 2);
}

static void build_terms_are_as_documented(void)
{
    const char *const paths[] = {dir};
    struct xap_index *ix;
    struct nd_error err = {0};
    build_two("terms", false);
    CHECK_INT(xap_open(&ix, paths, 1, &err), 0);
    CHECK_INT(xap_doccount(ix, XAP_ALL), 2);
    CHECK_INT(wdf_of(ix, "Zgrain", 1), 4); /* once in the title, once in the body */
    CHECK_INT(wdf_of(ix, "Zship", 1),
              4); /* twice in the body, once in the lead, which counts twice */
    CHECK_INT(wdf_of(ix, "Sgrain", 1), 1);
    CHECK_INT(wdf_of(ix, "Sship", 1), -1);
    CHECK_INT(wdf_of(ix, "Zfirst", 1), 1);
    CHECK_INT(wdf_of(ix, "Zfirstclass", 1), 1);
    static const char *const without[] = {
        "Ajorg doe", "Aann",         "Len",
        "Len-gb",    "XSRCthe sun",  "XSECworld",
        "Qid-1",     "Hexample.org", "Uhttps://user@WWW.Example.org:8080/a?b",
        "Y2023",     "M202309",      "D20230905",
        "XNONE:tag"};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++)
        if (!CHECK_INT(wdf_of(ix, without[i], 1), 0))
            fprintf(stderr, "  %s\n", without[i]);
    CHECK_INT(wdf_of(ix, "XLOCodesa", 1), 2);
    CHECK_INT(wdf_of(ix, "XMISCgrain deal", 1), 1);
    static const char *const absent[] = {"date",  "author", "source", "section",
                                         "title", "lang",   "tag",    "url"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        char term[40];
        snprintf(term, sizeof term, "XNONE:%s", absent[i]);
        CHECK_INT(wdf_of(ix, term, 2), 0);
        CHECK_INT(wdf_of(ix, term, 1), strcmp(absent[i], "tag") ? -1 : 0);
    }
    CHECK_INT(wdf_of(ix, "grain", 1), -1);
    uint32_t length;
    CHECK_INT(xap_doclen(&length, ix, 0, 2, &err), 0);
    CHECK_INT(length, 0);
    struct nd_buf line;
    nd_buf_init(&line, 10000);
    CHECK_INT(xap_data(&line, ix, 0, 1, &err), 0);
    CHECK(strstr(line.data, "\"id-1\"") && strstr(line.data, "Grain deal ends"));
    CHECK(!strstr(line.data, "Odesa"));
    nd_buf_free(&line);
    xap_close(ix);
}

static void build_columns_texts_and_stream_agree(void)
{
    struct nd_columns c;
    struct nd_texts *t;
    struct nd_stream *s;
    struct nd_error err = {0};
    struct nd_buf text;
    size_t n;
    build_two("files", false);
    CHECK_INT(nd_columns_open(&c, file_of("columns").p, &err), 0);
    CHECK_INT(c.docs, 2);
    CHECK_INT(nd_column_u32(&c, ND_COL_DAY, 1), 20230905);
    CHECK(nd_column_i64(&c, ND_COL_PUBLISHED, 2) == ND_UTC_NONE);
    CHECK_INT(nd_column_u32(&c, ND_COL_FIRST_REV, 2), 3);
    CHECK_INT(nd_column_u32(&c, ND_COL_LAST_REV, 2), 4);
    CHECK_INT(nd_column_u64(&c, ND_COL_VERSION, 1), 9);
    CHECK_INT(nd_column_i64(&c, ND_COL_INDEXED, 1), 1700000000);
    CHECK_INT(nd_column_u32(&c, ND_COL_LENGTH, 1), 15);
    CHECK(nd_column_u64(&c, ND_COL_ID, 1) == nd_hash64("id-1", 4, 0));
    const unsigned char *origin = nd_column_bytes(&c, ND_COL_ORIGIN, 1, 12);
    CHECK_INT(nd_load64(origin + 4), 77);
    struct nd_str file = nd_column_value(&c, ND_COL_ORIGIN, nd_load32(origin));
    CHECK_MEM(file.p, file.n, "dump.jsonl", 10);
    const unsigned char *list = nd_column_list(&c, ND_COL_ENTITIES, 1, &n);
    CHECK_INT(n, 4);
    CHECK_INT(nd_stream_open(&s, file_of("stream").p, &err), 0);
    CHECK_INT(nd_stream_docs(s), 2);
    CHECK_INT(nd_stream_tokens(s), 15);
    uint32_t mentions = 0;
    for (size_t i = 0; i + 1 < n; i += 2) {
        struct nd_entity_row row;
        CHECK_INT(nd_stream_entity(s, nd_load32(list + 4 * i), &row, &err), 0);
        uint32_t v = nd_load32(list + 4 * i + 4);
        CHECK_INT(nd_proof_mentions(v), row.type == ND_PLACE ? 2 : 1);
        CHECK_INT(nd_proof_of(v), row.type == ND_PLACE ? ND_PROOF_NONE : ND_PROOF_LIST + 1);
        CHECK_INT(nd_proof_number(v), row.type == ND_PLACE ? 0 : 934);
        mentions += row.mentions;
    }
    CHECK_INT(mentions, 3);
    nd_stream_close(s);
    nd_columns_close(&c);
    CHECK_INT(nd_texts_open(&t, file_of("text").p, &err), 0);
    nd_buf_init(&text, 100000);
    CHECK_INT(nd_texts_get(t, 1, &text, &err), 0);
    CHECK(strstr(text.data, "Ships left Odesa") && strstr(text.data, "dump.jsonl"));
    nd_buf_free(&text);
    nd_texts_close(t);
}

static void build_complete_has_words_and_positions(void)
{
    char command[700];
    const char *const paths[] = {dir};
    struct xap_index *ix;
    struct nd_error err = {0};
    build_two("complete", true);
    CHECK_INT(xap_open(&ix, paths, 1, &err), 0);
    CHECK_INT(wdf_of(ix, "grain", 1), 2);
    CHECK_INT(wdf_of(ix, "ships", 1), 2);
    CHECK_INT(wdf_of(ix, "Zship", 1),
              4); /* twice in the body, once in the lead, which counts twice */
    xap_close(ix);
    struct stat st;
    CHECK(stat(file_of("position.glass").p, &st) == 0 && st.st_size > 0);
    CHECK(stat(file_of("termlist.glass").p, &st) == 0 && st.st_size > 0);
    if (access("/usr/bin/xapian-check", X_OK) == 0) {
        snprintf(command, sizeof command, "/usr/bin/xapian-check '%s' >/dev/null 2>&1", dir);
        CHECK_INT(system(command), 0);
    }
}

/* Every stem's posting list against a count of the tokens. */
static void build_postings_agree_with_a_count(void)
{
    enum {
        DOCS = 30,
        WORDS = 60
    };
    static const char *const words[] = {"ship", "ships", "shipped", "grain",      "deals",
                                        "deal", "US",    "us",      "sugar-free", "na\xc3\xafve"};
    const char *const paths[] = {dir};
    struct nd_article a[DOCS] = {0};
    struct nd_build *b;
    struct nd_error err = {0};
    struct nd_arena arena;
    struct nd_stemmers *st;
    struct nd_map terms;
    uint32_t(*wdf)[DOCS] = calloc(1000, sizeof *wdf);
    nd_arena_init(&arena, 1 << 24);
    CHECK_INT(nd_map_init(&terms, 1 << 20), 0);
    CHECK_INT(nd_stemmers_new(&st, &err), 0);
    CHECK_INT(nd_build_new(&b, dir_of("count"), NULL, &err), 0);
    for (size_t d = 0; d < DOCS; d++) {
        struct nd_buf text, stems;
        struct nd_tokens t;
        nd_buf_init(&text, 100000);
        for (size_t i = 0; i < check_random() % WORDS; i++)
            nd_buf_printf(&text, "%s%s", words[check_random() % 10],
                          check_random() % 5 ? " " : ". ");
        a[d].id = nd_str_of(nd_arena_printf(&arena, "d%zu", d));
        a[d].body = nd_arena_str(&arena, text.data, text.len);
        a[d].title = nd_str_of(words[d % 8]);
        CHECK_INT(add(b, &a[d], NULL, 0, &err), 0);
        nd_tokens_init(&t);
        tokens_of(&t, &a[d]);
        nd_buf_init(&stems, 10000);
        for (size_t i = 0; i < t.n; i++)
            for (int joined = 0; joined < 2; joined++) {
                char key[ND_WORD_MAX];
                struct nd_str k = nd_token_key(&t, i);
                size_t len[ND_STEMS_MAX], at = 0, kn = 0;
                if (joined && !(t.v[i].flags & ND_T_JOINED))
                    continue;
                for (size_t c = 0, n = joined ? nd_tokens_joined(&t, i, key) : 0; c < n; c++)
                    if (key[c] != '-')
                        key[kn++] = key[c];
                if (joined)
                    k = (struct nd_str){key, kn};
                nd_buf_reset(&stems);
                int n = nd_stems(st, ND_LANG_EN, k.p, k.n, &stems, len);
                for (int s = 0; s < n; at += len[s], s++) {
                    char term[300];
                    uint32_t number;
                    int tn = snprintf(term, sizeof term, "Z%.*s", (int)len[s], stems.data + at);
                    nd_map_intern(&terms, term, (size_t)tn, &number);
                    wdf[number][d] += t.v[i].field == ND_FIELD_TITLE ? ND_TITLE_WEIGHT : 1;
                }
            }
        nd_tokens_free(&t);
        nd_buf_free(&text);
        nd_buf_free(&stems);
    }
    CHECK_INT(nd_build_finish(b, NULL, &err), 0);
    struct xap_index *ix;
    CHECK_INT(xap_open(&ix, paths, 1, &err), 0);
    for (uint32_t i = 0; i < terms.count; i++) {
        struct nd_str key = nd_map_key(&terms, i);
        uint32_t freq = 0;
        for (uint32_t d = 0; d < DOCS; d++) {
            CHECK_INT(wdf_of(ix, key.p, d + 1), wdf[i][d] ? (long long)wdf[i][d] : -1);
            freq += wdf[i][d] != 0;
        }
        CHECK_INT(xap_termfreq(ix, 0, key.p, key.n), freq);
    }
    struct xap_terms *list;
    struct nd_str term;
    uint32_t listed = 0;
    CHECK_INT(xap_terms_open(&list, ix, 0, "Z", 1, &err), 0);
    while (xap_terms_next(list, &term, NULL, &err) == 0)
        listed++;
    CHECK_INT(listed, terms.count);
    xap_terms_close(list);
    xap_close(ix);
    nd_stemmers_free(st);
    nd_map_free(&terms);
    nd_arena_free(&arena);
    free(wdf);
}

static void signature_of(unsigned char out[32], const char *name, const char *body)
{
    struct nd_columns c;
    struct nd_build *b;
    struct nd_error err = {0};
    struct nd_article a = {.id = ND_STR("x"), .body = nd_str_of(body)};
    CHECK_INT(nd_build_new(&b, dir_of(name), NULL, &err), 0);
    CHECK_INT(add(b, &a, NULL, 0, &err), 0);
    CHECK_INT(nd_build_finish(b, NULL, &err), 0);
    CHECK_INT(nd_columns_open(&c, file_of("columns").p, &err), 0);
    memcpy(out, nd_column_bytes(&c, ND_COL_SIGNATURE, 1, 32), 32);
    nd_columns_close(&c);
}

static unsigned alike(const unsigned char *a, const unsigned char *b)
{
    unsigned n = 0;
    for (size_t i = 0; i < ND_SIGNATURE_PLACES; i++)
        n += nd_load32(a + 4 * i) == nd_load32(b + 4 * i);
    return n;
}

static void build_signature_tells_near_copies(void)
{
    unsigned char one[32], copy[32], other[32], brief[32];
    struct nd_buf text;
    nd_buf_init(&text, 100000);
    for (int i = 0; i < 400; i++)
        nd_buf_printf(&text, "W\xc3\xb6rd%d ", i * 37 % 211);
    signature_of(one, "sig1", text.data);
    nd_buf_str(&text, "and a last line.");
    text.data[1] = 'O'; /* "WO" would fold alike; the byte after keeps the text well-formed */
    text.data[2] = 'O';
    signature_of(copy, "sig2", text.data);
    nd_buf_reset(&text);
    for (int i = 0; i < 400; i++)
        nd_buf_printf(&text, "other%d ", i * 53 % 199);
    signature_of(other, "sig3", text.data);
    signature_of(brief, "sig4", "only a few words");
    CHECK(alike(one, copy) >= 6);
    CHECK_INT(alike(one, other), 0);
    static const unsigned char zeros[32];
    CHECK_MEM(brief, 32, zeros, 32);
    nd_buf_free(&text);
}

static void build_abandon_leaves_nothing(void)
{
    struct nd_build *b;
    struct nd_error err = {0};
    struct nd_article a = full();
    CHECK_INT(nd_build_new(&b, dir_of("gone"), NULL, &err), 0);
    CHECK_INT(add(b, &a, NULL, 0, &err), 0);
    nd_build_abandon(b);
    CHECK(access(dir, F_OK) != 0);
    build_two("there", false);
    CHECK_INT(nd_build_new(&b, dir, NULL, &err), ND_IO);
    CHECK(b == NULL);
    CHECK(access(file_of("stream").p, F_OK) == 0); /* what was there is left alone */
    nd_build_abandon(NULL);
}

static void build_takes_what_is_hostile(void)
{
    struct nd_build *b;
    struct nd_error err = {0};
    char id[2000], name[3000];
    memset(id, 'x', sizeof id);
    memset(name, 0, sizeof name);
    struct nd_mention m = {0, 1, ND_PERSON, {name, sizeof name}, {id, sizeof id}, 0};
    struct nd_article a = {.id = {id, sizeof id},
                           .title = ND_STR("word"),
                           .url = {id, sizeof id},
                           .source = {name, sizeof name},
                           .section = ND_STR(" ")};
    CHECK_INT(nd_build_new(&b, dir_of("hostile"), NULL, &err), 0);
    CHECK_INT(add(b, &a, &m, 1, &err), 0);
    a.url = ND_STR("http://");
    CHECK_INT(add(b, &a, NULL, 0, &err), 0);
    a.url = ND_STR("//[::1]:80");
    CHECK_INT(add(b, &a, NULL, 0, &err), 0);
    a.url = ND_STR("not a url");
    CHECK_INT(add(b, &a, NULL, 0, &err), 0);
    CHECK_INT(nd_build_finish(b, NULL, &err), 0);
    const char *const paths[] = {dir};
    struct xap_index *ix;
    CHECK_INT(xap_open(&ix, paths, 1, &err), 0);
    CHECK_INT(xap_doccount(ix, XAP_ALL), 4);
    CHECK_INT(wdf_of(ix, "H[::1]", 3), 0);
    xap_close(ix);
}

int main(void)
{
    RUN(build_terms_are_as_documented);
    RUN(build_columns_texts_and_stream_agree);
    RUN(build_complete_has_words_and_positions);
    RUN(build_postings_agree_with_a_count);
    RUN(build_signature_tells_near_copies);
    RUN(build_abandon_leaves_nothing);
    RUN(build_takes_what_is_hostile);
    return check_done();
}
