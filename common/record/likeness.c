#include "record/likeness.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

void nd_runs_init(struct nd_runs *r)
{
    *r = (struct nd_runs){0};
}

void nd_runs_free(struct nd_runs *r)
{
    free(r->v);
    free(r->slots);
    *r = (struct nd_runs){0};
}

/* Room for n runs, the set empty. */
static int make_room(struct nd_runs *r, size_t n)
{
    size_t slots = 16;
    while (slots < 2 * n)
        slots *= 2;
    if (n > r->cap) {
        uint64_t *v = realloc(r->v, n * sizeof *v);
        if (!v)
            return ND_NOMEM;
        r->v = v;
        r->cap = n;
    }
    if (slots > r->slots_cap) {
        free(r->slots);
        r->slots_cap = 0;
        r->slots = malloc(slots * sizeof *r->slots);
        if (!r->slots)
            return ND_NOMEM;
        r->slots_cap = slots;
    }
    r->mask = slots - 1;
    memset(r->slots, 0, (r->mask + 1) * sizeof *r->slots);
    return 0;
}

/* Its slot in the set, or the free one where it would stand. */
static uint64_t *slot_of(const struct nd_runs *r, uint64_t run)
{
    size_t i = (size_t)(run >> 7) & r->mask;
    while (r->slots[i] && r->slots[i] != run)
        i = (i + 1) & r->mask;
    return &r->slots[i];
}

int nd_runs_of(struct nd_runs *r, const uint64_t *words, size_t n)
{
    const uint64_t top = ND_RUN_BASE * ND_RUN_BASE * ND_RUN_BASE * ND_RUN_BASE;
    _Static_assert(ND_RUN == 5, "top is the fourth power");
    uint64_t h = 0;
    r->n = 0;
    if (n < ND_RUN)
        return 0;
    int rc = make_room(r, n);
    for (size_t i = 0; !rc && i < n; i++) {
        h = h * ND_RUN_BASE + words[i];
        if (i + 1 < ND_RUN)
            continue;
        uint64_t run = nd_run_mix(h) | 1; /* never 0 */
        uint64_t *slot = slot_of(r, run);
        if (!*slot)
            *slot = r->v[r->n++] = run;
        h -= words[i + 1 - ND_RUN] * top;
    }
    return rc;
}

unsigned nd_runs_alike(const struct nd_runs *a, const struct nd_runs *b)
{
    size_t both = 0;
    if (!a->n || !b->n)
        return 0;
    for (size_t i = 0; i < b->n; i++)
        both += *slot_of(a, b->v[i]) != 0;
    return (unsigned)(both * ND_LIKENESS_ALL / (a->n + b->n - both));
}

int nd_word_hashes_read(struct nd_word_hashes *h, struct nd_stream *s, struct nd_error *err)
{
    struct nd_dict_cursor c;
    struct nd_word w;
    *h = (struct nd_word_hashes){.n = nd_stream_words(s)};
    h->v = calloc((size_t)h->n + 1, sizeof *h->v);
    if (!h->v)
        return nd_fail(err, ND_NOMEM, "out of memory");
    int rc = nd_dict_seek(&c, s, "", 0, &w, err);
    for (; !rc; rc = nd_dict_next(&c, &w, err)) {
        struct nd_str fold = nd_dict_fold(&c);
        if (w.rank < h->n)
            h->v[w.rank] = nd_hash64(fold.p, fold.n, 0);
    }
    nd_dict_end(&c);
    if (rc == ND_DONE)
        return 0;
    nd_word_hashes_free(h);
    return rc;
}

void nd_word_hashes_free(struct nd_word_hashes *h)
{
    free(h->v);
    *h = (struct nd_word_hashes){0};
}

int nd_body_hashes(uint64_t **words, size_t *cap, size_t *n, struct nd_stream *s,
                   const struct nd_word_hashes *h, uint32_t docid, struct nd_error *err)
{
    struct nd_section codes;
    bool body = false;
    *n = 0;
    int rc = nd_stream_article(s, docid, &codes, err);
    if (rc)
        return rc;
    if (codes.n > *cap) { /* a word takes a byte at least */
        uint64_t *v = realloc(*words, codes.n * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        *words = v;
        *cap = codes.n;
    }
    for (size_t at = 0, len; at < codes.n; at += len) {
        unsigned mark;
        uint32_t v;
        len = nd_code_get(codes.p + at, codes.n - at, &mark, &v);
        if (!len || (mark == ND_WORD_FIRST && v >= h->n))
            return nd_fail(err, ND_CORRUPT, "the words of article %u are damaged", docid);
        if (mark == ND_MARK_FIELD)
            body = v == ND_FIELD_BODY;
        else if (mark == ND_WORD_FIRST && body)
            (*words)[(*n)++] = h->v[v];
    }
    return 0;
}
