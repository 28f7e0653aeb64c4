#include "mentions.h"

#include <stdlib.h>

static int add(struct nd_mentions *m, struct nd_place_named p, struct nd_error *err)
{
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 64;
        struct nd_place_named *v = realloc(m->v, cap * sizeof *v);
        if (!v)
            return nd_fail(err, ND_NOMEM, "out of memory");
        m->v = v;
        m->cap = cap;
    }
    m->v[m->n++] = p;
    return 0;
}

int nd_mentions_read(struct nd_mentions *m, struct nd_stream *s, uint32_t docid, struct nd_error *err)
{
    struct nd_section article;
    unsigned field = 0;
    uint32_t word = 0;
    m->n = 0;
    int rc = nd_stream_article(s, docid, &article, err);
    for (size_t at = 0; !rc && at < article.n;) {
        unsigned mark;
        uint32_t v;
        struct nd_entity_row row;
        size_t n = nd_code_get(article.p + at, article.n - at, &mark, &v);
        if (!n)
            return nd_fail(err, ND_CORRUPT, "the words of an article are damaged");
        at += n;
        switch (mark) {
        case ND_WORD_FIRST:
            word++;
            break;
        case ND_MARK_FIELD:
            field = v;
            word = 0;
            break;
        case ND_MARK_MENTION:
            rc = nd_stream_entity(s, v, &row, err);
            if (!rc)
                rc = add(m, (struct nd_place_named){v, word, word + (row.words ? row.words - 1u : 0),
                                                    field},
                         err);
            break;
        default:
            break;
        }
    }
    return rc;
}

void nd_mentions_free(struct nd_mentions *m)
{
    free(m->v);
    *m = (struct nd_mentions){0};
}
