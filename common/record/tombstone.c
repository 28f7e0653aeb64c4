#include "record/tombstone.h"

enum {
    COUNTS = 1, /* sections */
    BITS = 2,
    VERSION = 1
};

uint32_t nd_tombstones_count(const unsigned char *bits, uint32_t docs)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < docs; i++)
        n += bits[i / 8] >> (i % 8) & 1;
    return n;
}

int nd_tombstones_open(struct nd_sections *s, const char *path, uint32_t docs,
                       const unsigned char **bits, uint32_t *deleted, struct nd_error *err)
{
    *bits = NULL;
    *deleted = 0;
    int rc = nd_sections_open(s, path, "DELS", VERSION, err);
    if (rc)
        return rc;
    rc = nd_sections_verify(s, err);
    struct nd_section counts = nd_sections_get(s, COUNTS), b = nd_sections_get(s, BITS);
    if (!rc && (counts.n != 8 || nd_load32(counts.p) != docs || b.n != ((size_t)docs + 7) / 8 ||
                nd_tombstones_count(b.p, docs) != nd_load32(counts.p + 4)))
        rc = nd_fail(err, ND_CORRUPT, "'%s' does not fit its segment", path);
    if (rc) {
        nd_sections_close(s);
        return rc;
    }
    *bits = b.p;
    *deleted = nd_load32(counts.p + 4);
    return 0;
}

int nd_tombstones_write(const char *path, const unsigned char *bits, uint32_t docs,
                        struct nd_error *err)
{
    struct nd_sections_writer *w;
    int rc = nd_sections_create(&w, path, "DELS", VERSION, err);
    if (rc)
        return rc;
    unsigned char counts[8];
    nd_store32(counts, docs);
    nd_store32(counts + 4, nd_tombstones_count(bits, docs));
    nd_sections_begin(w, COUNTS);
    nd_sections_write(w, counts, sizeof counts);
    nd_sections_end(w);
    nd_sections_begin(w, BITS);
    nd_sections_write(w, bits, ((size_t)docs + 7) / 8);
    nd_sections_end(w);
    return nd_sections_finish(w, NULL, err);
}
