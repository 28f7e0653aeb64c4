/* Segments merged are the segment that would have been built of all their articles at once. */
#include "segment_dump.h"

#include "base/file.h"
#include "record/tombstone.h"
#include "segment/merge.h"

#include <dirent.h>
#include <sys/stat.h>

enum {
    ARTICLES = 300
};

/* An index of so many segments of `each` articles. */
static struct nd_writer *index_of(const char *name, unsigned segments, unsigned each)
{
    char dir[4096], path[ND_PATH_MAX];
    struct nd_writer *w = NULL;
    struct nd_writer_options o = {.create = true};
    struct nd_error err = {0};
    snprintf(dir, sizeof dir, "%s/%s", check_dir(), name);
    CHECK_INT(nd_writer_open(&w, dir, &o, &err), 0);
    for (unsigned i = 0; i < segments && w; i++) {
        uint32_t number;
        CHECK_INT(nd_writer_new_segment(w, &number, path, &err), 0);
        CHECK_INT(made_build(path, i * each, (i + 1) * each, NULL, &err), 0);
        CHECK_INT(nd_writer_add_segment(w, number, each, NULL, &err), 0);
    }
    CHECK_STR(err.msg, "");
    return w;
}

static void segment_path(const struct nd_writer *w, size_t i, char out[ND_PATH_MAX])
{
    snprintf(out, ND_PATH_MAX, "%s/seg-%06u", w->dir, w->next.segments[i].number);
}

/* The one segment of w is the one built of the articles that skip does not name. */
static void same_as_built(struct nd_writer *w, unsigned articles, const unsigned char *skip)
{
    char merged[ND_PATH_MAX], built[ND_PATH_MAX];
    struct nd_buf a, b;
    struct nd_error err = {0};
    nd_buf_init(&a, DUMP_MAX);
    nd_buf_init(&b, DUMP_MAX);
    segment_path(w, 0, merged);
    snprintf(built, sizeof built, "%s/built", w->dir);
    CHECK_INT(w->next.n, 1);
    CHECK_INT(made_build(built, 0, articles, skip, &err), 0);
    dump_segment(&a, merged);
    dump_segment(&b, built);
    CHECK(a.len > 10000);
    if (!CHECK(a.len == b.len && memcmp(a.data, b.data, a.len) == 0)) {
        size_t i = 0;
        while (i < a.len && i < b.len && a.data[i] == b.data[i])
            i++;
        i = i > 100 ? i - 100 : 0;
        printf("merged: %.300s\nbuilt:  %.300s\n", a.data + i, b.data + i);
    }
    nd_buf_free(&a);
    nd_buf_free(&b);
}

static void merge_makes_what_building_makes(void)
{
    struct nd_error err = {0};
    struct nd_merge_stats stats = {0};
    struct nd_writer *w = index_of("plain", 5, ARTICLES / 5);
    if (!w)
        return;
    CHECK_INT(nd_merge_all(w, &stats, &err), 0);
    CHECK_STR(err.msg, "");
    CHECK_INT(stats.segments, 5);
    CHECK_INT(stats.articles, ARTICLES);
    CHECK_INT(stats.recompressed, 0);
    same_as_built(w, ARTICLES, NULL);
    nd_writer_close(w);
}

static void merge_of_many_recompresses(void)
{
    struct nd_error err = {0};
    struct nd_merge_stats stats = {0};
    struct nd_writer *w = index_of("many", 30, ARTICLES / 30);
    if (!w)
        return;
    CHECK_INT(nd_merge_all(w, &stats, &err), 0);
    CHECK_INT(stats.segments, 30);
    same_as_built(w, ARTICLES, NULL);
    nd_writer_close(w);
}

static void merge_again_is_the_same(void)
{
    struct nd_error err = {0};
    struct nd_writer *w = index_of("again", 6, ARTICLES / 6);
    if (!w)
        return;
    CHECK_INT(nd_merge_segments(w, 1, 3, NULL, &err), 0);
    CHECK_INT(w->next.n, 4);
    CHECK_INT(nd_merge_segments(w, 0, 2, NULL, &err), 0);
    CHECK_INT(nd_merge_segments(w, 0, 3, NULL, &err), 0);
    same_as_built(w, ARTICLES, NULL);
    nd_writer_close(w);
}

/* Is any of the words in a file of the folder? */
static bool found_in(const char *dir, const char *word)
{
    DIR *d = opendir(dir);
    bool found = false;
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[8192];
        struct stat st;
        struct nd_buf b;
        struct nd_error err = {0};
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        if (e->d_name[0] == '.' || stat(path, &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            found = found || found_in(path, word);
            continue;
        }
        nd_buf_init(&b, DUMP_MAX);
        CHECK_INT(nd_file_read(&b, path, &err), 0);
        found = found || (b.len && memmem(b.data, b.len, word, strlen(word)));
        nd_buf_free(&b);
    }
    if (d)
        closedir(d);
    return found;
}

static bool holds(const struct nd_buf *b, const char *text)
{
    return memmem(b->data, b->len, text, strlen(text)) != NULL;
}

static void merge_leaves_nothing_of_the_deleted(void)
{
    unsigned char skip[ARTICLES / 8 + 1] = {0};
    struct nd_error err = {0};
    struct nd_merge_stats stats = {0};
    unsigned each = ARTICLES / 5, gone = 0;
    struct nd_writer *w = index_of("deleted", 5, each);
    if (!w)
        return;
    for (unsigned i = 0; i < ARTICLES; i++) {
        /* scattered ones, a whole segment, all of one language in another */
        bool out = check_random() % 4 == 0 || i / each == 2 || (i / each == 3 && i % 6 == 0);
        if (!out)
            continue;
        CHECK_INT(nd_writer_delete(w, i / each, i % each + 1, NULL, &err), 0);
        skip[i / 8] |= (unsigned char)(1u << (i % 8));
        gone++;
    }
    CHECK_INT(nd_writer_commit(w, &err), 0);
    CHECK_INT(nd_merge_all(w, &stats, &err), 0);
    CHECK_STR(err.msg, "");
    CHECK_INT(stats.dropped, gone);
    CHECK_INT(nd_writer_commit(w, &err), 0);
    /* an article's own words are in no file, neither as they are nor in what texts unpack to */
    struct nd_buf dump;
    char path[ND_PATH_MAX];
    nd_buf_init(&dump, DUMP_MAX);
    segment_path(w, 0, path);
    dump_segment(&dump, path);
    for (unsigned i = 0; i < ARTICLES; i++) {
        char word[32], tag[32], id[32];
        bool out = skip[i / 8] >> (i % 8) & 1;
        snprintf(word, sizeof word, "onlyin%u ", i);
        snprintf(tag, sizeof tag, "tag of %u\"", i);
        snprintf(id, sizeof id, "\"id-%u\"", i);
        CHECK(holds(&dump, word) != out);
        CHECK(holds(&dump, id) != out);
        if (out) {
            CHECK(!holds(&dump, tag));
            word[strlen(word) - 1] = '\0';
            CHECK(i < 100 || !found_in(w->dir, word));
        }
    }
    nd_buf_free(&dump);
    same_as_built(w, ARTICLES, skip);
    nd_writer_close(w);
}

static void merge_of_nothing_left_is_empty(void)
{
    struct nd_error err = {0};
    struct nd_writer *w = index_of("empty", 2, 10);
    if (!w)
        return;
    for (uint32_t i = 0; i < 20; i++)
        CHECK_INT(nd_writer_delete(w, i / 10, i % 10 + 1, NULL, &err), 0);
    CHECK_INT(nd_merge_all(w, NULL, &err), 0);
    CHECK_INT(w->next.n, 0);
    CHECK_INT(nd_writer_commit(w, &err), 0);
    nd_writer_close(w);
}

static void merge_keeps_few_segments(void)
{
    char path[ND_PATH_MAX];
    struct nd_error err = {0};
    struct nd_merge_stats stats = {0};
    struct nd_writer *w = index_of("tiers", 0, 0);
    if (!w)
        return;
    for (unsigned i = 0; i < 70; i++) {
        uint32_t number;
        CHECK_INT(nd_writer_new_segment(w, &number, path, &err), 0);
        CHECK_INT(made_build(path, i * 4, i * 4 + 4, NULL, &err), 0);
        CHECK_INT(nd_writer_add_segment(w, number, 4, NULL, &err), 0);
        CHECK_INT(nd_merge_tiers(w, &stats, &err), 0);
        CHECK(w->next.n < ND_MERGE_WIDTH);
        CHECK_INT(nd_writer_commit(w, &err), 0);
    }
    CHECK_STR(err.msg, "");
    CHECK(stats.merges >= 8);
    CHECK_INT(nd_merge_all(w, &stats, &err), 0);
    CHECK_INT(w->next.segments[0].docs, 280);
    nd_writer_close(w);
}

int main(void)
{
    RUN(merge_makes_what_building_makes);
    RUN(merge_of_many_recompresses);
    RUN(merge_again_is_the_same);
    RUN(merge_leaves_nothing_of_the_deleted);
    RUN(merge_of_nothing_left_is_empty);
    RUN(merge_keeps_few_segments);
    return check_done();
}
