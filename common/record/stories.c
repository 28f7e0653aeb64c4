#include "record/stories.h"

#include "base/hash.h"

#include <string.h>

enum {
    HEAD = 4, /* sections */
    MEMBERS = 5,
    ROWS = 6,
    ORDER = 7,
    LINKS = 8,
    TEXT = 9,
    MEMBER_BYTES = 20,
    ROW_BYTES = 16,
    LINK_BYTES = 12,
    SECTION_MAX = 1 << 30
};

bool nd_stories_of(struct nd_stories *s, const struct nd_derived *d)
{
    *s = (struct nd_stories){0};
    struct nd_section head = nd_sections_get(&d->file, HEAD);
    if (head.n != 20)
        return false;
    s->revision = nd_load32(head.p);
    s->threshold = nd_load32(head.p + 4);
    s->members_n = nd_load32(head.p + 8);
    s->n = nd_load32(head.p + 12);
    s->links_n = nd_load32(head.p + 16);
    s->members = nd_sections_get(&d->file, MEMBERS);
    s->rows = nd_sections_get(&d->file, ROWS);
    s->order = nd_sections_get(&d->file, ORDER);
    s->links = nd_sections_get(&d->file, LINKS);
    s->text = nd_sections_get(&d->file, TEXT);
    if (s->members.n == (uint64_t)s->members_n * MEMBER_BYTES &&
        s->rows.n == (uint64_t)s->n * ROW_BYTES && s->order.n % 4 == 0 &&
        s->links.n == (uint64_t)s->links_n * LINK_BYTES)
        return true;
    *s = (struct nd_stories){0};
    return false;
}

bool nd_stories_member(const struct nd_stories *s, uint32_t i, struct nd_story_member *out)
{
    *out = (struct nd_story_member){.story = ND_STORY_NONE};
    if (i >= s->members_n)
        return false;
    const unsigned char *p = s->members.p + (size_t)i * MEMBER_BYTES;
    size_t at = nd_load32(p + 8), n = p[12] | (size_t)p[13] << 8;
    uint32_t story = nd_load32(p + 16);
    if (at > s->text.n || n > s->text.n - at || (story != ND_STORY_NONE && story >= s->n))
        return false;
    out->hash = nd_load64(p);
    out->id = (struct nd_str){(const char *)s->text.p + at, n};
    out->alike = p[14] | (uint32_t)p[15] << 8;
    out->story = story;
    return true;
}

bool nd_stories_row(const struct nd_stories *s, uint32_t story, struct nd_story *out)
{
    struct nd_story_member m;
    *out = (struct nd_story){0};
    if (story >= s->n)
        return false;
    const unsigned char *p = s->rows.p + (size_t)story * ROW_BYTES;
    out->first = nd_load32(p);
    out->n = nd_load32(p + 4);
    out->named_by = nd_load32(p + 8);
    out->centre = nd_load32(p + 12);
    size_t all = s->order.n / 4;
    if (out->first > all || out->n > all - out->first || !out->n || out->centre >= s->members_n ||
        !nd_stories_member(s, out->named_by, &m)) {
        *out = (struct nd_story){0};
        return false;
    }
    out->name = m.id;
    return true;
}

bool nd_stories_link(const struct nd_stories *s, uint32_t i, struct nd_story_link *out)
{
    if (i >= s->links_n)
        return false;
    const unsigned char *p = s->links.p + (size_t)i * LINK_BYTES;
    *out = (struct nd_story_link){nd_load32(p), nd_load32(p + 4), nd_load32(p + 8)};
    return out->a < out->b && out->b < s->members_n && out->alike <= 1000;
}

uint32_t nd_stories_nth(const struct nd_stories *s, uint32_t place)
{
    if (place >= s->order.n / 4)
        return ND_STORY_NONE;
    uint32_t m = nd_load32(s->order.p + 4 * (size_t)place);
    return m < s->members_n ? m : ND_STORY_NONE;
}

static uint64_t hash_at(const struct nd_stories *s, uint32_t i)
{
    return nd_load64(s->members.p + (size_t)i * MEMBER_BYTES);
}

/* First member whose hash is not below. */
static uint32_t place_of(const struct nd_stories *s, uint64_t hash)
{
    uint32_t lo = 0, hi = s->members_n;
    uint64_t guess =
        (hash >> 32) * s->members_n >> 32; /* where it lies if they are spread evenly */
    for (uint64_t step = 8; guess < hi; step *= 8) {
        if (hash_at(s, (uint32_t)guess) < hash) {
            lo = (uint32_t)guess + 1;
            guess += step;
        } else {
            hi = (uint32_t)guess;
            guess = guess > lo + step ? guess - step : lo;
        }
        if (lo >= hi || step > s->members_n)
            break;
    }
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (hash_at(s, mid) < hash)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

uint32_t nd_stories_member_of(const struct nd_stories *s, uint64_t hash)
{
    uint32_t i = s->members_n ? place_of(s, hash) : 0;
    return i < s->members_n && hash_at(s, i) == hash ? i : ND_STORY_NONE;
}

uint32_t nd_stories_find(const struct nd_stories *s, uint64_t hash)
{
    struct nd_story_member m;
    uint32_t i = nd_stories_member_of(s, hash);
    return i != ND_STORY_NONE && nd_stories_member(s, i, &m) ? m.story : ND_STORY_NONE;
}

uint32_t nd_stories_find_id(const struct nd_stories *s, const char *id, size_t n)
{
    struct nd_story_member m;
    uint64_t hash = nd_hash64(id, n, 0);
    for (uint32_t i = s->members_n ? place_of(s, hash) : 0;
         nd_stories_member(s, i, &m) && m.hash == hash; i++)
        if (nd_str_eq(m.id, (struct nd_str){id, n}))
            return m.story;
    return ND_STORY_NONE;
}

static void put(struct nd_sections_writer *w, uint32_t id, const struct nd_buf *b)
{
    nd_sections_begin(w, id);
    nd_sections_write(w, b->data ? b->data : "", b->len);
    nd_sections_end(w);
}

int nd_stories_put(struct nd_sections_writer *w, const struct nd_stories_made *m,
                   struct nd_error *err)
{
    struct nd_buf b[TEXT + 1];
    int rc = 0;
    for (int i = HEAD; i <= TEXT; i++)
        nd_buf_init(&b[i], SECTION_MAX);
    nd_buf_u32(&b[HEAD], m->revision);
    nd_buf_u32(&b[HEAD], m->threshold);
    nd_buf_u32(&b[HEAD], m->members_n);
    nd_buf_u32(&b[HEAD], m->n);
    nd_buf_u32(&b[HEAD], m->links_n);
    for (uint32_t i = 0; i < m->members_n; i++) {
        const struct nd_story_member *x = &m->members[i];
        size_t n = x->id.n < UINT16_MAX ? x->id.n : UINT16_MAX;
        nd_buf_u64(&b[MEMBERS], x->hash);
        nd_buf_u32(&b[MEMBERS], (uint32_t)b[TEXT].len);
        nd_buf_u32(&b[MEMBERS], (uint32_t)n | x->alike << 16);
        nd_buf_u32(&b[MEMBERS], x->story);
        nd_buf_add(&b[TEXT], x->id.p, n);
    }
    for (uint32_t i = 0; i < m->n; i++) {
        nd_buf_u32(&b[ROWS], m->stories[i].first);
        nd_buf_u32(&b[ROWS], m->stories[i].n);
        nd_buf_u32(&b[ROWS], m->stories[i].named_by);
        nd_buf_u32(&b[ROWS], m->stories[i].centre);
    }
    for (uint32_t i = 0; i < m->order_n; i++)
        nd_buf_u32(&b[ORDER], m->order[i]);
    for (uint32_t i = 0; i < m->links_n; i++) {
        nd_buf_u32(&b[LINKS], m->links[i].a);
        nd_buf_u32(&b[LINKS], m->links[i].b);
        nd_buf_u32(&b[LINKS], m->links[i].alike);
    }
    for (int i = HEAD; i <= TEXT; i++) {
        if (!rc && nd_buf_code(&b[i]))
            rc = nd_fail(err, nd_buf_code(&b[i]), "too many near-copies for one index");
        if (!rc)
            put(w, (uint32_t)i, &b[i]);
        nd_buf_free(&b[i]);
    }
    return rc;
}
