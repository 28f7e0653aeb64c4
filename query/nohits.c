#include "nohits.h"

#include "lang/expand_scan.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    MILLISECONDS = 400, /* after so long nothing more is tried */
    TRIES = 60,         /* queries */
    PARTS = 12,         /* counts shown */
    SHOWN = 5,          /* nearest queries shown */
    TEXT_MAX = 200,     /* bytes of a part shown */
    CLOSE_MAX = 64      /* spellings looked at */
};

struct nohits {
    struct nd_ask *a;
    struct nd_arena arena; /* of one count */
    uint64_t deadline;     /* milliseconds */
    unsigned tries, shown;
};

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool over(const struct nohits *h)
{
    return h->tries >= TRIES || h->shown >= SHOWN || now() > h->deadline;
}

/* How many articles a tree has. Return: false where that cannot be said. */
static bool count(struct nohits *h, const struct nd_node *node, uint64_t *n)
{
    struct nd_lowered low;
    struct nd_match *m;
    struct nd_error err = {0};
    uint64_t left = h->deadline, at = now();
    *n = 0;
    if (h->tries++ >= TRIES || at >= left)
        return false;
    struct nd_match_options o = {.time_limit_ms = left - at};
    struct nd_lower_options low_options = nd_ask_lowering(h->a);
    nd_arena_reset(&h->arena);
    bool ok =
        nd_lower(&low, &h->arena, h->a->index, h->a->stemmers, node, &low_options, &err) == 0 &&
        nd_match_open(&m, h->a->index, &low, &o, &err) == 0;
    if (!ok)
        return false;
    ok = nd_match_count(m, n, &err) == 0 && !nd_match_state(m).out_of_time;
    nd_match_close(m);
    return ok;
}

/* A node as query text, printable and cut. */
static void show(struct nd_buf *out, const struct nd_node *node)
{
    struct nd_buf raw;
    nd_buf_init(&raw, 1 << 20);
    nd_buf_reset(out);
    if (nd_node_unparse(&raw, node) == 0 && raw.len) {
        size_t n = raw.len > TEXT_MAX ? TEXT_MAX : raw.len;
        while (n < raw.len && n && ((unsigned char)raw.data[n] & 0xc0) == 0x80)
            n--;
        nd_printable(out, raw.data, n, true);
        if (n < raw.len)
            nd_buf_str(out, " ...");
    }
    nd_buf_byte(out, '\0');
    nd_buf_free(&raw);
}

static void line(struct nohits *h, uint64_t n, const char *what, const struct nd_node *node)
{
    struct nd_buf text;
    nd_buf_init(&text, 1 << 20);
    show(&text, node);
    if (!nd_buf_code(&text))
        nd_diag_line(&h->a->tool->diag, "%8" PRIu64 "  %s%s", n, what, text.data);
    nd_buf_free(&text);
}

/* Does the whole query have articles as it is now? Then say so, showing the node that was changed. */
static bool found(struct nohits *h, const char *what, const struct nd_node *node)
{
    uint64_t n;
    if (over(h) || !count(h, h->a->root, &n) || n == 0)
        return false;
    if (h->shown++ == 0)
        nd_diag_line(&h->a->tool->diag, "what would match:");
    line(h, n, what, node);
    return true;
}

/* --- spelling --- */

struct spelling {
    struct nohits *h;
    struct close {
        struct nd_str key;
        uint64_t count;
    } v[CLOSE_MAX];
    size_t n;
    struct nd_str word;
};

static int add_spelling(void *ctx, struct nd_str key, const struct nd_word *word)
{
    struct spelling *s = ctx;
    size_t i = 0;
    if (word->parts > 1 || nd_str_eq(key, s->word))
        return 0;
    while (i < s->n && !nd_str_eq(s->v[i].key, key))
        i++;
    if (i == CLOSE_MAX)
        return 0;
    if (i == s->n) {
        struct nd_str copy = nd_arena_str(s->h->a->arena, key.p, key.n);
        if (!copy.p)
            return ND_NOMEM;
        s->v[s->n++] = (struct close){.key = copy};
    }
    s->v[i].count += word->count;
    return 0;
}

/* The most frequent word that the dictionary has nearest to this one; empty if none. */
static struct nd_str nearest(struct nohits *h, struct nd_str word)
{
    struct spelling s = {.h = h, .word = word};
    struct nd_error err = {0};
    unsigned most = word.n >= 6 ? 2 : 1;
    for (unsigned edits = 1; word.n >= 4 && edits <= most && s.n == 0; edits++)
        for (size_t i = 0; i < h->a->index->n; i++) {
            struct nd_stream *stream;
            if (now() > h->deadline ||
                nd_segment_stream(&h->a->index->segments[i], &stream, &err) ||
                nd_expand_fuzzy(word, edits, stream, add_spelling, &s, &err))
                return (struct nd_str){NULL, 0};
        }
    size_t best = 0;
    for (size_t i = 1; i < s.n; i++)
        if (s.v[i].count > s.v[best].count ||
            (s.v[i].count == s.v[best].count && nd_str_cmp(s.v[i].key, s.v[best].key) < 0))
            best = i;
    return s.n ? s.v[best].key : (struct nd_str){NULL, 0};
}

static void spell(struct nohits *h, struct nd_node *node)
{
    uint64_t n;
    if (!count(h, node, &n) || n)
        return;
    struct nd_str better = nearest(h, node->text);
    struct nd_node old = *node;
    if (!better.n)
        return;
    node->text = better;
    found(h, "did you mean ", node);
    *node = old;
}

/* --- wider --- */

/* The operands joined by AND instead. */
static bool loosen(struct nohits *h, struct nd_node *node)
{
    struct nd_node old = *node, **kids = nd_arena_array(h->a->arena, old.kids_n + 1, sizeof *kids);
    size_t n = 0;
    if (!kids)
        return false;
    for (size_t i = 0; i < old.kids_n; i++)
        if (old.kids[i]->kind != ND_N_GAP)
            kids[n++] = old.kids[i];
    node->kind = ND_N_AND;
    node->kids = kids;
    node->kids_n = n;
    node->n = 0;
    bool ok = n > 1 && found(h, "with ", node);
    *node = old;
    return ok;
}

/* The node with another number. */
static bool widen(struct nohits *h, struct nd_node *node, uint32_t n)
{
    uint32_t old = node->n;
    node->n = n;
    bool ok = found(h, "with ", node);
    node->n = old;
    return ok;
}

static bool unwrap(struct nohits *h, struct nd_node *node)
{
    struct nd_node old = *node;
    *node = *old.kids[0];
    bool ok = found(h, "with ", node);
    *node = old;
    return ok;
}

static void relax(struct nohits *h, struct nd_node *node, bool in_phrase)
{
    struct nd_node old = *node;
    if (over(h))
        return;
    switch (node->kind) {
    case ND_N_PHRASE:
        if (!widen(h, node, old.n + 1) && !widen(h, node, old.n + 3))
            loosen(h, node);
        break;
    case ND_N_NEAR:
    case ND_N_PRE:
        if (!widen(h, node, old.n < 500 ? old.n * 2 : old.n) &&
            !widen(h, node, old.n < 100 ? old.n * 10 : 1000))
            loosen(h, node);
        break;
    case ND_N_SAME:
        if (old.n != 's' || !widen(h, node, 'p'))
            loosen(h, node);
        break;
    case ND_N_EXACT:
        if (!in_phrase) {
            node->kind = ND_N_WORD;
            found(h, "with ", node);
            node->kind = ND_N_EXACT;
        }
        spell(h, node);
        break;
    case ND_N_WORD:
        spell(h, node);
        break;
    case ND_N_SCOPE:
    case ND_N_CASE:
    case ND_N_QUOTED:
    case ND_N_UNQUOTED:
    case ND_N_FIRST:
    case ND_N_ATLEAST:
        unwrap(h, node);
        break;
    case ND_N_VALUE:
        if (old.whole) {
            node->whole = false;
            found(h, "with ", node);
            node->whole = true;
        }
        break;
    case ND_N_NOT:
        return;
    default:
        break;
    }
    for (size_t i = 0; i < node->kids_n; i++)
        relax(h, node->kids[i], in_phrase || node->kind == ND_N_PHRASE);
}

/* The query without one of its parts. */
static void leave_out(struct nohits *h)
{
    struct nd_node *root = h->a->root, old = *root;
    if (root->kind != ND_N_AND || root->kids_n < 2)
        return;
    struct nd_node **kids = nd_arena_array(h->a->arena, root->kids_n, sizeof *kids);
    for (size_t i = 0; kids && i < old.kids_n && !over(h); i++) {
        size_t n = 0;
        for (size_t k = 0; k < old.kids_n; k++)
            if (k != i)
                kids[n++] = old.kids[k];
        root->kids = kids;
        root->kids_n = n;
        found(h, "without ", old.kids[i]);
        *root = old;
    }
}

/* The parts whose counts are shown. */
static void parts_of(const struct nd_node *root, struct nd_node *const **v, size_t *n)
{
    *v = NULL;
    *n = 0;
    if (root->kind == ND_N_AND || root->kind == ND_N_PHRASE || root->kind == ND_N_NEAR ||
        root->kind == ND_N_PRE || root->kind == ND_N_SAME) {
        *v = root->kids;
        *n = root->kids_n;
    }
}

void nd_nohits(struct nd_ask *a)
{
    struct nohits h = {.a = a, .deadline = now() + MILLISECONDS};
    struct nd_node *const *parts;
    size_t n;
    uint64_t articles;
    bool all = true; /* every part has some */
    if (a->tool->diag.quiet || !a->root || a->index->articles == 0)
        return;
    nd_arena_init(&h.arena, 256 << 20);
    parts_of(a->root, &parts, &n);
    nd_diag_line(&a->tool->diag,
                 n ? "nothing matches; by itself each part has:" : "nothing matches");
    bool none[PARTS] = {false};
    for (size_t i = 0; i < n && i < PARTS; i++)
        if (parts[i]->kind != ND_N_GAP && count(&h, parts[i], &articles)) {
            line(&h, articles, "", parts[i]);
            none[i] = articles == 0;
            all = all && articles;
        }
    for (size_t i = 0; i < n && i < PARTS && a->root->kind == ND_N_AND; i++)
        if (none[i])
            relax(&h, parts[i], false);
    if (a->root->kind != ND_N_AND || all)
        relax(&h, a->root, false);
    leave_out(&h);
    nd_arena_free(&h.arena);
}
