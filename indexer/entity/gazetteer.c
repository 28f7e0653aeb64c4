#include "entity/gazetteer.h"

#include "base/buf.h"
#include "base/hash.h"
#include "entity/gazetteer_data.h"
#include "record/evidence.h"
#include "text/token.h"
#include "text/utf8.h"

#include <string.h>

enum {
    VERSION = 1,
    WORD_BITS = 15, /* buckets of words, of phrases */
    NODE_BITS = 14,
    ROW = 12,
    SECTION_HEAD = 1,
    SECTION_TEXT = 10,
    WORD_MAX = 128
};

/* A bucket directory is sound: it rises and ends at n. */
static bool dir_ok(const unsigned char *dir, size_t buckets, uint32_t n)
{
    uint32_t last = 0;
    for (size_t i = 0; i <= buckets; i++) {
        uint32_t v = nd_load32(dir + i * 4);
        if (v < last || v > n)
            return false;
        last = v;
    }
    return last == n;
}

static int attach(struct nd_gazetteer *g)
{
    struct nd_section s[SECTION_TEXT + 1];
    for (uint32_t i = SECTION_HEAD; i <= SECTION_TEXT; i++)
        s[i] = nd_sections_get(&g->file, i);
    if (s[1].n != 16)
        return ND_CORRUPT;
    g->words_n = nd_load32(s[1].p);
    g->nodes_n = nd_load32(s[1].p + 4);
    g->rows_n = nd_load32(s[1].p + 8);
    g->countries_n = nd_load32(s[1].p + 12);
    if (s[2].n != ((1u << WORD_BITS) + 1) * 4 || s[3].n != (uint64_t)g->words_n * 2 ||
        s[4].n != (uint64_t)g->words_n * 2 || s[5].n != ((1u << NODE_BITS) + 1) * 4 ||
        s[6].n != (uint64_t)g->nodes_n * 4 || s[7].n != (uint64_t)g->nodes_n * 4 ||
        s[8].n != (uint64_t)g->rows_n * ROW || s[9].n != (uint64_t)g->countries_n * 8)
        return ND_CORRUPT;
    if (!dir_ok(s[2].p, 1u << WORD_BITS, g->words_n) ||
        !dir_ok(s[5].p, 1u << NODE_BITS, g->nodes_n))
        return ND_CORRUPT;
    g->word_dir = s[2].p;
    g->word_keys = s[3].p;
    g->word_bits = s[4].p;
    g->node_dir = s[5].p;
    g->node_keys = s[6].p;
    g->node_values = s[7].p;
    g->rows = s[8].p;
    g->countries = s[9].p;
    g->text = s[10].p;
    g->text_n = s[10].n;
    return 0;
}

int nd_gaz_open(struct nd_gazetteer *g, const char *path, struct nd_error *err)
{
    memset(g, 0, sizeof *g);
    int rc = path ? nd_sections_open(&g->file, path, "GAZT", VERSION, err)
                  : nd_sections_open_memory(&g->file, nd_gazetteer_data, nd_gazetteer_data_size,
                                            "the gazetteer in the program", "GAZT", VERSION, err);
    if (rc)
        return rc;
    rc = nd_sections_verify(&g->file, err);
    if (!rc && attach(g))
        rc = nd_fail(err, ND_CORRUPT, "the gazetteer is damaged");
    if (rc)
        nd_gaz_close(g);
    return rc;
}

void nd_gaz_close(struct nd_gazetteer *g)
{
    nd_sections_close(&g->file);
    memset(g, 0, sizeof *g);
}

uint64_t nd_gaz_hash(const char *folded, size_t n)
{
    return nd_hash64(folded, n, 0);
}

uint32_t nd_gaz_word_hashed(const struct nd_gazetteer *g, uint64_t hash)
{
    const unsigned char *d = g->word_dir + (hash >> (64 - WORD_BITS)) * 4;
    uint32_t end = nd_load32(d + 4);
    unsigned key = hash >> 16 & 0xffff;
    for (uint32_t i = nd_load32(d); i < end; i++) {
        const unsigned char *k = g->word_keys + (size_t)i * 2;
        if (((unsigned)k[0] | (unsigned)k[1] << 8) == key) {
            const unsigned char *b = g->word_bits + (size_t)i * 2;
            return (uint32_t)b[0] | (uint32_t)b[1] << 8;
        }
    }
    return 0;
}

uint32_t nd_gaz_word(const struct nd_gazetteer *g, const char *p, size_t n)
{
    char low[WORD_MAX];
    bool upper = n > 1, changed = false;
    if (!n || n > sizeof low)
        return 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c >= 0x80) {
            struct nd_buf folded;
            nd_buf_init(&folded, (size_t)WORD_MAX * 4);
            uint32_t bits = 0;
            if (!nd_fold(&folded, p, n))
                bits = nd_gaz_word_hashed(g, nd_gaz_hash(folded.data, folded.len));
            nd_buf_free(&folded);
            return bits;
        }
        bool capital = c >= 'A' && c <= 'Z';
        changed |= capital;
        upper &= !(c >= 'a' && c <= 'z');
        low[i] = (char)(capital ? c + 32 : c);
    }
    uint32_t bits = nd_gaz_word_hashed(g, nd_gaz_hash(low, n));
    if (upper && changed)
        bits |= nd_gaz_word_hashed(g, nd_gaz_hash(p, n));
    return bits;
}

/* The value of a node, 0 if there is none. */
static uint32_t node(const struct nd_gazetteer *g, uint64_t hash)
{
    const unsigned char *d = g->node_dir + (hash >> (64 - NODE_BITS)) * 4;
    uint32_t a = nd_load32(d), end = nd_load32(d + 4), key = (uint32_t)hash;
    for (; a < end; a++)
        if (nd_load32(g->node_keys + (size_t)a * 4) == key)
            return nd_load32(g->node_values + (size_t)a * 4);
    return 0;
}

/* Classes of the rows from `row` on that the capitals allow; upper: all words are in capitals. */
static unsigned classes(const struct nd_gazetteer *g, uint32_t row, bool upper)
{
    unsigned bits = 0;
    struct nd_gaz_row r;
    do {
        if (nd_gaz_row(g, row++, &r))
            break;
        if (upper || !(r.flags & ND_ROW_CAPS))
            bits |= 1u << r.kind;
    } while (r.flags & ND_ROW_MORE);
    return bits;
}

bool nd_gaz_longest(const struct nd_gazetteer *g, const uint64_t *hash, const uint8_t *shape,
                    size_t n, struct nd_gaz_match *out)
{
    *out = (struct nd_gaz_match){0};
    uint64_t h = 0;
    bool upper = shape != NULL;
    bool small = shape && n && shape[0] == ND_SHAPE_LOWER;
    for (size_t i = 0; i < n && i < ND_GAZ_WORDS_MAX; i++) {
        h = nd_gaz_mix(h, hash[i]);
        uint32_t v = node(g, h);
        if (!v)
            break;
        if (shape && shape[i] != ND_SHAPE_UPPER && !(i == 0 && shape[0] == ND_SHAPE_CAPITAL))
            upper = false;
        bool last_small = shape && shape[i] == ND_SHAPE_LOWER;
        if (v >> 1) {
            unsigned bits = classes(g, (v >> 1) - 1, upper && shape[0] == ND_SHAPE_UPPER);
            /* "de Klerk", "Jong-un": a small word is part of a person's name alone */
            if (small || last_small)
                bits &= i > 0 ? 1u << ND_KIND_PERSON : 0;
            if (bits)
                *out = (struct nd_gaz_match){
                    .words = (uint32_t)i + 1, .row = (v >> 1) - 1, .classes = (uint8_t)bits};
        }
        if (!(v & 1))
            break;
    }
    return out->words > 0;
}

uint32_t nd_gaz_exact(const struct nd_gazetteer *g, const uint64_t *hash, size_t n)
{
    uint64_t h = 0;
    if (!n || n > ND_GAZ_WORDS_MAX)
        return UINT32_MAX;
    for (size_t i = 0; i < n; i++)
        h = nd_gaz_mix(h, hash[i]);
    return (node(g, h) >> 1) - 1;
}

int nd_gaz_row(const struct nd_gazetteer *g, uint32_t number, struct nd_gaz_row *out)
{
    *out = (struct nd_gaz_row){0};
    if (number >= g->rows_n)
        return ND_CORRUPT;
    const unsigned char *p = g->rows + (size_t)number * ROW;
    uint32_t a = nd_load32(p), b = nd_load32(p + 4), c = nd_load32(p + 8);
    size_t at = c & 0xffffff, n = c >> 24;
    if ((a & 7) >= ND_ENTITY_TYPES || (a >> 3 & 31) >= ND_KINDS || at > g->text_n ||
        n > g->text_n - at)
        return ND_CORRUPT;
    out->type = (enum nd_entity_type)(a & 7);
    out->kind = a >> 3 & 31;
    out->flags = (uint8_t)(a >> 8);
    out->source = (uint8_t)(a >> 16);
    out->weight = (uint8_t)(a >> 24);
    out->line = b & 0x3ffff;
    out->country = (uint16_t)(b >> 18 & 0x1ff);
    if (n)
        out->id = (struct nd_str){(const char *)g->text + at, n};
    return 0;
}

struct nd_str nd_gaz_country(const struct nd_gazetteer *g, unsigned number)
{
    if (number == 0 || number >= g->countries_n)
        return (struct nd_str){0};
    const unsigned char *p = g->countries + (size_t)number * 8;
    size_t at = nd_load32(p), n = nd_load32(p + 4);
    if (at > g->text_n || n > g->text_n - at)
        return (struct nd_str){0};
    return (struct nd_str){(const char *)g->text + at, n};
}

const char *nd_gaz_source(unsigned source)
{
    return nd_proof_list(source);
}
