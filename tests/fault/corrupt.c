/* Every file of an index cut at many lengths and with random bytes flipped: verifying, searching, counting values
 * and showing articles then fail with ND_CORRUPT or answer as before. Never a crash, never an endless loop.
 * Usage: corrupt [CUTS FLIPS [FILE]]   per file; FILE: a part of a name, that alone */
#include "../unit/segment_made.h"

#include "base/file.h"
#include "derive_index.h"
#include "lang/match.h"
#include "lang/parse.h"
#include "segment/commit.h"
#include "segment/verify.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    SEGMENTS = 2,
    EACH = 40,
    BYTES_MAX = 1 << 28,
    SECONDS = 20, /* after which a run is endless */
    FILES_MAX = 32,
    CHILD_RIGHT = 0, /* what a child ends with */
    CHILD_REFUSED = 4,
    CHILD_WRONG = 10,
    CHILD_OTHER = 11 /* a failure of another kind */
};

static const char *const queries[] = {
    "strike",
    "\"the minister\"",
    "grain w/5 price",
    "title:harbour AND NOT train",
    "run*",
    "source:paper OR author:author",
    "person:*",
    "date:2023-09",
    "caps(US)",
    "quoted(prices)",
    "first-class w/s minister",
};

struct file {
    char path[ND_PATH_MAX];
    struct nd_buf bytes;
};

/* ---- the index ---- */

static int make_index(const char *dir, struct nd_error *err)
{
    char path[ND_PATH_MAX];
    struct nd_writer *w;
    struct nd_writer_options o = {.create = true, .derive = nd_derive_index};
    struct nd_ledger_row row = {.records = 80, .done = true, .size = 12345, .mtime = 99};
    int rc = nd_writer_open(&w, dir, &o, err);
    for (unsigned i = 0; i < SEGMENTS && !rc; i++) {
        uint32_t number;
        rc = nd_writer_new_segment(w, &number, path, err);
        if (!rc)
            rc = made_build(path, i * EACH, (i + 1) * EACH, NULL, err);
        if (!rc)
            rc = nd_writer_add_segment(w, number, EACH, NULL, err);
        for (unsigned k = 0; k < EACH && !rc; k++) {
            char id[32];
            int n = snprintf(id, sizeof id, "id-%u", i * EACH + k);
            rc = nd_writer_event(w, ND_EVENT_ADDED, id, (size_t)n, err);
        }
    }
    if (!rc)
        rc = nd_ledger_set(&w->ledger, "/dumps/a b%.jsonl", &row);
    if (!rc)
        rc = nd_writer_commit(w, err);
    if (!rc)
        rc = nd_writer_delete(w, 1, 7, NULL, err);
    if (!rc)
        rc = nd_writer_event(w, ND_EVENT_WITHDRAWN, "id-46", 5, err);
    if (!rc)
        rc = nd_writer_commit(w, err);
    nd_writer_close(w);
    return rc;
}

/* ---- asking ---- */

static int show(struct nd_buf *out, struct nd_index *ix, const struct nd_hit *h,
                struct nd_error *err)
{
    struct nd_texts *t;
    struct nd_columns *c;
    struct nd_stream *s;
    struct nd_article a;
    struct nd_buf json;
    struct nd_arena arena;
    size_t n;
    nd_buf_init(&json, BYTES_MAX);
    nd_arena_init(&arena, BYTES_MAX);
    struct nd_segment *seg = &ix->segments[h->segment];
    int rc = nd_segment_texts(seg, &t, err);
    if (!rc)
        rc = nd_texts_get(t, h->docid, &json, err);
    if (!rc)
        rc = nd_article_parse(&a, &arena, json.data, json.len, err);
    if (!rc)
        nd_buf_printf(out, "%.*s %zu\n", (int)a.id.n, a.id.p, a.body.n);
    if (!rc)
        rc = xap_data(out, ix->xap, h->segment, h->docid, err);
    if (!rc)
        rc = nd_segment_columns(seg, &c, err);
    if (!rc)
        rc = nd_segment_stream(seg, &s, err);
    for (enum nd_column_id id = 1; id < ND_COLUMNS && !rc; id++)
        rc = nd_column_check(c, id, err);
    if (!rc) {
        nd_buf_printf(out, "%u %u", nd_column_u32(c, ND_COL_SOURCE, h->docid),
                      nd_column_u32(c, ND_COL_LENGTH, h->docid));
        const unsigned char *p = nd_column_list(c, ND_COL_ENTITIES, h->docid, &n);
        for (size_t i = 0; i + 1 < n && !rc; i += 2) {
            struct nd_entity_row e;
            rc = nd_stream_entity(s, nd_load32(p + 4 * i), &e, err);
            if (!rc)
                nd_buf_printf(out, " %.*s", (int)e.id.n, e.id.p);
        }
    }
    nd_buf_free(&json);
    nd_arena_free(&arena);
    return rc;
}

static int ask(struct nd_buf *out, struct nd_index *ix, const char *text, struct nd_error *err)
{
    struct nd_arena arena;
    struct nd_query q;
    struct nd_lowered low = {0};
    struct nd_stemmers *stemmers = NULL;
    struct nd_match *m = NULL;
    struct nd_ranked r = {0};
    struct nd_parse_options o = {.today = 20240101};
    uint64_t total = 0;
    nd_arena_init(&arena, BYTES_MAX);
    int rc = nd_parse(&q, &arena, text, strlen(text), &o, err);
    if (!rc)
        rc = nd_stemmers_new(&stemmers, err);
    if (!rc)
        rc = nd_lower(&low, &arena, ix, stemmers, q.root, NULL, err);
    if (!rc)
        rc = nd_match_open(&m, ix, &low, NULL, err);
    if (!rc)
        rc = nd_match_count(m, &total, err);
    nd_buf_printf(out, "%s %llu\n", text, (unsigned long long)total);
    for (int sort = ND_SORT_SCORE; sort <= ND_SORT_SOURCE && !rc; sort += ND_SORT_SOURCE) {
        rc = nd_match_ranked(m, 0, 20, (enum nd_sort)sort, &r, err);
        for (size_t i = 0; i < r.n && !rc; i++) {
            const struct nd_found *found;
            size_t n;
            nd_buf_printf(out, "%zu %u\n", r.v[i].segment, r.v[i].docid);
            rc = nd_match_spans(m, r.v[i].segment, r.v[i].docid, &found, &n, err);
            for (size_t k = 0; k < n && !rc; k++)
                nd_buf_printf(out, "%u-%u ", found[k].hit.first, found[k].hit.last);
            if (!rc)
                rc = show(out, ix, &r.v[i], err);
        }
        nd_ranked_free(&r);
    }
    nd_match_close(m);
    nd_stemmers_free(stemmers);
    nd_arena_free(&arena);
    return rc;
}

/* Is a failure one that a damaged file may cause? */
static bool refused(int rc, const struct nd_error *err)
{
    return (rc == ND_CORRUPT || rc == ND_VERSION) && err->msg[0];
}

static void no_damage(void *ctx, const struct nd_error *err)
{
    struct nd_error *first = ctx;
    if (!first->code)
        *first = *err;
}

/* Everything that a program would ask. Return: what a child ends with. wanted: answers of the whole index, NULL to
 * collect them in out. */
static int use(const char *dir, struct nd_buf *out, const struct nd_buf *wanted)
{
    struct nd_error err = {0}, found = {0};
    struct nd_verify v = {.damage = no_damage, .ctx = &found};
    struct nd_index *ix = NULL;
    bool any = false, other = false;
    int rc = nd_verify_index(&v, dir, &err);
    any = v.damaged || rc;
    if (rc && !refused(rc, &err)) {
        printf("verify: %d %s\n", rc, err.msg);
        other = true;
    }
    err = (struct nd_error){0};
    rc = nd_index_open(&ix, &dir, 1, &err);
    if (rc && !refused(rc, &err)) {
        printf("open: %d %s\n", rc, err.msg);
        other = true;
    }
    any = any || rc;
    for (size_t i = 0; ix && i < sizeof queries / sizeof queries[0]; i++) {
        size_t start = out->len;
        err = (struct nd_error){0};
        rc = ask(out, ix, queries[i], &err);
        nd_buf_byte(out, '\0');
        if (rc && !refused(rc, &err)) {
            printf("%s: %d %s\n", queries[i], rc, err.msg);
            other = true;
        }
        any = any || rc;
        if (rc) { /* what a refused query had said before does not count */
            out->len = start;
            const char *p = wanted ? wanted->data : NULL;
            for (size_t k = 0; k < i && p; k++)
                p += strlen(p) + 1;
            nd_buf_str(out, p ? p : "");
            nd_buf_byte(out, '\0');
        }
    }
    nd_index_close(ix);
    if (other)
        return CHILD_OTHER;
    if (wanted && ix && (wanted->len != out->len || memcmp(wanted->data, out->data, out->len) != 0))
        return CHILD_WRONG;
    return any ? CHILD_REFUSED : CHILD_RIGHT;
}

/* Use the damaged index in a child. */
static int child(const char *dir, const struct nd_buf *wanted)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct nd_buf out;
        nd_buf_init(&out, BYTES_MAX);
        alarm(SECONDS);
        setenv("PATH", "/nowhere", 1); /* without xapian-check, which takes most of the time */
        int end = use(dir, &out, wanted);
        nd_buf_free(&out);
        fflush(stdout);
        _exit(end);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* ---- damage ---- */

static void put(const char *path, const char *p, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    CHECK(fd >= 0 && write(fd, p ? p : "", n) == (ssize_t)n);
    close(fd);
}

struct tally {
    unsigned right, refused, wrong, crashed, endless, other;
};

static void count(struct tally *t, int end, const char *path, const char *what, unsigned long at)
{
    if (end == CHILD_RIGHT)
        t->right++;
    else if (end == CHILD_REFUSED)
        t->refused++;
    else if (end == CHILD_WRONG)
        t->wrong++;
    else if (end == CHILD_OTHER)
        t->other++;
    else if (end == -SIGALRM)
        t->endless++;
    else
        t->crashed++;
    if (end != CHILD_RIGHT && end != CHILD_REFUSED)
        printf("%s, %s %lu: %s\n", path, what, at,
               end == CHILD_WRONG   ? "a wrong answer"
               : end == CHILD_OTHER ? "a failure of another kind"
               : end == -SIGALRM    ? "endless"
                                    : "a crash");
}

static bool add_file(struct file *files, size_t *n, const char *dir, const char *name,
                     const char *only)
{
    struct nd_error err = {0};
    struct file *f = &files[*n];
    if (only && !strstr(name, only))
        return true;
    snprintf(f->path, sizeof f->path, "%s/%s", dir, name);
    nd_buf_init(&f->bytes, BYTES_MAX);
    if (!CHECK_INT(nd_file_read(&f->bytes, f->path, &err), 0))
        return false;
    (*n)++;
    return true;
}

int main(int argc, char **argv)
{
    char dir[ND_PATH_MAX], name[64];
    struct nd_error err = {0};
    struct file files[FILES_MAX];
    size_t n = 0;
    unsigned cuts = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10;
    unsigned flips = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 30;
    const char *only = argc > 3 ? argv[3] : NULL;
    struct nd_buf wanted;
    nd_buf_init(&wanted, BYTES_MAX);
    snprintf(dir, sizeof dir, "%s/index", check_dir());
    CHECK_INT(make_index(dir, &err), 0);
    CHECK_STR(err.msg, "");
    if (!CHECK_INT(use(dir, &wanted, NULL), CHILD_RIGHT) || !CHECK(wanted.len > 1000))
        return check_done();
    static const char *const own[] = {"XAPIANDB", "del-000002.2", "events-2", "ledger-1",
                                      "derived-1"};
    static const char *const parts[] = {"stream",   "columns",        "text",         "sums",
                                        "iamglass", "postlist.glass", "docdata.glass"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        add_file(files, &n, dir, own[i], only);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(name, sizeof name, "seg-000001/%s", parts[i]);
        add_file(files, &n, dir, name, only);
    }
    unsigned failed = 0;
    for (size_t i = 0; i < n; i++) {
        struct file *f = &files[i];
        struct tally t = {0};
        size_t size = f->bytes.len;
        for (unsigned k = 0; k < cuts; k++) {
            size_t to = size > cuts ? (size_t)(check_random() % size) : k % size;
            to = k == 0 ? 0 : k == 1 ? size - 1 : to;
            put(f->path, f->bytes.data, to);
            count(&t, child(dir, &wanted), f->path, "cut at", to);
        }
        for (unsigned k = 0; k < flips; k++) {
            size_t at = (size_t)(check_random() % size);
            char was = f->bytes.data[at];
            f->bytes.data[at] = (char)(was ^ (1 + check_random() % 255));
            put(f->path, f->bytes.data, size);
            f->bytes.data[at] = was;
            count(&t, child(dir, &wanted), f->path, "flip at", at);
        }
        put(f->path, f->bytes.data, size);
        nd_buf_free(&f->bytes);
        printf(
            "%-28s %7zu bytes: %u right, %u refused, %u wrong, %u crashed, %u endless, %u other\n",
            strrchr(f->path, '/') + 1, size, t.right, t.refused, t.wrong, t.crashed, t.endless,
            t.other);
        failed += t.wrong || t.crashed || t.endless || t.other;
    }
    nd_buf_free(&wanted);
    printf("%zu passed, %u failed\n", n - failed, failed);
    check_dir();
    return failed ? 1 : 0;
}
