#include "input/source.h"
#include "formats/clean.h"
#include "formats/fieldmap.h"
#include "formats/reader.h"
#include "input/filter.h"
#include "input/sniff.h"
#include "input/walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    RECORD_MAX = 64 << 20,
    PLACE_MAX = 8192
};

struct nd_source {
    struct nd_source_options options;
    struct nd_walk walk;
    struct nd_fieldmap *map;
    struct nd_cleaner cleaner;
    struct nd_filter *filter;       /* --ignore; NULL none */
    const struct nd_reader *forced; /* --input-format */
    size_t next_file;
    uint64_t bytes_before; /* of the files that are done */
    struct nd_source_stats stats;
    uint64_t repairs; /* by readers */
    /* the file, the member and the reader at hand; NULL where none is */
    struct nd_container *container;
    bool member_open;
    struct nd_stream stream;
    const struct nd_reader *reader;
    void *reading;
    char *member, *whole; /* in the archive; file and member */
};

static void close_member(struct nd_source *s)
{
    if (s->reader)
        s->reader->close(s->reading);
    s->reader = NULL;
    s->reading = NULL;
    if (s->member_open)
        nd_stream_free(&s->stream);
    s->member_open = false;
}

static void close_file(struct nd_source *s)
{
    close_member(s);
    if (s->container)
        s->bytes_before += nd_container_taken(s->container);
    nd_container_close(s->container);
    s->container = NULL;
}

void nd_source_close(struct nd_source *s)
{
    if (!s)
        return;
    close_file(s);
    nd_walk_free(&s->walk);
    nd_fieldmap_free(s->map);
    nd_cleaner_free(&s->cleaner);
    nd_filter_free(s->filter);
    free(s->member);
    free(s->whole);
    free(s);
}

static int find_format(struct nd_source *s, const char *name, struct nd_error *err)
{
    char list[ND_HINT_MAX] = "the formats are";
    if (!name || (s->forced = nd_reader_named(name)))
        return 0;
    for (const struct nd_reader *const *r = nd_readers(); *r; r++) {
        size_t n = strlen(list);
        snprintf(list + n, sizeof list - n, " %s", (*r)->name);
    }
    nd_fail(err, ND_USAGE, "'%.60s' is not an input format", name);
    nd_hint(err, "%s", list);
    return ND_USAGE;
}

/* One name of several that is not there is told when its turn comes, and the rest is read; if none is there, the
 * command line is wrong. */
static int all_missing(const struct nd_walk *w, struct nd_error *err)
{
    for (size_t i = 0; i < w->n; i++)
        if (!w->files[i].missing)
            return 0;
    if (!w->n)
        return 0;
    nd_fail(err, ND_USAGE, "%s", w->files[0].failure);
    if (w->n > 1)
        nd_hint(err, "none of the %zu names given is there", w->n);
    return ND_USAGE;
}

static void sum_sizes(struct nd_source *s)
{
    for (size_t i = 0; i < s->walk.n; i++) {
        struct stat st;
        if (!strcmp(s->walk.files[i].path, "-") || stat(s->walk.files[i].path, &st) < 0 ||
            !S_ISREG(st.st_mode)) {
            if (!s->walk.files[i].failure) {
                s->stats.bytes_total = 0;
                return;
            }
            continue;
        }
        s->stats.bytes_total += (uint64_t)st.st_size;
    }
}

int nd_source_open(struct nd_source **out, const char *const *paths, size_t n,
                   const struct nd_source_options *o, struct nd_error *err)
{
    *out = NULL;
    struct nd_source *s = calloc(1, sizeof *s);
    if (!s)
        return nd_fail(err, ND_NOMEM, "out of memory");
    s->options = *o;
    if (!s->options.record_max)
        s->options.record_max = RECORD_MAX;
    nd_cleaner_init(&s->cleaner, SIZE_MAX / 4, o->id_prefix);
    s->member = calloc(1, PLACE_MAX);
    s->whole = calloc(1, PLACE_MAX);
    s->stats.path = s->stats.member = "";
    struct nd_walk_globs globs = {o->include, o->exclude, o->include_n, o->exclude_n};
    struct nd_fieldmap_options map = {o->map,      o->map_n,      o->set,      o->set_n,
                                      o->fallback, o->fallback_n, o->from_path, o->record};
    int rc = nd_walk_init(&s->walk, &globs);
    if (rc || !s->member || !s->whole)
        rc = nd_fail(err, ND_NOMEM, "out of memory");
    if (!rc)
        rc = find_format(s, o->input_format, err);
    if (!rc)
        rc = nd_fieldmap_new(&s->map, &map, err);
    if (!rc && o->ignore.n)
        rc = nd_filter_new(&s->filter, o->ignore, o->ignore_name ? o->ignore_name : "--ignore",
                           nd_today(), err);
    for (size_t i = 0; i < n && !rc; i++)
        rc = nd_walk_add(&s->walk, paths[i], err);
    for (size_t i = 0; i < o->files_from_n && !rc; i++)
        if ((rc = nd_walk_from(&s->walk, o->files_from[i], err)) == ND_MISSING && err)
            rc = err->code = ND_USAGE;
    if (!rc)
        rc = all_missing(&s->walk, err);
    if (rc) {
        nd_source_close(s);
        return rc;
    }
    sum_sizes(s);
    *out = s;
    return 0;
}

size_t nd_source_files(const struct nd_source *s)
{
    return s->walk.n;
}

const char *nd_source_path(const struct nd_source *s, size_t file)
{
    return file < s->walk.n ? s->walk.files[file].path : NULL;
}

static int fill(void *source, const char **p, size_t *n, struct nd_error *err)
{
    return nd_container_read(source, p, n, err);
}

/* A file or member that cannot be read: counted, told as bad input. */
static int bad_file(struct nd_source *s, int rc, struct nd_error *err)
{
    if (rc == ND_NOMEM || rc == ND_INTERNAL)
        return rc;
    s->stats.bad++;
    s->stats.bad_files++;
    if (err)
        err->code = ND_INPUT;
    return ND_INPUT;
}

/* Open the next file of the list. Return: 0, ND_DONE past the last, ND_INPUT. */
static int open_file(struct nd_source *s, struct nd_error *err)
{
    if (s->next_file == s->walk.n)
        return ND_DONE;
    const struct nd_walk_file *f = &s->walk.files[s->next_file];
    s->stats.file = s->next_file++;
    s->stats.path = f->path;
    s->stats.member = "";
    s->stats.record = s->stats.offset = s->stats.length = 0;
    if (f->failure)
        return bad_file(s, nd_fail(err, ND_IO, "%s", f->failure), err);
    int rc = nd_container_open(&s->container, f->path, &s->options.limits, err);
    return rc ? bad_file(s, rc, err) : 0;
}

static bool only_blanks(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != ' ' && p[i] != '\n' && p[i] != '\r' && p[i] != '\t')
            return false;
    return true;
}

/* The reader for the member at hand. Return: 0 with s->reader NULL where the member is empty. */
static int choose(struct nd_source *s, struct nd_error *err)
{
    const char *p;
    size_t n;
    int rc = nd_stream_peek(&s->stream, ND_SNIFF_BYTES, &p, &n, err);
    if (rc)
        return rc;
    if (!n && (rc = nd_stream_failed(&s->stream, err)))
        return rc;
    if (s->stream.ended == ND_DONE && only_blanks(p, n)) {
        s->stats.empty_files++;
        return 0;
    }
    const struct nd_reader *r = s->forced ? s->forced : nd_sniff(p, n, s->whole);
    if (!r) {
        nd_fail(err, ND_INPUT, "'%.400s': the format is not known", s->whole);
        nd_hint(err, "--input-format NAME says what it is, --exclude GLOB leaves it out");
        return ND_INPUT;
    }
    struct nd_reading how = {s->map, s->options.record_max, &s->repairs, &s->stats.parts};
    struct nd_error why = {0};
    rc = r->open(&s->reading, &s->stream, &how, &why);
    if (!rc)
        s->reader = r;
    else if (err)
        *err = why;
    if (rc == ND_INPUT && !strstr(why.msg, s->whole))
        nd_fail(err, rc, "'%.400s': %s", s->whole, why.msg);
    return rc;
}

/* Open the next member of the file. Return: 0, ND_DONE, ND_INPUT. */
static int open_member(struct nd_source *s, struct nd_error *err)
{
    struct nd_str name;
    for (;;) {
        int rc = nd_container_next(s->container, &name, err);
        if (rc == ND_DONE)
            return rc;
        if (rc)
            return bad_file(s, rc, err);
        snprintf(s->member, PLACE_MAX, "%.*s", name.n > PLACE_MAX ? PLACE_MAX : (int)name.n,
                 name.p ? name.p : "");
        if (!name.p || nd_walk_wanted(&s->walk.globs, s->member))
            break;
    }
    snprintf(s->whole, PLACE_MAX, "%s%s%s", s->stats.path, *s->member ? "/" : "", s->member);
    s->stats.member = s->member;
    nd_stream_init(&s->stream, fill, s->container);
    s->stream.file = nd_str_of(s->stats.path);
    s->stream.member = nd_str_of(s->member);
    s->member_open = true;
    int rc = choose(s, err);
    if (rc || !s->reader)
        close_member(s);
    return rc ? bad_file(s, rc, err) : 0;
}

/* Open the next file that is not to be passed over whole, behind the records that are. */
static int open_next(struct nd_source *s, struct nd_error *err)
{
    uint64_t records = 0;
    while (s->options.passed && s->next_file < s->walk.n) {
        const struct nd_walk_file *f = &s->walk.files[s->next_file];
        records = s->options.passed(s->options.passed_ctx, s->next_file, f->path);
        if (records != UINT64_MAX)
            break;
        struct stat st;
        if (stat(f->path, &st) == 0)
            s->bytes_before += (uint64_t)st.st_size;
        s->stats.passed_files++;
        s->stats.file = s->next_file++;
    }
    int rc = open_file(s, err);
    if (!rc && records)
        rc = nd_source_skip(s, records, err);
    return rc == ND_DONE && s->container ? 0 : rc;
}

/* Have a reader at hand. Return: 0; ND_DONE past the last file, or past the file at hand if `one`; ND_INPUT. */
static int ready(struct nd_source *s, bool one, struct nd_error *err)
{
    while (!s->reader) {
        int rc = s->container ? open_member(s, err) : open_next(s, err);
        if (rc == ND_DONE && s->container) {
            close_file(s);
            if (one)
                return ND_DONE;
            continue;
        }
        if (rc)
            return rc;
    }
    return 0;
}

static void count_cover(struct nd_source *s, const struct nd_article *a, bool had_id)
{
    const bool has[ND_COVERS] = {[ND_COVER_ID] = had_id,
                                 [ND_COVER_TITLE] = a->title.n > 0,
                                 [ND_COVER_LEAD] = a->lead.n > 0,
                                 [ND_COVER_BODY] = a->body.n > 0,
                                 [ND_COVER_PUBLISHED] = a->published.precision != ND_DATE_NONE,
                                 [ND_COVER_UPDATED] = a->updated.precision != ND_DATE_NONE,
                                 [ND_COVER_AUTHORS] = a->authors.n > 0,
                                 [ND_COVER_SOURCE] = a->source.n > 0,
                                 [ND_COVER_SECTION] = a->section.n > 0,
                                 [ND_COVER_LANG] = a->lang.n > 0,
                                 [ND_COVER_URL] = a->url.n > 0,
                                 [ND_COVER_TAGS] = a->tags.n > 0,
                                 [ND_COVER_ENTITIES] = a->gold_n > 0};
    for (int i = 0; i < ND_COVERS; i++)
        s->stats.cover[i] += has[i];
}

const char *nd_cover_name(enum nd_cover c)
{
    static const char *const names[ND_COVERS] = {"id",      "title",  "lead",    "body",    "date",
                                                 "updated", "author", "source",  "section", "lang",
                                                 "url",     "tag",    "entities"};
    return c < ND_COVERS ? names[c] : "";
}

/* Put the place before the reason of a bad record. */
static int bad_record(struct nd_source *s, struct nd_error *err)
{
    s->stats.bad++;
    if (!err)
        return ND_INPUT;
    struct nd_error why = *err;
    nd_fail(err, ND_INPUT, "%.300s:%llu: %.250s", s->whole, (unsigned long long)s->stats.record,
            why.msg);
    nd_hint(err, "%s", why.hint);
    err->offset = s->stats.offset;
    return ND_INPUT;
}

/* Fill in what options give, clean, and set the origin. Return: ND_DONE it is not wanted. */
static int finish(struct nd_source *s, struct nd_article *a, struct nd_arena *arena,
                  struct nd_error *err)
{
    char *path = nd_arena_copy(arena, s->whole, nd_sniff_bare(s->whole));
    int rc = path ? nd_fieldmap_finish(s->map, a, arena, path, err) : ND_NOMEM;
    if (rc)
        return path ? rc : nd_fail(err, rc, "the record needs too much memory");
    bool had_id = a->id.n > 0;
    rc = nd_clean(&s->cleaner, a, arena, err);
    if (rc)
        return rc;
    a->origin.file = nd_arena_str(arena, s->stats.path, strlen(s->stats.path));
    if (*s->member)
        a->origin.member = nd_arena_str(arena, s->member, strlen(s->member));
    if (!a->origin.file.p || (*s->member && !a->origin.member.p))
        return nd_fail(err, ND_LIMIT, "the record needs too much memory");
    bool unwanted = false;
    if (s->filter && !a->withdrawn)
        rc = nd_filter_matches(s->filter, a, &unwanted, err);
    if (!rc && !unwanted)
        count_cover(s, a, had_id);
    return unwanted ? ND_DONE : rc;
}

int nd_source_next(struct nd_source *s, struct nd_article *out, struct nd_arena *arena,
                   struct nd_error *err)
{
    struct nd_error why = {0};
    for (;;) {
        int rc = ready(s, false, &why);
        if (rc) {
            if (err && rc != ND_DONE)
                *err = why;
            return rc;
        }
        *out = (struct nd_article){.published = {.zone = ND_ZONE_NONE, .utc = ND_UTC_NONE},
                                   .updated = {.zone = ND_ZONE_NONE, .utc = ND_UTC_NONE}};
        nd_fieldmap_begin(s->map);
        struct nd_arena_mark mark = nd_arena_mark(arena);
        rc = s->reader->next(s->reading, out, arena, &why);
        if (rc == ND_DONE) {
            close_member(s);
            continue;
        }
        if (rc && nd_stream_failed(&s->stream, NULL)) { /* the file is damaged, not the record */
            nd_stream_failed(&s->stream, &why);
            close_member(s);
            rc = bad_file(s, rc, &why);
        } else {
            s->stats.record++;
            s->stats.offset = out->origin.offset;
            s->stats.length = out->origin.length;
            if (!rc)
                rc = finish(s, out, arena, &why);
            if (rc == ND_DONE) {
                s->stats.ignored++;
                nd_arena_rewind(arena, mark);
                continue;
            }
            if (!rc) {
                s->stats.articles++;
                return 0;
            }
            rc = rc == ND_INTERNAL ? rc : bad_record(s, &why);
        }
        if (err)
            *err = why;
        return rc;
    }
}

int nd_source_skip(struct nd_source *s, uint64_t records, struct nd_error *err)
{
    struct nd_arena arena;
    struct nd_error why = {0};
    int rc = 0;
    nd_arena_init(&arena, SIZE_MAX / 4);
    while (records && !rc) {
        rc = ready(s, s->container != NULL, &why);
        if (rc)
            break;
        struct nd_article a = {0};
        nd_fieldmap_begin(s->map);
        rc = s->reader->skip ? s->reader->skip(s->reading, &why)
                             : s->reader->next(s->reading, &a, &arena, &why);
        nd_arena_reset(&arena);
        if (rc == ND_DONE || (rc && nd_stream_failed(&s->stream, NULL))) {
            close_member(s);
            if (rc != ND_DONE)
                bad_file(s, rc, &why); /* told when it was first read */
            rc = 0;
            continue;
        }
        rc = rc == ND_INPUT || rc == ND_LIMIT ? 0 : rc;
        s->stats.record++;
        records--;
    }
    nd_arena_free(&arena);
    if (err && rc < 0)
        *err = why;
    return rc;
}

int nd_source_goto(struct nd_source *s, size_t file, uint64_t records, struct nd_error *err)
{
    if (file >= s->walk.n)
        return nd_fail(err, ND_MISSING, "there is no file number %zu in the list", file);
    close_file(s);
    s->next_file = file;
    int rc = open_file(s, err);
    if (!rc)
        rc = nd_source_skip(s, records, err);
    return rc == ND_DONE ? 0 : rc;
}

const struct nd_source_stats *nd_source_stats(struct nd_source *s)
{
    s->stats.bytes = s->bytes_before + (s->container ? nd_container_taken(s->container) : 0);
    s->stats.repaired = s->cleaner.repairs + s->repairs;
    s->stats.cut = s->cleaner.cut;
    s->stats.bad_dates = nd_fieldmap_bad_dates(s->map);
    return &s->stats;
}

const struct nd_reader *nd_source_reader(const struct nd_source *s)
{
    return s->reader;
}

bool nd_source_from(const struct nd_source *s, int target, struct nd_str *key)
{
    return nd_fieldmap_from(s->map, (enum nd_target)target, key);
}

bool nd_source_unknown(const struct nd_source *s, uint32_t i, struct nd_str *key, uint64_t *count)
{
    return nd_fieldmap_unknown(s->map, i, key, count);
}
