#include "lang/expand_scan.h"

#include "lang/expand.h"
#include "text/utf8.h"

#include <string.h>

struct scan {
    struct nd_stream *stream;
    nd_expand_fn *fn;
    void *ctx;
    struct nd_error *err;
};

/* Give the word of a number in sorted order. */
static int give(const struct scan *x, uint32_t at)
{
    struct nd_dict_cursor c;
    struct nd_word word;
    int rc = nd_dict_at(&c, x->stream, at, &word, x->err);
    if (rc == 0)
        rc = x->fn(x->ctx, word.key, &word);
    nd_dict_end(&c);
    return rc;
}

/* --- patterns --- */

/* A joined word without its hyphens, in `room`; false where it is too long to fit anything. */
static bool without_hyphens(struct nd_str *s, char room[ND_WORD_MAX * 8])
{
    size_t k = 0;
    if (s->n > ND_WORD_MAX * 8)
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (s->p[i] != '-')
            room[k++] = s->p[i];
    *s = (struct nd_str){room, k};
    return true;
}

/* Walk the words that begin with `start`; joined: give joined words only. */
static int walk(const struct scan *x, struct nd_str pattern, const char *start, size_t n,
                bool hyphen, bool joined)
{
    struct nd_dict_cursor c;
    struct nd_word word;
    char room[ND_WORD_MAX * 8];
    int rc = nd_dict_seek(&c, x->stream, start, n, &word, x->err);
    for (; rc == 0; rc = nd_dict_next(&c, &word, x->err)) {
        struct nd_str f = nd_dict_fold(&c);
        if (f.n < n || (n && memcmp(f.p, start, n) != 0))
            break;
        if ((hyphen || joined) && word.parts < 2)
            continue;
        if (!hyphen && word.parts > 1 && !without_hyphens(&f, room))
            continue;
        if (nd_wild_match(pattern.p, pattern.n, f.p, f.n) && (rc = x->fn(x->ctx, word.key, &word)))
            break;
    }
    nd_dict_end(&c);
    return rc == ND_DONE ? 0 : rc;
}

/* The longest part of a pattern that has no wildcard. */
static struct nd_str longest_part(struct nd_str p)
{
    struct nd_str best = {p.p, 0};
    for (size_t i = 0; i < p.n;) {
        size_t end = i;
        while (end < p.n && p.p[end] != '*' && p.p[end] != '?')
            end++;
        if (end - i > best.n)
            best = (struct nd_str){p.p + i, end - i};
        i = end + 1;
    }
    return best;
}

/* The number of the word that has byte `at` of the folds. */
static uint32_t word_at(const struct nd_dict_folds *f, size_t at)
{
    uint32_t lo = 0, hi = f->n;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->at[mid] <= at)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* Look for the longest part in all words at once. */
static int look_through(const struct scan *x, struct nd_str pattern)
{
    struct nd_dict_folds f;
    struct nd_str part = longest_part(pattern);
    int rc = nd_dict_folds(x->stream, &f, x->err);
    if (rc || f.n == 0)
        return rc;
    for (size_t at = 0, end = f.at[f.n]; at < end;) {
        const char *hit = part.n ? memmem(f.text + at, end - at, part.p, part.n) : f.text + at;
        if (!hit)
            break;
        uint32_t i = word_at(&f, (size_t)(hit - f.text));
        size_t from = f.at[i], next = f.at[i + 1];
        if (nd_wild_match(pattern.p, pattern.n, f.text + from, next - 1 - from) &&
            (rc = give(x, i)))
            return rc;
        at = next;
    }
    return 0;
}

int nd_expand_wild(struct nd_str pattern, struct nd_stream *stream, nd_expand_fn *fn, void *ctx,
                   struct nd_error *err)
{
    struct scan x = {.stream = stream, .fn = fn, .ctx = ctx, .err = err};
    bool hyphen = memchr(pattern.p, '-', pattern.n) != NULL;
    char start[ND_WORD_MAX * 4 + 1];
    size_t fixed = 0;
    int rc = 0;
    while (fixed < pattern.n && pattern.p[fixed] != '*' && pattern.p[fixed] != '?')
        fixed++;
    if (fixed == 0 && !hyphen)
        return look_through(&x, pattern);
    /* the fixed start may go on behind a hyphen */
    for (size_t k = 1; rc == 0 && !hyphen && k < fixed && k < sizeof start; k++) {
        if ((pattern.p[k] & 0xc0) == 0x80)
            continue;
        memcpy(start, pattern.p, k);
        start[k] = '-';
        rc = walk(&x, pattern, start, k + 1, false, true);
    }
    return rc ? rc : walk(&x, pattern, pattern.p, fixed, hyphen, false);
}

/* --- misspelt words --- */

enum {
    MOST = ND_WORD_MAX * 2 + 2
};

/* Rows of the table of distances for the beginning of a word; words with the same beginning share them. */
struct table {
    uint32_t want[MOST];
    size_t want_n;
    unsigned edits;
    uint32_t cp[MOST]; /* characters of the word */
    size_t byte[MOST]; /* where each ends */
    unsigned char row[MOST + 1][MOST + 1], least[MOST + 1];
    size_t rows; /* that are made, the one before the first character apart */
};

static void add_row(struct table *t, uint32_t cp)
{
    size_t i = ++t->rows, m = t->want_n;
    unsigned least = (unsigned)i;
    const unsigned char *last = t->row[i - 1];
    unsigned char *now = t->row[i];
    t->cp[i - 1] = cp;
    now[0] = (unsigned char)i;
    for (size_t k = 1; k <= m; k++) {
        unsigned d = last[k - 1] + (cp != t->want[k - 1]);
        if (last[k] + 1U < d)
            d = last[k] + 1U;
        if (now[k - 1] + 1U < d)
            d = now[k - 1] + 1U;
        if (i > 1 && k > 1 && cp == t->want[k - 2] && t->cp[i - 2] == t->want[k - 1] &&
            t->row[i - 2][k - 2] + 1U < d)
            d = t->row[i - 2][k - 2] + 1U;
        now[k] = (unsigned char)d;
        least = d < least ? d : least;
    }
    t->least[i] = (unsigned char)least;
}

/* Can no word that begins like the rows be near enough? A swap may still come back by one. */
static bool is_dead(const struct table *t)
{
    size_t i = t->rows;
    return i && t->least[i] > t->edits && t->least[i - 1] >= t->edits;
}

/* Is the word near enough? The rows of its first `same` bytes are there as far as they were made. */
static bool near_enough(struct table *t, const char *p, size_t n, size_t same)
{
    while (t->rows && t->byte[t->rows - 1] > same)
        t->rows--;
    size_t at = t->rows ? t->byte[t->rows - 1] : 0;
    while (at < n && !is_dead(t)) {
        uint32_t cp = (unsigned char)p[at];
        size_t len = cp < 0x80 ? 1 : nd_utf8_decode(p + at, n - at, &cp);
        if (t->rows + 1 >= MOST)
            return false;
        at += len ? len : 1;
        t->byte[t->rows] = at;
        add_row(t, cp);
    }
    return at == n && t->row[t->rows][t->want_n] <= t->edits;
}

int nd_expand_fuzzy(struct nd_str word, unsigned edits, struct nd_stream *stream, nd_expand_fn *fn,
                    void *ctx, struct nd_error *err)
{
    struct scan x = {.stream = stream, .fn = fn, .ctx = ctx, .err = err};
    struct nd_dict_folds f;
    struct nd_buf folded;
    struct table t = {.edits = edits};
    nd_buf_init(&folded, 1 << 16);
    int rc = nd_fold(&folded, word.p, word.n);
    for (size_t i = 0; rc == 0 && i < folded.len && t.want_n < MOST - 1;) {
        uint32_t cp = (unsigned char)folded.data[i];
        size_t len = cp < 0x80 ? 1 : nd_utf8_decode(folded.data + i, folded.len - i, &cp);
        t.want[t.want_n++] = cp;
        i += len ? len : 1;
    }
    for (size_t k = 0; k <= t.want_n; k++)
        t.row[0][k] = (unsigned char)k;
    if (rc == 0)
        rc = nd_dict_folds(stream, &f, err);
    const char *before = "";
    size_t before_n = 0;
    for (uint32_t i = 0; rc == 0 && i < f.n; i++) {
        const char *p = f.text + f.at[i];
        size_t n = f.at[i + 1] - f.at[i] - 1, same = 0;
        while (same < n && same < before_n && p[same] == before[same])
            same++;
        while (same && same < n && (p[same] & 0xc0) == 0x80) /* whole characters */
            same--;
        if (near_enough(&t, p, n, same))
            rc = give(&x, i);
        before = p;
        before_n = n;
    }
    nd_buf_free(&folded);
    return rc;
}
