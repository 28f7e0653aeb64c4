#include "report.h"

#include "alert.h"
#include "digest.h"
#include "lang/saved.h"
#include "result.h"
#include "text/json.h"
#include "text/utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OUT_MAX = 1 << 30,
    OUT_CHUNK = 64 * 1024,
    QUERY_ARENA = 1 << 30,
    LIMIT = 10
};

struct report {
    struct newsq *t;
    struct nd_index *ix;
    const char *folder, *states;
    const struct nd_manifest *now;
    struct nd_arena arena; /* of one query */
    struct nd_results *results;
    struct nd_buf out;
    const struct nd_renderer *renderer;
    struct nd_fresh fresh;
    struct nd_digest *digest; /* NULL: a report by query */
    bool news, hold, jsonl;
    uint64_t reported;
    int status;
    struct done { /* states to be written at the end */
        struct nd_str name;
        struct nd_alert alert;
    } * done;
    size_t done_n;
};

static void fail(struct report *r, const struct nd_error *err)
{
    nd_diag_error(&r->t->diag, err);
    r->status = nd_exit_worse(r->status, nd_exit_status(err->code));
}

/* The line above the hits of a query. */
static void head(struct report *r, const struct nd_saved *q, uint64_t total)
{
    if (r->digest)
        return;
    if (r->jsonl) {
        nd_buf_str(&r->out, "{\"type\":\"query\",\"name\":");
        nd_json_str(&r->out, q->name.p, q->name.n);
        if (q->title.n) {
            nd_buf_str(&r->out, ",\"title\":");
            nd_json_str(&r->out, q->title.p, q->title.n);
        }
        nd_buf_printf(&r->out, ",\"total\":%" PRIu64 "}\n", total);
        return;
    }
    if (r->reported)
        nd_buf_byte(&r->out, '\n');
    nd_buf_printf(&r->out, "== %.*s", (int)q->name.n, q->name.p);
    if (q->title.n) {
        nd_buf_str(&r->out, ": ");
        nd_printable(&r->out, q->title.p, q->title.n, true);
    }
    nd_buf_printf(&r->out, " (%" PRIu64 ")\n\n", total);
}

static int show(struct report *r, struct nd_ask *a, const struct nd_hit *hit, uint64_t rank,
                const char *event, struct nd_render *render, struct nd_error *err)
{
    struct nd_view v;
    int rc = nd_result_view(r->results, &v, a, hit, rank, r->renderer,
                            !nd_args_has(&r->t->args, "no-snippets"), err);
    if (rc)
        return rc;
    v.event = event;
    r->reported++;
    if (r->digest)
        return nd_digest_add(r->digest, hit, &v, err);
    r->renderer->hit(render, &v);
    return r->out.len >= OUT_CHUNK ? newsq_write(&r->out, err) : 0;
}

static int all_matches(struct report *r, struct nd_ask *a, const struct nd_saved *q,
                       struct nd_error *err)
{
    struct nd_ranked hits;
    uint64_t limit = nd_args_number(&r->t->args, "limit",
                                    q->limit != UINT64_MAX ? q->limit : r->renderer->limit);
    int rc = nd_match_ranked(a->match, 0, limit > SIZE_MAX / 2 ? SIZE_MAX : (size_t)limit,
                             q->sort >= 0 ? (enum nd_sort)q->sort : ND_SORT_SCORE, &hits, err);
    if (rc)
        return rc;
    struct nd_render render = {.out = &r->out,
                               .color = r->t->term.color,
                               .links = r->t->term.links,
                               .columns = r->t->term.tty ? r->t->term.columns : 0};
    head(r, q, hits.total);
    for (size_t i = 0; !rc && i < hits.n; i++)
        rc = show(r, a, &hits.v[i], i + 1, NULL, &render, err);
    nd_ranked_free(&hits);
    return rc;
}

static int withdrawn_line(struct report *r, uint64_t id, struct nd_error *err)
{
    r->reported++;
    if (r->digest)
        return nd_digest_withdrawn(r->digest, id, err);
    if (r->jsonl)
        nd_buf_printf(&r->out, "{\"type\":\"withdrawn\",\"id_hash\":\"%016" PRIx64 "\"}\n", id);
    else
        nd_buf_printf(&r->out, "withdrawn: an article reported before (id hash %016" PRIx64 ")\n",
                      id);
    return 0;
}

static bool is_fresh(const struct nd_fresh *f, uint64_t id)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->v[i].id == id)
            return true;
    return false;
}

/* What came since a state: of r->fresh by article 1 new, 2 changed, 3 matches no more; what was withdrawn. */
struct since {
    unsigned char *hit; /* owned */
    uint64_t total, gone;
};

static int find_news(struct report *r, struct nd_ask *a, const struct nd_alert *s,
                     struct since *out, struct nd_error *err)
{
    uint32_t from = s->known ? s->revision : 0;
    int rc = 0;
    *out = (struct since){0};
    if (!r->fresh.ready || r->fresh.revision != from)
        rc = nd_fresh_find(&r->fresh, r->ix, from, err);
    const struct nd_fresh *f = &r->fresh;
    out->hit = rc ? NULL : calloc(f->n + 1, 1);
    if (!rc && !out->hit)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc)
        rc = nd_fresh_match(f, a->match, r->ix, out->hit, err);
    for (size_t i = 0; !rc && i < f->n; i++) {
        bool before = nd_alert_has(s, f->v[i].id);
        out->hit[i] = out->hit[i] ? (before ? 2 : 1) : before ? 3 : 0;
        out->total += out->hit[i] != 0;
    }
    for (size_t i = 0; !rc && i < f->withdrawn_n; i++)
        out->gone += nd_alert_has(s, f->withdrawn[i]) && !is_fresh(f, f->withdrawn[i]);
    return rc;
}

/* What came since the state: articles that match, changed ones that were reported, withdrawn ones. */
static int news(struct report *r, struct nd_ask *a, const struct nd_saved *q, struct nd_alert *s,
                struct nd_error *err)
{
    struct since found;
    int rc = find_news(r, a, s, &found, err);
    const struct nd_fresh *f = &r->fresh;
    const unsigned char *hit = found.hit;
    if (!rc && found.total + found.gone)
        head(r, q, found.total + found.gone);
    struct nd_render render = {.out = &r->out,
                               .color = r->t->term.color,
                               .links = r->t->term.links,
                               .columns = r->t->term.tty ? r->t->term.columns : 0};
    static const char *const events[] = {"", "new", "changed", "no longer matches"};
    uint64_t rank = 0;
    for (size_t i = 0; !rc && i < f->n; i++) {
        struct nd_hit h = {.segment = f->v[i].segment, .docid = f->v[i].docid};
        if (!hit[i])
            continue;
        rc = show(r, a, &h, ++rank, events[hit[i]], &render, err);
        if (!rc && hit[i] == 3)
            nd_alert_drop(s, f->v[i].id);
        else if (!rc && nd_alert_add(s, f->v[i].id))
            rc = nd_fail(err, ND_NOMEM, "out of memory");
    }
    for (size_t i = 0; !rc && i < f->withdrawn_n; i++)
        if (nd_alert_has(s, f->withdrawn[i]) && !is_fresh(f, f->withdrawn[i])) {
            rc = withdrawn_line(r, f->withdrawn[i], err);
            nd_alert_drop(s, f->withdrawn[i]);
        }
    free(found.hit);
    return rc;
}

/* The state to start from: as it lies, or as the options say. *skip: nothing is reported now. */
static int load_state(struct report *r, const struct nd_saved *q, struct nd_alert *s, bool *skip,
                      struct nd_error *err)
{
    const struct nd_args *o = &r->t->args;
    bool again = nd_args_has(o, "all-again"), from_now = nd_args_has(o, "from-now");
    *skip = from_now;
    if (again || from_now) {
        *s = (struct nd_alert){0};
        return 0;
    }
    int rc = nd_alert_load(s, r->states, q->name, r->now, err);
    *skip = !rc && !s->known && !nd_args_has(o, "from-start");
    return rc;
}

static int open_query(struct report *r, struct nd_ask *a, const struct nd_saved *q,
                      struct nd_error *err)
{
    int rc = nd_ask_text_as(a, r->t, r->ix, &r->arena, q->query, q->syntax, err);
    if (rc == ND_QUERY) {
        struct nd_error why = *err;
        if (!strstr(why.msg, "saved query"))
            nd_fail(err, rc, "saved query '%.*s': %.500s", (int)q->name.n, q->name.p, why.msg);
        nd_hint(err, "%s", why.hint);
    }
    return rc;
}

static int one_query(struct report *r, struct nd_str name, struct nd_error *err)
{
    struct nd_saved q;
    struct nd_ask a;
    struct nd_alert s = {0};
    bool skip = false;
    nd_arena_reset(&r->arena);
    int rc = nd_saved_read(&q, &r->arena, r->folder, name, err);
    if (!rc && r->news)
        rc = load_state(r, &q, &s, &skip, err);
    if (!rc)
        rc = open_query(r, &a, &q, err);
    if (rc) {
        nd_alert_free(&s);
        return rc;
    }
    if (r->digest)
        rc = nd_digest_query(r->digest, &q, err);
    if (!rc && r->news && skip)
        nd_diag_note(&r->t->diag, "'%.*s' is reported of from now on; --from-start reports all",
                     (int)name.n, name.p);
    else if (!rc && r->news)
        rc = news(r, &a, &q, &s, err);
    else if (!rc)
        rc = all_matches(r, &a, &q, err);
    nd_ask_close(&a);
    if (!rc && r->news)
        r->done[r->done_n++] = (struct done){name, s};
    else
        nd_alert_free(&s);
    return rc;
}

/* Everything has been written: is it really out? A full disk may tell only now. */
static int flush(struct report *r, struct nd_error *err)
{
    int rc = newsq_write(&r->out, err);
    if (!rc && fsync(STDOUT_FILENO) < 0 && errno != EINVAL && errno != EROFS && errno != ENOTSUP)
        rc = nd_fail_errno(err, ND_IO, "cannot write to standard output");
    return rc;
}

static int prepare(struct report *r, const struct nd_strs *names, struct nd_error *err)
{
    const char *format = nd_args_text(&r->t->args, "format");
    const char *digest = nd_args_text(&r->t->args, "digest");
    r->now = &r->ix->folders[0].manifest;
    r->news = nd_args_has(&r->t->args, "new");
    r->hold = nd_args_has(&r->t->args, "hold");
    r->jsonl = format && strcmp(format, "jsonl") == 0;
    r->renderer = nd_renderer_find(format ? format : "text");
    r->done = calloc(names->n + 1, sizeof *r->done);
    if (format && !r->jsonl && strcmp(format, "text") != 0 && strcmp(format, "oneline") != 0)
        return nd_fail(err, ND_USAGE, "a report is text, oneline or jsonl");
    if (!r->done)
        return nd_fail(err, ND_NOMEM, "out of memory");
    if (r->news && r->ix->folders_n > 1)
        return nd_fail(err, ND_USAGE, "--new looks at one index at a time");
    if (digest && format)
        return nd_fail(err, ND_USAGE, "--digest and --format exclude each other");
    int rc = nd_alert_folder(&r->t->arena, r->now->uuid, &r->states, err);
    if (!rc && digest) {
        r->renderer = &nd_render_html; /* for what it wants of a hit */
        rc = nd_digest_new(&r->digest, r->ix, digest, err);
    }
    return rc ? rc : nd_results_new(&r->results, err);
}

int nd_report_run(struct newsq *t, struct nd_index *ix, const char *folder,
                  const struct nd_strs *names)
{
    struct nd_error err = {0};
    struct report r = {.t = t, .ix = ix, .folder = folder};
    nd_arena_init(&r.arena, QUERY_ARENA);
    nd_buf_init(&r.out, OUT_MAX);
    int rc = prepare(&r, names, &err);
    for (size_t i = 0; !rc && i < names->n; i++) {
        int one = one_query(&r, names->v[i], &err);
        if (one == ND_DONE || one == ND_IO || one == ND_NOMEM || one == ND_CORRUPT)
            rc = one; /* the reader has gone, or nothing more can come */
        else if (one)
            fail(&r, &err);
    }
    if (!rc && r.jsonl)
        nd_buf_printf(&r.out,
                      "{\"type\":\"end\",\"version\":1,\"reported\":%" PRIu64
                      ",\"uuid\":\"%s\",\"revision\":%" PRIu32 "}\n",
                      r.reported, r.now->uuid, r.now->revision);
    if (!rc && r.digest)
        rc = nd_digest_write(r.digest, &r.out, &err);
    if (!rc)
        rc = flush(&r, &err);
    for (size_t i = 0; i < r.done_n; i++) {
        if (!rc)
            rc = nd_alert_store(&r.done[i].alert, r.states, r.done[i].name, r.now, r.hold, &err);
        nd_alert_free(&r.done[i].alert);
    }
    if (rc < 0)
        fail(&r, &err);
    free(r.done);
    nd_digest_free(r.digest);
    nd_fresh_free(&r.fresh);
    nd_results_free(r.results);
    nd_buf_free(&r.out);
    nd_arena_free(&r.arena);
    bool quiet_empty = nd_args_has(&t->args, "quiet-empty");
    return nd_exit_worse(r.status, r.reported || quiet_empty ? 0 : 1);
}

int nd_report_count(struct newsq *t, struct nd_index *ix, const char *folder, struct nd_str name,
                    bool news, struct nd_report_facts *out, struct nd_error *err)
{
    struct report r = {.t = t, .ix = ix, .folder = folder, .now = &ix->folders[0].manifest};
    struct nd_saved q;
    struct nd_ask a;
    struct nd_alert s = {0};
    struct since found = {0};
    *out = (struct nd_report_facts){0};
    nd_arena_init(&r.arena, QUERY_ARENA);
    int rc = nd_saved_read(&q, &r.arena, folder, name, err);
    if (!rc)
        rc = open_query(&r, &a, &q, err);
    bool opened = !rc;
    if (!rc)
        rc = nd_match_count(a.match, &out->total, err);
    if (!rc)
        out->exact = nd_match_state(a.match).exact;
    if (!rc && news && ix->folders_n > 1)
        rc = nd_fail(err, ND_USAGE, "'new' looks at one index at a time");
    if (!rc && news)
        rc = nd_alert_folder(&r.arena, r.now->uuid, &r.states, err);
    if (!rc && news)
        rc = nd_alert_load(&s, r.states, name, r.now, err);
    if (!rc && s.known)
        rc = find_news(&r, &a, &s, &found, err);
    out->fresh = found.total + found.gone;
    free(found.hit);
    nd_alert_free(&s);
    nd_fresh_free(&r.fresh);
    if (opened)
        nd_ask_close(&a);
    nd_arena_free(&r.arena);
    return rc;
}
