#include "lang/lower_in.h"

#include "text/utf8.h"

#include <string.h>

/* --- the text, letter by letter --- */

static bool has_digit(struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/* Candidates for a word of the text: at its ends it may be a part of a word. */
static int verbatim_word(struct lower *l, const struct nd_node *node, const struct nd_tokens *t,
                         size_t i, struct plans *list)
{
    bool first = i == 0, last = i + 1 == t->n;
    struct nd_node word = {.kind = ND_N_EXACT, .start = node->start, .end = node->end};
    struct nd_plan *p;
    int rc;
    word.text = nd_token_key(t, i);
    if (first || last) {
        struct nd_leaf leaf = {.kind = ND_LEAF_WILD, .start = node->start, .end = node->end};
        if (has_digit(word.text) ||
            (t->v[i].flags & (ND_T_DOTTED | ND_T_POSSESSIVE | ND_T_ACRONYM)))
            return 0;
        nd_buf_reset(&l->text);
        if (nd_fold(&l->text, word.text.p, word.text.n))
            return lower_nomem(l);
        char *pattern = nd_arena_printf(l->arena, "%s%.*s%s", first ? "*" : "", (int)l->text.len,
                                        l->text.data ? l->text.data : "", last ? "*" : "");
        if (!pattern)
            return lower_nomem(l);
        leaf.text = nd_str_of(pattern);
        rc = lower_pattern(l, &word, &leaf, ND_SCOPE_ALL, 1.0, false, &p);
        if (rc == ND_QUERY) /* too many words to tell anything */
            return 0;
    } else {
        rc = lower_exact(l, &word, ND_SCOPE_ALL, 1.0, &p);
    }
    return rc ? rc : plans_push(l, list, p);
}

int lower_verbatim(struct lower *l, const struct nd_node *node, struct nd_plan **out)
{
    struct nd_tokens t;
    struct plans list = {0};
    struct nd_plan *all, *cand;
    struct nd_str text = {0};
    int rc = nd_tokens_init(&t);
    if (rc)
        return lower_nomem(l);
    nd_buf_reset(&l->text);
    if (nd_nfc(&l->text, node->text.p, node->text.n))
        rc = lower_nomem(l);
    if (rc == 0)
        text = nd_arena_str(l->arena, l->text.data ? l->text.data : "", l->text.len);
    if (rc == 0 && !text.p)
        rc = lower_nomem(l);
    if (rc == 0)
        rc = nd_tokens_add(&t, text.p, text.n, ND_FIELD_BODY, l->err);
    if (rc == 0 && (rc = plan_make(l, node, ND_P_ALL, &all)) == 0)
        rc = plans_push(l, &list, all);
    for (size_t i = 0; rc == 0 && i < t.n; i++)
        rc = verbatim_word(l, node, &t, i, &list);
    nd_tokens_free(&t);
    if (rc || (rc = plan_and(l, node, &list, &cand)))
        return rc;
    if (cand->kind == ND_P_NOTHING) {
        *out = cand;
        return 0;
    }
    rc = plan_one(l, node, ND_P_VERBATIM, cand, out);
    if (rc == 0)
        (*out)->term = text;
    return rc;
}

/* --- lists --- */

/* A line of words: one word by its stem, several as a phrase. */
static int line_words(struct lower *l, const struct nd_node *node, struct nd_str line,
                      struct nd_node *out)
{
    struct nd_tokens t;
    int rc = nd_tokens_init(&t);
    if (rc)
        return lower_nomem(l);
    rc = nd_tokens_add(&t, line.p, line.n, ND_FIELD_BODY, l->err);
    out->kind = t.n == 1 ? ND_N_WORD : ND_N_PHRASE;
    out->kids = nd_arena_array(l->arena, t.n + 1, sizeof(struct nd_node *));
    if (rc == 0 && !out->kids)
        rc = lower_nomem(l);
    for (size_t i = 0; rc == 0 && i < t.n; i++) {
        struct nd_node *word = t.n == 1 ? out : nd_arena_alloc(l->arena, sizeof *word);
        struct nd_str key = nd_token_key(&t, i);
        if (!word) {
            rc = lower_nomem(l);
            break;
        }
        if (t.n > 1) {
            *word = (struct nd_node){.kind = ND_N_EXACT, .start = node->start, .end = node->end};
            out->kids[out->kids_n++] = word;
        }
        word->text = nd_arena_str(l->arena, key.p, key.n);
        if (!word->text.p)
            rc = lower_nomem(l);
    }
    if (rc == 0 && t.n == 0)
        rc = lower_refuse(l, node, "take the line out of the file", "no word in the line '%.*s'",
                          (int)(line.n < 60 ? line.n : 60), line.p);
    nd_tokens_free(&t);
    return rc;
}

int lower_list(struct lower *l, const struct nd_node *node, struct nd_node **out)
{
    struct nd_strs lines = {0};
    const struct nd_field *f = node->field;
    if (!l->options.list)
        return lower_refuse(l, node, "write the values out, joined by OR",
                            "files of values cannot be used here");
    int rc = l->options.list(l->options.ctx, node->text, l->arena, &lines, l->err);
    if (rc) {
        nd_span(l->err, node->start, node->end);
        return rc;
    }
    struct nd_node *all = nd_arena_array(l->arena, lines.n + 2, sizeof *all);
    *out = all;
    if (!all || !(all->kids = nd_arena_array(l->arena, lines.n + 1, sizeof(struct nd_node *))))
        return lower_nomem(l);
    all->kind = ND_N_OR;
    all->start = node->start;
    all->end = node->end;
    for (size_t i = 0; rc == 0 && i < lines.n; i++) {
        struct nd_node *k = &all[i + 1];
        *k = (struct nd_node){.start = node->start, .end = node->end, .field = f};
        k->text = lines.v[i];
        k->kind = f->kind == ND_KIND_ENTITY  ? ND_N_ENTITY
                  : f->kind == ND_KIND_VALUE ? ND_N_VALUE
                                             : ND_N_TERM;
        all->kids[all->kids_n++] = k;
        if (f->kind == ND_KIND_TEXT)
            rc = line_words(l, node, lines.v[i], k);
    }
    if (rc || f->kind != ND_KIND_TEXT)
        return rc ? rc : lower_split(l, all, out);
    struct nd_node *scope = nd_arena_alloc(l->arena, sizeof *scope);
    if (!scope || !(scope->kids = nd_arena_array(l->arena, 1, sizeof(struct nd_node *))))
        return lower_nomem(l);
    scope->kind = ND_N_SCOPE;
    scope->start = node->start;
    scope->end = node->end;
    scope->field = f;
    scope->kids[scope->kids_n++] = all;
    *out = scope;
    return 0;
}
