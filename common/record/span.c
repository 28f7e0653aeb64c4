#include "record/span.h"

#include "record/span_in.h"

#include <stdlib.h>
#include <string.h>

int span_ints_add(struct span_ints *a, uint32_t v)
{
    if (a->n == a->cap) {
        size_t cap = a->cap ? a->cap * 2 : 64;
        uint32_t *grown = realloc(a->v, cap * sizeof *grown);
        if (!grown)
            return ND_NOMEM;
        a->v = grown;
        a->cap = cap;
    }
    a->v[a->n++] = v;
    return 0;
}

int span_scan(struct nd_spans *s, uint32_t leaf)
{
    struct span_ints *h = &s->hits[leaf];
    if (s->scanned[leaf])
        return 0;
    for (;;) {
        h->n = nd_scan_find(s->level, s->sets[leaf], s->p, s->size, h->v, h->cap);
        if (h->n <= h->cap)
            break;
        size_t cap = h->n + h->n / 2 + 64;
        uint32_t *grown = realloc(h->v, cap * sizeof *grown);
        if (!grown) {
            h->n = 0;
            return ND_NOMEM;
        }
        h->v = grown;
        h->cap = cap;
    }
    s->scanned[leaf] = true;
    return 0;
}

/* Collect the leaves without which the node matches nothing. */
static void find_required(struct nd_spans *s, const struct nd_span_node *node)
{
    switch (node->op) {
    case ND_SPAN_LEAF:
        for (size_t i = 0; i < s->required_n; i++)
            if (s->required[i] == node->leaf)
                return;
        s->required[s->required_n++] = node->leaf;
        return;
    case ND_SPAN_OR:
        if (node->kids_n == 1)
            find_required(s, node->kids[0]);
        return;
    case ND_SPAN_PHRASE:
    case ND_SPAN_NEAR:
    case ND_SPAN_PRE:
    case ND_SPAN_SAME:
        for (size_t i = 0; i < node->kids_n; i++)
            find_required(s, node->kids[i]);
        return;
    case ND_SPAN_NOTNEAR:
    case ND_SPAN_ATLEAST:
    case ND_SPAN_FIRST:
    case ND_SPAN_QUOTED:
    case ND_SPAN_UNQUOTED:
        if (node->kids_n)
            find_required(s, node->kids[0]);
        return;
    case ND_SPAN_ANY:
    case ND_SPAN_QUOTATION:
        return;
    }
}

/* Is the tree such that evaluation never reads past an array? */
static bool well_formed(const struct nd_span_program *prog, const struct nd_span_node *node,
                        unsigned depth)
{
    if (!node || depth > 1000 || node->n > ND_SPAN_DISTANCE_MAX)
        return false;
    if (node->op == ND_SPAN_LEAF)
        return node->leaf < prog->leaves_n;
    size_t least = node->op == ND_SPAN_NOTNEAR                                ? 2
                   : node->op == ND_SPAN_ANY || node->op == ND_SPAN_QUOTATION ? 0
                                                                              : 1;
    if (node->kids_n < least)
        return false;
    for (size_t i = 0; i < node->kids_n; i++)
        if (!well_formed(prog, node->kids[i], depth + 1))
            return false;
    return true;
}

/* Does more text never take a match away? */
static bool grows(const struct nd_span_node *node)
{
    if (node->op == ND_SPAN_NOTNEAR)
        return false;
    for (size_t i = 0; i < node->kids_n; i++)
        if (!grows(node->kids[i]))
            return false;
    return true;
}

int nd_spans_new(struct nd_spans **out, const struct nd_span_program *prog,
                 enum nd_scan_level level, struct nd_error *err)
{
    struct nd_spans *s;
    *out = NULL;
    if (prog->leaves_n > ND_SPAN_LEAVES) {
        int rc = nd_fail(err, ND_LIMIT, "%u words in one part of the query are more than %d",
                         prog->leaves_n, (int)ND_SPAN_LEAVES);
        nd_hint(err, "split it into parts joined by OR or AND");
        return rc;
    }
    if (!well_formed(prog, prog->root, 0))
        return nd_fail(err, ND_INTERNAL, "a part of the query that positions decide is not sound");
    s = calloc(1, sizeof *s);
    if (!s)
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    s->prog = prog;
    s->level = level;
    s->required = calloc(prog->leaves_n + 1, sizeof *s->required);
    s->hits = calloc(prog->leaves_n + 1, sizeof *s->hits);
    s->scanned = calloc(prog->leaves_n + 1, sizeof *s->scanned);
    if (!s->required || !s->hits || !s->scanned) {
        nd_spans_free(s);
        return nd_fail(err, ND_NOMEM, "out of memory for a query");
    }
    find_required(s, prog->root);
    s->grows = grows(prog->root);
    *out = s;
    return 0;
}

void nd_spans_free(struct nd_spans *s)
{
    if (!s)
        return;
    for (size_t i = 0; s->hits && i < s->prog->leaves_n; i++)
        free(s->hits[i].v);
    free(s->hits);
    free(s->scanned);
    free(s->required);
    free(s->sentences.v);
    free(s->paragraphs.v);
    free(s->quotes.v);
    free(s->marks.v);
    free(s->numbers.v);
    free(s->map);
    free(s->map_before);
    free(s->pool);
    free(s->found);
    free(s);
}

/* What it costs to begin with a leaf: how often it is to be expected, and large sets are slow to look
 * for: more than a word that is everywhere. */
uint64_t span_cost(const struct nd_spans *s, uint32_t leaf)
{
    enum {
        EVERYWHERE = UINT32_MAX / 16 / 10,
        SIEVED = EVERYWHERE / 8
    };
    const struct nd_codes *c = s->sets[leaf];
    uint64_t slow = c->n > ND_CODES_SOME  ? 2 * (uint64_t)EVERYWHERE
                    : c->n > ND_CODES_FEW ? (uint64_t)SIEVED
                                          : 0;
    return (s->freq ? s->freq[leaf] : c->n) + slow;
}

void nd_spans_bind(struct nd_spans *s, struct nd_stream *stream, const struct nd_codes *const *sets,
                   const uint32_t *freq)
{
    s->stream = stream;
    s->sets = sets;
    s->freq = freq;
    for (size_t i = 1; i < s->required_n; i++) {
        uint32_t leaf = s->required[i];
        size_t k = i;
        for (; k > 0 && span_cost(s, s->required[k - 1]) > span_cost(s, leaf); k--)
            s->required[k] = s->required[k - 1];
        s->required[k] = leaf;
    }
    s->fast = span_fast_kind(s);
}

/* Begin an article. Return: ND_DONE where a leaf that is needed is not there. */
static int begin(struct nd_spans *s, struct nd_section article)
{
    s->p = article.p;
    s->size = article.n;
    s->pool_n = 0;
    s->steps = 0;
    s->have_lead = s->have_sentences = s->have_paragraphs = s->have_quotes = false;
    memset(s->scanned, 0, s->prog->leaves_n * sizeof *s->scanned);
    if (article.n == 0 || article.n > UINT32_MAX / 2)
        return article.n == 0 ? ND_DONE : ND_CORRUPT;
    return 0;
}

static int need_all(struct nd_spans *s)
{
    for (size_t i = 0; i < s->required_n; i++) {
        int rc = span_scan(s, s->required[i]);
        if (rc)
            return rc;
        if (s->hits[s->required[i]].n == 0)
            return ND_DONE;
    }
    return 0;
}

/* Evaluate until something is found. */
static int match_spans(struct nd_spans *s, struct nd_error *err)
{
    struct span_list list;
    s->keep = false;
    s->wide = true;
    int rc = need_all(s);
    if (rc == 0)
        rc = span_text_begin(s, err);
    if (rc == 0)
        rc = span_eval(s, s->prog->root, true, &list, err);
    return rc == 0 && list.n == 0 ? ND_DONE : rc;
}

/* The beginning of an article that is looked at alone: most matches of frequent words are there. */
static size_t beginning(const struct nd_section article)
{
    enum {
        LEAST = 512,
        PART = 4
    };
    size_t n = article.n / PART > LEAST ? article.n / PART : LEAST;
    if (n > article.n / 2)
        return 0;
    while (n && article.p[n - 1] >= 0x80)
        n--;
    return n;
}

int nd_spans_match(struct nd_spans *s, struct nd_section article, struct nd_error *err)
{
    bool sure = false;
    int rc = begin(s, article);
    if (rc == 0 && s->fast != SPAN_GENERAL) {
        int fast = span_fast_match(s, &sure);
        if (fast == 0 || sure)
            return fast;
    }
    if (rc == 0 && s->grows && s->fast == SPAN_GENERAL && (s->size = beginning(article)) != 0) {
        rc = match_spans(s, err);
        if (rc == 0)
            return 0;
        if (rc == ND_DONE)
            rc = begin(s, article);
    } else {
        s->size = article.n;
    }
    if (rc == 0)
        rc = match_spans(s, err);
    if (rc < 0 && rc != ND_LIMIT && err && err->code != rc)
        return nd_fail(err, rc, "an article's words cannot be read");
    return rc;
}

static int add_hit(struct nd_spans *s, uint32_t first, uint32_t last, bool whole, uint32_t leaf)
{
    if (s->found_n == s->found_cap) {
        size_t cap = s->found_cap ? s->found_cap * 2 : 64;
        struct nd_span_hit *grown = realloc(s->found, cap * sizeof *grown);
        if (!grown)
            return ND_NOMEM;
        s->found = grown;
        s->found_cap = cap;
    }
    const struct span_field *f = &s->fields[first / ND_FIELD_JUMP];
    s->found[s->found_n++] = (struct nd_span_hit){.first = first % ND_FIELD_JUMP - f->word,
                                                  .last = last % ND_FIELD_JUMP - f->word,
                                                  .field = f->field,
                                                  .whole = whole,
                                                  .leaf = leaf};
    return 0;
}

/* Report the leaves that a span came from. Recursion is as deep as the tree is. */
static int add_leaves(struct nd_spans *s, size_t i)
{
    struct span *x = &s->pool[i];
    int rc = 0;
    while (rc == 0 && !(x->used & SPAN_SEEN)) {
        x->used |= SPAN_SEEN;
        if (x->a == 0)
            return x->b == SPAN_NO_LEAF ? 0 : add_hit(s, x->first, x->last, false, x->b);
        if (x->b)
            rc = add_leaves(s, x->b - 1);
        x = &s->pool[x->a - 1]; /* the longer arm, without recursion */
    }
    return rc;
}

static int compare_hits(const void *a, const void *b)
{
    const struct nd_span_hit *x = a, *y = b;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->whole != y->whole)
        return x->whole ? -1 : 1;
    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return (x->leaf > y->leaf) - (x->leaf < y->leaf);
}

int nd_spans_collect(struct nd_spans *s, struct nd_section article, const struct nd_span_hit **out,
                     size_t *n, struct nd_error *err)
{
    struct span_list list = {0, 0};
    *out = NULL;
    *n = 0;
    s->found_n = 0;
    int rc = begin(s, article);
    if (rc || (rc = need_all(s)) || (rc = span_text_begin(s, err)))
        goto done;
    s->keep = true;
    s->wide = false;
    rc = span_eval(s, s->prog->root, false, &list, err);
    if (rc == ND_LIMIT) { /* once more, telling spans apart by their ends alone */
        s->keep = false;
        s->pool_n = 0;
        s->steps = 0;
        rc = span_eval(s, s->prog->root, false, &list, err);
    }
    if (rc)
        goto done;
    for (size_t i = list.at; rc == 0 && i < list.at + list.n; i++)
        if (i == list.at || s->pool[i].first != s->pool[i - 1].first ||
            s->pool[i].last != s->pool[i - 1].last)
            rc = add_hit(s, s->pool[i].first, s->pool[i].last, true, 0);
    for (size_t i = list.at; rc == 0 && i < list.at + list.n; i++)
        rc = add_leaves(s, i);
    if (rc)
        goto done;
    if (s->found_n)
        qsort(s->found, s->found_n, sizeof *s->found, compare_hits);
    size_t kept = 0;
    for (size_t i = 0; i < s->found_n; i++)
        if (kept == 0 || compare_hits(&s->found[kept - 1], &s->found[i]) != 0)
            s->found[kept++] = s->found[i];
    *out = s->found;
    *n = kept;
    if (kept == 0)
        rc = ND_DONE;
done:
    if (rc < 0 && rc != ND_LIMIT && err && err->code != rc)
        return nd_fail(err, rc, "an article's words cannot be read");
    return rc;
}
