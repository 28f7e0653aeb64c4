#include "segment/ledger.h"

#include "base/file.h"
#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAX = 256 << 20,
    NAMES_MAX = 256 << 20,
    NAME_MAX_BYTES = 16 * 1024,
    LAST_LINE = 21 /* bytes of the last line, that of the checksum */
};

#define END "end\t"

int nd_ledger_init(struct nd_ledger *l)
{
    *l = (struct nd_ledger){0};
    return nd_map_init(&l->names, NAMES_MAX);
}

void nd_ledger_free(struct nd_ledger *l)
{
    nd_map_free(&l->names);
    free(l->rows);
    *l = (struct nd_ledger){0};
}

struct nd_ledger_row *nd_ledger_find(const struct nd_ledger *l, const char *name)
{
    uint32_t i = nd_map_find(&l->names, name, strlen(name));
    return i == ND_MAP_NONE ? NULL : &l->rows[i];
}

int nd_ledger_set(struct nd_ledger *l, const char *name, const struct nd_ledger_row *row)
{
    if (l->names.count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 64;
        struct nd_ledger_row *rows = realloc(l->rows, cap * sizeof *rows);
        if (!rows)
            return ND_NOMEM;
        l->rows = rows;
        l->cap = cap;
    }
    uint32_t i, before = l->names.count;
    int rc = nd_map_intern(&l->names, name, strlen(name), &i);
    if (rc)
        return rc;
    struct nd_ledger_row *old = &l->rows[i];
    l->changed |= i == before || old->records != row->records || old->done != row->done ||
                  old->size != row->size || old->mtime != row->mtime;
    *old = *row;
    return 0;
}

static bool escaped(unsigned char c)
{
    return c <= ' ' || c == '%' || c == 0x7f;
}

int nd_ledger_write(const struct nd_ledger *l, const char *path, struct nd_error *err)
{
    struct nd_buf out;
    nd_buf_init(&out, FILE_MAX);
    for (uint32_t i = 0; i < l->names.count; i++) {
        const struct nd_ledger_row *r = &l->rows[i];
        struct nd_str name = nd_map_key(&l->names, i);
        nd_buf_printf(&out, "%" PRIu64 "\t%s\t%" PRIu64 "\t%" PRId64 "\t", r->records,
                      r->done ? "done" : "part", r->size, r->mtime);
        for (size_t k = 0; k < name.n; k++) {
            unsigned char c = (unsigned char)name.p[k];
            if (escaped(c))
                nd_buf_printf(&out, "%%%02X", c);
            else
                nd_buf_byte(&out, c);
        }
        nd_buf_byte(&out, '\n');
    }
    uint64_t sum = nd_hash64(out.len ? out.data : "", out.len, 0);
    nd_buf_printf(&out, END "%016" PRIx64 "\n", sum);
    int rc = nd_buf_code(&out);
    if (rc)
        rc = nd_fail(err, rc, "cannot write '%s': out of memory", path);
    else
        rc = nd_file_write(path, out.data, out.len, err);
    nd_buf_free(&out);
    return rc;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Undo the escapes of p[0..n) into out, NUL-ended. Return: false if they are ill-formed. */
static bool unescape(char *out, size_t max, const char *p, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        if (c == '%') {
            if (i + 2 >= n || hex(p[i + 1]) < 0 || hex(p[i + 2]) < 0)
                return false;
            c = (char)(hex(p[i + 1]) * 16 + hex(p[i + 2]));
            i += 2;
        }
        if (!c || k + 1 >= max)
            return false;
        out[k++] = c;
    }
    out[k] = '\0';
    return k > 0;
}

static int read_line(struct nd_ledger *l, const char *p, size_t n)
{
    char line[128], name[NAME_MAX_BYTES], state[8];
    struct nd_ledger_row row = {0};
    const char *tab = p;
    for (int i = 0; i < 4; i++) {
        tab = memchr(tab, '\t', n - (size_t)(tab - p));
        if (!tab)
            return ND_CORRUPT;
        tab++;
    }
    size_t head = (size_t)(tab - p);
    if (head >= sizeof line || !unescape(name, sizeof name, tab, n - head))
        return ND_CORRUPT;
    memcpy(line, p, head);
    line[head] = '\0';
    if (sscanf(line, "%" SCNu64 "\t%7[a-z]\t%" SCNu64 "\t%" SCNd64, &row.records, state, &row.size,
               &row.mtime) != 4)
        return ND_CORRUPT;
    row.done = strcmp(state, "done") == 0;
    if (!row.done && strcmp(state, "part") != 0)
        return ND_CORRUPT;
    return nd_ledger_set(l, name, &row);
}

/* The last line holds the checksum of all before it. Return: bytes before it, SIZE_MAX if it is wrong. */
static size_t checked(const struct nd_buf *in)
{
    char want[LAST_LINE + 1];
    if (in->len < LAST_LINE)
        return SIZE_MAX;
    size_t n = in->len - LAST_LINE;
    snprintf(want, sizeof want, END "%016" PRIx64 "\n", nd_hash64(in->data, n, 0));
    return memcmp(in->data + n, want, LAST_LINE) == 0 ? n : SIZE_MAX;
}

int nd_ledger_read(struct nd_ledger *l, const char *path, struct nd_error *err)
{
    struct nd_buf in;
    nd_buf_init(&in, FILE_MAX);
    int rc = nd_file_read(&in, path, err);
    size_t line = 0, end = rc ? 0 : checked(&in);
    if (end == SIZE_MAX)
        rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged: its checksum is wrong", path);
    for (size_t at = 0; !rc && at < end; line++) {
        const char *nl = memchr(in.data + at, '\n', end - at);
        int code = nl ? read_line(l, in.data + at, (size_t)(nl - in.data) - at) : ND_CORRUPT;
        if (code == ND_CORRUPT)
            rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged at line %zu", path, line + 1);
        else if (code)
            rc = nd_fail(err, code, "out of memory");
        else
            at = (size_t)(nl - in.data) + 1;
    }
    l->changed = false;
    nd_buf_free(&in);
    return rc;
}
