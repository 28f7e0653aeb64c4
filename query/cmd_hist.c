/* hist: the matches over time: bars on a terminal, numbers in a pipe. */
#include "ask.h"
#include "hist.h"
#include "story.h"

#include <inttypes.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    EMPTY_MAX = 4000 /* periods without articles that are shown in all; past it they are left out */
};

struct chart {
    struct nd_hist hist, all; /* all: of every article, for --share */
    bool share, unicode;
    uint64_t most;            /* largest count */
    double most_share;
    size_t width;             /* cells of the longest bar, 0 for none */
};

static int per_of(const struct newsq *t, enum nd_per *out)
{
    static const char *const names[] = {"day", "week", "month", "year"};
    const char *name = nd_args_text(&t->args, "per");
    *out = ND_PER_MONTH;
    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            *out = (enum nd_per)i;
    return 0;
}

/* Count every article, for the shares. */
static int count_all(struct chart *c, struct nd_ask *a, struct nd_error *err)
{
    struct nd_node everything = {.kind = ND_N_ALL};
    struct nd_lowered low;
    struct nd_match *m = NULL;
    int rc = nd_lower(&low, a->arena, a->index, a->stemmers, &everything, NULL, err);
    if (!rc)
        rc = nd_match_open(&m, a->index, &low, NULL, err);
    if (!rc)
        rc = nd_hist_count(&c->all, a->index, m, c->hist.per, err);
    nd_match_close(m);
    return rc;
}

static double share_of(const struct chart *c, int64_t number, uint64_t count)
{
    uint64_t of = nd_hist_at(&c->all, number);
    return of ? 100.0 * (double)count / (double)of : 0;
}

/* A bar of eighths of a cell, or of # where the terminal has no Unicode. */
static void bar(struct nd_buf *out, const struct chart *c, double part)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t units = (size_t)(part * (double)c->width * 8 + 0.5);
    if (!c->unicode) {
        for (size_t i = 0; i < (units + 4) / 8 || (i == 0 && units); i++)
            nd_buf_byte(out, '#');
        return;
    }
    for (size_t i = 0; i < units / 8; i++)
        nd_buf_str(out, "█");
    nd_buf_str(out, eighths[units % 8]);
}

static void text_line(struct nd_buf *out, const struct chart *c, const char *name, int64_t number,
                      uint64_t count)
{
    if (!c->width) {
        nd_buf_printf(out, "%s\t%" PRIu64, name, count);
        if (c->share)
            nd_buf_printf(out, "\t%.2f%%", share_of(c, number, count));
    } else {
        nd_buf_printf(out, "%-10s %7" PRIu64 " ", name, count);
        if (c->share) {
            double s = share_of(c, number, count);
            nd_buf_printf(out, "%6.2f%% ", s);
            bar(out, c, c->most_share > 0 ? s / c->most_share : 0);
        } else {
            bar(out, c, c->most ? (double)count / (double)c->most : 0);
        }
    }
    nd_buf_byte(out, '\n');
}

static int print(struct nd_ask *a, const struct chart *c, const struct nd_renderer *renderer,
                 struct nd_error *err)
{
    static const char *const fields[] = {"day", "week", "month", "year"};
    struct newsq *t = a->tool;
    const struct nd_hist *h = &c->hist;
    struct nd_buf out;
    nd_buf_init(&out, OUT_MAX);
    struct nd_render r;
    int rc = newsq_render(t, &r, &out, err);
    bool text = renderer == &nd_render_text;
    int64_t step = h->per == ND_PER_WEEK ? 7 : 1;
    int64_t span = h->n ? (h->bins[h->n - 1].number - h->bins[0].number) / step + 1 : 0;
    bool gaps = span - (int64_t)h->n <= EMPTY_MAX;
    renderer->begin(&r);
    for (size_t i = 0; i < h->n; i++) {
        int64_t from = gaps && i ? h->bins[i - 1].number + step : h->bins[i].number;
        for (int64_t k = from; k <= h->bins[i].number; k += step) {
            char name[16];
            uint64_t count = k == h->bins[i].number ? h->bins[i].count : 0;
            nd_period_name(name, h->per, k);
            if (text) {
                text_line(&out, c, name, k, count);
                continue;
            }
            struct nd_count row = {.field = fields[h->per], .value = nd_str_of(name), .count = count,
                                   .has_share = c->share, .share = share_of(c, k, count)};
            renderer->count(&r, &row);
        }
    }
    struct nd_answer answer = {.total = h->matches,
                               .shown = h->n,
                               .exact = nd_match_state(a->match).exact,
                               .query = a->text,
                               .uuid = a->index->folders[0].manifest.uuid,
                               .revision = a->index->folders[0].manifest.revision};
    renderer->end(&r, &answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    if (!rc && h->vague)
        nd_diag_note(&t->diag, "%" PRIu64 " of %" PRIu64 " articles have no date, or one too vague",
                     h->vague, h->matches);
    return rc;
}

int newsq_hist(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *renderer;
    struct nd_ask a;
    struct chart c = {.share = nd_args_has(&t->args, "share")};
    enum nd_per per;
    int status = 0;
    per_of(t, &per);
    if (newsq_renderer(t, &renderer, &err))
        return newsq_failed(t, &err);
    if (nd_ask_open(&a, t, 0, ND_ASK_ANY, &status))
        return status;
    nd_ask_notes(&a);
    struct nd_once *once = NULL;
    int rc = nd_args_has(&t->args, "by-story") ? nd_once_new(&once, a.index, a.match, &err) : 0;
    if (!rc)
        rc = nd_hist_count(&c.hist, a.index, a.match, per, &err);
    if (!rc && c.share)
        rc = count_all(&c, &a, &err);
    for (size_t i = 0; !rc && i < c.hist.n; i++) {
        const struct nd_bin *b = &c.hist.bins[i];
        double s = c.share ? share_of(&c, b->number, b->count) : 0;
        c.most = b->count > c.most ? b->count : c.most;
        c.most_share = s > c.most_share ? s : c.most_share;
    }
    size_t used = c.share ? 28 : 20; /* cells before the bar */
    if (t->term.tty)
        c.width = t->term.columns > used + 4 ? t->term.columns - used : 4;
    c.unicode = t->term.utf8;
    if (!rc)
        rc = print(&a, &c, renderer, &err);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, c.hist.matches ? 0 : 1);
    nd_once_free(once);
    nd_hist_free(&c.hist);
    nd_hist_free(&c.all);
    nd_ask_close(&a);
    return status;
}
