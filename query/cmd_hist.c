/* hist: the matches over time: bars on a terminal, numbers in a pipe. */
#include "among.h"
#include "facet.h"
#include "hist.h"
#include "render/rows.h"
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
    uint64_t most; /* largest count */
    double most_share;
    size_t width; /* cells of the longest bar, 0 for none */
};

/* Tell of the articles that no bar can hold. */
static void note_vague(const struct newsq *t, const struct nd_hist *h)
{
    if (h->vague)
        nd_diag_note(&t->diag, "%" PRIu64 " of %" PRIu64 " articles have no date, or one too vague",
                     h->vague, h->matches);
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
            struct nd_count row = {.field = fields[h->per],
                                   .value = nd_str_of(name),
                                   .count = count,
                                   .has_share = c->share,
                                   .share = share_of(c, k, count)};
            renderer->count(&r, &row);
        }
    }
    struct nd_answer answer = nd_ask_answer(a, h->matches, h->n);
    renderer->end(&r, &answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    if (!rc)
        note_vague(t, h);
    return rc;
}

/* ---- --by FIELD: a column for each of the most frequent values ---- */

enum {
    COLUMNS = 6, /* unless -n says otherwise */
    COLUMNS_MAX = 200
};

/* How the matches of one value fall into the bins of the whole. */
struct column {
    const struct nd_hist *all;
    uint64_t *counts; /* by bin */
};

static void count_day(void *ctx, uint32_t day)
{
    struct column *c = ctx;
    int64_t number;
    if (!nd_period_of(c->all->per, day, &number))
        return;
    size_t lo = 0, hi = c->all->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (c->all->bins[mid].number < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < c->all->n && c->all->bins[lo].number == number)
        c->counts[lo]++;
}

/* The columns of the table: names and counts, arena memory. */
static int make_columns(struct nd_ask *a, const struct nd_hist *h, const struct nd_facet *f,
                        size_t n, struct column **columns, struct nd_str **names,
                        struct nd_error *err)
{
    struct nd_among among;
    *columns = nd_arena_array(a->arena, n + 1, sizeof **columns);
    *names = nd_arena_array(a->arena, n + 1, sizeof **names);
    int rc = nd_among_gather(&among, a->index, a->match, err);
    if (!rc && (!*columns || !*names))
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    for (size_t i = 0; !rc && i < n; i++) {
        const struct nd_field *field = f->field;
        if (field->kind == ND_KIND_ENTITY) {
            struct nd_str type = nd_entity_type_name(f->rows[i].type);
            field = nd_schema_find(type.p, type.n);
        }
        (*columns)[i] =
            (struct column){h, nd_arena_array(a->arena, h->n + 1, sizeof *(*columns)->counts)};
        rc = (*columns)[i].counts ? nd_facet_name(&(*names)[i], a->arena, a->index, f, i, err)
                                  : nd_fail(err, ND_NOMEM, "out of memory");
        if (!rc)
            rc = nd_among_each(&among, a, field, f->rows[i].value, count_day, &(*columns)[i], err);
    }
    nd_among_free(&among);
    return rc;
}

static int print_table(struct nd_ask *a, const struct nd_hist *h, const struct nd_field *field,
                       const struct nd_renderer *how, struct nd_error *err)
{
    static const char *const periods[] = {"day", "week", "month", "year"};
    struct newsq *t = a->tool;
    struct nd_facet f;
    struct column *columns;
    struct nd_str *names;
    uint64_t limit = nd_args_number(&t->args, "limit", COLUMNS);
    int rc = nd_facet_count(&f, a->arena, a->index, a->match, field, err);
    if (rc)
        return rc;
    size_t n = f.n < limit ? f.n : (size_t)limit;
    n = n < COLUMNS_MAX ? n : COLUMNS_MAX;
    rc = make_columns(a, h, &f, n, &columns, &names, err);
    if (rc)
        return rc;
    struct nd_buf out;
    struct nd_render r;
    nd_buf_init(&out, OUT_MAX);
    rc = newsq_render(t, &r, &out, err);
    struct nd_rows rows = {.r = &r, .how = how};
    struct nd_value *cells = nd_arena_array(a->arena, n + 2, sizeof *cells);
    if (!rc && !cells)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    bool json = how == &nd_render_json || how == &nd_render_jsonl;
    how->begin(&r);
    for (size_t b = 0; !rc && b < h->n; b++) {
        char name[16];
        nd_period_name(name, h->per, h->bins[b].number);
        for (size_t i = 0; json && i < n; i++) {
            const struct nd_value v[] = {nd_value_text(periods[h->per], nd_str_of(name)),
                                         nd_value_text("field", nd_str_of(field->name)),
                                         nd_value_text("value", names[i]),
                                         nd_value_count("count", columns[i].counts[b])};
            nd_row(&rows, "cell", v, sizeof v / sizeof v[0]);
        }
        if (json)
            continue;
        cells[0] = nd_value_text(periods[h->per], nd_str_of(name));
        cells[1] = nd_value_count("all", h->bins[b].count);
        for (size_t i = 0; i < n; i++) {
            const char *head = nd_arena_printf(a->arena, "%.*s", (int)names[i].n, names[i].p);
            cells[i + 2] = nd_value_count(head ? head : "", columns[i].counts[b]);
        }
        nd_row(&rows, "row", cells, n + 2);
    }
    struct nd_answer answer = nd_ask_answer(a, h->matches, h->n);
    how->end(&r, &answer);
    if (!rc)
        rc = newsq_write(&out, err);
    nd_buf_free(&out);
    if (!rc)
        note_vague(t, h);
    return rc;
}

/* The field that --by names, NULL without it. */
static int field_of(struct newsq *t, const struct nd_field **out, struct nd_error *err)
{
    const char *by = nd_args_text(&t->args, "by");
    *out = by ? nd_schema_find(by, strlen(by)) : NULL;
    if (!by || (*out && (*out)->facet && (*out)->kind != ND_KIND_DATE))
        return 0;
    nd_fail(err, ND_USAGE, "no table by '%s'", by);
    nd_hint(err, "it takes source, section, author, tag, lang, person, org, place, misc, entity");
    return ND_USAGE;
}

int newsq_hist(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *renderer;
    struct nd_ask a;
    struct chart c = {.share = nd_args_has(&t->args, "share")};
    enum nd_per per = nd_per_of(nd_args_text(&t->args, "per"));
    int status = 0;
    const struct nd_field *by;
    if (newsq_renderer(t, &renderer, &err) || field_of(t, &by, &err) ||
        (by && nd_rows_fit(renderer, &err)))
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
        rc = by ? print_table(&a, &c.hist, by, renderer, &err) : print(&a, &c, renderer, &err);
    status = rc < 0 ? newsq_failed(t, &err) : nd_ask_status(&a, c.hist.matches ? 0 : 1);
    nd_once_free(once);
    nd_hist_free(&c.hist);
    nd_hist_free(&c.all);
    nd_ask_close(&a);
    return status;
}
