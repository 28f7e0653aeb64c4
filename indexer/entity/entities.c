#include "entity/entities.h"

#include "entity/dump_names.h"
#include "record/evidence.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARENA_MAX = 1 << 29
};

struct nd_entities {
    const struct nd_entity_data *data;
    struct nd_names names;
    struct nd_tagger *tagger; /* made when first needed */
    struct nd_arena arena;    /* of the last article */
    struct nd_mention *mentions;
    struct nd_evidence *evidence;
};

int nd_entity_data_open(struct nd_entity_data *d, const char *model, struct nd_error *err)
{
    memset(d, 0, sizeof *d);
    int rc = nd_gaz_open(&d->gaz, NULL, err);
    if (rc)
        return rc;
    rc = nd_model_open(&d->model, model, err);
    if (rc)
        nd_gaz_close(&d->gaz);
    return rc;
}

void nd_entity_data_close(struct nd_entity_data *d)
{
    nd_model_close(&d->model);
    nd_gaz_close(&d->gaz);
}

int nd_entities_new(struct nd_entities **out, const struct nd_entity_data *data,
                    struct nd_error *err)
{
    *out = NULL;
    struct nd_entities *e = calloc(1, sizeof *e);
    if (!e)
        return nd_fail(err, ND_NOMEM, "out of memory");
    e->data = data;
    nd_arena_init(&e->arena, ARENA_MAX);
    nd_names_init(&e->names, &data->gaz);
    *out = e;
    return 0;
}

void nd_entities_free(struct nd_entities *e)
{
    if (!e)
        return;
    nd_tagger_free(e->tagger);
    nd_names_free(&e->names);
    nd_arena_free(&e->arena);
    free(e);
}

/* Words whose full stop belongs to them at the end of a name. */
static const char *const stopped[] = {"ariz", "calif", "co", "colo", "conn", "corp", "fla",  "ga",
                                      "ill",  "inc",   "jr", "ltd",  "mass", "md",   "mich", "minn",
                                      "ore",  "pa",    "sr", "tenn", "va",   "wis"};

/* The bytes [*from, *to) of a mention in its field; none where the field is shorter. Return: the field. */
static struct nd_str span_of(const struct nd_entities *e, const struct nd_name *m, size_t *from,
                             size_t *to)
{
    const struct nd_names *s = &e->names;
    *from = *to = 0;
    const struct nd_token *a = &s->tokens->v[m->first],
                          *b = &s->tokens->v[m->first + m->words - 1u];
    struct nd_str text = a->field < s->texts_n ? s->texts[a->field] : (struct nd_str){0};
    size_t end = b->flags & ND_T_POSSESSIVE ? nd_word_end(b, text) : b->end;
    if (end > text.n || a->start > end)
        return (struct nd_str){0};
    const struct nd_name_word *w = nd_name_words(s, m);
    if (end < text.n && text.p[end] == '.' &&
        nd_word_in(w[m->words - 1].text, stopped, sizeof stopped / sizeof *stopped))
        end++;
    size_t start = a->start;
    if (m->type != ND_PERSON && nd_name_elided(s, m->first)) /* l' or l and a curly apostrophe */
        start += text.p[start + 1] == '\'' ? 2 : 4;
    *from = start > end ? a->start : start;
    *to = end;
    return text;
}

/* The text of a mention as printed, blanks of any kind as one. */
static struct nd_str surface(struct nd_entities *e, const struct nd_name *m)
{
    size_t start, end;
    struct nd_str text = span_of(e, m, &start, &end);
    if (!text.p)
        return text;
    struct nd_str out = nd_arena_str(&e->arena, text.p + start, end - start);
    char *p = (char *)(uintptr_t)out.p;
    size_t n = 0;
    for (size_t i = 0; p && i < out.n; i++) {
        bool blank = p[i] == '\n' || p[i] == '\t' || p[i] == '\r' || p[i] == ' ';
        if (!blank)
            p[n++] = p[i];
        else if (n && p[n - 1] != ' ')
            p[n++] = ' ';
    }
    out.n = n;
    return out;
}

/* The evidence of a name as a segment keeps it. */
static uint32_t proof(const struct nd_entities *e, const struct nd_name *m)
{
    struct nd_gaz_row r;
    switch (m->by) {
    case ND_BY_GOLD:
        return nd_proof_pack(0, ND_PROOF_GOLD, 0);
    case ND_BY_RESOLVED:
        return nd_proof_pack(0, ND_PROOF_RESOLVED, m->from);
    case ND_BY_GAZETTEER:
    case ND_BY_ALIAS:
        if (nd_gaz_row(&e->data->gaz, m->row, &r) || r.source >= ND_PROOF_LISTS)
            return 0;
        return nd_proof_pack(0, ND_PROOF_LIST + r.source, r.line);
    default:
        return nd_proof_pack(0, ND_PROOF_MODEL, m->score);
    }
}

/* Names to mentions and evidence, in the arena. */
static int deliver(struct nd_entities *e, const struct nd_mention **out, size_t *n)
{
    struct nd_names *s = &e->names;
    e->mentions = nd_arena_array(&e->arena, s->n ? s->n : 1, sizeof *e->mentions);
    e->evidence = nd_arena_array(&e->arena, s->n ? s->n : 1, sizeof *e->evidence);
    if (!e->mentions || !e->evidence)
        return ND_NOMEM;
    for (size_t i = 0; i < s->n; i++) {
        const struct nd_name *m = &s->v[i];
        e->mentions[i] = (struct nd_mention){.first = m->first,
                                             .words = m->words,
                                             .type = (enum nd_entity_type)m->type,
                                             .id = m->id,
                                             .surface = surface(e, m),
                                             .proof = proof(e, m)};
        e->evidence[i] = (struct nd_evidence){m->by, m->score, m->row, m->from};
        if (!e->mentions[i].surface.p)
            return ND_NOMEM;
    }
    *out = e->mentions;
    *n = s->n;
    return 0;
}

int nd_entities_resolve(struct nd_entities *e, const struct nd_article *a,
                        const struct nd_tokens *t, const struct nd_tag *tags, size_t tags_n,
                        const struct nd_mention **out, size_t *n, struct nd_error *err)
{
    *out = NULL;
    *n = 0;
    nd_arena_reset(&e->arena);
    struct nd_str *texts = nd_arena_array(&e->arena, ND_FIELDS, sizeof *texts);
    if (!texts)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (unsigned f = 0; f < ND_FIELDS; f++)
        texts[f] = nd_article_field(a, f);
    struct nd_names *s = &e->names;
    nd_names_begin(s, &e->arena, t, texts, ND_FIELDS);
    int rc = 0;
    for (size_t i = 0; !rc && i < tags_n; i++)
        rc = nd_names_add(s, tags[i].first, tags[i].words, (enum nd_entity_type)tags[i].type,
                          tags[i].score, 0);
    if (!rc)
        rc = nd_dump_names_add(s, a, err);
    if (!rc)
        rc = nd_names_resolve(s);
    if (!rc)
        rc = deliver(e, out, n);
    if (rc == ND_INTERNAL)
        return nd_fail(err, rc, "a name lies outside of its article");
    return rc ? nd_fail(err, rc, "out of memory for the names of an article") : 0;
}

int nd_entities_run(struct nd_entities *e, const struct nd_article *a, const struct nd_tokens *t,
                    const struct nd_mention **out, size_t *n, struct nd_error *err)
{
    *out = NULL;
    *n = 0;
    struct nd_str texts[ND_FIELDS];
    for (unsigned f = 0; f < ND_FIELDS; f++)
        texts[f] = nd_article_field(a, f);
    const struct nd_tag *tags;
    size_t tags_n;
    int rc = e->tagger ? 0 : nd_tagger_new(&e->tagger, &e->data->model, &e->data->gaz, err);
    if (rc)
        return rc;
    rc = nd_tagger_run(e->tagger, t, texts, ND_FIELDS, &tags, &tags_n, err);
    return rc ? rc : nd_entities_resolve(e, a, t, tags, tags_n, out, n, err);
}

unsigned nd_entities_span(const struct nd_entities *e, size_t i, size_t *start, size_t *end)
{
    const struct nd_name *m = &e->names.v[i];
    span_of(e, m, start, end);
    return e->names.tokens->v[m->first].field;
}

const struct nd_evidence *nd_entities_evidence(const struct nd_entities *e)
{
    return e->evidence;
}

int nd_entities_why(const struct nd_entities *e, size_t i, struct nd_buf *out)
{
    const struct nd_evidence *v = &e->evidence[i];
    struct nd_gaz_row r;
    switch (v->by) {
    case ND_BY_GOLD:
        return nd_buf_str(out, "dump");
    case ND_BY_RESOLVED:
        return nd_buf_printf(out, "resolved from %u", v->from);
    case ND_BY_GAZETTEER:
    case ND_BY_ALIAS:
        if (nd_gaz_row(&e->data->gaz, v->row, &r))
            return ND_INTERNAL;
        return nd_buf_printf(out, "%s:%u", nd_gaz_source(r.source), r.line);
    default:
        return nd_buf_printf(out, "model %u", v->score);
    }
}
