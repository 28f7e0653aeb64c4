/* like: articles like one of the index, or like a text: a query for the words that are most typical of it. */
#include "ask.h"
#include "base/file.h"
#include "render/rows.h"
#include "result.h"
#include "terms.h"
#include "text/token.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <string.h>

enum {
    OUT_MAX = 1 << 30,
    OUT_CHUNK = 64 * 1024,
    WORDS = 25,    /* of the query */
    WORDS_MIN = 2, /* letters of a word */
    PART = 5       /* a hit has one in so many of them, two at least */
};

/* The different words of a text, with their counts. */
struct text {
    struct nd_map words;
    uint32_t *counts; /* arena */
    size_t cap;
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory");
}

static int add_word(struct text *x, struct nd_arena *arena, struct nd_str word,
                    struct nd_error *err)
{
    uint32_t i;
    if (nd_map_intern(&x->words, word.p, word.n, &i))
        return no_memory(err);
    if (i >= x->cap) {
        size_t cap = x->cap ? x->cap * 2 : 1024;
        uint32_t *v = nd_arena_array(arena, cap, sizeof *v); /* zeroed */
        if (!v)
            return no_memory(err);
        if (x->cap)
            memcpy(v, x->counts, x->cap * sizeof *v);
        x->counts = v;
        x->cap = cap;
    }
    x->counts[i]++;
    return 0;
}

static int add_text(struct text *x, struct nd_arena *arena, struct nd_str s, struct nd_error *err)
{
    struct nd_tokens t;
    struct nd_buf fold;
    nd_buf_init(&fold, 1 << 16);
    if (nd_tokens_init(&t))
        return no_memory(err);
    int rc = nd_tokens_add(&t, s.p, s.n, ND_FIELD_BODY, err);
    for (size_t i = 0; !rc && i < t.n; i++) {
        struct nd_str key = nd_token_key(&t, i);
        nd_buf_reset(&fold);
        if (t.v[i].flags & ND_T_ACRONYM)
            rc = add_word(x, arena, key, err);
        else if (nd_fold(&fold, key.p, key.n))
            rc = no_memory(err);
        else
            rc = add_word(x, arena, (struct nd_str){fold.data ? fold.data : "", fold.len}, err);
    }
    nd_tokens_free(&t);
    nd_buf_free(&fold);
    return rc;
}

/* The text of a file, or of standard input for "-". */
static int read_file(struct newsq *t, const char *name, struct text *x, struct nd_error *err)
{
    struct nd_buf raw, clean;
    nd_buf_init(&raw, ND_TEXT_MAX);
    nd_buf_init(&clean, ND_TEXT_MAX);
    int rc = nd_file_read(&raw, strcmp(name, "-") == 0 ? "/dev/stdin" : name, err);
    if (!rc && nd_utf8_valid(raw.data ? raw.data : "", raw.len) != raw.len)
        rc = nd_fail(err, ND_USAGE, "'%s' is not UTF-8", name);
    if (!rc && nd_nfc(&clean, raw.data ? raw.data : "", raw.len))
        rc = no_memory(err);
    if (!rc)
        rc = add_text(x, &t->arena, (struct nd_str){clean.data ? clean.data : "", clean.len}, err);
    nd_buf_free(&raw);
    nd_buf_free(&clean);
    return rc;
}

static int read_article(struct newsq *t, struct nd_index *ix, struct nd_str id, struct text *x,
                        struct nd_error *err)
{
    size_t segment;
    uint32_t docid;
    struct nd_texts *texts;
    struct nd_article a;
    struct nd_buf json;
    int rc = nd_index_find(ix, id.p, id.n, &segment, &docid, err);
    if (rc == ND_DONE) {
        nd_fail(err, ND_USAGE, "no article '%.*s' in the index", (int)id.n, id.p);
        nd_hint(err, "ids are printed by: newsq search -l QUERY; a text is read with -f FILE");
        return ND_USAGE;
    }
    if (rc)
        return rc;
    nd_buf_init(&json, ND_TEXT_MAX);
    rc = nd_segment_texts(&ix->segments[segment], &texts, err);
    if (!rc)
        rc = nd_texts_get(texts, docid, &json, err);
    if (!rc)
        rc = nd_article_parse(&a, &t->arena, json.data, json.len, err);
    for (unsigned f = 0; !rc && f < ND_FIELDS; f++)
        rc = add_text(x, &t->arena, nd_article_field(&a, f), err);
    nd_buf_free(&json);
    return rc;
}

/* Can a word stand in a query as it is? Letters and digits, with a letter; no word that the language refuses. */
static bool usable(struct nd_str w)
{
    static const char *const words[] = {"and", "or", "not", "near", "adj", "same", "none"};
    bool letter = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (nd_str_eq(w, nd_str_of(words[i])))
            return false;
    for (size_t i = 0; i < w.n; i++) {
        unsigned char c = (unsigned char)w.p[i];
        bool az = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        letter = letter || az;
        if (!az && !(c >= '0' && c <= '9'))
            return false;
    }
    return letter && w.n >= WORDS_MIN;
}

/* The query: so many of the most typical words that the index has elsewhere too, without the article itself. */
static int make_query(struct newsq *t, struct nd_index *ix, const struct text *x, struct nd_str id,
                      struct nd_str *out, struct nd_error *err)
{
    struct nd_terms terms;
    struct nd_typical *v;
    struct nd_buf q, list;
    size_t n, used = 0;
    nd_buf_init(&q, 1 << 20);
    nd_buf_init(&list, 1 << 20);
    int rc = nd_terms_init(&terms, err);
    if (!rc)
        rc = nd_terms_given(&terms, ix, &x->words, x->counts, err);
    if (!rc)
        rc = nd_terms_rank(&v, &n, &t->arena, &terms, 1, SIZE_MAX, err);
    for (size_t i = 0; !rc && i < n && used < WORDS; i++) {
        bool elsewhere = v[i].counts.all > (id.n ? v[i].counts.count : 0);
        if (!elsewhere || !usable(v[i].word))
            continue;
        nd_buf_printf(&list, ", %.*s", (int)v[i].word.n, v[i].word.p);
        used++;
    }
    if (!rc && !used)
        rc = nd_fail(err, ND_USAGE, "the text has no word that tells it from others");
    if (!rc) {
        size_t least = used / PART > 2 ? used / PART : used > 1 ? 2 : 1;
        nd_buf_printf(&q, "any(%zu%.*s)", least, (int)list.len, list.data);
        if (id.n) {
            nd_buf_str(&q, " NOT id:");
            nd_query_quoted(&q, id);
        }
        *out = nd_arena_str(&t->arena, q.data ? q.data : "", q.len);
        if (nd_buf_code(&q) || !out->p)
            rc = no_memory(err);
    }
    nd_terms_free(&terms);
    nd_buf_free(&q);
    nd_buf_free(&list);
    return rc;
}

static int write_hits(struct nd_ask *a, const struct nd_renderer *renderer, uint64_t *total,
                      struct nd_error *err)
{
    struct newsq *t = a->tool;
    struct nd_results *results = NULL;
    struct nd_ranked hits = {0};
    struct nd_buf out;
    struct nd_render r;
    uint64_t limit = nd_args_number(&t->args, "limit", renderer->limit);
    nd_buf_init(&out, OUT_MAX);
    int rc = nd_match_ranked(a->match, 0, limit > SIZE_MAX / 2 ? SIZE_MAX : (size_t)limit,
                             ND_SORT_SCORE, &hits, err);
    if (!rc)
        rc = nd_results_new(&results, err);
    if (!rc)
        rc = newsq_render(t, &r, &out, err);
    if (!rc)
        renderer->begin(&r);
    for (size_t i = 0; !rc && i < hits.n; i++) {
        struct nd_view v;
        rc = nd_result_view(results, &v, a, &hits.v[i], i + 1, renderer,
                            !nd_args_has(&t->args, "no-snippets"), err);
        if (!rc) {
            renderer->hit(&r, &v);
            newsq_tell(t, v.id);
        }
        if (!rc && out.len >= OUT_CHUNK)
            rc = newsq_write(&out, err);
    }
    *total = hits.total;
    struct nd_answer answer = nd_ask_answer(a, hits.total, hits.n);
    if (!rc) {
        renderer->end(&r, &answer);
        rc = newsq_write(&out, err);
    }
    if (!rc && hits.total > hits.n && hits.n && !nd_args_has(&t->args, "limit"))
        nd_diag_line(&t->diag, "%zu of %" PRIu64 "; -n all shows the rest", hits.n, hits.total);
    nd_ranked_free(&hits);
    nd_results_free(results);
    nd_buf_free(&out);
    return rc;
}

static int like(struct newsq *t, const struct nd_renderer *renderer, uint64_t *total, int *status,
                struct nd_error *err)
{
    const char *file = nd_args_text(&t->args, "file");
    struct nd_index *ix = NULL;
    struct nd_str query, id = {NULL, 0};
    struct text x = {0};
    struct nd_ask a;
    if (file ? t->args.words_n > 0 : t->args.words_n != 1) {
        nd_fail(err, ND_USAGE, "like what?");
        nd_hint(err, "name one article: newsq like ID; or a text: newsq like -f FILE");
        return ND_USAGE;
    }
    if (nd_map_init(&x.words, OUT_MAX))
        return no_memory(err);
    int rc = nd_ask_index(t, &ix, err);
    if (!rc && !file)
        id = t->args.words[0];
    if (!rc)
        rc = file ? read_file(t, file, &x, err) : read_article(t, ix, id, &x, err);
    if (!rc)
        rc = make_query(t, ix, &x, id, &query, err);
    if (!rc)
        rc = nd_ask_text_as(&a, t, ix, &t->arena, query, ND_SYNTAX_NATIVE, err);
    if (!rc) {
        rc = write_hits(&a, renderer, total, err);
        *status = nd_ask_status(&a, *total ? 0 : 1);
        nd_ask_close(&a);
    }
    nd_map_free(&x.words);
    nd_index_close(ix);
    return rc;
}

int newsq_like(void *tool)
{
    struct newsq *t = tool;
    struct nd_error err = {0};
    const struct nd_renderer *renderer;
    uint64_t total = 0;
    int status = 0;
    if (newsq_renderer(t, &renderer, &err))
        return newsq_failed(t, &err);
    int rc = like(t, renderer, &total, &status, &err);
    return rc < 0 ? newsq_failed(t, &err) : status;
}
