/* Near-copies: the likeness of texts, the file of stories, and what one text has changed of another. */
#include "base/hash.h"
#include "check.h"
#include "record/likeness.h"
#include "record/stories.h"
#include "worddiff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS = 300,
    MEMBERS = 1000
};

static uint64_t seed = 88172645463325252u;

static uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

/* ---- likeness ---- */

static bool same_run(const uint64_t *a, const uint64_t *b)
{
    return memcmp(a, b, ND_RUN * sizeof *a) == 0;
}

/* Different runs of a, of these those in b too; by comparing all with all. */
static size_t runs(const uint64_t *a, size_t n, const uint64_t *b, size_t m, size_t *both)
{
    size_t count = 0;
    *both = 0;
    for (size_t i = 0; i + ND_RUN <= n; i++) {
        bool seen = false, there = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = same_run(a + i, a + k);
        for (size_t k = 0; k + ND_RUN <= m && !there; k++)
            there = same_run(a + i, b + k);
        count += !seen;
        *both += !seen && there;
    }
    return count;
}

static void likeness_is_the_share_of_runs_that_both_have(void)
{
    struct nd_runs x, y;
    uint64_t a[WORDS], b[WORDS];
    nd_runs_init(&x);
    nd_runs_init(&y);
    for (unsigned t = 0; t < 200; t++) {
        size_t n = draw(WORDS), m = draw(WORDS), both, again;
        unsigned kinds = t % 3 ? 4 : 2000; /* few words: runs come again and again */
        for (size_t i = 0; i < n; i++)
            a[i] = draw(kinds) * 7919 + 1;
        for (size_t i = 0; i < m; i++)
            b[i] = i < n && draw(20) ? a[i] : draw(kinds) * 7919 + 1;
        CHECK_INT(nd_runs_of(&x, a, n), 0);
        CHECK_INT(nd_runs_of(&y, b, m), 0);
        size_t na = runs(a, n, b, m, &both), nb = runs(b, m, a, n, &again);
        CHECK_INT(x.n, na);
        CHECK_INT(y.n, nb);
        unsigned want = na && nb ? (unsigned)(both * 1000 / (na + nb - both)) : 0;
        CHECK_INT(nd_runs_alike(&x, &y), want);
        CHECK_INT(nd_runs_alike(&y, &x), want);
    }
    nd_runs_free(&x);
    nd_runs_free(&y);
}

/* ---- the file ---- */

static struct nd_story_member members[MEMBERS];
static char ids[MEMBERS][24];

static int by_hash(const void *pa, const void *pb)
{
    const struct nd_story_member *a = pa, *b = pb;
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

/* Stories of three, and a member in ten that is in none. */
static int write_file(const char *path, struct nd_stories_made *m)
{
    static struct nd_story stories[MEMBERS];
    static uint32_t order[MEMBERS];
    static struct nd_story_link links[MEMBERS];
    for (uint32_t i = 0; i < MEMBERS; i++) {
        snprintf(ids[i], sizeof ids[i], "id-%u", i * 7);
        members[i] = (struct nd_story_member){.hash = nd_hash64(ids[i], strlen(ids[i]), 0),
                                              .id = nd_str_of(ids[i]),
                                              .story = ND_STORY_NONE,
                                              .alike = 500 + i % 500};
    }
    qsort(members, MEMBERS, sizeof *members, by_hash);
    *m = (struct nd_stories_made){.revision = 9,
                                  .threshold = ND_STORY_LIKENESS,
                                  .members = members,
                                  .stories = stories,
                                  .order = order,
                                  .links = links,
                                  .members_n = MEMBERS};
    for (uint32_t i = 0; i + 3 <= MEMBERS; i += i % 10 == 0 ? 4 : 3) {
        stories[m->n] =
            (struct nd_story){.first = m->order_n, .n = 3, .named_by = i, .centre = i + 1};
        for (uint32_t k = i; k < i + 3; k++) {
            members[k].story = m->n;
            order[m->order_n++] = k;
        }
        links[m->links_n++] = (struct nd_story_link){i, i + 1, 600};
        m->n++;
    }
    return nd_derived_write_all(path, NULL, 0, m, NULL);
}

static const char *file_path(void)
{
    static char path[4200];
    snprintf(path, sizeof path, "%s/derived", check_dir());
    return path;
}

static void what_is_written_is_read(void)
{
    struct nd_stories_made m;
    struct nd_derived d;
    struct nd_stories s;
    CHECK_INT(write_file(file_path(), &m), 0);
    CHECK_INT(nd_derived_open(&d, file_path(), NULL), 0);
    CHECK(nd_stories_of(&s, &d));
    CHECK_INT(s.revision, 9);
    CHECK_INT(s.n, m.n);
    for (uint32_t i = 0; i < MEMBERS; i++) {
        struct nd_story_member x;
        CHECK(nd_stories_member(&s, i, &x));
        CHECK(nd_str_eq(x.id, members[i].id) && x.hash == members[i].hash);
        CHECK_INT(x.story, members[i].story);
        CHECK_INT(nd_stories_find(&s, members[i].hash), members[i].story);
        CHECK_INT(nd_stories_find_id(&s, members[i].id.p, members[i].id.n), members[i].story);
        CHECK_INT(nd_stories_find(&s, members[i].hash + 1), ND_STORY_NONE);
    }
    CHECK_INT(nd_stories_find(&s, 0), ND_STORY_NONE);
    CHECK_INT(nd_stories_find(&s, UINT64_MAX), ND_STORY_NONE);
    for (uint32_t i = 0; i < m.n; i++) {
        struct nd_story x;
        CHECK(nd_stories_row(&s, i, &x) && x.n == 3);
        CHECK(nd_str_eq(x.name, members[m.stories[i].named_by].id));
        CHECK_INT(nd_stories_nth(&s, x.first + 2), m.order[x.first + 2]);
    }
    struct nd_story x;
    struct nd_story_link l;
    CHECK(!nd_stories_row(&s, m.n, &x));
    CHECK(nd_stories_link(&s, 0, &l) && l.alike == 600 && !nd_stories_link(&s, m.links_n, &l));
    CHECK_INT(nd_stories_nth(&s, m.order_n), ND_STORY_NONE);
    nd_derived_close(&d);
}

static void facts_without_stories_have_none(void)
{
    struct nd_derived d;
    struct nd_stories s;
    CHECK_INT(nd_derived_write(file_path(), NULL, 0, NULL), 0);
    CHECK_INT(nd_derived_open(&d, file_path(), NULL), 0);
    CHECK(!nd_stories_of(&s, &d));
    CHECK_INT(nd_stories_find(&s, 5), ND_STORY_NONE);
    nd_derived_close(&d);
}

/* Sections of nonsense, their lengths true: a reader must stay inside of them. */
static void nonsense_is_absent(void)
{
    static unsigned char head[20], junk[20 * 64];
    static const uint32_t sizes[] = {20 * 64, 16 * 64, 4 * 64, 12 * 64, 64};
    for (unsigned t = 0; t < 50; t++) {
        struct nd_sections_writer *w;
        struct nd_derived d = {0};
        struct nd_stories s;
        struct nd_story story;
        struct nd_story_member m;
        struct nd_story_link l;
        CHECK_INT(nd_sections_create(&w, file_path(), "DERV", 1, NULL), 0);
        for (unsigned i = 2; i < 5; i++)
            nd_store32(head + 4 * i, 64);
        nd_sections_begin(w, 4);
        nd_sections_write(w, head, sizeof head);
        nd_sections_end(w);
        for (unsigned i = 0; i < 5; i++) {
            for (size_t k = 0; k < sizeof junk; k++)
                junk[k] = (unsigned char)(k % 4 && draw(3) ? 0 : draw(256));
            nd_sections_begin(w, 5 + i);
            nd_sections_write(w, junk, sizes[i]);
            nd_sections_end(w);
        }
        CHECK_INT(nd_sections_finish(w, NULL, NULL), 0);
        CHECK_INT(nd_derived_map(&d, file_path(), NULL), 0);
        CHECK(nd_stories_of(&s, &d));
        for (uint32_t i = 0; i < 70; i++) {
            bool known = nd_stories_row(&s, i, &story);
            CHECK(!known || (story.n && story.first + story.n <= 64));
            CHECK(!nd_stories_member(&s, i, &m) || m.id.n <= 64);
            CHECK(!nd_stories_link(&s, i, &l) || l.b < 64);
            nd_stories_find(&s, draw(UINT64_MAX));
        }
        nd_derived_close(&d);
    }
}

/* ---- changes ---- */

static void changes_make_one_text_of_the_other(void)
{
    uint64_t a[WORDS], b[2 * WORDS], made[2 * WORDS];
    for (unsigned t = 0; t < 300; t++) {
        struct nd_change *v;
        size_t n = draw(WORDS), m = 0, count, at = 0, from = 0;
        unsigned odd = t % 4 ? 15 : 2;
        for (size_t i = 0; i < n; i++)
            a[i] = draw(50);
        for (size_t i = 0; i < n; i++) {
            if (draw(odd) == 0)
                b[m++] = draw(50);
            if (draw(odd))
                b[m++] = a[i];
        }
        CHECK_INT(nd_worddiff(&v, &count, a, n, b, m), 0);
        for (size_t i = 0; i < count; i++) {
            CHECK(v[i].a >= from && v[i].a + v[i].cut <= n && v[i].b + v[i].added <= m);
            while (from < v[i].a)
                made[at++] = a[from++];
            CHECK_INT(at, v[i].b);
            for (size_t k = 0; k < v[i].added; k++)
                made[at++] = b[v[i].b + k];
            from += v[i].cut;
        }
        while (from < n)
            made[at++] = a[from++];
        CHECK_INT(at, m);
        CHECK(m == 0 || memcmp(made, b, m * sizeof *b) == 0);
        free(v);
    }
}

static void a_change_is_no_longer_than_it_must_be(void)
{
    const uint64_t a[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const uint64_t b[] = {1, 2, 3, 40, 5, 6, 7, 8, 9, 10, 11, 12, 13};
    struct nd_change *v;
    size_t n;
    CHECK_INT(nd_worddiff(&v, &n, a, 12, b, 13), 0);
    CHECK_INT(n, 2);
    CHECK(v[0].a == 3 && v[0].cut == 1 && v[0].b == 3 && v[0].added == 1);
    CHECK(v[1].a == 12 && v[1].cut == 0 && v[1].b == 12 && v[1].added == 1);
    free(v);
    CHECK_INT(nd_worddiff(&v, &n, a, 12, a, 12), 0);
    CHECK_INT(n, 0);
    free(v);
}

int main(void)
{
    RUN(likeness_is_the_share_of_runs_that_both_have);
    RUN(what_is_written_is_read);
    RUN(facts_without_stories_have_none);
    RUN(nonsense_is_absent);
    RUN(changes_make_one_text_of_the_other);
    RUN(a_change_is_no_longer_than_it_must_be);
    return check_done();
}
