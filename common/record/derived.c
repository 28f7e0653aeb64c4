#include "record/derived.h"

#include "record/stories.h"

#include <string.h>

enum {
    VERSION = 1,
    TEXT_MAX = 1 << 30
};

static int order(const struct nd_derived_row *a, enum nd_entity_type type, struct nd_str id)
{
    if (a->type != type)
        return a->type < type ? -1 : 1;
    return nd_str_cmp(a->id, id);
}

int nd_derived_row(const struct nd_derived *d, uint32_t i, struct nd_derived_row *out)
{
    *out = (struct nd_derived_row){.link = ND_DERIVED_NO_LINK};
    if (i >= d->n)
        return ND_CORRUPT;
    const unsigned char *p = d->rows + (size_t)i * ND_DERIVED_ROW;
    size_t id = nd_load32(p), name = nd_load32(p + 4);
    size_t id_n = p[8] | (size_t)p[9] << 8, name_n = p[10] | (size_t)p[11] << 8;
    uint32_t link = nd_load32(p + 16);
    size_t country = nd_load32(p + 24), country_n = p[22] | (size_t)p[23] << 8;
    if (id > d->text.n || id_n > d->text.n - id || name > d->text.n || name_n > d->text.n - name ||
        country > d->text.n || country_n > d->text.n - country || p[20] >= ND_ENTITY_TYPES || (link != ND_DERIVED_NO_LINK && link >= d->n))
        return ND_CORRUPT;
    out->type = (enum nd_entity_type)p[20];
    out->why = p[21] <= ND_DERIVED_SPELLING ? (enum nd_derived_why)p[21] : ND_DERIVED_NONE;
    out->id = (struct nd_str){(const char *)d->text.p + id, id_n};
    out->name = (struct nd_str){(const char *)d->text.p + name, name_n};
    out->mentions = nd_load32(p + 12);
    out->link = link;
    if (country_n)
        out->country = (struct nd_str){(const char *)d->text.p + country, country_n};
    return 0;
}

/* Rows rise and links are sound. */
static int check(const struct nd_derived *d)
{
    struct nd_derived_row last = {0}, r, to;
    for (uint32_t i = 0; i < d->n; i++) {
        if (nd_derived_row(d, i, &r) || (i && order(&last, r.type, r.id) >= 0))
            return ND_CORRUPT;
        if (r.link != ND_DERIVED_NO_LINK &&
            (nd_derived_row(d, r.link, &to) || to.type != r.type || to.link != ND_DERIVED_NO_LINK))
            return ND_CORRUPT;
        last = r;
    }
    return 0;
}

int nd_derived_map(struct nd_derived *d, const char *path, struct nd_error *err)
{
    memset(d, 0, sizeof *d);
    return nd_sections_open(&d->file, path, "DERV", VERSION, err);
}

int nd_derived_check(struct nd_derived *d, struct nd_error *err)
{
    int rc = nd_sections_verify(&d->file, err);
    struct nd_section head = nd_sections_get(&d->file, 1), rows = nd_sections_get(&d->file, 2);
    d->text = nd_sections_get(&d->file, 3);
    if (!rc) {
        d->rows = rows.p;
        d->n = head.n == 4 ? nd_load32(head.p) : 0;
        if (head.n != 4 || rows.n != (uint64_t)d->n * ND_DERIVED_ROW || check(d))
            rc = nd_fail(err, ND_CORRUPT, "'%s' is damaged", d->file.path);
    }
    if (rc)
        nd_derived_close(d);
    return rc;
}

int nd_derived_open(struct nd_derived *d, const char *path, struct nd_error *err)
{
    int rc = nd_derived_map(d, path, err);
    return rc ? rc : nd_derived_check(d, err);
}

void nd_derived_close(struct nd_derived *d)
{
    nd_sections_close(&d->file);
    memset(d, 0, sizeof *d);
}

uint32_t nd_derived_find(const struct nd_derived *d, enum nd_entity_type type, const char *id,
                         size_t n, struct nd_derived_row *out)
{
    uint32_t lo = 0, hi = d->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (nd_derived_row(d, mid, out))
            return ND_DERIVED_NO_LINK;
        int c = order(out, type, (struct nd_str){id, n});
        if (c == 0)
            return mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *out = (struct nd_derived_row){.link = ND_DERIVED_NO_LINK};
    return ND_DERIVED_NO_LINK;
}

int nd_derived_write(const char *path, const struct nd_derived_row *rows, uint32_t n,
                     struct nd_error *err)
{
    return nd_derived_write_all(path, rows, n, NULL, err);
}

/* Where the text of a country is, written once. seen: offset and length of each so far; there are some 250. */
static uint32_t country_place(struct nd_buf *seen, struct nd_buf *text, struct nd_str country)
{
    for (size_t i = 0; i + 8 <= seen->len; i += 8) {
        uint32_t at = nd_load32((const unsigned char *)seen->data + i),
                 n = nd_load32((const unsigned char *)seen->data + i + 4);
        if (n == country.n && memcmp(text->data + at, country.p, n) == 0)
            return at;
    }
    uint32_t at = (uint32_t)text->len;
    nd_buf_u32(seen, at);
    nd_buf_u32(seen, (uint32_t)country.n);
    nd_buf_add(text, country.p, country.n);
    return at;
}

int nd_derived_write_all(const char *path, const struct nd_derived_row *rows, uint32_t n,
                         const struct nd_stories_made *stories, struct nd_error *err)
{
    struct nd_sections_writer *w = NULL;
    struct nd_buf text, table, countries;
    nd_buf_init(&text, TEXT_MAX);
    nd_buf_init(&table, TEXT_MAX);
    nd_buf_init(&countries, TEXT_MAX);
    int rc = nd_sections_create(&w, path, "DERV", VERSION, err);
    if (rc)
        return rc;
    for (uint32_t i = 0; !rc && i < n; i++) {
        const struct nd_derived_row *r = &rows[i];
        size_t id_n = r->id.n < UINT16_MAX ? r->id.n : UINT16_MAX,
               name_n = r->name.n < UINT16_MAX ? r->name.n : UINT16_MAX;
        if (i && order(r - 1, r->type, r->id) >= 0)
            rc = nd_fail(err, ND_INTERNAL, "derived names are not sorted");
        nd_buf_u32(&table, (uint32_t)text.len);
        nd_buf_add(&text, r->id.p, id_n);
        nd_buf_u32(&table, (uint32_t)text.len);
        nd_buf_add(&text, r->name.p, name_n);
        nd_buf_u32(&table, (uint32_t)(id_n | name_n << 16));
        nd_buf_u32(&table, r->mentions);
        nd_buf_u32(&table, r->link);
        size_t country_n = r->country.n < UINT16_MAX ? r->country.n : 0;
        nd_buf_u32(&table, (uint32_t)r->type | (uint32_t)r->why << 8 | (uint32_t)country_n << 16);
        uint32_t at = country_n ? country_place(&countries, &text, r->country) : 0;
        nd_buf_u32(&table, at);
    }
    if (!rc && (nd_buf_code(&text) || nd_buf_code(&table)))
        rc = nd_fail(err, nd_buf_code(&text) ? nd_buf_code(&text) : nd_buf_code(&table),
                     "too many names for one index");
    unsigned char head[4];
    nd_store32(head, n);
    if (!rc) {
        nd_sections_begin(w, 1);
        nd_sections_write(w, head, sizeof head);
        nd_sections_end(w);
        nd_sections_begin(w, 2);
        nd_sections_write(w, table.data, table.len);
        nd_sections_end(w);
        nd_sections_begin(w, 3);
        nd_sections_write(w, text.data, text.len);
        nd_sections_end(w);
        if (stories)
            rc = nd_stories_put(w, stories, err);
    }
    if (!rc)
        rc = nd_sections_finish(w, NULL, err);
    else
        nd_sections_abandon(w);
    nd_buf_free(&text);
    nd_buf_free(&table);
    nd_buf_free(&countries);
    return rc;
}
