/* span_in.h: what the parts of the span engine share. Private to span*.c.
 *   span.c        the face: setting up, which leaf to look for first, gathering hits
 *   span_fast.c   phrases and pairs of plain words, decided on the bytes
 *   span_text.c   fields, sentences, quotations, letter case of an article
 *   span_eval.c   the operators over lists of spans
 *   span_phrase.c phrases */
#ifndef ND_RECORD_SPAN_IN_H
#define ND_RECORD_SPAN_IN_H

#include "record/span.h"

enum {
    SPAN_FIELDS = 16,          /* FIELD marks in an article */
    SPAN_NO_LEAF = 0x7fffffff, /* a leaf span that is no leaf's: a quotation */
    SPAN_SEEN = 1U << 31       /* in `used`: its words were reported */
};

/* [first, last] with how it came about: a, b are pool numbers + 1 of what it joins. A leaf's span has
 * a = 0 and the leaf's number in b. */
struct span {
    uint32_t first, last, a, b, used;
};

struct span_list {
    size_t at, n; /* in the pool, sorted by (first, last) */
};

struct span_ints {
    uint32_t *v;
    size_t n, cap;
};

struct span_field {
    uint32_t word; /* its first word's number in the article */
    uint32_t offset;
    uint8_t field;
};

/* One way to decide without lists. */
enum span_fast {
    SPAN_GENERAL = 0,
    SPAN_ANY_HIT, /* one leaf */
    SPAN_PHRASE,  /* leaves right after one another */
    SPAN_PAIR,    /* two leaves: near, pre, same; one of them may be names */
    SPAN_APART    /* two leaves: not near */
};

struct nd_spans {
    const struct nd_span_program *prog;
    enum nd_scan_level level;
    struct nd_stream *stream;
    const struct nd_codes *const *sets;
    const uint32_t *freq;
    uint32_t *required; /* leaves without which nothing matches */
    size_t required_n;
    struct span_ints *hits; /* per leaf: offsets in the article */
    bool *scanned;
    enum span_fast fast;
    bool mixed; /* some set has joined words beside plain ones */
    size_t anchor;  /* PHRASE: the item to look for first, and the words of the one after, if that helps */
    const struct nd_codes *after;
    uint32_t lead; /* PAIR: the leaf to look for first */
    bool grows; /* what matches in the beginning of an article matches in the whole */
    /* the article */
    const unsigned char *p;
    size_t size;
    struct span_field fields[SPAN_FIELDS];
    size_t fields_n;
    uint32_t words;
    uint64_t *map; /* nd_scan_map of the article */
    uint32_t *map_before;
    size_t map_cap;
    struct span_ints numbers; /* of the words at a leaf's hits */
    uint32_t lead_end; /* position after the paragraph that counts as lead, 0 if there is none */
    bool have_lead, have_sentences, have_paragraphs, have_quotes;
    struct span_ints sentences, paragraphs; /* positions where one begins */
    struct span_ints quotes;                /* first and last position of each, in turn */
    struct span_ints marks;
    /* evaluation */
    struct span *pool;
    size_t pool_n, pool_cap;
    uint64_t steps;
    bool wide; /* of spans one in another the longer will do: everything above is a distance in any order */
    bool keep; /* how a span came about tells it apart: for marks */
    struct nd_span_hit *found;
    size_t found_n, found_cap;
};

/* Append a number. Fails: ND_NOMEM. */
int span_ints_add(struct span_ints *a, uint32_t v);
/* Offsets of a leaf in the article, found once. */
int span_scan(struct nd_spans *s, uint32_t leaf);

/* What it costs to begin with a leaf. */
uint64_t span_cost(const struct nd_spans *s, uint32_t leaf);

/* Decide on the bytes. Return: 0 yes, ND_DONE no, which must be looked at again unless *sure. */
int span_fast_match(struct nd_spans *s, bool *sure);
/* Is the node a phrase of plain words and gaps alone? */
bool span_is_phrase(const struct nd_spans *s, const struct nd_span_node *node);
/* The offsets of its matches' first words. */
int span_phrases(struct nd_spans *s, const struct nd_span_node *node, struct span_ints *out);
/* What the program and its sets allow. */
enum span_fast span_fast_kind(struct nd_spans *s);

/* Read the fields of the article. Fails: ND_CORRUPT, ND_NOMEM. */
int span_text_begin(struct nd_spans *s, struct nd_error *err);
/* Number of words that end before an offset of the article. */
uint32_t span_words_before(const struct nd_spans *s, size_t at);
/* The position of the word of a number; of the last one that is there if it is past the end. */
uint32_t span_position(const struct nd_spans *s, uint32_t word);
/* Positions of the first and last word of the field that a position is in. */
void span_field_ends(const struct nd_spans *s, uint32_t pos, uint32_t *first, uint32_t *last);
unsigned span_field_of(const struct nd_spans *s, uint32_t pos);
/* Do the words lie in the texts of a scope? */
bool span_in_scope(struct nd_spans *s, uint32_t first, uint32_t last, unsigned scope);
/* Is there no sentence ('s') or paragraph ('p') that begins after first and not after last? */
int span_same(struct nd_spans *s, uint32_t first, uint32_t last, unsigned what, bool *same);
int span_quotes(struct nd_spans *s);
/* Have the words of a hit, whose code ends at offset `at`, the letter case asked for? */
bool span_case(const struct nd_spans *s, size_t at, const struct nd_scan_item *item,
               unsigned cases);

/* Add a span to a list, which is the pool's end. Fails: ND_LIMIT, ND_NOMEM. */
int span_add(struct nd_spans *s, struct span_list *out, struct span x);
/* Sort the list, which is the pool's end, and drop repeats. used: spans that used up other numbers of
 * extra words are not the same. */
void span_settle(struct nd_spans *s, struct span_list *l, bool used);
/* The first span of a list that begins at or after pos. */
size_t span_seek(const struct nd_spans *s, struct span_list l, uint32_t pos);
/* Word numbers of the hits, in s->numbers. */
int span_number(struct nd_spans *s, const struct span_ints *hits);
int span_eval_phrase(struct nd_spans *s, const struct nd_span_node *node, struct span_list *out,
                     struct nd_error *err);

/* Evaluate; only: the first span found is enough. */
int span_eval(struct nd_spans *s, const struct nd_span_node *node, bool only, struct span_list *out,
              struct nd_error *err);

#endif
