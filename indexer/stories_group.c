/* From links to stories. The articles that links join are parted into stars: the article with the most links is a
 * centre, and all that are alike enough with it itself are its story; then the same among what is left. */
#include "stories.h"

#include "base/map.h"
#include "record/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS =
        8 /* stars of one set of articles for which unmeasured pairs are measured; past it links alone count */
};

struct node {
    uint64_t hash;
    uint32_t article, old; /* old: member before, ND_STORY_NONE */
    uint32_t set;          /* union-find: towards the first of its set */
    uint32_t first, links; /* its edges */
    uint32_t centre;       /* node, ND_STORY_NONE while it is in no story */
    uint32_t alike;
};

struct edge {
    uint32_t to, alike;
};

struct grouping {
    struct story_finder *f;
    struct node *v; /* rising by hash */
    size_t n;
    struct nd_story_link *links; /* by nodes, rising */
    size_t links_n;
    struct edge *edges;
    uint32_t *sets; /* nodes by set */
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory for near-copies");
}

/* ---- what was measured before ---- */

/* The article that each old member is now; UINT32_MAX where it has gone or came in anew. */
static int find_old(uint32_t **out, struct story_finder *f, const struct nd_stories *old,
                    struct nd_error *err)
{
    uint32_t *at = *out = malloc(((size_t)old->members_n + 1) * sizeof *at);
    if (!at)
        return no_memory(err);
    memset(at, 0xff, ((size_t)old->members_n + 1) * sizeof *at);
    for (uint32_t i = 0; old->members_n && i < f->articles; i++) {
        struct story_segment *s = story_segment_of(f, i);
        uint32_t d = i - s->first;
        if (story_fresh(f, i) || (s->deleted && s->deleted[d / 8] >> (d % 8) & 1))
            continue;
        uint32_t m = nd_stories_member_of(old, story_hash(f, i));
        if (m != ND_STORY_NONE)
            at[m] = i;
    }
    return 0;
}

static int take_over(struct story_finder *f, const struct nd_stories *old, const uint32_t *at,
                     struct nd_error *err)
{
    int rc = 0;
    for (uint32_t i = 0; i < old->links_n && !rc; i++) {
        struct nd_story_link l;
        if (nd_stories_link(old, i, &l) && at[l.a] != UINT32_MAX && at[l.b] != UINT32_MAX)
            rc = story_pair_add(f, at[l.a], at[l.b], 0, l.alike, err);
    }
    return rc;
}

/* ---- nodes and edges ---- */

static int by_hash(const void *pa, const void *pb)
{
    const struct node *a = pa, *b = pb;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->article < b->article ? -1 : a->article > b->article;
}

static uint32_t node_of(const struct grouping *g, uint32_t article)
{
    struct node key = {.hash = story_hash(g->f, article), .article = article};
    const struct node *at = g->n ? bsearch(&key, g->v, g->n, sizeof key, by_hash) : NULL;
    return at ? (uint32_t)(at - g->v) : 0;
}

static int by_nodes(const void *pa, const void *pb)
{
    const struct nd_story_link *a = pa, *b = pb;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return a->b < b->b ? -1 : a->b > b->b;
}

static int make_nodes(struct grouping *g, const struct nd_stories *old, const uint32_t *at,
                      struct nd_error *err)
{
    const struct story_pairs *p = &g->f->pairs;
    g->v = calloc(p->n * 2 + 1, sizeof *g->v);
    g->links = calloc(p->n + 1, sizeof *g->links);
    if (!g->v || !g->links)
        return no_memory(err);
    size_t n = 0;
    for (size_t i = 0; i < p->n; i++) {
        g->v[n++] = (struct node){.hash = story_hash(g->f, p->v[i].a), .article = p->v[i].a};
        g->v[n++] = (struct node){.hash = story_hash(g->f, p->v[i].b), .article = p->v[i].b};
    }
    if (n)
        qsort(g->v, n, sizeof *g->v, by_hash);
    for (size_t i = 0; i < n; i++)
        if (!g->n || g->v[g->n - 1].article != g->v[i].article)
            g->v[g->n++] = g->v[i];
    for (uint32_t i = 0; i < g->n; i++) {
        g->v[i].set = i;
        g->v[i].old = g->v[i].centre = ND_STORY_NONE;
    }
    for (uint32_t i = 0; i < old->members_n; i++)
        if (at[i] != UINT32_MAX) {
            uint32_t node = node_of(g, at[i]);
            if (node < g->n && g->v[node].article == at[i])
                g->v[node].old = i;
        }
    for (size_t i = 0; i < p->n; i++) {
        uint32_t a = node_of(g, p->v[i].a), b = node_of(g, p->v[i].b);
        if (a != b)
            g->links[g->links_n++] =
                (struct nd_story_link){a < b ? a : b, a < b ? b : a, p->v[i].alike};
    }
    if (g->links_n)
        qsort(g->links, g->links_n, sizeof *g->links, by_nodes);
    n = g->links_n;
    g->links_n = 0;
    for (size_t i = 0; i < n; i++)
        if (!g->links_n || by_nodes(&g->links[g->links_n - 1], &g->links[i]) != 0)
            g->links[g->links_n++] = g->links[i];
    return 0;
}

static uint32_t set_of(struct grouping *g, uint32_t i)
{
    while (g->v[i].set != i) {
        g->v[i].set = g->v[g->v[i].set].set;
        i = g->v[i].set;
    }
    return i;
}

/* The edges of each node, and the nodes that links join to one set. */
static int make_edges(struct grouping *g, struct nd_error *err)
{
    g->edges = calloc(g->links_n * 2 + 1, sizeof *g->edges);
    if (!g->edges)
        return no_memory(err);
    for (size_t i = 0; i < g->links_n; i++) {
        g->v[g->links[i].a].links++;
        g->v[g->links[i].b].links++;
    }
    uint32_t at = 0;
    for (size_t i = 0; i < g->n; i++) {
        g->v[i].first = at;
        at += g->v[i].links;
        g->v[i].links = 0;
    }
    for (size_t i = 0; i < g->links_n; i++) {
        const struct nd_story_link *l = &g->links[i];
        struct node *a = &g->v[l->a], *b = &g->v[l->b];
        g->edges[a->first + a->links++] = (struct edge){l->b, l->alike};
        g->edges[b->first + b->links++] = (struct edge){l->a, l->alike};
        if (l->alike < ND_STORY_LIKENESS)
            continue;
        uint32_t x = set_of(g, l->a), y = set_of(g, l->b);
        g->v[x < y ? y : x].set = x < y ? x : y;
    }
    return 0;
}

/* ---- stars ---- */

static const struct edge *edge_of(const struct grouping *g, uint32_t a, uint32_t b)
{
    const struct node *n = &g->v[a];
    for (uint32_t i = 0; i < n->links; i++)
        if (g->edges[n->first + i].to == b)
            return &g->edges[n->first + i];
    return NULL;
}

/* The node of set[0..n) with the most links to those that are left; of equals the most alike, then the first. */
static uint32_t choose_centre(const struct grouping *g, const uint32_t *set, size_t n)
{
    uint32_t best = ND_STORY_NONE;
    uint64_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const struct node *v = &g->v[set[i]];
        uint64_t links = 0, alike = 0;
        for (uint32_t k = 0; k < v->links && v->centre == ND_STORY_NONE; k++) {
            const struct edge *e = &g->edges[v->first + k];
            if (e->alike >= ND_STORY_LIKENESS && g->v[e->to].centre == ND_STORY_NONE) {
                links++;
                alike += e->alike;
            }
        }
        uint64_t weight = links << 32 | alike;
        if (weight > most) {
            most = weight;
            best = set[i];
        }
    }
    return best;
}

static int add_link(struct grouping *g, uint32_t a, uint32_t b, unsigned alike,
                    struct nd_error *err)
{
    struct nd_story_link *v = realloc(g->links, (g->links_n + 1) * sizeof *v);
    if (!v)
        return no_memory(err);
    g->links = v;
    v[g->links_n++] = (struct nd_story_link){a < b ? a : b, a < b ? b : a, alike};
    return 0;
}

static int stars(struct grouping *g, const uint32_t *set, size_t n, struct nd_error *err)
{
    uint32_t centre;
    int rc = 0;
    for (unsigned round = 0; !rc && (centre = choose_centre(g, set, n)) != ND_STORY_NONE; round++) {
        g->v[centre].centre = centre;
        g->v[centre].alike = ND_LIKENESS_ALL;
        for (size_t i = 0; i < n && !rc; i++) {
            struct node *m = &g->v[set[i]];
            if (m->centre != ND_STORY_NONE)
                continue;
            const struct edge *e = edge_of(g, set[i], centre);
            unsigned alike = e ? e->alike : 0;
            if (!e && round < ROUNDS) {
                rc = story_measure(g->f, g->v[centre].article, m->article, &alike, err);
                if (!rc)
                    rc = add_link(g, set[i], centre, alike, err);
            }
            if (!rc && alike >= ND_STORY_LIKENESS) {
                m->centre = centre;
                m->alike = alike;
            }
        }
    }
    return rc;
}

struct by_set {
    uint32_t set, node;
};

static int in_set_order(const void *pa, const void *pb)
{
    const struct by_set *a = pa, *b = pb;
    if (a->set != b->set)
        return a->set < b->set ? -1 : 1;
    return a->node < b->node ? -1 : a->node > b->node;
}

static int all_stars(struct grouping *g, struct nd_error *err)
{
    struct by_set *order = calloc(g->n + 1, sizeof *order);
    g->sets = calloc(g->n + 1, sizeof *g->sets);
    int rc = order && g->sets ? 0 : no_memory(err);
    for (uint32_t i = 0; !rc && i < g->n; i++)
        order[i] = (struct by_set){set_of(g, i), i};
    if (!rc && g->n)
        qsort(order, g->n, sizeof *order, in_set_order);
    for (size_t i = 0; !rc && i < g->n; i++)
        g->sets[i] = order[i].node;
    for (size_t i = 0, end; !rc && i < g->n; i = end) {
        end = i + 1;
        while (end < g->n && order[end].set == order[i].set)
            end++;
        rc = stars(g, g->sets + i, end - i, err);
    }
    free(order);
    return rc;
}

/* ---- what is written ---- */

/* The id of an article as its stored text has it. */
static int read_id(struct story_finder *f, struct nd_str *id, struct nd_arena *keep,
                   struct nd_arena *scratch, struct nd_buf *text, uint32_t article,
                   struct nd_error *err)
{
    struct story_segment *s = story_segment_of(f, article);
    struct nd_article a;
    int rc = 0;
    nd_buf_reset(text);
    nd_arena_reset(scratch);
    if (!s->texts) {
        char path[4300];
        snprintf(path, sizeof path, "%s/text", s->path);
        rc = nd_texts_open(&s->texts, path, err);
    }
    if (!rc)
        rc = nd_texts_get(s->texts, article - s->first + 1, text, err);
    if (!rc)
        rc = nd_article_parse(&a, scratch, text->data, text->len, err);
    if (rc)
        return rc;
    *id = nd_arena_str(keep, a.id.p, a.id.n);
    return id->p ? 0 : no_memory(err);
}

static int read_ids(struct stories_found *out, struct grouping *g, const struct nd_stories *old,
                    struct nd_error *err)
{
    struct nd_arena scratch;
    struct nd_buf text;
    int rc = 0;
    nd_arena_init(&scratch, (size_t)1 << 30);
    nd_buf_init(&text, ND_TEXT_MAX);
    for (size_t i = 0; i < g->n && !rc; i++) {
        struct nd_story_member m, *to = &out->members[i];
        *to = (struct nd_story_member){
            .hash = g->v[i].hash, .story = ND_STORY_NONE, .alike = g->v[i].alike};
        if (g->v[i].old == ND_STORY_NONE || !nd_stories_member(old, g->v[i].old, &m))
            rc = read_id(g->f, &to->id, &out->arena, &scratch, &text, g->v[i].article, err);
        else if (!(to->id = nd_arena_str(&out->arena, m.id.p, m.id.n)).p)
            rc = no_memory(err);
    }
    nd_arena_free(&scratch);
    nd_buf_free(&text);
    return rc;
}

/* A member with what orders it: the name of its story, then its id. */
struct placed {
    struct nd_str name, id;
    uint32_t node, centre;
};

static int by_name(const void *pa, const void *pb)
{
    const struct placed *a = pa, *b = pb;
    int order = nd_str_cmp(a->name, b->name);
    if (!order &&
        a->centre != b->centre) /* two ids that are the same: damage, but keep the order whole */
        return a->centre < b->centre ? -1 : 1;
    return order ? order : nd_str_cmp(a->id, b->id);
}

static int number_stories(struct stories_found *out, struct grouping *g, struct nd_error *err)
{
    struct placed *v = calloc(g->n + 1, sizeof *v);
    struct nd_str *names = calloc(g->n + 1, sizeof *names); /* by centre */
    out->stories = calloc(g->n + 1, sizeof *out->stories);
    out->order = calloc(g->n + 1, sizeof *out->order);
    size_t n = 0;
    int rc = v && names && out->stories && out->order ? 0 : no_memory(err);
    for (uint32_t i = 0; !rc && i < g->n; i++) {
        uint32_t c = g->v[i].centre;
        if (c == ND_STORY_NONE)
            continue;
        if (!names[c].p || nd_str_cmp(out->members[i].id, names[c]) < 0)
            names[c] = out->members[i].id;
    }
    for (uint32_t i = 0; !rc && i < g->n; i++)
        if (g->v[i].centre != ND_STORY_NONE)
            v[n++] = (struct placed){names[g->v[i].centre], out->members[i].id, i, g->v[i].centre};
    if (!rc && n)
        qsort(v, n, sizeof *v, by_name);
    uint32_t stories = 0;
    for (size_t i = 0; !rc && i < n; i++) {
        if (!i || v[i].centre != v[i - 1].centre)
            out->stories[stories++] = (struct nd_story){.name = v[i].name,
                                                        .first = (uint32_t)i,
                                                        .named_by = v[i].node,
                                                        .centre = v[i].centre};
        out->stories[stories - 1].n++;
        out->members[v[i].node].story = stories - 1;
        out->order[i] = v[i].node;
    }
    out->made.n = stories;
    out->made.order_n = (uint32_t)n;
    free(v);
    free(names);
    return rc;
}

int story_group(struct stories_found *out, struct story_finder *f, const struct nd_stories *before,
                struct nd_error *err)
{
    struct grouping g = {.f = f};
    uint32_t *at = NULL;
    int rc = find_old(&at, f, before, err);
    if (!rc)
        rc = take_over(f, before, at, err);
    if (!rc)
        rc = make_nodes(&g, before, at, err);
    if (!rc)
        rc = make_edges(&g, err);
    if (!rc)
        rc = all_stars(&g, err);
    out->members = calloc(g.n + 1, sizeof *out->members);
    if (!rc && !out->members)
        rc = no_memory(err);
    if (!rc)
        rc = read_ids(out, &g, before, err);
    if (!rc)
        rc = number_stories(out, &g, err);
    if (!rc && g.links_n)
        qsort(g.links, g.links_n, sizeof *g.links, by_nodes);
    out->links = g.links;
    out->made.members = out->members;
    out->made.members_n = (uint32_t)g.n;
    out->made.stories = out->stories;
    out->made.order = out->order;
    out->made.links = out->links;
    out->made.links_n = (uint32_t)g.links_n;
    free(at);
    free(g.v);
    free(g.edges);
    free(g.sets);
    return rc;
}
