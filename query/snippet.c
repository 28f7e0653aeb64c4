#include "snippet.h"

#include "text/token.h"

#include <stdlib.h>
#include <string.h>

enum {
    BEFORE = 8, /* words shown before the first match where its sentence begins further back */
    SENTENCE_BACK = 14,  /* a sentence that begins so near is shown from its beginning */
    TEXT_MAX = 16 * 1024 /* bytes of a snippet, however long its words are */
};

struct nd_snippets {
    struct nd_tokens tokens;
    struct nd_buf text;
};

int nd_snippets_new(struct nd_snippets **out, struct nd_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out || nd_tokens_init(&(*out)->tokens)) {
        free(*out);
        *out = NULL;
        return nd_fail(err, ND_NOMEM, "out of memory");
    }
    nd_buf_init(&(*out)->text, TEXT_MAX);
    return 0;
}

void nd_snippets_free(struct nd_snippets *s)
{
    if (!s)
        return;
    nd_tokens_free(&s->tokens);
    nd_buf_free(&s->text);
    free(s);
}

/* A leaf's words that matched, in one field. */
struct place {
    uint32_t first, last, what; /* what: which leaf of which part */
};

static size_t places_of(struct place *out, const struct nd_found *found, size_t n, unsigned field,
                        size_t words)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const struct nd_span_hit *h = &found[i].hit;
        if (h->whole || h->field != field || h->last < h->first || h->last >= words)
            continue;
        out[k++] = (struct place){h->first, h->last, found[i].part * 4096u + h->leaf};
    }
    return k;
}

/* Different leaves among the places that begin in [from, from + words). */
static size_t different(const struct place *p, size_t n, uint32_t from, size_t words)
{
    uint32_t seen[16];
    size_t k = 0;
    for (size_t i = 0; i < n && p[i].first - from < words && k < 16; i++) {
        size_t j = 0;
        while (j < k && seen[j] != p[i].what)
            j++;
        if (j == k)
            seen[k++] = p[i].what;
    }
    return k;
}

/* Where the best window's first match is: most different leaves, then the earliest. */
static size_t best_place(const struct place *p, size_t n)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t d = different(p + i, n - i, p[i].first, ND_SNIPPET_WORDS - BEFORE);
        if (d > most) {
            most = d;
            best = i;
        }
    }
    return best;
}

static size_t window_start(const struct nd_tokens *t, size_t at)
{
    for (size_t back = 0; back <= SENTENCE_BACK && back <= at; back++)
        if (t->v[at - back].brk != ND_BREAK_NONE)
            return at - back;
    return at > BEFORE ? at - BEFORE : 0;
}

static size_t window_end(const struct nd_tokens *t, size_t start, size_t must)
{
    size_t end = start + ND_SNIPPET_WORDS;
    if (end <= must)
        end = must + 1;
    if (end >= t->n)
        return t->n;
    for (size_t i = end; i > start + ND_SNIPPET_WORDS * 2 / 3 && i > must; i--)
        if (t->v[i].brk != ND_BREAK_NONE)
            return i; /* end with a sentence rather than in the next one */
    return end;
}

static bool blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Copy text[from..to) with runs of blanks as one; marks inside are moved along. */
static void copy(struct nd_buf *out, const char *text, size_t from, size_t to,
                 struct nd_highlight *marks, size_t n)
{
    size_t m = 0;
    bool inside = false;
    for (size_t i = from; i < to; i++) {
        if (m < n && inside && marks[m].end == i) {
            marks[m++].end = (uint32_t)out->len;
            inside = false;
        }
        if (m < n && !inside && marks[m].start == i) {
            marks[m].start = (uint32_t)out->len;
            inside = true;
        }
        if (blank(text[i])) {
            if (out->len && out->data[out->len - 1] != ' ')
                nd_buf_byte(out, ' ');
        } else {
            nd_buf_byte(out, (unsigned char)text[i]);
        }
    }
    if (m < n && inside)
        marks[m].end = (uint32_t)out->len;
}

/* Join marks that touch or overlap, or have nothing but a blank or a hyphen between them. */
static size_t join_marks(struct nd_highlight *m, size_t n, const char *text)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        bool one =
            k && m[i].start <= m[k - 1].end + 1 &&
            (m[i].start <= m[k - 1].end || blank(text[m[k - 1].end]) || text[m[k - 1].end] == '-');
        if (one && m[i].end > m[k - 1].end)
            m[k - 1].end = m[i].end;
        else if (!one)
            m[k++] = m[i];
    }
    return k;
}

int nd_snippet_make(struct nd_snippets *s, struct nd_snippet *out, struct nd_arena *arena,
                    const struct nd_article *a, const struct nd_found *found, size_t n,
                    struct nd_error *err)
{
    static const char *const names[ND_FIELDS] = {"title", "lead", "body"};
    static const unsigned order[] = {ND_FIELD_BODY, ND_FIELD_LEAD};
    *out = (struct nd_snippet){.field = "body"};
    struct place *p = nd_arena_array(arena, n + 1, sizeof *p);
    if (!p)
        return nd_fail(err, ND_NOMEM, "out of memory");
    struct nd_str text = {0};
    size_t k = 0;
    int rc = 0;
    for (size_t i = 0; !rc && !k && i < sizeof order / sizeof order[0]; i++) {
        struct nd_str t = nd_article_field(a, order[i]);
        if (!t.n || (i && !n))
            continue;
        nd_tokens_reset(&s->tokens);
        rc = nd_tokens_add(&s->tokens, t.p, t.n, order[i], err);
        k = rc ? 0 : places_of(p, found, n, order[i], s->tokens.n);
        if (!text.n || k) {
            text = t;
            out->field = names[order[i]];
        }
    }
    if (!rc && !k &&
        text.n) { /* nothing there matched: the beginning, and of the body if it has one */
        nd_tokens_reset(&s->tokens);
        rc = nd_tokens_add(&s->tokens, text.p, text.n, ND_FIELD_BODY, err);
    }
    const struct nd_tokens *t = &s->tokens;
    if (rc || !text.n || !t->n)
        return rc;
    size_t best = k ? best_place(p, k) : 0;
    size_t first = k ? p[best].first : 0;
    size_t start = window_start(t, first);
    size_t end = window_end(t, start, k ? p[best].last : 0);
    size_t from = start && t->v[start].brk == ND_BREAK_NONE ? t->v[start].start
                  : start                                   ? t->v[start - 1].end
                                                            : 0;
    while (from < t->v[start].start && start &&
           (blank(text.p[from]) || strchr(".?!,;:)", text.p[from])))
        from++; /* what closes the sentence before is not shown */
    size_t to = end < t->n ? t->v[end - 1].end : text.n;
    while (to < text.n && !blank(text.p[to]))
        to++;
    struct nd_highlight *marks = nd_arena_array(arena, k + 1, sizeof *marks);
    if (!marks)
        return nd_fail(err, ND_NOMEM, "out of memory");
    size_t m = 0;
    for (size_t i = 0; i < k; i++)
        if (p[i].first >= start && p[i].last < end)
            marks[m++] = (struct nd_highlight){t->v[p[i].first].start, t->v[p[i].last].end};
    m = join_marks(marks, m, text.p);
    nd_buf_reset(&s->text);
    if (start && t->v[start].brk == ND_BREAK_NONE)
        nd_buf_str(&s->text, "… ");
    if (to - from > TEXT_MAX / 2)
        to = from; /* one word of kilobytes: no snippet is better than a screen of it */
    copy(&s->text, text.p, from, to, marks, m);
    while (s->text.len && s->text.data[s->text.len - 1] == ' ')
        s->text.len--;
    if (end < t->n)
        nd_buf_str(&s->text, " …");
    out->text = nd_arena_str(arena, s->text.data ? s->text.data : "", s->text.len);
    out->marks = marks;
    out->marks_n = to > from ? m : 0;
    return out->text.p ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

int nd_snippet_marks(struct nd_snippets *s, struct nd_highlight **out, size_t *out_n,
                     struct nd_arena *arena, const struct nd_article *a, unsigned field,
                     const struct nd_found *found, size_t n, struct nd_error *err)
{
    struct nd_str text = nd_article_field(a, field);
    size_t k = 0;
    *out = NULL;
    *out_n = 0;
    for (size_t i = 0; i < n; i++)
        k += found[i].hit.field == field && !found[i].hit.whole;
    if (!k || !text.n)
        return 0;
    struct place *p = nd_arena_array(arena, k, sizeof *p);
    struct nd_highlight *marks = nd_arena_array(arena, k, sizeof *marks);
    if (!p || !marks)
        return nd_fail(err, ND_NOMEM, "out of memory");
    nd_tokens_reset(&s->tokens);
    int rc = nd_tokens_add(&s->tokens, text.p, text.n, field, err);
    if (rc)
        return rc;
    k = places_of(p, found, n, field, s->tokens.n);
    for (size_t i = 0; i < k; i++)
        marks[i] = (struct nd_highlight){s->tokens.v[p[i].first].start, s->tokens.v[p[i].last].end};
    *out = marks;
    *out_n = join_marks(marks, k, text.p);
    return 0;
}
