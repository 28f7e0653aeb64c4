/* render.h: answers as bytes. A renderer turns hits and counts into one output format.
 * Call order:  begin (hit* | count*)* end, each appending to an nd_buf that the command writes out.
 * Adding a format is one file and one row in table.c. All text given is well-formed UTF-8.
 * Used by: cmd_search, cmd_facet, cmd_batch. */
#ifndef NEWSQ_RENDER_H
#define NEWSQ_RENDER_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* A stretch of a snippet that matched: bytes of its text. */
struct nd_highlight {
    uint32_t start, end;
};

struct nd_snippet {
    struct nd_str text;     /* one line, "…" where it was cut */
    const char *field;      /* that it comes from: "body", "title" */
    struct nd_highlight *marks;  /* in order, apart */
    size_t marks_n;
};

/* A place of the stored article that matched: bytes of a field's text. */
struct nd_view_span {
    const char *field;
    uint32_t start, end;
};

/* One hit of a list. */
struct nd_view {
    uint64_t rank;          /* from 1 */
    double score;           /* 0 where the order is not by score */
    struct nd_str id, title, date, source, url;
    const char *index;      /* its folder; NULL where there is one only */
    const char *event;      /* of an alert: new, changed, no longer matches; else NULL */
    struct nd_str story;    /* of search --collapse: its name; empty where it has no copies */
    uint64_t copies;        /* matches that this hit stands for besides itself */
    const struct nd_snippet *snippet; /* NULL where none was asked for */
    const struct nd_highlight *title_marks; /* what matched in the title */
    size_t title_marks_n;
    bool has_spans;         /* of --spans: all places, by field and place */
    const struct nd_view_span *spans;
    size_t spans_n;
    bool spans_cut;         /* some were too many to enumerate and are left out */
    struct nd_str record;   /* the stored article, only for renderers that want it */
};

/* One line of a facet. */
struct nd_count {
    const char *field;
    struct nd_str value, id; /* id: canonical id of an entity, else empty */
    uint64_t count;
    bool has_share;          /* of hist --share */
    double share;            /* percent of all articles of that time */
};

/* What a page says of all matches: bars in time order, without holes, and tables of names. */
enum {
    ND_OVERVIEW_PARTS = 4
};

struct nd_bar {
    char name[16]; /* of the period: 2023-09 */
    uint64_t count;
};

struct nd_overview_part {
    const char *title;
    const struct nd_count *rows;
    size_t n;
};

struct nd_overview {
    const char *per; /* day, month, year */
    const struct nd_bar *bars;
    size_t bars_n;
    struct nd_overview_part parts[ND_OVERVIEW_PARTS];
    size_t parts_n;
};

/* The closing facts of an answer. */
struct nd_answer {
    uint64_t total, shown;
    bool has_stories;
    uint64_t stories;        /* different ones among the matches, with has_stories */
    bool exact;
    bool hits;               /* the items were hits, not counts */
    const struct nd_overview *overview; /* NULL where the renderer does not ask for it */
    struct nd_str query;
    const char *uuid;        /* of the (first) index */
    uint32_t revision;
};

enum nd_cell { /* what --columns can name */
    ND_CELL_ID,
    ND_CELL_DATE,
    ND_CELL_SOURCE,
    ND_CELL_TITLE,
    ND_CELL_URL,
    ND_CELL_RANK,
    ND_CELL_SCORE,
    ND_CELLS
};

/* The name of a cell, as in --columns and in head lines. */
const char *nd_cell_name(enum nd_cell c);

struct nd_render {
    struct nd_buf *out;
    bool color, nul;         /* ids end in NUL */
    bool links;              /* titles are hyperlinks */
    bool excel;              /* csv: byte order mark, formulas guarded */
    enum nd_cell cells[16];  /* --columns, for the table formats */
    size_t cells_n;          /* 0: the usual ones */
    size_t columns;          /* of the terminal; 0 where there is none: nothing is wrapped */
    struct nd_str query;     /* what was asked, where it is known before the end */
    uint64_t items;          /* hits and counts so far */
};

struct nd_renderer {
    const char *name, *help;
    bool snippets;           /* wants nd_view.snippet */
    bool spans;              /* can show nd_view.spans */
    bool records;            /* wants nd_view.record */
    bool overview;           /* wants nd_answer.overview */
    bool lines;              /* wants nd_view's result line at all (ids need the id alone) */
    uint64_t limit;          /* hits shown unless -n says otherwise; UINT64_MAX all */
    void (*begin)(struct nd_render *r);
    void (*hit)(struct nd_render *r, const struct nd_view *v);
    void (*count)(struct nd_render *r, const struct nd_count *c); /* NULL: hits only */
    void (*end)(struct nd_render *r, const struct nd_answer *a);
};

/* The renderer of a name, NULL if there is none; all of them. */
const struct nd_renderer *nd_renderer_find(const char *name);
const struct nd_renderer *const *nd_renderers(size_t *n);

extern const struct nd_renderer nd_render_text, nd_render_json, nd_render_jsonl, nd_render_ids,
    nd_render_oneline, nd_render_articles, nd_render_csv, nd_render_tsv, nd_render_markdown, nd_render_html,
    nd_render_ris, nd_render_trec;

#endif
