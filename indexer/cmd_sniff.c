/* sniff: what files are and why: packings, the bids of the readers, character set, language, what becomes which field. */
#include "explain.h"
#include "reading.h"

#include "base/file.h"
#include "formats/charset.h"
#include "formats/clean.h"
#include "input/language.h"
#include "input/sniff.h"
#include "input/walk.h"
#include "text/utf8.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    ARENA_MAX = 1 << 30,
    OUT_MAX = 64 << 20,
    MEMBERS = 5, /* of an archive that are looked at */
    RECORDS = 20 /* of a member that are read */
};

struct sniffing {
    struct nd_reading_run *run;
    struct nd_fieldmap *map;
    struct nd_cleaner cleaner;
    struct nd_arena arena;
    struct nd_buf out;
    const struct nd_reader *forced;
    bool failed; /* something could not be read */
};

static int fill(void *source, const char **p, size_t *n, struct nd_error *err)
{
    return nd_container_read(source, p, n, err);
}

static bool key_of(const void *map, int target, struct nd_str *key)
{
    return nd_fieldmap_from(map, (enum nd_target)target, key);
}

static void no_format(struct sniffing *s)
{
    nd_buf_str(&s->out, "  format     not known\n");
    s->failed = true;
}

static void bids(struct sniffing *s, const char *p, size_t n, const char *name)
{
    bool any = false;
    nd_buf_str(&s->out, "  bids       ");
    for (const struct nd_reader *const *r = nd_readers(); *r; r++) {
        int bid = (*r)->bid(p, n, name);
        if (bid <= ND_BID_NEVER)
            continue;
        nd_buf_printf(&s->out, "%s%s %d%s", any ? ", " : "", (*r)->name, bid,
                      nd_sniff_named(name, (*r)->extensions) ? " (and its name)" : "");
        any = true;
    }
    nd_buf_str(&s->out, any ? "\n" : "none\n");
}

/* The first articles of a member: how many are good, what the first one's fields come from. */
static void records(struct sniffing *s, struct nd_stream *in, const struct nd_reader *r)
{
    struct nd_error err = {0};
    struct nd_buf bad;
    uint64_t repairs = 0, good = 0, wrong = 0;
    void *self = NULL;
    size_t max = s->run->options.record_max ? s->run->options.record_max : (size_t)64 << 20;
    struct nd_reading how = {s->map, max, &repairs, NULL};
    nd_buf_init(&bad, 1 << 16);
    int rc = r->open(&self, in, &how, &err);
    while (!rc && good + wrong < RECORDS) {
        struct nd_article a = {.published = {.utc = ND_UTC_NONE, .zone = ND_ZONE_NONE},
                               .updated = {.utc = ND_UTC_NONE, .zone = ND_ZONE_NONE}};
        nd_arena_reset(&s->arena);
        nd_fieldmap_begin(s->map);
        rc = r->next(self, &a, &s->arena, &err);
        if (!rc)
            rc = nd_fieldmap_finish(s->map, &a, &s->arena, in->file.p, &err);
        if (!rc)
            rc = nd_clean(&s->cleaner, &a, &s->arena, &err);
        if (!rc && !good++) {
            const char *lang = nd_language_guess(a.body.p, a.body.n > 1000 ? 1000 : a.body.n);
            nd_buf_printf(&s->out, "  language   %.*s%s%s\n", (int)a.lang.n,
                          a.lang.p ? a.lang.p : "",
                          a.lang.n ? " (declared)"
                          : *lang  ? lang
                                   : "unknown",
                          !a.lang.n && *lang ? " (by its words)" : "");
            nd_explain_article(&s->out, &a, r, key_of, s->map);
        }
        if (rc == ND_INPUT || rc == ND_LIMIT) {
            if (!wrong++)
                nd_buf_printf(&bad, "; the first bad one: %s", err.msg);
            rc = nd_stream_failed(in, NULL) ? rc : 0;
        }
    }
    nd_buf_printf(&s->out, "  articles   of the first %llu, %llu good%s\n",
                  (unsigned long long)(good + wrong), (unsigned long long)good,
                  bad.data ? bad.data : "");
    if (rc && rc != ND_DONE && !good && !wrong)
        nd_buf_printf(&s->out, "  error      %s\n", err.msg);
    s->failed |= !good;
    r->close(self);
    nd_buf_free(&bad);
}

/* Keys that nobody knew in what was read. */
static void left_out(struct sniffing *s)
{
    struct nd_str key;
    uint64_t count;
    unsigned shown = 0;
    for (uint32_t i = 0; shown < 20 && nd_fieldmap_unknown(s->map, i, &key, &count); i++)
        if (count) {
            nd_buf_str(&s->out, shown++ ? ", " : "  left out   ");
            nd_printable(&s->out, key.p, key.n > 60 ? 60 : key.n, true);
        }
    if (shown)
        nd_buf_byte(&s->out, '\n');
}

static int member(struct sniffing *s, struct nd_container *c, const char *whole,
                  struct nd_error *err)
{
    struct nd_stream in;
    struct nd_charset set;
    const struct nd_source_options *o = &s->run->options;
    struct nd_fieldmap_options map = {o->map,      o->map_n,      o->set,      o->set_n,
                                      o->fallback, o->fallback_n, o->from_path, o->record};
    const char *p;
    size_t n;
    nd_stream_init(&in, fill, c);
    in.file = nd_str_of(whole);
    int rc = nd_stream_peek(&in, ND_SNIFF_BYTES, &p, &n, err);
    if (rc)
        goto out;
    if (!n) {
        nd_buf_str(&s->out, nd_stream_failed(&in, err) ? "  damaged at its start\n" : "  empty\n");
        goto out;
    }
    nd_buf_str(&s->out, "  packing    ");
    size_t before = s->out.len;
    nd_container_packings(c, &s->out);
    nd_buf_str(&s->out, s->out.len > before ? "\n" : "none\n");
    const struct nd_reader *r = s->forced ? s->forced : nd_sniff(p, n, whole);
    bids(s, p, n, whole);
    if (!r) {
        no_format(s);
        goto out;
    }
    nd_buf_printf(&s->out, "  format     %s: %s\n", r->name, r->summary);
    nd_charset_guess(&set, p, n, in.ended != 0, (struct nd_str){0},
                     memchr(p, '<', n > 200 ? 200 : n) ? ND_CHARSET_HTML : ND_CHARSET_PLAIN);
    nd_buf_printf(&s->out, "  charset    %s\n", set.name);
    nd_fieldmap_free(s->map);
    rc = nd_fieldmap_new(&s->map, &map, err);
    if (!rc) {
        records(s, &in, r);
        left_out(s);
    }
out:
    nd_stream_free(&in);
    return rc;
}

static int file(struct sniffing *s, const char *path, struct nd_error *err)
{
    struct nd_container *c;
    struct nd_str name;
    unsigned members = 0;
    char whole[8192];
    int rc = nd_container_open(&c, path, &s->run->options.limits, err);
    if (rc)
        return rc;
    for (; !(rc = nd_container_next(c, &name, err)); members++) {
        if (members == MEMBERS) {
            nd_buf_printf(&s->out, "%s: there is more in it\n", path);
            rc = ND_DONE;
            break;
        }
        snprintf(whole, sizeof whole, "%s%s%.*s", path, name.p ? "/" : "",
                 name.n > 4000 ? 4000 : (int)name.n, name.p ? name.p : "");
        nd_buf_printf(&s->out, "%s\n", whole);
        rc = member(s, c, whole, err);
        if (rc)
            break;
    }
    nd_container_close(c);
    return rc == ND_DONE ? 0 : rc;
}

static int flush(struct sniffing *s, struct nd_error *err)
{
    int rc = nd_write_all(STDOUT_FILENO, s->out.data, s->out.len, "standard output", err);
    nd_buf_reset(&s->out);
    return rc && errno == EPIPE ? ND_DONE : rc;
}

static int run(struct sniffing *s, struct nd_walk *w, struct nd_error *err)
{
    const struct nd_args *a = &s->run->tool->args;
    const struct nd_source_options *o = &s->run->options;
    int rc = 0;
    if (o->input_format && !(s->forced = nd_reader_named(o->input_format)))
        return nd_fail(err, ND_USAGE, "'%.60s' is not an input format", o->input_format);
    for (size_t i = 0; i < a->words_n && !rc; i++)
        rc = nd_walk_add(w, a->words[i].p, err);
    for (size_t i = 0; i < o->files_from_n && !rc; i++)
        rc = nd_walk_from(w, o->files_from[i], err);
    for (size_t i = 0; i < w->n && !rc; i++) {
        int bad = w->files[i].failure ? nd_fail(err, ND_IO, "%s", w->files[i].failure)
                                      : file(s, w->files[i].path, err);
        if (bad == ND_NOMEM || bad == ND_INTERNAL)
            return bad;
        if (bad) {
            struct nd_diag loud = s->run->tool->diag;
            loud.quiet = false;
            nd_diag_line(&loud, "%s", err->msg);
            s->failed = true;
        }
        rc = flush(s, err);
    }
    return rc == ND_DONE ? 0 : rc;
}

int newsdex_sniff(void *tool)
{
    struct newsdex *t = tool;
    struct nd_error err = {0};
    struct nd_reading_run r;
    struct nd_walk walk;
    struct sniffing s = {.run = &r};
    int rc = nd_reading_start(&r, t, &err);
    struct nd_walk_globs globs = {r.options.include, r.options.exclude, r.options.include_n,
                                  r.options.exclude_n};
    nd_arena_init(&s.arena, ARENA_MAX);
    nd_buf_init(&s.out, OUT_MAX);
    nd_cleaner_init(&s.cleaner, ARENA_MAX, r.options.id_prefix);
    bool walking = !rc && !nd_walk_init(&walk, &globs);
    if (!rc)
        rc = walking ? run(&s, &walk, &err) : nd_fail(&err, ND_NOMEM, "out of memory");
    if (walking)
        nd_walk_free(&walk);
    nd_fieldmap_free(s.map);
    nd_cleaner_free(&s.cleaner);
    nd_arena_free(&s.arena);
    nd_buf_free(&s.out);
    int status = rc ? newsdex_failed(t, &err) : s.failed ? nd_exit_status(ND_PARTIAL) : 0;
    return nd_exit_worse(status, nd_reading_end(&r, false, &err));
}
