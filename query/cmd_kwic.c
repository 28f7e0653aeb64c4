/* kwic: every place that matched, one a line, with the words around it; --format grep: every sentence that did, as
 * `ID TAB FIELD TAB NUMBER TAB SENTENCE`, of search too. */
#include "ask.h"
#include "grep.h"
#include "kwic.h"
#include "text/json.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    OUT_CHUNK = 64 * 1024,
    HIT_ARENA = 1 << 30,
    LINES = 40, /* in text, unless -n says otherwise */
    PIPE_COLUMNS = 120
};

struct kwic {
    struct nd_ask *a;
    struct nd_arena arena; /* of one article */
    struct nd_tokens tokens;
    struct nd_buf out, record, side;
    bool json, grep;
    uint64_t lines, limit;
    size_t columns;
};

/* Append text[from..to) on one line, escaped, runs of blanks as one. */
static void squeeze(struct nd_buf *out, struct nd_str text, size_t from, size_t to)
{
    struct nd_buf line;
    nd_buf_init(&line, 1 << 20);
    for (size_t i = from; i < to && i < text.n; i++) {
        char c = text.p[i];
        bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank)
            nd_buf_byte(&line, (unsigned char)c);
        else if (!line.len || line.data[line.len - 1] != ' ')
            nd_buf_byte(&line, ' ');
    }
    if (line.len)
        nd_printable(out, line.data, line.len, true);
    nd_buf_free(&line);
}

static bool inside(struct nd_str t, size_t at)
{
    return at < t.n && ((unsigned char)t.p[at] & 0xc0) == 0x80;
}

/* The last so many cells before `at`, filled on the left. */
static void left_side(struct kwic *k, struct nd_str text, size_t at, size_t cells)
{
    size_t from = at > cells * 4 ? at - cells * 4 : 0;
    while (inside(text, from))
        from++;
    nd_buf_reset(&k->side);
    squeeze(&k->side, text, from, at);
    const char *p = k->side.data ? k->side.data : "";
    size_t n = k->side.len, skip = 0;
    while (skip < n && nd_width(p + skip, n - skip) > cells) {
        skip++;
        while (skip < n && ((unsigned char)p[skip] & 0xc0) == 0x80)
            skip++;
    }
    for (size_t w = nd_width(p + skip, n - skip); w < cells; w++)
        nd_buf_byte(&k->out, ' ');
    nd_buf_add(&k->out, p + skip, n - skip);
}

static void right_side(struct kwic *k, struct nd_str text, size_t at, size_t cells)
{
    size_t to = text.n - at > cells * 4 ? at + cells * 4 : text.n;
    while (inside(text, to))
        to--;
    nd_buf_reset(&k->side);
    squeeze(&k->side, text, at, to);
    const char *p = k->side.data ? k->side.data : "";
    nd_buf_add(&k->out, p, nd_width_cut(p, k->side.len, cells));
}

static void text_line(struct kwic *k, struct nd_str id, struct nd_str text,
                      const struct nd_place *p)
{
    bool tty = k->a->tool->term.tty; /* then no line is longer than it is wide */
    size_t name = tty && k->columns < 80 ? k->columns / 4 : 24;
    size_t side = k->columns > name + 40 ? (k->columns - name - 3) / 2 - 8 : tty ? 8 : 12;
    size_t room = k->columns > name + 1 + side ? k->columns - name - 1 - side : 1, right = side;
    size_t cut = nd_width_cut(id.p, id.n, name);
    nd_printable(&k->out, id.p, cut, true);
    for (size_t w = nd_width(id.p, cut); w < name + 1; w++)
        nd_buf_byte(&k->out, ' ');
    left_side(k, text, p->start, side);
    if (k->a->tool->term.color)
        nd_buf_str(&k->out, "\033[1;31m");
    if (tty) {
        nd_buf_reset(&k->side);
        squeeze(&k->side, text, p->start, p->end);
        const char *m = k->side.data ? k->side.data : "";
        size_t fits = nd_width_cut(m, k->side.len, room);
        nd_buf_add(&k->out, m, fits);
        room -= nd_width(m, fits);
        right = right < room ? right : room;
    } else {
        squeeze(&k->out, text, p->start, p->end);
    }
    if (k->a->tool->term.color)
        nd_buf_str(&k->out, "\033[0m");
    right_side(k, text, p->end, right);
    nd_buf_byte(&k->out, '\n');
}

static void json_part(struct kwic *k, const char *key, struct nd_str text, size_t from, size_t to)
{
    nd_buf_printf(&k->out, ",\"%s\":", key);
    nd_json_str(&k->out, text.p + from, to - from);
}

static void json_line(struct kwic *k, struct nd_str id, struct nd_str text,
                      const struct nd_place *p)
{
    nd_buf_str(&k->out, "{\"type\":\"kwic\"");
    json_part(k, "id", id, 0, id.n);
    nd_buf_printf(&k->out, ",\"field\":\"%s\",\"start\":%u,\"end\":%u",
                  nd_text_field_name(p->field), p->start, p->end);
    size_t from = p->sentence_start < p->start ? p->sentence_start : p->start;
    size_t to = p->sentence_end > p->end ? p->sentence_end : p->end;
    json_part(k, "left", text, from, p->start);
    json_part(k, "match", text, p->start, p->end);
    json_part(k, "right", text, p->end, to);
    nd_buf_str(&k->out, "}\n");
}

/* The marks of colour stand around the place itself. */
static void grep_line(struct kwic *k, struct nd_str id, struct nd_str text,
                      const struct nd_place *p)
{
    size_t to = p->sentence_end;
    while (to > p->end && (unsigned char)text.p[to - 1] <= ' ')
        to--; /* no blank at the end of a line */
    nd_printable(&k->out, id.p, id.n, true);
    nd_buf_printf(&k->out, "\t%s\t%u\t", nd_text_field_name(p->field), p->sentence);
    size_t from = p->sentence_start < p->start ? p->sentence_start : p->start;
    if (k->a->tool->term.color) {
        squeeze(&k->out, text, from, p->start);
        nd_buf_str(&k->out, "\033[1;31m");
        squeeze(&k->out, text, p->start, p->end);
        nd_buf_str(&k->out, "\033[0m");
        squeeze(&k->out, text, p->end, to);
    } else {
        squeeze(&k->out, text, from, to > p->end ? to : p->end);
    }
    nd_buf_byte(&k->out, '\n');
}

/* Return: ND_DONE when enough lines are out or the reader has gone. */
static int one_article(struct kwic *k, size_t segment, uint32_t docid, struct nd_error *err)
{
    struct nd_texts *texts;
    struct nd_article a;
    const struct nd_found *found;
    struct nd_place *places;
    size_t n, places_n;
    nd_arena_reset(&k->arena);
    nd_buf_reset(&k->record);
    int rc = nd_segment_texts(&k->a->index->segments[segment], &texts, err);
    if (!rc)
        rc = nd_texts_get(texts, docid, &k->record, err);
    if (!rc)
        rc = nd_article_parse(&a, &k->arena, k->record.data, k->record.len, err);
    if (!rc)
        rc = nd_match_spans(k->a->match, segment, docid, &found, &n, err);
    if (rc == ND_DONE)
        return 0; /* nothing in the words matched */
    if (!rc)
        rc = nd_places_find(&places, &places_n, &k->arena, &k->tokens, &a, found, n, err);
    for (size_t i = 0; !rc && i < places_n; i++) {
        if (k->lines == k->limit)
            return ND_DONE;
        struct nd_str text = nd_article_field(&a, places[i].field);
        bool again = i && places[i - 1].field == places[i].field &&
                     places[i - 1].sentence_start == places[i].sentence_start;
        if (k->grep && again)
            continue; /* a sentence once, as grep prints a line once */
        if (k->grep)
            grep_line(k, a.id, text, &places[i]);
        else if (k->json)
            json_line(k, a.id, text, &places[i]);
        else
            text_line(k, a.id, text, &places[i]);
        k->lines++;
    }
    if (!rc && k->out.len >= OUT_CHUNK)
        rc = newsq_write(&k->out, err);
    return rc;
}

/* The matching articles in an order that does not depend on how the index lies. */
static int every_article(struct kwic *k, uint64_t first, uint64_t n, enum nd_sort sort,
                         struct nd_error *err)
{
    struct nd_ranked hits;
    int rc = nd_match_ranked(k->a->match, first > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)first,
                             n > SIZE_MAX / 2 ? SIZE_MAX : (size_t)n, sort, &hits, err);
    if (rc)
        return rc;
    for (size_t i = 0; !rc && i < hits.n; i++)
        rc = one_article(k, hits.v[i].segment, hits.v[i].docid, err);
    nd_ranked_free(&hits);
    return rc == ND_DONE ? 0 : rc;
}

static int kwic_open(struct kwic *k, struct nd_error *err)
{
    nd_arena_init(&k->arena, HIT_ARENA);
    nd_buf_init(&k->out, OUT_MAX);
    nd_buf_init(&k->record, ND_TEXT_MAX);
    nd_buf_init(&k->side, 1 << 20);
    return nd_tokens_init(&k->tokens) ? nd_fail(err, ND_NOMEM, "out of memory") : 0;
}

static void kwic_close(struct kwic *k)
{
    nd_tokens_free(&k->tokens);
    nd_buf_free(&k->out);
    nd_buf_free(&k->record);
    nd_buf_free(&k->side);
    nd_arena_free(&k->arena);
}

/* Tell of articles whose places were too many. Return: the exit status that follows. */
static int left_out(const struct kwic *k, int status)
{
    uint64_t n = nd_match_unmarked(k->a->match);
    if (!n)
        return status;
    nd_diag_note(&k->a->tool->diag, "%" PRIu64 " articles hold too many places to list them all",
                 n);
    return nd_exit_worse(status, nd_exit_status(ND_PARTIAL));
}

int nd_grep_hits(struct nd_ask *a, uint64_t first, uint64_t n, enum nd_sort sort, uint64_t *lines,
                 struct nd_error *err)
{
    struct kwic k = {.a = a, .grep = true, .limit = UINT64_MAX};
    int rc = kwic_open(&k, err);
    if (!rc)
        rc = every_article(&k, first, n, sort, err);
    if (rc >= 0)
        rc = newsq_write(&k.out, err);
    *lines = k.lines;
    left_out(&k, 0);
    kwic_close(&k);
    return rc;
}

int newsq_kwic(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    struct nd_ask a;
    const char *format = nd_args_text(&t->args, "format");
    struct kwic k = {.a = &a,
                     .json = format && strcmp(format, "jsonl") == 0,
                     .grep = format && strcmp(format, "grep") == 0};
    int status = 0;
    if (format && !k.json && !k.grep && strcmp(format, "text") != 0) {
        nd_fail(&err, ND_USAGE, "kwic prints text, grep or jsonl");
        return newsq_failed(t, &err);
    }
    if (nd_ask_open(&a, t, 0, ND_ASK_QUERY, &status))
        return status;
    nd_ask_notes(&a);
    k.limit = nd_args_number(&t->args, "limit", k.json || k.grep ? UINT64_MAX : LINES);
    k.columns = t->term.tty ? t->term.columns : PIPE_COLUMNS;
    int rc = kwic_open(&k, &err);
    if (!rc)
        rc = every_article(&k, 0, UINT64_MAX, ND_SORT_NEWEST, &err);
    if (!rc && k.json)
        nd_buf_printf(&k.out, "{\"type\":\"end\",\"version\":1,\"lines\":%" PRIu64 "}\n", k.lines);
    if (rc >= 0)
        rc = newsq_write(&k.out, &err);
    if (rc >= 0 && !k.json && k.lines == k.limit && !nd_args_has(&t->args, "limit"))
        nd_diag_line(&t->diag, "the first %" PRIu64 " places; -n all shows every one", k.lines);
    status = rc < 0 ? newsq_failed(t, &err) : left_out(&k, nd_ask_status(&a, k.lines ? 0 : 1));
    kwic_close(&k);
    nd_ask_close(&a);
    return status;
}
