/* span_eval.c: the operators of span.h over lists of spans. Every list is sorted by (first, last). */
#include "record/span_in.h"

#include <stdlib.h>

int span_add(struct nd_spans *s, struct span_list *out, struct span x)
{
    if (s->pool_n >= ND_SPAN_WORK)
        return ND_LIMIT;
    if (s->pool_n == s->pool_cap) {
        size_t cap = s->pool_cap ? s->pool_cap * 2 : 256;
        struct span *grown = realloc(s->pool, cap * sizeof *grown);
        if (!grown)
            return ND_NOMEM;
        s->pool = grown;
        s->pool_cap = cap;
    }
    s->pool[s->pool_n++] = x;
    out->n++;
    return 0;
}

static int step(struct nd_spans *s)
{
    return ++s->steps > (uint64_t)ND_SPAN_WORK * 16 ? ND_LIMIT : 0;
}

static int compare_ends(const struct span *x, const struct span *y)
{
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->last > y->last) - (x->last < y->last);
}

static int compare_spans(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    int c = compare_ends(x, y);
    if (c)
        return c;
    if (x->used != y->used)
        return x->used < y->used ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

void span_settle(struct nd_spans *s, struct span_list *l, bool used)
{
    struct span *v = s->pool + l->at;
    size_t kept = 0;
    bool sorted = true;
    for (size_t i = 1; i < l->n && sorted; i++)
        sorted = compare_spans(&v[i - 1], &v[i]) <= 0;
    if (!sorted)
        qsort(v, l->n, sizeof *v, compare_spans);
    for (size_t i = 0; i < l->n; i++) {
        if (kept && compare_ends(&v[kept - 1], &v[i]) == 0 &&
            (!used || v[kept - 1].used == v[i].used) &&
            (!s->keep || (v[kept - 1].a == v[i].a && v[kept - 1].b == v[i].b)))
            continue;
        v[kept++] = v[i];
    }
    l->n = kept;
    s->pool_n = l->at + kept;
}

size_t span_seek(const struct nd_spans *s, struct span_list l, uint32_t pos)
{
    size_t lo = l.at, hi = l.at + l.n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->pool[mid].first >= pos)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}

static uint32_t longest(const struct nd_spans *s, struct span_list l)
{
    uint32_t most = 0;
    for (size_t i = l.at; i < l.at + l.n; i++)
        if (s->pool[i].last - s->pool[i].first > most)
            most = s->pool[i].last - s->pool[i].first;
    return most;
}

static uint32_t less(uint32_t a, uint32_t b)
{
    return a > b ? a - b : 0;
}

static uint32_t distance(const struct span *x, const struct span *y)
{
    if (x->last < y->first)
        return y->first - x->last;
    return y->last < x->first ? x->first - y->last : 0;
}

/* --- leaves --- */

/* The word numbers of a hit; false where they do not lie in the article and in one field. */
static bool hit_words(const struct nd_spans *s, const struct nd_scan_item *item, uint32_t before,
                      uint32_t *first, uint32_t *last)
{
    uint32_t n = item ? item->words : 1;
    if (n == 0 || n > s->words)
        return false;
    if (item && item->mark == ND_MARK_JOINED) {
        if (before < n)
            return false;
        before -= n;
    }
    if (before > s->words - n)
        return false;
    *first = span_position(s, before);
    *last = span_position(s, before + n - 1);
    return *last - *first == n - 1;
}

/* Hits that are one word each, wherever they stand. */
static int eval_words(struct nd_spans *s, uint32_t leaf, bool only, struct span_list *out)
{
    int rc = span_number(s, &s->hits[leaf]);
    size_t n = only && s->numbers.n ? 1 : s->numbers.n;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        uint32_t pos = span_position(s, s->numbers.v[i]);
        rc = span_add(s, out, (struct span){.first = pos, .last = pos, .b = leaf});
    }
    return rc;
}

static int eval_leaf(struct nd_spans *s, const struct nd_span_node *node, bool only,
                     struct span_list *out)
{
    const struct nd_codes *set = s->sets[node->leaf];
    const struct span_ints *hits = &s->hits[node->leaf];
    uint32_t first, last;
    int rc = span_scan(s, node->leaf);
    if (rc == 0 && set->words_only && !node->cases && node->scope == ND_SCOPE_ALL)
        return eval_words(s, node->leaf, only, out);
    for (size_t i = 0; rc == 0 && i < hits->n && !(only && out->n); i++) {
        const struct nd_scan_item *item = NULL;
        size_t at = hits->v[i];
        if (!set->words_only || node->cases) {
            unsigned mark;
            uint32_t v;
            nd_scan_code(s->p, at, &mark, &v);
            item = nd_codes_get(set, mark, v);
            if (!item)
                continue;
        }
        if (!hit_words(s, item, span_words_before(s, at), &first, &last) ||
            (node->scope != ND_SCOPE_ALL && !span_in_scope(s, first, last, node->scope)))
            continue;
        if (!node->cases || span_case(s, at, item, node->cases))
            rc = span_add(s, out, (struct span){.first = first, .last = last, .b = node->leaf});
    }
    if (!set->words_only) /* else they are in order, each once */
        span_settle(s, out, false);
    return rc;
}

static int eval_any(struct nd_spans *s, struct span_list *out)
{
    int rc = 0;
    for (uint32_t w = 0; rc == 0 && w < s->words; w++) {
        uint32_t pos = span_position(s, w);
        rc = span_add(s, out, (struct span){.first = pos, .last = pos, .b = SPAN_NO_LEAF});
    }
    return rc;
}

static int eval_quotations(struct nd_spans *s, struct span_list *out)
{
    int rc = span_quotes(s);
    for (size_t i = 0; rc == 0 && i + 1 < s->quotes.n; i += 2)
        rc = span_add(
            s, out,
            (struct span){.first = s->quotes.v[i], .last = s->quotes.v[i + 1], .b = SPAN_NO_LEAF});
    return rc;
}

/* --- joining --- */

/* Two lists as one, in order. */
static int merge(struct nd_spans *s, struct span_list a, struct span_list b, struct span_list *out)
{
    int rc = 0;
    while (rc == 0 && a.n + b.n) {
        bool first = b.n == 0 || (a.n && compare_ends(&s->pool[a.at], &s->pool[b.at]) <= 0);
        struct span_list *from = first ? &a : &b;
        struct span x = s->pool[from->at++];
        from->n--;
        x.used = 0;
        rc = span_add(s, out, x);
    }
    return rc;
}

static int eval_or(struct nd_spans *s, const struct nd_span_node *node, bool only,
                   struct span_list *out, struct nd_error *err)
{
    struct span_list few[16], *lists = few;
    size_t n = 0, total = 0;
    int rc = 0;
    if (node->kids_n > 16 && !(lists = calloc(node->kids_n, sizeof *lists)))
        return ND_NOMEM;
    for (; rc == 0 && n < node->kids_n && !(only && total); n++) {
        rc = span_eval(s, node->kids[n], only, &lists[n], err);
        total += rc == 0 ? lists[n].n : 0;
    }
    out->at = s->pool_n;
    if (rc == 0 && n == 2)
        rc = merge(s, lists[0], lists[1], out);
    for (size_t i = 0; rc == 0 && n != 2 && i < n; i++)
        for (size_t k = lists[i].at; rc == 0 && k < lists[i].at + lists[i].n; k++) {
            struct span x = s->pool[k];
            x.used = 0;
            rc = span_add(s, out, x);
        }
    if (lists != few)
        free(lists);
    if (rc == 0)
        span_settle(s, out, false);
    return rc;
}

/* Join two lists pair by pair. */
static int join(struct nd_spans *s, const struct nd_span_node *node, struct span_list a,
                struct span_list b, bool only, struct span_list *out)
{
    uint32_t reach = longest(s, b), n = node->n;
    bool same = true;
    int rc = 0;
    *out = (struct span_list){s->pool_n, 0};
    for (size_t i = a.at; rc == 0 && i < a.at + a.n; i++) {
        struct span x = s->pool[i];
        uint32_t from, to;
        if (node->op == ND_SPAN_PRE) {
            from = x.last + 1;
            to = x.last + n;
        } else if (node->op == ND_SPAN_NEAR) {
            from = less(x.first, n + reach);
            to = x.last + n;
        } else {
            span_field_ends(s, x.first, &from, &to);
        }
        for (size_t k = span_seek(s, b, from); rc == 0 && k < b.at + b.n && s->pool[k].first <= to;
             k++) {
            struct span y = s->pool[k];
            if ((rc = step(s)))
                break;
            if (node->op == ND_SPAN_NEAR && distance(&x, &y) > n)
                continue;
            struct span z = {.first = x.first < y.first ? x.first : y.first,
                             .last = x.last > y.last ? x.last : y.last,
                             .a = (uint32_t)i + 1,
                             .b = (uint32_t)k + 1};
            if (node->op == ND_SPAN_SAME) {
                rc = span_same(s, z.first, z.last, node->n, &same);
                bool begins = true;
                if (rc == 0 && !same && y.first > x.last)
                    rc = span_same(s, z.first, y.first, node->n, &begins);
                if (!begins)
                    break; /* those after it begin even further away */
            }
            if (rc == 0 && same)
                rc = span_add(s, out, z);
            if (only && out->n)
                return rc;
        }
    }
    if (rc == 0)
        span_settle(s, out, false);
    return rc;
}

/* Drop what lies in another span: whatever is near it is near that one too. */
static void widest(struct nd_spans *s, struct span_list *l)
{
    struct span *v = s->pool + l->at;
    size_t kept = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (kept && v[i].last <= v[kept - 1].last)
            continue;
        if (kept && v[i].first == v[kept - 1].first)
            kept--;
        v[kept++] = v[i];
    }
    l->n = kept;
    s->pool_n = l->at + kept;
}

static int eval_joined(struct nd_spans *s, const struct nd_span_node *node, bool only,
                       struct span_list *out, struct nd_error *err)
{
    int rc = span_eval(s, node->kids[0], false, out, err);
    for (size_t i = 1; rc == 0 && i < node->kids_n && out->n; i++) {
        struct span_list kid, so_far = *out;
        rc = span_eval(s, node->kids[i], false, &kid, err);
        if (rc == 0)
            rc = join(s, node, so_far, kid, only && i + 1 == node->kids_n, out);
        if (rc == 0 && s->wide && node->op == ND_SPAN_NEAR)
            widest(s, out);
    }
    return rc;
}

/* --- choosing --- */

static bool near_any(struct nd_spans *s, struct span_list b, uint32_t reach, const struct span *x,
                     uint32_t n)
{
    for (size_t k = span_seek(s, b, less(x->first, n + reach));
         k < b.at + b.n && s->pool[k].first <= x->last + n; k++) {
        s->steps++;
        if (distance(x, &s->pool[k]) <= n)
            return true;
    }
    return false;
}

static bool in_quotation(const struct nd_spans *s, const struct span *x, bool whole)
{
    for (size_t i = 0; i + 1 < s->quotes.n; i += 2) {
        uint32_t first = s->quotes.v[i], last = s->quotes.v[i + 1];
        if (whole ? first <= x->first && x->last <= last : first <= x->last && x->first <= last)
            return true;
    }
    return false;
}

/* How many spans of different ends a list has. */
static size_t different(const struct nd_spans *s, struct span_list l)
{
    size_t n = 0;
    for (size_t i = l.at; i < l.at + l.n; i++)
        n += i == l.at || compare_ends(&s->pool[i - 1], &s->pool[i]) != 0;
    return n;
}

/* The kid's spans that the node lets through. */
static int eval_chosen(struct nd_spans *s, const struct nd_span_node *node, bool only,
                       struct span_list *out, struct nd_error *err)
{
    struct span_list kid, other = {0, 0};
    uint32_t reach = 0;
    int rc = span_eval(s, node->kids[0], false, &kid, err);
    if (rc == 0 && node->op == ND_SPAN_NOTNEAR && kid.n) {
        rc = span_eval(s, node->kids[1], false, &other, err);
        reach = rc == 0 ? longest(s, other) : 0;
    }
    if (rc == 0 && (node->op == ND_SPAN_QUOTED || node->op == ND_SPAN_UNQUOTED))
        rc = span_quotes(s);
    *out = (struct span_list){s->pool_n, 0};
    if (rc == 0 && node->op == ND_SPAN_ATLEAST && different(s, kid) < node->n)
        return 0;
    for (size_t i = kid.at; rc == 0 && i < kid.at + kid.n && !(only && out->n); i++) {
        struct span x = s->pool[i];
        bool keep = true;
        uint32_t first, last;
        if (node->op == ND_SPAN_NOTNEAR) {
            keep = !near_any(s, other, reach, &x, node->n);
            rc = step(s);
        } else if (node->op == ND_SPAN_FIRST) {
            span_field_ends(s, x.first, &first, &last);
            keep = span_field_of(s, x.first) == ND_FIELD_BODY && x.last - first < node->n;
        } else if (node->op != ND_SPAN_ATLEAST) {
            keep = in_quotation(s, &x, node->op == ND_SPAN_QUOTED) == (node->op == ND_SPAN_QUOTED);
        }
        if (rc == 0 && keep)
            rc = span_add(s, out, x);
    }
    return rc;
}

static int eval(struct nd_spans *s, const struct nd_span_node *node, bool only,
                struct span_list *out, struct nd_error *err)
{
    *out = (struct span_list){s->pool_n, 0};
    switch (node->op) {
    case ND_SPAN_LEAF:
        return eval_leaf(s, node, only, out);
    case ND_SPAN_ANY:
        return eval_any(s, out);
    case ND_SPAN_QUOTATION:
        return eval_quotations(s, out);
    case ND_SPAN_OR:
        return eval_or(s, node, only, out, err);
    case ND_SPAN_PHRASE:
        return span_eval_phrase(s, node, out, err);
    case ND_SPAN_NEAR:
    case ND_SPAN_PRE:
    case ND_SPAN_SAME:
        return eval_joined(s, node, only, out, err);
    case ND_SPAN_NOTNEAR:
    case ND_SPAN_ATLEAST:
    case ND_SPAN_FIRST:
    case ND_SPAN_QUOTED:
    case ND_SPAN_UNQUOTED:
        return eval_chosen(s, node, only, out, err);
    }
    return nd_fail(err, ND_INTERNAL, "unknown operator in a part that positions decide");
}

int span_eval(struct nd_spans *s, const struct nd_span_node *node, bool only, struct span_list *out,
              struct nd_error *err)
{
    bool wide = s->wide;
    s->wide = wide && (node->op == ND_SPAN_NEAR || node->op == ND_SPAN_OR);
    int rc = eval(s, node, only, out, err);
    s->wide = wide;
    return rc;
}
