/* The names of an article that a query asks for: where each stands, what it is taken for, and why. */
#include "why.h"

#include "mentions.h"
#include "kwic.h"
#include "record/evidence.h"
#include "text/json.h"
#include "text/token.h"
#include "text/utf8.h"

#include <string.h>

enum {
    AROUND = 40 /* bytes of text shown on each side, cut at blanks */
};

/* A mention with what is said of it. */
struct item {
    struct nd_place_named place;
    struct nd_entity_row row;
    size_t start, end; /* bytes of the field */
    bool asked;
};

struct names {
    const struct nd_why *w;
    struct nd_stream *stream;
    struct nd_columns *columns;
    const struct nd_derived *derived;
    const struct nd_overrides *rules;
    struct item *v;
    size_t n;
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

/* The second number of the column's pair for a row: mentions and evidence. */
static uint32_t proof_of(const struct names *s, uint32_t row)
{
    size_t n;
    const unsigned char *list = nd_column_list(s->columns, ND_COL_ENTITIES, s->w->docid, &n);
    for (size_t i = 0; i + 1 < n; i += 2)
        if (nd_load32(list + 4 * i) == row)
            return nd_load32(list + 4 * (i + 1));
    return 0;
}

/* Where a word with a possessive ends without it: 's or s'. */
static size_t without_possessive(const struct nd_token *w, struct nd_str text)
{
    size_t end = w->end;
    if (end > text.n || end <= w->start)
        return end;
    if (text.p[end - 1] == 's')
        end--;
    if (end > w->start && text.p[end - 1] == '\'')
        return end - 1;
    if (end > w->start + 3 && memcmp(text.p + end - 3, "\xe2\x80\x99", 3) == 0)
        return end - 3;
    return w->end;
}

/* Byte ranges, by cutting the fields into words anew. */
static int find_bytes(struct names *s, struct nd_error *err)
{
    struct nd_tokens t;
    if (nd_tokens_init(&t))
        return no_memory(err);
    int rc = 0;
    for (unsigned f = 0; !rc && f < ND_FIELDS; f++) {
        struct nd_str text = nd_article_field(s->w->article, f);
        bool cut = false;
        for (size_t i = 0; !rc && i < s->n; i++) {
            struct item *m = &s->v[i];
            if (m->place.field != f)
                continue;
            if (!cut) {
                nd_tokens_reset(&t);
                rc = nd_tokens_add(&t, text.p, text.n, f, err);
                cut = true;
            }
            if (rc || m->place.last >= t.n)
                continue;
            const struct nd_token *last = &t.v[m->place.last];
            m->start = t.v[m->place.first].start;
            m->end = last->flags & ND_T_POSSESSIVE ? without_possessive(last, text) : last->end;
        }
    }
    nd_tokens_free(&t);
    return rc;
}

/* Mark the mentions that matched: those of leaves that stand for names. */
static int find_asked(struct names *s, struct nd_error *err)
{
    const struct nd_lowered *q = &s->w->ask->lowered;
    const struct nd_found *found;
    size_t n;
    int rc = nd_match_spans(s->w->ask->match, s->w->segment, s->w->docid, &found, &n, err);
    if (rc < 0 && rc != ND_LIMIT)
        return rc;
    for (size_t i = 0; i < n; i++) {
        const struct nd_span_hit *h = &found[i].hit;
        const struct nd_expand *part = q->parts[found[i].part];
        if (h->whole || h->leaf >= part->n ||
            (part->leaves[h->leaf].kind != ND_LEAF_ENTITY &&
             part->leaves[h->leaf].kind != ND_LEAF_ANY))
            continue;
        for (size_t k = 0; k < s->n; k++) {
            struct nd_place_named *p = &s->v[k].place;
            if (p->field == h->field && p->first == h->first && p->last == h->last)
                s->v[k].asked = true;
        }
    }
    return 0;
}

static int collect(struct names *s, struct nd_error *err)
{
    struct nd_mentions m = {0};
    struct nd_segment *seg = &s->w->ask->index->segments[s->w->segment];
    int rc = nd_segment_stream(seg, &s->stream, err);
    if (!rc)
        rc = nd_segment_columns(seg, &s->columns, err);
    if (!rc)
        rc = nd_column_check(s->columns, ND_COL_ENTITIES, err);
    if (!rc)
        rc = nd_folder_derived(&s->w->ask->index->folders[seg->folder], &s->derived, err);
    if (!rc)
        rc = nd_index_overrides(s->w->ask->index, &s->rules, err);
    if (!rc)
        rc = nd_mentions_read(&m, s->stream, s->w->docid, err);
    if (!rc && !(s->v = nd_arena_array(s->w->ask->arena, m.n + 1, sizeof *s->v)))
        rc = no_memory(err);
    for (size_t i = 0; !rc && i < m.n; i++) {
        s->v[i] = (struct item){.place = m.v[i], .asked = s->w->all};
        rc = nd_stream_entity(s->stream, m.v[i].row, &s->v[i].row, err);
    }
    s->n = rc ? 0 : m.n;
    nd_mentions_free(&m);
    if (!rc)
        rc = find_bytes(s, err);
    if (!rc && !s->w->all)
        rc = find_asked(s, err);
    return rc;
}

/* The evidence in words: `model 97`, `aliases.tsv:12`, `resolved from 'Kim Jong-un' (title 0-11)`, `dump`. */
static void by(const struct names *s, const struct item *m, struct nd_buf *out)
{
    uint32_t v = proof_of(s, m->place.row), number = nd_proof_number(v);
    switch (nd_proof_of(v)) {
    case ND_PROOF_NONE:
        nd_buf_str(out, "not kept by this index");
        break;
    case ND_PROOF_MODEL:
        nd_buf_printf(out, "model %u", number);
        break;
    case ND_PROOF_GOLD:
        nd_buf_str(out, "dump");
        break;
    case ND_PROOF_RESOLVED:
        if (number < s->n)
            nd_buf_printf(out, "resolved from '%.*s' (%s %zu-%zu)", (int)s->v[number].row.surface.n,
                          s->v[number].row.surface.p, nd_text_field_name(s->v[number].place.field),
                          s->v[number].start, s->v[number].end);
        else
            nd_buf_str(out, "resolved");
        break;
    default:
        nd_buf_printf(out, "%s:%u", nd_proof_list(nd_proof_of(v) - ND_PROOF_LIST), number);
    }
}

/* Where a mention's id leads, by links and rules. */
static int leads(const struct names *s, const struct item *m, struct nd_override_end *out,
                 struct nd_error *err)
{
    nd_override_walk(s->rules, s->derived, m->row.type, m->row.id, out);
    return nd_override_decide(out, s->columns, s->w->docid, err);
}

static void text_rule(const struct names *s, const struct nd_rule *r)
{
    struct nd_buf *out = s->w->out;
    struct nd_buf text;
    nd_buf_init(&text, 1 << 16);
    nd_rule_print(&text, r);
    nd_buf_str(out, "\tby rule ");
    nd_buf_printf(out, "%s:%u ", nd_overrides_file(s->rules, r->file), r->line);
    nd_printable(out, text.data, text.len, true);
    nd_buf_byte(out, '\n');
    nd_buf_free(&text);
}

/* Text around a mention, on one line, cut at blanks. */
static void around(const struct nd_why *w, const struct item *m, struct nd_buf *out)
{
    struct nd_str text = nd_article_field(w->article, m->place.field);
    size_t from = m->start > AROUND ? m->start - AROUND : 0;
    size_t to = text.n - m->end > AROUND ? m->end + AROUND : text.n;
    while (from && from < m->start && text.p[from - 1] != ' ' && text.p[from - 1] != '\n')
        from++;
    while (to < text.n && to > m->end && text.p[to] != ' ' && text.p[to] != '\n')
        to--;
    nd_buf_str(out, from ? "..." : "");
    nd_printable(out, text.p + from, m->start - from, true);
    nd_buf_byte(out, '[');
    nd_printable(out, text.p + m->start, m->end - m->start, true);
    nd_buf_byte(out, ']');
    nd_printable(out, text.p + m->end, to - m->end, true);
    nd_buf_str(out, to < text.n ? "..." : "");
}

static int text_item(const struct names *s, const struct item *m, struct nd_error *err)
{
    struct nd_buf *out = s->w->out;
    struct nd_override_end e;
    int rc = leads(s, m, &e, err);
    if (rc)
        return rc;
    nd_buf_printf(out, "%s %zu-%zu\t", nd_text_field_name(m->place.field), m->start, m->end);
    around(s->w, m, out);
    nd_buf_printf(out, "\n\t%s:", nd_entity_type_name(m->row.type).p);
    nd_printable(out, m->row.id.p, m->row.id.n, true);
    nd_buf_str(out, "  by ");
    by(s, m, out);
    nd_buf_byte(out, '\n');
    for (size_t i = 1; i < e.steps_n; i++) {
        if (e.steps[i].by) {
            text_rule(s, e.steps[i].by);
            continue;
        }
        nd_buf_printf(out, "\t%s ",
                      e.link == ND_DERIVED_SPELLING ? "another spelling of"
                                                    : "in this index nearly always");
        nd_printable(out, e.steps[i].id.p, e.steps[i].id.n, true);
        nd_buf_byte(out, '\n');
    }
    if (e.rule && (e.rejected || e.rule->kind == ND_RULE_SPLIT))
        text_rule(s, e.rule);
    return 0;
}

static int json_item(const struct names *s, const struct item *m, struct nd_error *err)
{
    struct nd_buf *out = s->w->out, reason;
    struct nd_override_end e;
    int rc = leads(s, m, &e, err);
    if (rc)
        return rc;
    nd_buf_init(&reason, 1 << 16);
    by(s, m, &reason);
    nd_buf_printf(out,
                  "{\"type\":\"mention\",\"field\":\"%s\",\"start\":%zu,\"end\":%zu,"
                  "\"entity\":\"%s\",\"id\":",
                  nd_text_field_name(m->place.field), m->start, m->end,
                  nd_entity_type_name(m->row.type).p);
    nd_json_str(out, m->row.id.p, m->row.id.n);
    nd_buf_str(out, ",\"name\":");
    nd_json_str(out, m->row.surface.p, m->row.surface.n);
    nd_buf_str(out, ",\"by\":");
    nd_json_str(out, reason.data ? reason.data : "", reason.len);
    if (e.rejected)
        nd_buf_str(out, ",\"rejected\":true");
    else if (e.type != m->row.type || !nd_str_eq(e.id, m->row.id)) {
        nd_buf_printf(out, ",\"means\":{\"entity\":\"%s\",\"id\":", nd_entity_type_name(e.type).p);
        nd_json_str(out, e.id.p, e.id.n);
        nd_buf_byte(out, '}');
    }
    if (e.rule) {
        nd_buf_reset(&reason);
        nd_buf_printf(&reason, "%s:%u", nd_overrides_file(s->rules, e.rule->file), e.rule->line);
        nd_buf_str(out, ",\"rule\":");
        nd_json_str(out, reason.data, reason.len);
    }
    nd_buf_str(out, "}\n");
    nd_buf_free(&reason);
    return 0;
}

int nd_why_entity(const struct nd_why *w, struct nd_error *err)
{
    struct names s = {.w = w};
    int rc = collect(&s, err);
    for (size_t i = 0; !rc && i < s.n; i++) {
        if (!s.v[i].asked)
            continue;
        rc = w->json ? json_item(&s, &s.v[i], err) : text_item(&s, &s.v[i], err);
    }
    return rc;
}
