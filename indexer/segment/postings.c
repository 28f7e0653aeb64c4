#include "segment/postings.h"

#include "record/order.h"

#include <stdlib.h>
#include <string.h>

enum {
    KIND_SHIFT = 30,
    NUMBER_MAX = (1 << KIND_SHIFT) - 1,
    FIRST_DOCS = 256
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
    free(p->v);
    free(p->doc_at);
    free(p->lengths);
    for (int k = 0; k < ND_TERM_KINDS; k++)
        free(p->at[k]);
    *p = (struct nd_postings){0};
}

size_t nd_postings_bytes(const struct nd_postings *p)
{
    size_t n = p->cap * sizeof *p->v + p->n * sizeof *p->v; /* and what writing takes */
    n += (size_t)p->docs_cap * (sizeof *p->doc_at + sizeof *p->lengths);
    for (int k = 0; k < ND_TERM_KINDS; k++)
        n += (size_t)p->at_cap[k] * sizeof **p->at;
    return n;
}

/* Room for one more document, and the end. */
static int docs_room(uint32_t docs, uint32_t *cap, size_t **doc_at, uint32_t **lengths)
{
    if (docs + 2 <= *cap)
        return 0;
    if (*cap > UINT32_MAX / 2)
        return ND_LIMIT;
    uint32_t more = *cap ? *cap * 2 : FIRST_DOCS;
    size_t *at = realloc(*doc_at, more * sizeof *at);
    if (!at)
        return ND_NOMEM;
    if (!*doc_at)
        at[0] = 0;
    *doc_at = at;
    if (lengths) {
        uint32_t *l = realloc(*lengths, more * sizeof *l);
        if (!l)
            return ND_NOMEM;
        *lengths = l;
    }
    *cap = more;
    return 0;
}

int nd_postings_begin(struct nd_postings *p)
{
    int rc = docs_room(p->docs, &p->docs_cap, &p->doc_at, &p->lengths);
    if (rc)
        return rc;
    p->lengths[p->docs] = 0;
    p->doc_at[++p->docs] = p->n;
    return 0;
}

static int at_room(struct nd_postings *p, enum nd_term_kind kind, uint32_t number)
{
    if (number < p->at_cap[kind])
        return 0;
    if (number > NUMBER_MAX)
        return ND_LIMIT;
    uint32_t cap = number < 4096 ? 8192 : number * 2;
    uint32_t *v = realloc(p->at[kind], cap * sizeof *v);
    if (!v)
        return ND_NOMEM;
    memset(v + p->at_cap[kind], 0, (cap - p->at_cap[kind]) * sizeof *v);
    p->at[kind] = v;
    p->at_cap[kind] = cap;
    return 0;
}

int nd_postings_count(struct nd_postings *p, enum nd_term_kind kind, uint32_t number, uint32_t wdf)
{
    int rc = at_room(p, kind, number);
    if (rc)
        return rc;
    uint32_t *length = &p->lengths[p->docs - 1], term = (uint32_t)kind << KIND_SHIFT | number;
    size_t first = p->doc_at[p->docs - 1];
    if (wdf > UINT32_MAX - *length)
        return ND_LIMIT;
    *length += wdf;
    size_t at = first + p->at[kind][number];
    if (at < p->n && p->v[at].term == term) {
        p->v[at].wdf += wdf;
        return 0;
    }
    if (p->n == p->cap) {
        size_t cap = p->cap ? p->cap + p->cap / 2 : 1 << 16;
        struct nd_posting *v = realloc(p->v, cap * sizeof *v);
        if (!v)
            return ND_NOMEM;
        p->v = v;
        p->cap = cap;
    }
    p->at[kind][number] = (uint32_t)(p->n - first);
    p->v[p->n++] = (struct nd_posting){term, wdf};
    p->doc_at[p->docs] = p->n;
    return 0;
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
    int rc = docs_room(p->docs, &p->docs_cap, &p->doc_at, NULL);
    if (!rc)
        p->doc_at[++p->docs] = p->n;
    return rc;
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
    uint32_t *rank[ND_TERM_KINDS]; /* by number */
    size_t *end;                   /* by rank: where its postings end in docids */
    uint32_t *docids, *wdfs;
};

static void writing_free(struct writing *w)
{
    for (int k = 0; k < ND_TERM_KINDS; k++)
        free(w->rank[k]);
    free(w->text);
    free(w->term);
    free(w->end);
    free(w->docids);
    free(w->wdfs);
}

/* Put the terms that occur in order. */
static int sort_terms(struct writing *w, const struct nd_term_texts *texts)
{
    const struct nd_postings *p = w->p;
    size_t most = 0;
    for (int k = 0; k < ND_TERM_KINDS; k++) {
        most += texts->n[k];
        w->rank[k] = malloc(((size_t)texts->n[k] + 1) * sizeof **w->rank);
        if (!w->rank[k])
            return ND_NOMEM;
        memset(w->rank[k], 0xff, (size_t)texts->n[k] * sizeof **w->rank);
    }
    if (most > NUMBER_MAX)
        return ND_LIMIT;
    struct nd_str *used = malloc((most + 1) * sizeof *used);
    uint32_t *number = malloc((most + 1) * sizeof *number), *order = NULL;
    w->text = malloc((most + 1) * sizeof *w->text);
    w->term = malloc((most + 1) * sizeof *w->term);
    int rc = used && number && w->text && w->term ? 0 : ND_NOMEM;
    for (size_t i = 0; i < p->n && !rc; i++) {
        uint32_t k = kind_of(p->v[i].term), n = number_of(p->v[i].term);
        if (n >= texts->n[k]) {
            rc = ND_INTERNAL;
        } else if (w->rank[k][n] == UINT32_MAX) {
            w->rank[k][n] = 0;
            used[w->terms] = texts->v[k][n];
            number[w->terms++] = p->v[i].term;
        }
    }
    if (!rc)
        rc = nd_order(&order, used, w->terms);
    for (uint32_t r = 0; r < w->terms && !rc; r++) {
        w->text[r] = used[order[r]];
        w->term[r] = number[order[r]];
        w->rank[kind_of(w->term[r])][number_of(w->term[r])] = r;
    }
    free(used);
    free(number);
    free(order);
    return rc;
}

/* A counting sort of all postings by term; within one, docids rise because documents come in order. */
static int sort_postings(struct writing *w)
{
    const struct nd_postings *p = w->p;
    w->end = calloc((size_t)w->terms + 2, sizeof *w->end);
    w->docids = malloc((p->n + 1) * sizeof *w->docids);
    w->wdfs = malloc((p->n + 1) * sizeof *w->wdfs);
    if (!w->end || !w->docids || !w->wdfs)
        return ND_NOMEM;
    for (size_t i = 0; i < p->n; i++)
        w->end[w->rank[kind_of(p->v[i].term)][number_of(p->v[i].term)] + 1]++;
    for (uint32_t r = 0; r < w->terms; r++)
        w->end[r + 1] += w->end[r];
    for (uint32_t doc = 0; doc < p->docs; doc++)
        for (size_t i = p->doc_at[doc]; i < p->doc_at[doc + 1]; i++) {
            size_t at = w->end[w->rank[kind_of(p->v[i].term)][number_of(p->v[i].term)]]++;
            w->docids[at] = doc + 1;
            w->wdfs[at] = p->v[i].wdf;
        }
    return 0;
}

static int by_rank(const void *x, const void *y)
{
    uint32_t a = ((const struct nd_posting *)x)->term, b = ((const struct nd_posting *)y)->term;
    return a < b ? -1 : a > b;
}

static int put_termlists(struct writing *w, struct nd_error *err)
{
    const struct nd_postings *p = w->p;
    size_t most = 0;
    for (uint32_t doc = 0; doc < p->docs; doc++)
        if (p->doc_at[doc + 1] - p->doc_at[doc] > most)
            most = p->doc_at[doc + 1] - p->doc_at[doc];
    struct nd_posting *v = malloc((most + 1) * sizeof *v);
    struct nd_glass_term *terms = malloc((most + 1) * sizeof *terms);
    int rc = v && terms ? 0 : nd_fail(err, ND_NOMEM, "out of memory for the term lists");
    for (uint32_t doc = 0; doc < p->docs && !rc; doc++) {
        size_t n = p->doc_at[doc + 1] - p->doc_at[doc];
        for (size_t i = 0; i < n; i++) {
            v[i] = p->v[p->doc_at[doc] + i];
            v[i].term = w->rank[kind_of(v[i].term)][number_of(v[i].term)];
        }
        qsort(v, n, sizeof *v, by_rank);
        for (size_t i = 0; i < n; i++) {
            struct nd_str text = w->text[v[i].term];
            terms[i] = (struct nd_glass_term){text.p, (uint32_t)text.n, v[i].wdf};
        }
        rc = nd_glass_termlist(w->g, doc + 1, terms, n, p->lengths[doc], err);
    }
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
    int rc = nd_glass_lengths(g, p->lengths, p->docs, err);
    if (rc)
        return rc;
    rc = sort_terms(&w, texts);
    if (!rc)
        rc = sort_postings(&w);
    if (rc)
        nd_fail(err, rc, "%s for the posting lists of a segment",
                rc == ND_NOMEM ? "out of memory" : "no room");
    for (uint32_t r = 0; r < w.terms && !rc; r++) {
        size_t from = r ? w.end[r - 1] : 0;
        rc = nd_glass_postings(g, w.text[r].p, w.text[r].n, w.docids + from, w.wdfs + from,
                               (uint32_t)(w.end[r] - from), err);
    }
    if (!rc && places)
        rc = put_termlists(&w, err);
    if (!rc && places)
        rc = put_positions(&w, places, texts->n[ND_TERM_OTHER], err);
    writing_free(&w);
    return rc;
}
