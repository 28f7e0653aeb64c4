/* span_text.c: what an article's marks say: fields, sentences, paragraphs, quotations, letter case. */
#include "record/span_in.h"

#include <stdlib.h>
#include <string.h>

uint32_t span_words_before(const struct nd_spans *s, size_t at)
{
    uint64_t m = s->map[at / 64] & (((uint64_t)1 << (at % 64)) - 1);
    return s->map_before[at / 64] + (uint32_t)__builtin_popcountll(m);
}

static int make_map(struct nd_spans *s)
{
    size_t need = s->size / 64 + 1;
    if (need > s->map_cap) {
        size_t cap = need * 2;
        uint64_t *map = realloc(s->map, cap * sizeof *map);
        if (map)
            s->map = map;
        uint32_t *before = realloc(s->map_before, cap * sizeof *before);
        if (before)
            s->map_before = before;
        if (!map || !before)
            return ND_NOMEM;
        s->map_cap = cap;
    }
    s->words = (uint32_t)nd_scan_map(s->level, s->p, s->size, s->map, s->map_before);
    return 0;
}

int span_text_begin(struct nd_spans *s, struct nd_error *err)
{
    size_t at = 0;
    int rc = make_map(s);
    s->fields_n = 0;
    if (rc)
        return rc;
    while (at < s->size) {
        const unsigned char *zero = memchr(s->p + at, ND_MARK_FIELD, s->size - at);
        if (!zero)
            break;
        size_t end = (size_t)(zero - s->p);
        unsigned mark;
        uint32_t field;
        nd_scan_code(s->p, end, &mark, &field);
        if (s->fields_n == SPAN_FIELDS || field >= ND_FIELDS)
            return nd_fail(err, ND_CORRUPT, "the words of an article have an unknown field");
        s->fields[s->fields_n++] = (struct span_field){
            .word = span_words_before(s, end), .offset = (uint32_t)end, .field = (uint8_t)field};
        at = end + 1;
    }
    if (s->words >= ND_FIELD_JUMP || (s->words && (s->fields_n == 0 || s->fields[0].word != 0)))
        return nd_fail(err, ND_CORRUPT, "the words of an article have no field");
    return 0;
}

/* Number of the last field that begins at or before a word. Empty fields before it do not count. */
static size_t field_of_word(const struct nd_spans *s, uint32_t word)
{
    size_t i = s->fields_n;
    while (i > 1 && s->fields[i - 1].word > word)
        i--;
    return i ? i - 1 : 0;
}

uint32_t span_position(const struct nd_spans *s, uint32_t word)
{
    if (s->words && word >= s->words)
        word = s->words - 1;
    return word + (uint32_t)field_of_word(s, word) * ND_FIELD_JUMP;
}

unsigned span_field_of(const struct nd_spans *s, uint32_t pos)
{
    return s->fields[pos / ND_FIELD_JUMP].field;
}

void span_field_ends(const struct nd_spans *s, uint32_t pos, uint32_t *first, uint32_t *last)
{
    size_t i = pos / ND_FIELD_JUMP;
    uint32_t end = i + 1 < s->fields_n ? s->fields[i + 1].word : s->words;
    *first = s->fields[i].word + (uint32_t)i * ND_FIELD_JUMP;
    *last = (end ? end - 1 : 0) + (uint32_t)i * ND_FIELD_JUMP;
}

/* The first paragraph of the body is the lead where the article has none of its own. */
static void find_lead(struct nd_spans *s)
{
    size_t body = s->fields_n;
    s->have_lead = true;
    s->lead_end = 0;
    for (size_t i = 0; i < s->fields_n; i++) {
        if (s->fields[i].field == ND_FIELD_LEAD)
            return;
        if (s->fields[i].field == ND_FIELD_BODY && body == s->fields_n)
            body = i;
    }
    if (body == s->fields_n)
        return;
    size_t from = s->fields[body].offset + 1;
    size_t to = body + 1 < s->fields_n ? s->fields[body + 1].offset : s->size;
    const unsigned char *end = memchr(s->p + from, ND_MARK_PARAGRAPH, to - from);
    size_t n = end ? (size_t)(end - s->p) - from : to - from;
    s->lead_end = s->fields[body].word + (uint32_t)nd_scan_words(s->level, s->p + from, n) +
                  (uint32_t)body * ND_FIELD_JUMP;
}

bool span_in_scope(struct nd_spans *s, uint32_t first, uint32_t last, unsigned scope)
{
    unsigned field = span_field_of(s, first);
    if (scope >> field & 1)
        return true;
    if (field != ND_FIELD_BODY || !(scope >> ND_FIELD_LEAD & 1))
        return false;
    if (!s->have_lead)
        find_lead(s);
    return last < s->lead_end;
}

/* All marks below `limit` to s->marks. */
static int find_marks(struct nd_spans *s, unsigned limit)
{
    size_t n = nd_scan_below(s->level, s->p, s->size, limit, s->marks.v, s->marks.cap);
    if (n > s->marks.cap) {
        uint32_t *grown = realloc(s->marks.v, (n + 64) * sizeof *grown);
        if (!grown)
            return ND_NOMEM;
        s->marks.v = grown;
        s->marks.cap = n + 64;
        nd_scan_below(s->level, s->p, s->size, limit, s->marks.v, s->marks.cap);
    }
    s->marks.n = n;
    return 0;
}

static int find_starts(struct nd_spans *s, struct span_ints *out, unsigned limit)
{
    int rc = find_marks(s, limit);
    out->n = 0;
    for (size_t i = 0; rc == 0 && i < s->marks.n; i++) {
        uint32_t words = span_words_before(s, s->marks.v[i]);
        if (words < s->words)
            rc = span_ints_add(out, span_position(s, words));
    }
    return rc;
}

int span_same(struct nd_spans *s, uint32_t first, uint32_t last, unsigned what, bool *same)
{
    struct span_ints *starts = what == 'p' ? &s->paragraphs : &s->sentences;
    bool *have = what == 'p' ? &s->have_paragraphs : &s->have_sentences;
    if (!*have) {
        int rc = find_starts(s, starts, what == 'p' ? 2 : 3);
        if (rc)
            return rc;
        *have = true;
    }
    size_t lo = 0, hi = starts->n; /* the first start after `first` */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (starts->v[mid] > first)
            hi = mid;
        else
            lo = mid + 1;
    }
    *same = lo == starts->n || starts->v[lo] > last;
    return 0;
}

int span_quotes(struct nd_spans *s)
{
    uint32_t begin = 0, depth = 0;
    if (s->have_quotes)
        return 0;
    int rc = find_marks(s, ND_WORD_FIRST);
    s->quotes.n = 0;
    for (size_t i = 0; rc == 0 && i <= s->marks.n; i++) {
        size_t at = i < s->marks.n ? s->marks.v[i] : s->size;
        unsigned mark = ND_MARK_PARAGRAPH;
        uint32_t v = 0;
        uint32_t words = at < s->size ? span_words_before(s, at) : s->words;
        if (i < s->marks.n)
            nd_scan_code(s->p, at, &mark, &v);
        if (mark == ND_MARK_OTHER && v == 0) {
            if (depth++ == 0)
                begin = words;
        } else if (depth && (mark <= ND_MARK_PARAGRAPH || (mark == ND_MARK_OTHER && v == 1))) {
            depth = mark == ND_MARK_OTHER ? depth - 1 : 0;
            if (depth == 0 && words > begin &&
                (rc = span_ints_add(&s->quotes, span_position(s, begin))) == 0)
                rc = span_ints_add(&s->quotes, span_position(s, words - 1));
        }
    }
    s->have_quotes = rc == 0;
    return rc;
}

/* The shape of the word that ends at `at`, whose usual shape is given. */
static unsigned shape_of(const struct nd_spans *s, size_t at, unsigned usual)
{
    const unsigned char *p = s->p;
    unsigned mark;
    uint32_t v;
    size_t first = nd_scan_code(p, at, &mark, &v);
    bool begins = false;
    for (bool next = true; first > 0 && p[first - 1] < ND_WORD_FIRST; next = false) {
        first = nd_scan_code(p, first - 1, &mark, &v);
        if (next && mark == ND_MARK_OTHER && v >= 2 && v <= 5)
            return v - 2;
        begins = begins || mark <= ND_MARK_SENTENCE;
    }
    return nd_shape_expected(usual, begins);
}

static bool shape_fits(unsigned shape, unsigned cases)
{
    return (!(cases & ND_CASE_CAPS) || shape != ND_SHAPE_LOWER) &&
           (!(cases & ND_CASE_ALL) || shape == ND_SHAPE_UPPER) &&
           (!(cases & ND_CASE_NONE) || shape == ND_SHAPE_LOWER);
}

/* The usual shape of the word that ends at `at`. */
static unsigned usual_shape(const struct nd_spans *s, size_t at)
{
    unsigned mark;
    uint32_t v;
    if (!s->stream)
        return ND_SHAPE_LOWER;
    nd_scan_code(s->p, at, &mark, &v);
    return nd_dict_shape(s->stream, v);
}

bool span_case(const struct nd_spans *s, size_t at, const struct nd_scan_item *item, unsigned cases)
{
    bool fits = true;
    if (item->mark == ND_WORD_FIRST) {
        return shape_fits(shape_of(s, at, item->shape), cases);
    }
    /* a joined word ends with its mark, an entity begins with it */
    bool back = item->mark == ND_MARK_JOINED;
    uint32_t left = item->words;
    for (size_t i = at; left && fits;) {
        if (back ? i == 0 : i + 1 >= s->size)
            break;
        i = back ? i - 1 : i + 1;
        if (s->p[i] < ND_WORD_FIRST || s->p[i] >= 0x80)
            continue;
        fits = shape_fits(shape_of(s, i, usual_shape(s, i)), cases);
        left--;
    }
    return fits;
}
