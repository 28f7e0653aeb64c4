/* rows.h: answers that are tables of their own (terms, related, compare, story, hist --by), in every format.
 * text, tsv, csv and markdown begin each kind of row with a head line; json and jsonl name the cells.
 * Call order:  renderer->begin nd_row* renderer->end
 * Used by: cmd_terms, cmd_related, cmd_compare, cmd_story, cmd_hist. */
#ifndef NEWSQ_RENDER_ROWS_H
#define NEWSQ_RENDER_ROWS_H

#include "base/status.h"
#include "render/render.h"

enum nd_value_kind {
    ND_VALUE_TEXT,
    ND_VALUE_COUNT,
    ND_VALUE_REAL
};

struct nd_value {
    const char *name; /* of the column, and the key in JSON */
    enum nd_value_kind kind;
    struct nd_str text; /* TEXT; empty: left out of JSON */
    uint64_t count;
    double real;
    int digits; /* REAL: behind the point */
};

struct nd_rows {
    struct nd_render *r;
    const struct nd_renderer *how;
    const char *type; /* of the last row */
    uint64_t n;
};

/* Can a renderer show rows? Fails: ND_USAGE for formats of hits (ids, articles). */
int nd_rows_fit(const struct nd_renderer *how, struct nd_error *err);
/* Append a row. type: a string that lives as long as the table; rows of a type have the same columns. */
void nd_row(struct nd_rows *t, const char *type, const struct nd_value *v, size_t n);

/* Cells of csv.c: quoted where they must be; with markup escaped. */
void nd_csv_cell(struct nd_render *r, struct nd_str s);
void nd_markdown_cell(struct nd_render *r, struct nd_str s);

static inline struct nd_value nd_value_text(const char *name, struct nd_str s)
{
    return (struct nd_value){.name = name, .kind = ND_VALUE_TEXT, .text = s};
}

static inline struct nd_value nd_value_count(const char *name, uint64_t count)
{
    return (struct nd_value){.name = name, .kind = ND_VALUE_COUNT, .count = count};
}

static inline struct nd_value nd_value_real(const char *name, double real, int digits)
{
    return (struct nd_value){.name = name, .kind = ND_VALUE_REAL, .real = real, .digits = digits};
}

#endif
