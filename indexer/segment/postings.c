#include "segment/postings.h"

#include "record/order.h"
#include "segment/glass_encode.h"

#include <stdlib.h>
#include <string.h>

enum {
    KIND_SHIFT = 30,
    NUMBER_MAX = (1 << KIND_SHIFT) - 1,
    FIRST_DOCS = 256,
    FIRST_TERMS = 4096,
    LINK = sizeof(unsigned char *), /* a slice begins with where the full one before it lies */
    FIRST_SLICE = 16,               /* bytes behind the link; each slice is twice the one before */
    SLICE_MAX = 4096,
    FIRST_BLOCK = 64 << 10,
    BLOCK_MAX = 1 << 20,
    POSTING_MAX = 10 /* bytes */
};

static uint32_t kind_of(uint32_t term)
{
    return term >> KIND_SHIFT;
}

static uint32_t number_of(uint32_t term)
{
    return term & NUMBER_MAX;
}

/* ---- collecting ---- */

void nd_postings_init(struct nd_postings *p)
{
    *p = (struct nd_postings){0};
}

void nd_postings_free(struct nd_postings *p)
{
    for (struct nd_posting_block *b = p->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(p->lengths);
    for (int k = 0; k < ND_TERM_KINDS; k++)
        free(p->v[k]);
    *p = (struct nd_postings){0};
}

size_t nd_postings_bytes(const struct nd_postings *p)
{
    size_t n = p->pool + (size_t)p->docs_cap * sizeof *p->lengths;
    for (int k = 0; k < ND_TERM_KINDS; k++) /* and the text, order and rank that writing takes */
        n += (size_t)p->cap[k] * (sizeof **p->v + 2 * sizeof(struct nd_str) + 16);
    return n + (size_t)p->docs * 8;
}

int nd_postings_begin(struct nd_postings *p)
{
    if (p->docs == p->docs_cap) {
        if (p->docs_cap > UINT32_MAX / 4)
            return ND_LIMIT;
        uint32_t cap = p->docs_cap ? p->docs_cap * 2 : FIRST_DOCS;
        uint32_t *l = realloc(p->lengths, cap * sizeof *l);
        if (!l)
            return ND_NOMEM;
        p->lengths = l;
        p->docs_cap = cap;
    }
    p->lengths[p->docs++] = 0;
    return 0;
}

static int list_room(struct nd_postings *p, enum nd_term_kind kind, uint32_t number)
{
    if (number > NUMBER_MAX)
        return ND_LIMIT;
    uint32_t cap = number < FIRST_TERMS ? FIRST_TERMS : number * 2;
    struct nd_posting_list *v = realloc(p->v[kind], cap * sizeof *v);
    if (!v)
        return ND_NOMEM;
    memset(v + p->cap[kind], 0, (cap - p->cap[kind]) * sizeof *v);
    p->v[kind] = v;
    p->cap[kind] = cap;
    return 0;
}

/* Cut the next slice of a list whose newest one is full. */
static int next_slice(struct nd_postings *p, struct nd_posting_list *l)
{
    uint32_t size = !l->size ? FIRST_SLICE : l->size < SLICE_MAX ? l->size * 2 : SLICE_MAX;
    if (p->block_left < LINK + size) {
        size_t bytes = p->block_size < BLOCK_MAX / 2 ? FIRST_BLOCK + p->block_size * 2 : BLOCK_MAX;
        struct nd_posting_block *b = malloc(sizeof *b + bytes);
        if (!b)
            return ND_NOMEM;
        b->next = p->blocks;
        p->blocks = b;
        p->free = b->data;
        p->block_left = p->block_size = bytes;
        p->pool += bytes;
    }
    const unsigned char *before = l->size ? l->at - l->size : NULL;
    memcpy(p->free, &before, LINK);
    l->at = p->free + LINK;
    l->left = l->size = size;
    p->free += LINK + size;
    p->block_left -= LINK + size;
    return 0;
}

/* Append the open posting to the bytes of its list. */
static int close_posting(struct nd_postings *p, struct nd_posting_list *l)
{
    unsigned char bytes[POSTING_MAX];
    uint32_t gap = l->doc - l->before - 1;
    l->before = l->doc;
    if (l->left >= 2 && gap < 0x80 && l->wdf < 0x80) { /* nearly all of them */
        l->at[0] = (unsigned char)gap;
        l->at[1] = (unsigned char)l->wdf;
        l->at += 2;
        l->left -= 2;
        return 0;
    }
    const unsigned char *from = bytes;
    size_t n = (size_t)(nd_glass_put_uint(nd_glass_put_uint(bytes, gap), l->wdf) - bytes);
    while (n) {
        if (l->left == 0 && next_slice(p, l)) {
            p->failed = true;
            return ND_NOMEM;
        }
        size_t part = n < l->left ? n : l->left;
        memcpy(l->at, from, part);
        l->at += part;
        l->left -= (uint32_t)part;
        from += part;
        n -= part;
    }
    return 0;
}

int nd_postings_count(struct nd_postings *p, enum nd_term_kind kind, uint32_t number, uint32_t wdf)
{
    int rc = number < p->cap[kind] ? 0 : list_room(p, kind, number);
    if (rc)
        return rc;
    uint32_t *length = &p->lengths[p->docs - 1];
    if (wdf > UINT32_MAX - *length)
        return ND_LIMIT;
    *length += wdf;
    struct nd_posting_list *l = &p->v[kind][number];
    if (l->doc == p->docs) {
        l->wdf += wdf;
        return 0;
    }
    if (l->doc)
        rc = close_posting(p, l);
    l->doc = p->docs;
    l->wdf = wdf;
    l->n++;
    return rc;
}

void nd_places_init(struct nd_places *p)
{
    *p = (struct nd_places){0};
}

void nd_places_free(struct nd_places *p)
{
    free(p->term);
    free(p->pos);
    free(p->doc_at);
    *p = (struct nd_places){0};
}

size_t nd_places_bytes(const struct nd_places *p)
{
    return p->cap * 8 + p->n * 8 + (size_t)p->docs_cap * sizeof *p->doc_at;
}

int nd_places_begin(struct nd_places *p)
{
    if (p->docs + 2 > p->docs_cap) { /* one more for the end */
        if (p->docs_cap > UINT32_MAX / 4)
            return ND_LIMIT;
        uint32_t cap = p->docs_cap ? p->docs_cap * 2 : FIRST_DOCS;
        size_t *at = realloc(p->doc_at, cap * sizeof *at);
        if (!at)
            return ND_NOMEM;
        if (!p->doc_at)
            at[0] = 0;
        p->doc_at = at;
        p->docs_cap = cap;
    }
    p->doc_at[++p->docs] = p->n;
    return 0;
}

int nd_places_add(struct nd_places *p, uint32_t term, uint32_t pos)
{
    if (p->n == p->cap) {
        size_t cap = p->cap ? p->cap + p->cap / 2 : 1 << 16;
        uint32_t *t = realloc(p->term, cap * sizeof *t);
        if (t)
            p->term = t;
        uint32_t *s = realloc(p->pos, cap * sizeof *s);
        if (s)
            p->pos = s;
        if (!t || !s)
            return ND_NOMEM;
        p->cap = cap;
    }
    p->term[p->n] = term;
    p->pos[p->n++] = pos;
    p->doc_at[p->docs] = p->n;
    return 0;
}

/* ---- writing ---- */

struct writing {
    const struct nd_postings *p;
    struct nd_glass *g;
    struct nd_str *text; /* by rank: the terms in byte order */
    uint32_t *term;      /* by rank */
    uint32_t terms;
    size_t postings;              /* of all lists */
    uint32_t *docids, *wdfs;      /* of one list */
    const unsigned char **slices; /* of one list, newest first */
};

static void writing_free(struct writing *w)
{
    free(w->text);
    free(w->term);
    free(w->docids);
    free(w->wdfs);
    free(w->slices);
}

/* Put the terms that occur in order; make room for the longest list. */
static int sort_terms(struct writing *w, const struct nd_term_texts *texts)
{
    const struct nd_postings *p = w->p;
    size_t most = 0;
    uint32_t longest = 0;
    for (int k = 0; k < ND_TERM_KINDS; k++)
        for (uint32_t n = 0; n < p->cap[k]; n++) {
            if (p->v[k][n].n == 0)
                continue;
            if (n >= texts->n[k])
                return ND_INTERNAL;
            most++;
            w->postings += p->v[k][n].n;
            longest = p->v[k][n].n > longest ? p->v[k][n].n : longest;
        }
    if (most > NUMBER_MAX)
        return ND_LIMIT;
    struct nd_str *used = malloc((most + 1) * sizeof *used);
    uint32_t *number = malloc((most + 1) * sizeof *number), *order = NULL;
    w->text = malloc((most + 1) * sizeof *w->text);
    w->term = malloc((most + 1) * sizeof *w->term);
    w->docids = malloc(((size_t)longest + 1) * sizeof *w->docids);
    w->wdfs = malloc(((size_t)longest + 1) * sizeof *w->wdfs);
    w->slices = malloc(((size_t)longest * POSTING_MAX / SLICE_MAX + 64) * sizeof *w->slices);
    int rc =
        used && number && w->text && w->term && w->docids && w->wdfs && w->slices ? 0 : ND_NOMEM;
    for (uint32_t k = 0; k < ND_TERM_KINDS && !rc; k++)
        for (uint32_t n = 0; n < p->cap[k]; n++)
            if (p->v[k][n].n) {
                used[w->terms] = texts->v[k][n];
                number[w->terms++] = k << KIND_SHIFT | n;
            }
    if (!rc)
        rc = nd_order(&order, used, w->terms);
    for (uint32_t r = 0; r < w->terms && !rc; r++) {
        w->text[r] = used[order[r]];
        w->term[r] = number[order[r]];
    }
    free(used);
    free(number);
    free(order);
    return rc;
}

/* Bytes of a list, across slices. */
struct cursor {
    const unsigned char *const *slice; /* those to come, the next one last */
    size_t slices;
    const unsigned char *at, *end;
    uint32_t size, used; /* of this slice; used: bytes of the newest one */
};

static void enter_slice(struct cursor *c)
{
    c->size = !c->size ? FIRST_SLICE : c->size < SLICE_MAX ? c->size * 2 : SLICE_MAX;
    c->at = c->slice[--c->slices];
    c->end = c->at + (c->slices ? c->size : c->used);
}

static uint32_t next_number(struct cursor *c)
{
    uint32_t v = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (c->at == c->end)
            enter_slice(c);
        unsigned char b = *c->at++;
        v |= (uint32_t)(b & 0x7f) << shift;
        if (b < 0x80)
            return v;
    }
}

/* Decode the list of a rank to docids and wdfs. Return: its length. */
static uint32_t read_list(struct writing *w, uint32_t r)
{
    const struct nd_posting_list *l = &w->p->v[kind_of(w->term[r])][number_of(w->term[r])];
    struct cursor c = {.slice = w->slices, .used = l->size - l->left};
    if (l->size) {
        const unsigned char *start = l->at - c.used;
        while (start) {
            w->slices[c.slices++] = start;
            memcpy(&start, start - LINK, LINK);
        }
    }
    uint32_t doc = 0;
    for (uint32_t i = 0; i + 1 < l->n; i++) {
        doc += next_number(&c) + 1;
        w->docids[i] = doc;
        w->wdfs[i] = next_number(&c);
    }
    w->docids[l->n - 1] = l->doc;
    w->wdfs[l->n - 1] = l->wdf;
    return l->n;
}

/* The lists of all documents, from those of all terms: the terms come in order. */
static int put_termlists(struct writing *w, struct nd_error *err)
{
    const struct nd_postings *p = w->p;
    size_t *end = calloc((size_t)p->docs + 2, sizeof *end), most = 0;
    struct nd_posting_term {
        uint32_t rank, wdf;
    } *v = malloc((w->postings + 1) * sizeof *v);
    struct nd_glass_term *terms = NULL;
    int rc = end && v ? 0 : ND_NOMEM;
    for (uint32_t r = 0; r < w->terms && !rc; r++) /* end[d + 1]: postings of document d + 1 */
        for (uint32_t i = 0, n = read_list(w, r); i < n; i++)
            end[w->docids[i]]++;
    for (uint32_t d = 1; d <= p->docs && !rc; d++) {
        most = end[d] > most ? end[d] : most;
        end[d] += end[d - 1];
    }
    if (!rc && !(terms = malloc((most + 1) * sizeof *terms)))
        rc = ND_NOMEM;
    for (uint32_t r = 0; r < w->terms && !rc;
         r++) /* now end[d - 1] moves to where those of d end */
        for (uint32_t i = 0, n = read_list(w, r); i < n; i++)
            v[end[w->docids[i] - 1]++] = (struct nd_posting_term){r, w->wdfs[i]};
    if (rc)
        nd_fail(err, rc, "out of memory for the term lists");
    for (uint32_t d = 0; d < p->docs && !rc; d++) {
        size_t from = d ? end[d - 1] : 0, n = end[d] - from;
        for (size_t i = 0; i < n; i++) {
            struct nd_str text = w->text[v[from + i].rank];
            terms[i] = (struct nd_glass_term){text.p, (uint32_t)text.n, v[from + i].wdf};
        }
        rc = nd_glass_termlist(w->g, d + 1, terms, n, p->lengths[d], err);
    }
    free(end);
    free(v);
    free(terms);
    return rc;
}

/* The positions of one term: places[from..to), rising by document and position. */
static int put_places(struct writing *w, struct nd_str text, const uint32_t *docs,
                      const uint32_t *pos, size_t from, size_t to, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = from, j; i < to && !rc; i = j) {
        for (j = i + 1; j < to && docs[j] == docs[i]; j++)
            ;
        rc = nd_glass_positions(w->g, text.p, text.n, docs[i], pos + i, (uint32_t)(j - i), err);
    }
    return rc;
}

static int put_positions(struct writing *w, const struct nd_places *places, uint32_t numbers,
                         struct nd_error *err)
{
    size_t *end = calloc((size_t)numbers + 2, sizeof *end);
    uint32_t *docs = malloc((places->n + 1) * sizeof *docs);
    uint32_t *pos = malloc((places->n + 1) * sizeof *pos);
    int rc = end && docs && pos ? 0 : nd_fail(err, ND_NOMEM, "out of memory for the positions");
    for (size_t i = 0; i < places->n && !rc; i++)
        end[places->term[i] + 1]++;
    for (uint32_t i = 0; i < numbers && !rc; i++)
        end[i + 1] += end[i];
    for (uint32_t doc = 0; doc < places->docs && !rc; doc++)
        for (size_t i = places->doc_at[doc]; i < places->doc_at[doc + 1]; i++) {
            size_t at = end[places->term[i]]++;
            docs[at] = doc + 1;
            pos[at] = places->pos[i];
        }
    for (uint32_t r = 0; r < w->terms && !rc; r++) {
        uint32_t n = number_of(w->term[r]);
        if (kind_of(w->term[r]) == ND_TERM_OTHER)
            rc = put_places(w, w->text[r], docs, pos, n ? end[n - 1] : 0, end[n], err);
    }
    free(end);
    free(docs);
    free(pos);
    return rc;
}

int nd_postings_write(const struct nd_postings *p, struct nd_glass *g,
                      const struct nd_term_texts *texts, const struct nd_places *places,
                      struct nd_error *err)
{
    struct writing w = {.p = p, .g = g};
    if (p->failed)
        return nd_fail(err, ND_NOMEM, "out of memory for the posting lists of a segment");
    int rc = nd_glass_lengths(g, p->lengths, p->docs, err);
    if (rc)
        return rc;
    rc = sort_terms(&w, texts);
    if (rc)
        nd_fail(err, rc, "%s for the posting lists of a segment",
                rc == ND_NOMEM ? "out of memory" : "no room");
    for (uint32_t r = 0; r < w.terms && !rc; r++) {
        uint32_t n = read_list(&w, r);
        rc = nd_glass_postings(g, w.text[r].p, w.text[r].n, w.docids, w.wdfs, n, err);
    }
    if (!rc && places)
        rc = put_termlists(&w, err);
    if (!rc && places)
        rc = put_positions(&w, places, texts->n[ND_TERM_OTHER], err);
    writing_free(&w);
    return rc;
}
