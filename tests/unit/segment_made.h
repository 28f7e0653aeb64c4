/* segment_made.h: made articles, the same for the same number, and segments of them.
 * Used by: segment_dump.h, tests of segments, tests/fault. */
#ifndef TESTS_SEGMENT_MADE_H
#define TESTS_SEGMENT_MADE_H

#include "../check.h"

#include "segment/build.h"
#include "text/stem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BODY_MAX = 1 << 14
};

/* ---- articles ---- */

static const char *const made_words[] = {
    "the",    "of",          "Minister",   "grain",  "harbour", "strike", "US",         "us",
    "Élysée", "first-class", "U.S.",       "train",  "Train",   "TRAIN",  "running",    "runs",
    "ran",    "prices",      "price",      "iPhone", "3.5",     "1,000",  "co-operate", "naïve",
    "straße", "Jong-un",     "well-known", "quota",  "don't",   "paper's"};

/* Text of article i: the same for the same i. */
static size_t made_body(unsigned i, char *out, size_t max)
{
    uint64_t seed = i * 0x9e3779b97f4a7c15u + 1;
    size_t n = 0, words = 40 + i % 60;
    for (size_t k = 0; k < words && n + 64 < max; k++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        unsigned r = (unsigned)(seed >> 40);
        if (k == 3)
            n += (size_t)snprintf(out + n, max - n, "onlyin%u ", i);
        if (r % 13 == 0)
            n += (size_t)snprintf(out + n, max - n, "%s", r % 2 ? "\xe2\x80\x9c" : "\xe2\x80\x9d ");
        n += (size_t)snprintf(out + n, max - n, "%s%s", made_words[r % 30],
                              r % 17 == 0   ? ". "
                              : r % 71 == 0 ? ".\n\n"
                                            : " ");
        if (r % 29 == 0)
            n += (size_t)snprintf(out + n, max - n, "w%u ", r % 997);
    }
    return n;
}

static int made_add(struct nd_build *b, struct nd_tokens *t, unsigned i, struct nd_error *err)
{
    char body[BODY_MAX], id[32], title[64], source[32], author[2][32], name[32], only[32];
    struct nd_str authors[2], tags[1];
    struct nd_mention m[3];
    struct nd_article a = {0};
    a.id = (struct nd_str){id, (size_t)snprintf(id, sizeof id, "id-%u", i)};
    a.title = (struct nd_str){
        title, (size_t)snprintf(title, sizeof title, "Strike %u in the Harbour %u", i % 7, i)};
    a.body = (struct nd_str){body, made_body(i, body, sizeof body)};
    if (i % 5)
        a.source =
            (struct nd_str){source, (size_t)snprintf(source, sizeof source, "Paper %u", i % 11)};
    for (unsigned k = 0; k < 2; k++)
        authors[k] = (struct nd_str){
            author[k], (size_t)snprintf(author[k], 32, "Author %u", (i * (k + 3)) % 17)};
    a.authors = (struct nd_strs){authors, i % 3};
    tags[0] = (struct nd_str){only, (size_t)snprintf(only, sizeof only, "tag of %u", i)};
    a.tags = (struct nd_strs){tags, i % 4 == 0};
    a.lang = i % 6 == 0 ? ND_STR("de") : i % 6 == 1 ? (struct nd_str){NULL, 0} : ND_STR("en");
    a.url = (struct nd_str){title, 0};
    if (i % 9)
        nd_date_parse(&a.published, "2023-09-05", 10, NULL);
    a.origin.file = ND_STR("/dumps/a.jsonl");
    a.origin.offset = i * 1000u;
    nd_tokens_reset(t);
    int rc = nd_tokens_add(t, a.title.p, a.title.n, ND_FIELD_TITLE, err);
    if (!rc)
        rc = nd_tokens_add(t, a.body.p, a.body.n, ND_FIELD_BODY, err);
    size_t mentions = i % 3;
    for (size_t k = 0; k < mentions && !rc; k++)
        m[k] = (struct nd_mention){
            .first = (uint32_t)(4 + 2 * k),
            .words = (uint8_t)(1 + k),
            .type = (enum nd_entity_type)((i + k) % ND_ENTITY_TYPES),
            .id = {name, (size_t)snprintf(name, sizeof name, "name %u", i % 23)},
            .surface = k ? a.title : a.id};
    struct nd_build_article x = {.article = &a,
                                 .tokens = t,
                                 .lang = a.lang.n ? nd_lang_of(a.lang.p, a.lang.n) : ND_LANG_EN,
                                 .mentions = m,
                                 .mentions_n = mentions,
                                 .revision = 1,
                                 .first_revision = 1,
                                 .indexed = 1700000000};
    struct nd_buf json;
    nd_buf_init(&json, 1 << 20);
    nd_article_json(&json, &a, false);
    x.content = nd_hash128(json.data, json.len);
    nd_buf_free(&json);
    return rc ? rc : nd_build_add(b, &x, err);
}

/* A segment of the articles from..to that skip, if any, does not name. */
static int made_build(const char *dir, unsigned from, unsigned to, const unsigned char *skip,
                      struct nd_error *err)
{
    struct nd_build *b;
    struct nd_tokens t;
    struct nd_build_options o = {0};
    int rc = nd_tokens_init(&t);
    if (rc)
        return rc;
    rc = nd_build_new(&b, dir, &o, err);
    for (unsigned i = from; i < to && !rc; i++)
        if (!skip || !(skip[i / 8] >> (i % 8) & 1))
            rc = made_add(b, &t, i, err);
    if (!rc)
        rc = nd_build_finish(b, NULL, err);
    else
        nd_build_abandon(b);
    nd_tokens_free(&t);
    return rc;
}

#endif
