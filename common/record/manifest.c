#include "record/manifest.h"

#include "base/file.h"
#include "base/hash.h"
#include "record/schema.h"
#include "text/token.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAX = 4 << 20,
    HEX = 16 /* digits of a 64-bit number */
};

struct reader {
    struct nd_manifest *m;
    const char *p, *end; /* what is left */
    const char *name;
    unsigned line;
    size_t glass; /* glass lines seen */
    bool head;
    struct nd_error *err;
    bool older; /* take what an older program wrote */
};

static int bad(struct reader *r, const char *what)
{
    int rc = nd_fail(r->err, ND_CORRUPT, "'%s' line %u: %s", r->name, r->line, what);
    nd_hint(r->err, "the file is written by newsdex alone; restore it from a copy, or index again");
    return rc;
}

/* ---- pieces of a line ---- */

/* The next word of a line, up to a blank; empty at the end. */
static struct nd_str next_word(struct nd_str *line)
{
    const char *blank = line->n ? memchr(line->p, ' ', line->n) : NULL;
    struct nd_str w = {line->p, blank ? (size_t)(blank - line->p) : line->n};
    size_t skip = w.n + (blank != NULL);
    line->p += skip;
    line->n -= skip;
    return w;
}

static bool is(struct nd_str w, const char *s)
{
    return nd_str_eq(w, nd_str_of(s));
}

/* A decimal number without a sign; with leading zeros only where width says how many digits there are. */
static bool number(struct nd_str w, uint32_t *out)
{
    uint64_t v = 0;
    if (w.n == 0 || w.n > 10 || (w.n > 1 && w.p[0] == '0'))
        return false;
    for (size_t i = 0; i < w.n; i++) {
        if (w.p[i] < '0' || w.p[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(w.p[i] - '0');
    }
    *out = (uint32_t)v;
    return v <= UINT32_MAX;
}

static bool hex(struct nd_str w, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < w.n; i++) {
        const char *digits = "0123456789abcdef", *d = strchr(digits, w.p[i]);
        if (!d || !*d)
            return false;
        *out = *out << 4 | (uint64_t)(d - digits);
    }
    return w.n == HEX;
}

static bool uuid(struct nd_str w)
{
    if (w.n != 36)
        return false;
    for (size_t i = 0; i < w.n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool digit = (w.p[i] >= '0' && w.p[i] <= '9') || (w.p[i] >= 'a' && w.p[i] <= 'f');
        if (dash ? w.p[i] != '-' : !digit)
            return false;
    }
    return true;
}

/* Copy a file's name into out. start: how it must begin. */
static bool file_name(struct nd_str w, const char *start, char out[32])
{
    size_t n = strlen(start);
    if (w.n <= n || w.n > 31 || memcmp(w.p, start, n) != 0)
        return false;
    for (size_t i = n; i < w.n; i++)
        if ((w.p[i] < '0' || w.p[i] > '9') && !(w.p[i] == '.' && i > n))
            return false;
    memcpy(out, w.p, w.n);
    out[w.n] = '\0';
    return true;
}

/* ---- lines ---- */

static int version_failed(struct reader *r, const char *what, uint32_t have, uint32_t want)
{
    int rc =
        nd_fail(r->err, ND_VERSION, "'%s' has %s version %" PRIu32 ", this program has %" PRIu32,
                r->name, what, have, want);
    nd_hint(r->err, have > want ? "use the newer program that wrote the index"
                                : "make it new with: newsdex rebuild");
    return rc;
}

static int head_line(struct reader *r, struct nd_str schema, struct nd_str rest)
{
    uint32_t version, tokenizer;
    if (r->head || !number(schema, &version))
        return bad(r, "not a line of an index");
    if (version > ND_SCHEMA_VERSION || (version < ND_SCHEMA_VERSION && !r->older))
        return version_failed(r, "schema", version, ND_SCHEMA_VERSION);
    if (!number(next_word(&rest), &r->m->revision) || !hex(next_word(&rest), &r->m->commit))
        return bad(r, "bad revision");
    struct nd_str id = next_word(&rest);
    if (!uuid(id))
        return bad(r, "bad uuid");
    memcpy(r->m->uuid, id.p, id.n);
    r->m->uuid[id.n] = '\0';
    if (!number(next_word(&rest), &tokenizer) || rest.n)
        return bad(r, "bad tokenizer version");
    if (tokenizer > ND_TOKENIZER_VERSION || (tokenizer < ND_TOKENIZER_VERSION && !r->older))
        return version_failed(r, "tokenizer", tokenizer, ND_TOKENIZER_VERSION);
    r->head = true;
    return 0;
}

static int segment_line(struct reader *r, struct nd_str rest)
{
    struct nd_manifest *m = r->m;
    struct nd_manifest_segment s = {0};
    if (!number(next_word(&rest), &s.number) || !number(next_word(&rest), &s.docs))
        return bad(r, "bad segment");
    struct nd_str del = next_word(&rest);
    if (rest.n || (!is(del, "-") && !file_name(del, "del-", s.del)))
        return bad(r, "bad name of tombstones");
    if (m->n == ND_SEGMENTS_MAX)
        return bad(r, "too many segments");
    for (size_t i = 0; i < m->n; i++)
        if (m->segments[i].number == s.number)
            return bad(r, "a segment is there twice");
    struct nd_manifest_segment *v = realloc(m->segments, (m->n + 1) * sizeof *v);
    if (!v)
        return nd_fail(r->err, ND_NOMEM, "out of memory reading '%s'", r->name);
    m->segments = v;
    v[m->n++] = s;
    return 0;
}

static int name_line(struct reader *r, struct nd_str kind, struct nd_str rest)
{
    struct nd_manifest *m = r->m;
    struct nd_str name = next_word(&rest);
    bool ok = rest.n == 0;
    if (is(kind, "derived"))
        ok = ok && !*m->derived && file_name(name, "derived-", m->derived);
    else if (is(kind, "events"))
        ok = ok && !*m->events && file_name(name, "events-", m->events);
    else
        ok = ok && is(kind, "ledger") && !*m->ledger && file_name(name, "ledger-", m->ledger);
    return ok ? 0 : bad(r, "bad name of a file");
}

static int glass_line(struct reader *r, struct nd_str rest)
{
    char want[32];
    if (r->glass >= r->m->n)
        return bad(r, "a segment that is not listed");
    snprintf(want, sizeof want, "seg-%06" PRIu32, r->m->segments[r->glass].number);
    if (!is(rest, want))
        return bad(r, "not the segment that is listed");
    r->glass++;
    return 0;
}

static int one_line(struct reader *r, struct nd_str line)
{
    struct nd_str word = next_word(&line);
    if (is(word, "glass"))
        return r->head ? glass_line(r, line) : bad(r, "not an index of newsdex");
    if (!is(word, "#nd"))
        return bad(r, r->head ? "not a line of an index" : "not an index of newsdex");
    struct nd_str kind = next_word(&line);
    if (kind.n && kind.p[0] >= '0' && kind.p[0] <= '9')
        return head_line(r, kind, line);
    if (!r->head)
        return bad(r, "not an index of newsdex");
    return is(kind, "seg") ? segment_line(r, line) : name_line(r, kind, line);
}

/* The last line, which tells that nothing is missing and nothing was changed. */
static int last_line(struct reader *r, const char *start, struct nd_str line, const char *at)
{
    uint64_t sum;
    next_word(&line);
    next_word(&line);
    if (!hex(line, &sum) || sum != nd_hash64(start, (size_t)(at - start), 0))
        return bad(r, "its checksum is wrong");
    if (r->p != r->end)
        return bad(r, "something follows its last line");
    if (!r->head || r->glass != r->m->n)
        return bad(r, "not all segments are there");
    return 0;
}

static int parse(struct nd_manifest *m, const char *p, size_t n, const char *name, bool older,
                 struct nd_error *err)
{
    static const char end_word[] = "#nd end ";
    *m = (struct nd_manifest){0};
    struct reader r = {.m = m, .p = p, .end = p + n, .name = name, .older = older, .err = err};
    int rc = 0;
    bool ended = false;
    while (!rc && !ended && r.p < r.end) {
        const char *at = r.p, *stop = memchr(at, '\n', (size_t)(r.end - at));
        r.line++;
        if (!stop) {
            rc = bad(&r, "it is cut short");
            break;
        }
        struct nd_str line = {at, (size_t)(stop - at)};
        r.p = stop + 1;
        ended = line.n > sizeof end_word - 1 && memcmp(at, end_word, sizeof end_word - 1) == 0;
        rc = ended ? last_line(&r, p, line, at) : one_line(&r, line);
    }
    if (!rc && !ended)
        rc = bad(&r, "it is cut short");
    if (rc)
        nd_manifest_free(m);
    return rc;
}

int nd_manifest_parse(struct nd_manifest *m, const char *p, size_t n, const char *name,
                      struct nd_error *err)
{
    return parse(m, p, n, name, false, err);
}

static int read_from(struct nd_manifest *m, const char *dir, bool older, struct nd_error *err)
{
    struct nd_buf path, text;
    *m = (struct nd_manifest){0};
    nd_buf_init(&path, 1 << 16);
    nd_buf_init(&text, FILE_MAX);
    int rc = nd_buf_printf(&path, "%s/XAPIANDB", dir);
    if (rc) {
        nd_fail(err, rc, "the name of the index folder is too long");
        goto out;
    }
    rc = nd_file_read(&text, path.data, err);
    if (rc == ND_MISSING) {
        nd_fail(err, ND_MISSING, "there is no index in '%s'", dir);
        nd_hint(err, "make one with: newsdex add -d %s FILE, or name another folder with -d", dir);
    }
    if (!rc)
        rc = parse(m, text.data, text.len, path.data, older, err);
out:
    nd_buf_free(&text);
    nd_buf_free(&path);
    return rc;
}

int nd_manifest_read(struct nd_manifest *m, const char *dir, struct nd_error *err)
{
    return read_from(m, dir, false, err);
}

int nd_manifest_read_older(struct nd_manifest *m, const char *dir, struct nd_error *err)
{
    return read_from(m, dir, true, err);
}

int nd_manifest_format(struct nd_buf *out, const struct nd_manifest *m)
{
    size_t start = out->len;
    nd_buf_printf(out, "#nd %d %" PRIu32 " %016" PRIx64 " %s %d\n", ND_SCHEMA_VERSION, m->revision,
                  m->commit, m->uuid, ND_TOKENIZER_VERSION);
    for (size_t i = 0; i < m->n; i++)
        nd_buf_printf(out, "#nd seg %" PRIu32 " %" PRIu32 " %s\n", m->segments[i].number,
                      m->segments[i].docs, *m->segments[i].del ? m->segments[i].del : "-");
    if (*m->derived)
        nd_buf_printf(out, "#nd derived %s\n", m->derived);
    if (*m->events)
        nd_buf_printf(out, "#nd events %s\n", m->events);
    if (*m->ledger)
        nd_buf_printf(out, "#nd ledger %s\n", m->ledger);
    for (size_t i = 0; i < m->n; i++)
        nd_buf_printf(out, "glass seg-%06" PRIu32 "\n", m->segments[i].number);
    if (nd_buf_code(out))
        return nd_buf_code(out);
    return nd_buf_printf(out, "#nd end %016" PRIx64 "\n",
                         nd_hash64(out->data + start, out->len - start, 0));
}

void nd_manifest_free(struct nd_manifest *m)
{
    free(m->segments);
    *m = (struct nd_manifest){0};
}
