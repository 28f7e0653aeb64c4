/* story: the lineage of an article: its near-copies, earliest first; who printed them when, how alike they are with the
 * first one, and what they cut from it and added to it. */
#include "ask.h"
#include "base/hash.h"
#include "record/article.h"
#include "record/likeness.h"
#include "record/stories.h"
#include "render/rows.h"
#include "text/token.h"
#include "text/utf8.h"
#include "worddiff.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    SHOWN = 240 /* bytes of a change in text */
};

struct copy {
    struct nd_article article; /* arena */
    size_t segment;
    uint32_t docid;
    uint64_t *words; /* hashes of the body's, arena */
    struct nd_token *tokens;
    size_t n;
    unsigned alike;            /* to the first, in thousandths */
    struct nd_change *changes; /* against the first; owned */
    size_t changes_n;
};

struct lineage {
    struct newsq *t;
    struct nd_index *ix;
    struct nd_str name; /* of the story; the id itself where there is none */
    uint32_t threshold;
    struct copy *v;
    size_t n, cap;
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

static int read_words(struct copy *c, struct nd_arena *arena, struct nd_tokens *t,
                      struct nd_error *err)
{
    struct nd_buf fold;
    nd_tokens_reset(t);
    int rc = nd_tokens_add(t, c->article.body.p, c->article.body.n, ND_FIELD_BODY, err);
    c->n = t->n;
    c->words = nd_arena_array(arena, t->n + 1, sizeof *c->words);
    c->tokens = nd_arena_array(arena, t->n + 1, sizeof *c->tokens);
    if (!rc && (!c->words || !c->tokens))
        rc = no_memory(err);
    nd_buf_init(&fold, 1 << 16);
    for (size_t i = 0; !rc && i < t->n; i++) {
        struct nd_str key = nd_token_key(t, i);
        nd_buf_reset(&fold);
        if (nd_fold(&fold, key.p, key.n))
            rc = no_memory(err);
        else
            c->words[i] = nd_hash64(fold.data ? fold.data : "", fold.len, 0);
        c->tokens[i] = t->v[i];
    }
    nd_buf_free(&fold);
    return rc;
}

/* Add the live article of an id, unless it is there. */
static int add_copy(struct lineage *l, struct nd_str id, struct nd_error *err)
{
    size_t segment;
    uint32_t docid;
    struct nd_texts *texts;
    struct nd_buf json;
    int rc = nd_index_find(l->ix, id.p, id.n, &segment, &docid, err);
    if (rc)
        return rc == ND_DONE ? 0 : rc;
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].segment == segment && l->v[i].docid == docid)
            return 0;
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 16;
        struct copy *v = realloc(l->v, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        l->v = v;
        l->cap = cap;
    }
    struct copy *c = &l->v[l->n];
    *c = (struct copy){.segment = segment, .docid = docid};
    nd_buf_init(&json, ND_TEXT_MAX);
    rc = nd_segment_texts(&l->ix->segments[segment], &texts, err);
    if (!rc)
        rc = nd_texts_get(texts, docid, &json, err);
    if (!rc)
        rc = nd_article_parse(&c->article, &l->t->arena, json.data, json.len, err);
    nd_buf_free(&json);
    l->n += !rc;
    return rc;
}

static int find_copies(struct lineage *l, struct nd_str id, struct nd_error *err)
{
    int rc = add_copy(l, id, err);
    l->name = id;
    l->threshold = ND_STORY_LIKENESS;
    for (size_t i = 0; !rc && i < l->ix->folders_n; i++) {
        const struct nd_derived *d;
        struct nd_stories s;
        struct nd_story story;
        rc = nd_folder_derived(&l->ix->folders[i], &d, err);
        if (rc || !d || !nd_stories_of(&s, d) ||
            !nd_stories_row(&s, nd_stories_find_id(&s, id.p, id.n), &story))
            continue;
        l->name = story.name;
        l->threshold = s.threshold;
        for (uint32_t k = 0; !rc && k < story.n; k++) {
            struct nd_story_member m;
            if (nd_stories_member(&s, nd_stories_nth(&s, story.first + k), &m))
                rc = add_copy(l, m.id, err);
        }
    }
    return rc;
}

static int earlier(const void *pa, const void *pb)
{
    const struct copy *a = pa, *b = pb;
    const struct nd_date *x = &a->article.published, *y = &b->article.published;
    if (!x->precision != !y->precision)
        return x->precision ? -1 : 1;
    if (x->precision && x->utc != y->utc)
        return x->utc < y->utc ? -1 : 1;
    return nd_str_cmp(a->article.id, b->article.id);
}

/* Compare each with the first. */
static int compare(struct lineage *l, struct nd_error *err)
{
    struct nd_tokens t;
    struct nd_runs first, other;
    if (nd_tokens_init(&t))
        return no_memory(err);
    nd_runs_init(&first);
    nd_runs_init(&other);
    int rc = 0;
    for (size_t i = 0; !rc && i < l->n; i++) {
        struct copy *c = &l->v[i];
        rc = read_words(c, &l->t->arena, &t, err);
        if (!rc && nd_runs_of(i ? &other : &first, c->words, c->n))
            rc = no_memory(err);
        if (rc || !i)
            continue;
        c->alike = nd_runs_alike(&first, &other);
        if (nd_worddiff(&c->changes, &c->changes_n, l->v[0].words, l->v[0].n, c->words, c->n))
            rc = no_memory(err);
    }
    nd_runs_free(&first);
    nd_runs_free(&other);
    nd_tokens_free(&t);
    return rc;
}

/* The text of words [at, at + n) of a copy's body. */
static struct nd_str stretch(const struct copy *c, size_t at, size_t n)
{
    if (!n)
        return (struct nd_str){"", 0};
    size_t from = c->tokens[at].start, to = c->tokens[at + n - 1].end;
    return (struct nd_str){c->article.body.p + from, to - from};
}

static struct nd_str date_of(const struct copy *c, struct nd_arena *arena)
{
    struct nd_buf b;
    nd_buf_init(&b, 256);
    if (c->article.published.precision)
        nd_date_format(&b, &c->article.published);
    struct nd_str s = nd_arena_str(arena, b.data ? b.data : "", b.len);
    nd_buf_free(&b);
    return s.p ? s : (struct nd_str){"", 0};
}

static void text_change(struct nd_buf *out, const struct nd_render *r, char sign, struct nd_str s)
{
    if (!s.n)
        return;
    size_t n = s.n;
    if (n > SHOWN) {
        n = SHOWN;
        while (n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
            n--;
    }
    if (r->color)
        nd_buf_str(out, sign == '-' ? "\033[31m" : "\033[32m");
    nd_buf_printf(out, "   %c ", sign);
    nd_printable(out, s.p, n, true);
    nd_buf_str(out, n < s.n ? "…" : "");
    nd_buf_str(out, r->color ? "\033[0m\n" : "\n");
}

static void put_text(struct lineage *l, struct nd_buf *out, const struct nd_render *r)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct copy *c = &l->v[i];
        struct nd_str date = date_of(c, &l->t->arena);
        nd_buf_printf(out, "%s%zu. ", i ? "\n" : "", i + 1);
        nd_buf_str(out, r->color ? "\033[1m" : "");
        nd_printable(out, c->article.title.p, c->article.title.n, true);
        nd_buf_str(out, r->color ? "\033[0m\n   " : "\n   ");
        nd_buf_add(out, date.n ? date.p : "undated", date.n ? date.n : 7);
        nd_buf_str(out, "  ");
        nd_printable(out, c->article.source.p, c->article.source.n, true);
        nd_buf_str(out, "  ");
        nd_printable(out, c->article.id.p, c->article.id.n, true);
        nd_buf_printf(out, "  %zu words", c->n);
        if (i)
            nd_buf_printf(out, ", %.1f %% alike", c->alike / 10.0);
        nd_buf_byte(out, '\n');
        for (size_t k = 0; k < c->changes_n; k++) {
            text_change(out, r, '-', stretch(&l->v[0], c->changes[k].a, c->changes[k].cut));
            text_change(out, r, '+', stretch(c, c->changes[k].b, c->changes[k].added));
        }
    }
}

static void put_rows(struct lineage *l, struct nd_rows *rows)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct copy *c = &l->v[i];
        const struct nd_value v[] = {nd_value_text("date", date_of(c, &l->t->arena)),
                                     nd_value_text("source", c->article.source),
                                     nd_value_text("id", c->article.id),
                                     nd_value_count("words", c->n),
                                     nd_value_real("alike", i ? c->alike / 10.0 : 100, 1),
                                     nd_value_text("title", c->article.title)};
        nd_row(rows, "copy", v, sizeof v / sizeof v[0]);
    }
    for (size_t i = 1; i < l->n; i++)
        for (size_t k = 0; k < l->v[i].changes_n; k++) {
            const struct copy *c = &l->v[i];
            const struct nd_change *x = &c->changes[k];
            const struct nd_value v[] = {nd_value_text("id", c->article.id),
                                         nd_value_count("at", x->a + 1),
                                         nd_value_text("cut", stretch(&l->v[0], x->a, x->cut)),
                                         nd_value_text("added", stretch(c, x->b, x->added))};
            nd_row(rows, "change", v, sizeof v / sizeof v[0]);
        }
}

static int print(struct lineage *l, const struct nd_renderer *how, struct nd_error *err)
{
    struct nd_buf out;
    struct nd_render r;
    nd_buf_init(&out, OUT_MAX);
    int rc = newsq_render(l->t, &r, &out, err);
    struct nd_rows rows = {.r = &r, .how = how};
    if (how == &nd_render_text) {
        put_text(l, &out, &r);
    } else {
        how->begin(&r);
        put_rows(l, &rows);
        struct nd_answer answer = {.total = l->n,
                                   .shown = l->n,
                                   .exact = true,
                                   .query = l->name,
                                   .uuid = l->ix->folders[0].manifest.uuid,
                                   .revision = l->ix->folders[0].manifest.revision};
        how->end(&r, &answer);
    }
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc;
}

int newsq_story(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *how;
    struct lineage l = {.t = t};
    if (newsq_renderer(t, &how, &err) || nd_rows_fit(how, &err))
        return newsq_failed(t, &err);
    if (t->args.words_n != 1) {
        nd_fail(&err, ND_USAGE, "story takes the id of one article");
        nd_hint(&err, "ids are printed by: newsq search -l QUERY");
        return newsq_failed(t, &err);
    }
    struct nd_str id = t->args.words[0];
    int status = 0, rc = nd_ask_index(t, &l.ix, &err);
    if (!rc)
        rc = find_copies(&l, id, &err);
    if (!rc && l.n)
        qsort(l.v, l.n, sizeof *l.v, earlier);
    if (!rc)
        rc = compare(&l, &err);
    if (!rc && l.n)
        rc = print(&l, how, &err);
    if (!rc && !l.n) {
        nd_diag_note(&t->diag, "no article or story '%.*s'", (int)id.n, id.p);
        status = 1;
    } else if (!rc && l.n == 1) {
        nd_diag_note(&t->diag, "'%.*s' has no near-copies: no article is %.0f %% alike", (int)id.n,
                     id.p, l.threshold / 10.0);
    }
    if (rc < 0)
        status = newsq_failed(t, &err);
    for (size_t i = 0; i < l.n; i++)
        free(l.v[i].changes);
    free(l.v);
    nd_index_close(l.ix);
    return status;
}
