/* The score of an article, part by part: what each word adds, of which in the title and the lead, the closeness
 * of the words, and its age. */
#include "record/schema.h"
#include "text/json.h"
#include "text/token.h"
#include "text/utf8.h"
#include "why.h"

#include <inttypes.h>
#include <string.h>

/* A part with its weight taken apart. */
struct split {
    double body, lead, title;
    uint32_t lead_n;
};

/* Occurrences of the part's term among the words of the lead. */
static int count_lead(const struct nd_why *w, const struct nd_score_part *p, uint32_t *out,
                      struct nd_error *err)
{
    struct nd_str lead = w->article->lead;
    size_t head = sizeof ND_PREFIX_STEM - 1;
    struct nd_columns *c;
    struct nd_tokens t;
    struct nd_buf stems;
    *out = 0;
    if (!lead.n || p->term.n <= head || memcmp(p->term.p, ND_PREFIX_STEM, head) != 0)
        return 0;
    int rc = nd_segment_columns(&w->ask->index->segments[w->segment], &c, err);
    if (rc || nd_tokens_init(&t))
        return rc ? rc : nd_fail(err, ND_NOMEM, "out of memory");
    nd_buf_init(&stems, 1 << 20);
    unsigned lang = nd_column_u8(c, ND_COL_LANG, w->docid);
    rc = nd_tokens_add(&t, lead.p, lead.n, ND_FIELD_LEAD, err);
    for (size_t i = 0; !rc && i < t.n; i++) {
        size_t len[ND_STEMS_MAX], at = 0;
        struct nd_str key = nd_token_key(&t, i);
        nd_buf_reset(&stems);
        int n = nd_stems(w->ask->stemmers, lang, key.p, key.n, &stems, len);
        for (int k = 0; k < n; at += len[k++])
            if (len[k] == p->term.n - head &&
                memcmp(stems.data + at, p->term.p + head, len[k]) == 0) {
                ++*out;
                break;
            }
    }
    nd_buf_free(&stems);
    nd_tokens_free(&t);
    return rc;
}

/* How much of its weight a part would have with fewer occurrences. */
static double grown(double n, double k)
{
    return n > 0.0 ? n / (n + k) : 0.0;
}

/* The weight without what title and lead count more, and what each of them adds. */
static void take_apart(const struct nd_score *s, const struct nd_score_part *p, struct split *out)
{
    double k = s->k1 * (1.0 - s->b + (s->average > 0.0 ? s->b * s->length / s->average : 0.0));
    double title = (ND_TITLE_WEIGHT - 1.0) * p->title, lead = (ND_LEAD_WEIGHT - 1.0) * out->lead_n;
    double all = grown(p->wdf, k), plain = p->wdf - title - lead;
    if (all <= 0.0 || plain < 0.0) {
        out->body = p->weight;
        out->lead = out->title = 0.0;
        return;
    }
    out->body = p->weight * grown(plain, k) / all;
    out->lead = p->weight * (grown(plain + lead, k) - grown(plain, k)) / all;
    out->title = p->weight - out->body - out->lead;
}

static struct nd_str name_of(const struct nd_why *w, const struct nd_score_part *p)
{
    struct nd_str text = w->ask->text;
    if (p->end > p->start && p->end <= text.n)
        return (struct nd_str){text.p + p->start, p->end - p->start};
    return p->term;
}

static uint32_t plain_count(const struct nd_score_part *p, const struct split *x)
{
    uint32_t more = (ND_TITLE_WEIGHT - 1) * p->title + (ND_LEAD_WEIGHT - 1) * x->lead_n;
    return p->wdf > more ? p->wdf - more : 0;
}

static void text_part(const struct nd_why *w, const struct nd_score_part *p, const struct split *x)
{
    struct nd_str name = name_of(w, p);
    uint32_t n = plain_count(p, x);
    nd_buf_printf(w->out, "  %10.6f  ", p->weight);
    nd_printable(w->out, name.p, name.n, true);
    nd_buf_printf(w->out, ": %" PRIu32 " time%s", n, n == 1 ? "" : "s");
    if (p->title)
        nd_buf_printf(w->out, ", %" PRIu32 " in the title (+%.6f)", p->title, x->title);
    if (x->lead_n)
        nd_buf_printf(w->out, ", %" PRIu32 " in the lead (+%.6f)", x->lead_n, x->lead);
    nd_buf_printf(w->out, "; in %" PRIu64 " article%s", p->df, p->df == 1 ? "" : "s");
    if (p->boost != 1.0)
        nd_buf_printf(w->out, "; boost %g", p->boost);
    nd_buf_byte(w->out, '\n');
}

static void json_part(const struct nd_why *w, const struct nd_score_part *p, const struct split *x)
{
    struct nd_str name = name_of(w, p);
    nd_buf_str(w->out, "{\"type\":\"term\",\"text\":");
    nd_json_str(w->out, name.p, name.n);
    nd_buf_printf(w->out,
                  ",\"score\":%.9f,\"body_part\":%.9f,\"lead_part\":%.9f,\"title_part\":%.9f"
                  ",\"tf\":%" PRIu32 ",\"title_tf\":%" PRIu32 ",\"lead_tf\":%" PRIu32
                  ",\"df\":%" PRIu64 ",\"boost\":%g}\n",
                  p->weight, x->body, x->lead, x->title, plain_count(p, x), p->title, x->lead_n,
                  p->df, p->boost);
}

int nd_why_score(const struct nd_why *w, struct nd_error *err)
{
    struct nd_score s;
    if (w->all || !w->matches)
        return 0;
    int rc = nd_match_score(w->ask->match, w->segment, w->docid, w->ask->arena, &s, err);
    if (rc || !s.n)
        return rc;
    double closeness = s.words * s.closeness, recency = s.score - s.words - closeness;
    if (w->json)
        nd_buf_printf(w->out,
                      "{\"type\":\"score\",\"score\":%.6f,\"words\":%.9f,\"closeness\":%.9f"
                      ",\"recency\":%.9f,\"length\":%" PRIu32 ",\"average_length\":%.1f}\n",
                      s.score, s.words, closeness, recency, s.length, s.average);
    else
        nd_buf_printf(w->out, "score %.6f\n", s.score);
    for (size_t i = 0; !rc && i < s.n; i++) {
        struct split x = {0};
        rc = count_lead(w, &s.v[i], &x.lead_n, err);
        take_apart(&s, &s.v[i], &x);
        if (!rc)
            (w->json ? json_part : text_part)(w, &s.v[i], &x);
    }
    if (!w->json) {
        if (s.closeness > 0.0)
            nd_buf_printf(w->out,
                          "  %10.6f  closeness: the words stand near each other (+%.1f %%)\n",
                          closeness, 100.0 * s.closeness);
        if (s.recency < 1.0)
            nd_buf_printf(w->out, "  %10.6f  age: times %.6f\n", recency, s.recency);
        nd_buf_printf(w->out, "  length %" PRIu32 " words, %.1f on average\n", s.length, s.average);
    }
    return rc;
}
