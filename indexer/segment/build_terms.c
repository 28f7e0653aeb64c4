#include "segment/build_terms.h"

#include "record/schema.h"
#include "text/stem.h"
#include "text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    OTHER_MAX = 1 << 30, /* bytes of the texts of other terms */
    LIST_AHEAD = 12,     /* words: how early the end of their posting list is fetched */
    FIELD_GAP =
        100 /* positions between fields in a complete database, as Xapian's own indexer has */
};

int nd_build_terms_init(struct nd_build_terms *t, struct nd_stream_writer *stream, bool complete)
{
    *t = (struct nd_build_terms){.stream = stream, .complete = complete};
    nd_postings_init(&t->postings);
    nd_places_init(&t->places);
    nd_buf_init(&t->fold, SIZE_MAX / 4);
    return nd_map_init(&t->other, OTHER_MAX);
}

void nd_build_terms_free(struct nd_build_terms *t)
{
    nd_postings_free(&t->postings);
    nd_places_free(&t->places);
    nd_map_free(&t->other);
    nd_buf_free(&t->fold);
    free(t->word_ids);
    free(t->plain);
    free(t->entity_terms);
    *t = (struct nd_build_terms){0};
}

size_t nd_build_terms_bytes(const struct nd_build_terms *t)
{
    return nd_postings_bytes(&t->postings) + nd_places_bytes(&t->places) + nd_map_bytes(&t->other) +
           (t->tokens_cap + t->plain_cap + t->entities_cap) * sizeof(uint32_t);
}

int nd_build_terms_room(struct nd_build_terms *t, size_t tokens)
{
    if (!t->complete || tokens <= t->tokens_cap)
        return 0;
    uint32_t *v = realloc(t->word_ids, tokens * sizeof *v);
    if (!v)
        return ND_NOMEM;
    t->word_ids = v;
    t->tokens_cap = tokens;
    return 0;
}

/* Make room for number in an array of terms, the new ones unknown. */
static int terms_room(uint32_t **v, uint32_t *cap, uint32_t number)
{
    if (number < *cap)
        return 0;
    if (number > UINT32_MAX / 4)
        return ND_LIMIT;
    uint32_t more = number < 1024 ? 2048 : number * 2;
    uint32_t *p = realloc(*v, more * sizeof *p);
    if (!p)
        return ND_NOMEM;
    memset(p + *cap, 0xff, (more - *cap) * sizeof *p);
    *v = p;
    *cap = more;
    return 0;
}

/* ---- words ---- */

static int add_words(struct nd_build_terms *t)
{
    size_t words;
    const struct nd_word_count *c = nd_stream_writer_counts(t->stream, &words);
    int rc = 0;
    for (size_t i = 0; i < words; i++)
        nd_postings_prefetch(&t->postings, ND_TERM_STEM, c[i].stems[0]);
    for (size_t i = 0; i < words && !rc; i++) {
        if (i + LIST_AHEAD < words)
            nd_postings_prefetch_end(&t->postings, ND_TERM_STEM, c[i + LIST_AHEAD].stems[0]);
        for (size_t k = 0; k < ND_STEMS_MAX && c[i].stems[k] != ND_STEM_NONE && !rc; k++) {
            rc = nd_postings_count(&t->postings, ND_TERM_STEM, c[i].stems[k],
                                   c[i].body + ND_LEAD_WEIGHT * c[i].lead +
                                       ND_TITLE_WEIGHT * c[i].title);
            if (!rc && c[i].title)
                rc = nd_postings_count(&t->postings, ND_TERM_TITLE, c[i].stems[k], c[i].title);
        }
    }
    return rc;
}

/* The plain term of a word: its key in lower case. */
static int plain_of(struct nd_build_terms *t, uint32_t word, uint32_t *out)
{
    int rc = terms_room(&t->plain, &t->plain_cap, word);
    if (rc)
        return rc;
    if (t->plain[word] == ND_MAP_NONE) {
        char term[ND_TERM_MAX];
        bool exact;
        struct nd_str key = nd_stream_writer_key(t->stream, word);
        nd_buf_reset(&t->fold);
        rc = nd_lowercase(&t->fold, key.p, key.n);
        if (rc)
            return rc;
        size_t n = nd_term_make(term, "", t->fold.data, t->fold.len, &exact);
        rc = nd_map_intern(&t->other, term, n, &t->plain[word]);
        if (rc)
            return rc;
    }
    *out = t->plain[word];
    return 0;
}

static int add_places(struct nd_build_terms *t, const struct nd_build_article *x)
{
    uint32_t gap = 1, field = ND_FIELDS;
    int rc = nd_places_begin(&t->places);
    for (size_t i = 0; i < x->tokens->n && !rc; i++) {
        uint32_t term;
        if (i && x->tokens->v[i].field != field)
            gap += FIELD_GAP;
        field = x->tokens->v[i].field;
        rc = plain_of(t, t->word_ids[i], &term);
        if (!rc)
            rc = nd_postings_count(&t->postings, ND_TERM_OTHER, term, 1);
        if (!rc)
            rc = nd_places_add(&t->places, term, (uint32_t)i + gap);
    }
    return rc;
}

/* ---- fields ---- */

/* The number of the term of prefix and value. */
static int term_of(struct nd_build_terms *t, const char *prefix, const char *p, size_t n,
                   uint32_t *out)
{
    char term[ND_TERM_MAX];
    bool exact;
    size_t len = nd_term_make(term, prefix, p, n, &exact);
    return nd_map_intern(&t->other, term, len, out);
}

/* Add the term of prefix and value, without wdf; an empty value is none. */
static int add_exact(struct nd_build_terms *t, const char *prefix, const char *p, size_t n)
{
    uint32_t number;
    if (n == 0)
        return 0;
    int rc = term_of(t, prefix, p, n, &number);
    return rc ? rc : nd_postings_count(&t->postings, ND_TERM_OTHER, number, 0);
}

static const char *prefix_of(const char *field)
{
    return nd_schema_find(field, strlen(field))->prefix;
}

static int add_absent(struct nd_build_terms *t, const char *field)
{
    return add_exact(t, ND_PREFIX_ABSENT, field, strlen(field));
}

static int add_folded(struct nd_build_terms *t, const char *prefix, struct nd_str v)
{
    nd_buf_reset(&t->fold);
    int rc = nd_value_fold(&t->fold, v.p, v.n);
    return rc ? rc : add_exact(t, prefix, t->fold.data, t->fold.len);
}

/* One value, or its absence. */
static int add_value(struct nd_build_terms *t, const char *field, struct nd_str v)
{
    return v.n ? add_folded(t, prefix_of(field), v) : add_absent(t, field);
}

static int add_values(struct nd_build_terms *t, const char *field, struct nd_strs v)
{
    int rc = v.n ? 0 : add_absent(t, field);
    for (size_t i = 0; i < v.n && !rc; i++)
        rc = add_folded(t, prefix_of(field), v.v[i]);
    return rc;
}

struct nd_str nd_url_host(struct nd_str url)
{
    const char *p = url.p, *end = url.p + url.n;
    const char *slashes = url.n ? memmem(p, url.n, "//", 2) : NULL;
    if (!slashes)
        return (struct nd_str){NULL, 0};
    p = slashes + 2;
    const char *stop = p;
    while (stop < end && *stop != '/' && *stop != '?' && *stop != '#')
        stop++;
    const char *at = memrchr(p, '@', (size_t)(stop - p));
    if (at)
        p = at + 1;
    const char *port = memrchr(p, ':', (size_t)(stop - p));
    if (port && !memchr(port, ']', (size_t)(stop - port)))
        stop = port;
    if (stop - p > 4 && strncasecmp(p, "www.", 4) == 0)
        p += 4;
    return (struct nd_str){p, (size_t)(stop - p)};
}

static int add_url(struct nd_build_terms *t, struct nd_str url)
{
    if (url.n == 0)
        return add_absent(t, "url");
    int rc = add_exact(t, prefix_of("url"), url.p, url.n);
    struct nd_str host = nd_url_host(url);
    nd_buf_reset(&t->fold);
    if (!rc)
        rc = nd_lowercase(&t->fold, host.p, host.n);
    return rc ? rc : add_exact(t, prefix_of("host"), t->fold.data, t->fold.len);
}

/* The language of the analysis, and the tag as declared where it says more. */
static int add_lang(struct nd_build_terms *t, const struct nd_build_article *x)
{
    const char *code = nd_lang_code(x->lang);
    int rc = add_exact(t, prefix_of("lang"), code, strlen(code));
    return rc ? rc : add_value(t, "lang", x->article->lang);
}

static int add_date(struct nd_build_terms *t, const struct nd_date *d)
{
    static const struct {
        const char *prefix;
        uint32_t unit;
        int digits;
        uint8_t precision;
    } parts[] = {{ND_PREFIX_YEAR, 10000, 4, ND_DATE_YEAR},
                 {ND_PREFIX_MONTH, 100, 6, ND_DATE_MONTH},
                 {ND_PREFIX_DAY, 1, 8, ND_DATE_DAY}};
    if (d->precision == ND_DATE_NONE)
        return add_absent(t, "date");
    int rc = 0;
    for (size_t i = 0; i < 3 && d->precision >= parts[i].precision && !rc; i++) {
        char digits[16];
        int n = snprintf(digits, sizeof digits, "%0*u", parts[i].digits, d->day / parts[i].unit);
        rc = add_exact(t, parts[i].prefix, digits, (size_t)n);
    }
    return rc;
}

static int add_entities(struct nd_build_terms *t, const struct nd_build_article *x)
{
    static const char *const fields[ND_ENTITY_TYPES] = {"person", "org", "place", "misc"};
    const uint32_t *arrival = nd_stream_writer_mentions(t->stream);
    int rc = 0;
    for (size_t i = 0; i < x->mentions_n && !rc; i++) {
        const struct nd_mention *m = &x->mentions[i];
        if (m->id.n == 0)
            continue;
        rc = terms_room(&t->entity_terms, &t->entities_cap, arrival[i]);
        if (!rc && t->entity_terms[arrival[i]] == ND_MAP_NONE)
            rc = term_of(t, prefix_of(fields[m->type]), m->id.p, m->id.n,
                         &t->entity_terms[arrival[i]]);
        if (!rc)
            rc = nd_postings_count(&t->postings, ND_TERM_OTHER, t->entity_terms[arrival[i]], 1);
    }
    return rc;
}

int nd_build_terms_add(struct nd_build_terms *t, const struct nd_build_article *x)
{
    const struct nd_article *a = x->article;
    int rc = nd_postings_begin(&t->postings);
    if (!rc)
        rc = add_words(t);
    if (!rc && t->complete)
        rc = add_places(t, x);
    if (!rc)
        rc = add_exact(t, prefix_of("id"), a->id.p, a->id.n);
    if (!rc && a->title.n == 0)
        rc = add_absent(t, "title");
    if (!rc)
        rc = add_value(t, "source", a->source);
    if (!rc)
        rc = add_value(t, "section", a->section);
    if (!rc)
        rc = add_values(t, "author", a->authors);
    if (!rc)
        rc = add_values(t, "tag", a->tags);
    if (!rc)
        rc = add_lang(t, x);
    if (!rc)
        rc = add_url(t, a->url);
    if (!rc)
        rc = add_date(t, &a->published);
    return rc ? rc : add_entities(t, x);
}

/* ---- signature ---- */

#define RUN_BASE UINT64_C(0x9e3779b97f4a7c15)
_Static_assert(ND_SHINGLE == 5, "run_top is the fourth power");

static uint64_t mix(uint64_t h)
{
    h = (h ^ h >> 32) * 0x9fb21c651e98df25u;
    return h ^ h >> 29;
}

void nd_build_signature(const struct nd_build_terms *t, const struct nd_build_article *x,
                        unsigned char out[4 * ND_SIGNATURE_PLACES])
{
    /* RUN_BASE to the power of ND_SHINGLE - 1 */
    const uint64_t run_top = RUN_BASE * RUN_BASE * RUN_BASE * RUN_BASE;
    const struct nd_tokens *tok = x->tokens;
    const uint64_t *hashes = nd_stream_writer_hashes(t->stream);
    uint64_t least[ND_SIGNATURE_PLACES], h = 0;
    size_t from = 0;
    memset(least, 0xff, sizeof least);
    memset(out, 0, 4 * ND_SIGNATURE_PLACES);
    while (from < tok->n && tok->v[from].field != ND_FIELD_BODY)
        from++;
    const size_t words = tok->n - from; /* the body is the last field */
    hashes += from;
    /* A polynomial in the hashes: the next run's is had from this one's. */
    for (size_t i = 0; i < words; i++) {
        h = h * RUN_BASE + hashes[i];
        if (i + 1 < ND_SHINGLE)
            continue;
        uint64_t m = mix(h), low = m & UINT32_MAX;
        if (low < least[m >> 61])
            least[m >> 61] = low;
        h -= hashes[i + 1 - ND_SHINGLE] * run_top;
    }
    if (words < ND_SIGNATURE_WORDS)
        return;
    for (size_t i = 0; i < ND_SIGNATURE_PLACES; i++) {
        size_t from = i;
        while (least[from % ND_SIGNATURE_PLACES] > UINT32_MAX) /* there is one: a run at least */
            from++;
        nd_store32(out + 4 * i, (uint32_t)least[from % ND_SIGNATURE_PLACES]);
    }
}

/* ---- writing ---- */

/* The texts of the stems with a prefix, in an array whose characters lie in chars. */
static int stem_texts(const struct nd_build_terms *t, const char *prefix, struct nd_arena *chars,
                      const struct nd_str **out, uint32_t *count)
{
    uint32_t n = nd_stream_writer_stem_count(t->stream);
    struct nd_str *v = nd_arena_array(chars, (size_t)n + 1, sizeof *v);
    if (!v)
        return ND_NOMEM;
    for (uint32_t i = 0; i < n; i++) {
        struct nd_str stem = nd_stream_writer_stem_text(t->stream, i);
        char term[ND_TERM_MAX];
        bool exact;
        size_t len = nd_term_make(term, prefix, stem.p, stem.n, &exact);
        v[i] = nd_arena_str(chars, term, len);
        if (!v[i].p)
            return ND_NOMEM;
    }
    *out = v;
    *count = n;
    return 0;
}

int nd_build_terms_write(struct nd_build_terms *t, struct nd_glass *g, struct nd_error *err)
{
    struct nd_arena chars;
    struct nd_term_texts texts = {0};
    nd_arena_init(&chars, SIZE_MAX / 4);
    int rc = stem_texts(t, ND_PREFIX_STEM, &chars, &texts.v[ND_TERM_STEM], &texts.n[ND_TERM_STEM]);
    if (!rc)
        rc = stem_texts(t, ND_PREFIX_TITLE, &chars, &texts.v[ND_TERM_TITLE],
                        &texts.n[ND_TERM_TITLE]);
    struct nd_str *other = nd_arena_array(&chars, (size_t)t->other.count + 1, sizeof *other);
    if (rc || !other) {
        rc = nd_fail(err, ND_NOMEM, "out of memory for the terms of a segment");
        goto out;
    }
    for (uint32_t i = 0; i < t->other.count; i++)
        other[i] = nd_map_key(&t->other, i);
    texts.v[ND_TERM_OTHER] = other;
    texts.n[ND_TERM_OTHER] = t->other.count;
    rc = nd_postings_write(&t->postings, g, &texts, t->complete ? &t->places : NULL, err);
out:
    nd_arena_free(&chars);
    return rc;
}
