/* Finding the main text of a page: paragraphs give points to the elements around them, the best one and its like
 * neighbours are the text. Where that gives little, again with fewer rules. */
#include "formats/fill.h"
#include "formats/flow.h"
#include "formats/html_tree.h"

#include <string.h>

enum {
    ANCESTORS = 5,   /* that a paragraph gives points to */
    TOP = 5,         /* candidates that are compared */
    CHARS_MIN = 500, /* of a text; with less another try is made */
    SHORT_MIN = 60,  /* of one that an element of its own has */
    TRIES = 4,
    SCORED_MIN = 25 /* characters of a paragraph that counts */
};

static double first_score(const struct nd_el *e, bool weigh)
{
    double s = weigh ? nd_el_weight(e) : 0;
    switch (e->tag) {
    case GUMBO_TAG_DIV:
        return s + 5;
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_BLOCKQUOTE:
        return s + 3;
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_FORM:
        return s - 3;
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_TH:
        return s - 5;
    default:
        return s;
    }
}

static bool counts(GumboTag t)
{
    return t == GUMBO_TAG_SECTION || t == GUMBO_TAG_H2 || t == GUMBO_TAG_H3 || t == GUMBO_TAG_H4 ||
           t == GUMBO_TAG_H5 || t == GUMBO_TAG_H6 || t == GUMBO_TAG_P || t == GUMBO_TAG_TD ||
           t == GUMBO_TAG_PRE;
}

/* What lies in a footer, a navigation or an aside is no part of the text, and nothing to find it by. */
static bool is_beside(const struct nd_el *e, const struct nd_el *root)
{
    for (; e && e != root; e = e->parent)
        if (e->tag == GUMBO_TAG_FOOTER || e->tag == GUMBO_TAG_NAV || e->tag == GUMBO_TAG_ASIDE)
            return true;
    return false;
}

static void give_points(struct nd_el *root, bool weigh)
{
    for (struct nd_el *e = root->first; e; e = nd_el_step(root, e, true)) {
        struct nd_measure m;
        if (!counts(e->tag) || is_beside(e, root))
            continue;
        nd_el_measure(&m, e);
        if (m.chars < SCORED_MIN)
            continue;
        double points = 2 + (double)m.commas + (m.chars / 100 < 3 ? (double)(m.chars / 100) : 3);
        unsigned level = 0;
        for (struct nd_el *up = e->parent; up && level < ANCESTORS; up = up->parent, level++) {
            if (!up->scored) {
                up->scored = true;
                up->score = first_score(up, weigh);
            }
            up->score += points / (level == 0 ? 1 : level == 1 ? 2 : level * 3);
        }
    }
}

/* The best ones, best first. Return: how many. */
static size_t candidates(struct nd_el *root, struct nd_el *top[TOP])
{
    size_t n = 0;
    for (struct nd_el *e = root; e; e = nd_el_step(root, e, true)) {
        struct nd_measure m;
        if (!e->scored)
            continue;
        nd_el_measure(&m, e);
        e->score *= 1 - (m.link_density < 1 ? m.link_density : 1);
        size_t i = n < TOP ? n : TOP;
        while (i && top[i - 1]->score < e->score)
            i--;
        if (i >= TOP)
            continue;
        size_t last = n < TOP ? n : TOP - 1;
        memmove(top + i + 1, top + i, (last - i) * sizeof *top);
        top[i] = e;
        n += n < TOP;
    }
    return n;
}

static bool holds(const struct nd_el *outer, const struct nd_el *e)
{
    for (e = e->parent; e; e = e->parent)
        if (e == outer)
            return true;
    return false;
}

/* An element further out where several good ones meet, or where points do not fall. */
static struct nd_el *widen(struct nd_el *best, struct nd_el *top[TOP], size_t n, struct nd_el *root)
{
    size_t near = 0;
    for (size_t i = 1; i < n; i++)
        near += top[i]->score >= 0.75 * best->score;
    if (near >= 3)
        for (struct nd_el *up = best->parent; up && up != root; up = up->parent) {
            size_t inside = 0;
            for (size_t i = 1; i < n; i++)
                inside += top[i]->score >= 0.75 * best->score && holds(up, top[i]);
            if (inside >= 3) {
                best = up;
                break;
            }
        }
    double last = best->score, least = best->score / 3;
    for (struct nd_el *up = best->parent; up && up != root; up = up->parent) {
        if (!up->scored)
            continue;
        if (up->score < least)
            break;
        if (up->score > last) {
            best = up;
            break;
        }
        last = up->score;
    }
    for (struct nd_el *up = best->parent; up && up != root; up = up->parent) {
        size_t elements = 0;
        for (const struct nd_el *k = up->first; k; k = k->next)
            elements += !nd_el_is_text(k);
        if (elements != 1)
            break;
        best = up;
    }
    return best;
}

/* Does a sentence end in it? */
static bool has_sentence(const struct nd_el *e)
{
    char line[256];
    size_t n = nd_el_line(e, line, sizeof line);
    return n && (line[n - 1] == '.' || strstr(line, ". "));
}

/* The best one with those beside it that belong to it, in one element. */
static struct nd_el *gather(struct nd_el *best, struct nd_arena *arena)
{
    struct nd_el *all = nd_arena_alloc(arena, sizeof *all), *next;
    double least = best->score * 0.2 > 10 ? best->score * 0.2 : 10;
    if (!all || !best->parent)
        return best;
    all->tag = GUMBO_TAG_DIV;
    all->class_name = all->id = "";
    for (struct nd_el *e = best->parent->first; e; e = next) {
        next = e->next;
        bool take = e == best;
        if (!take && !nd_el_is_text(e)) {
            double bonus = *best->class_name && !strcmp(e->class_name, best->class_name)
                               ? best->score * 0.2
                               : 0;
            take = e->scored && e->score + bonus >= least;
            if (!take && e->tag == GUMBO_TAG_P) {
                struct nd_measure m;
                nd_el_measure(&m, e);
                take = m.chars > 80 ? m.link_density < 0.25
                                    : m.chars > 0 && m.link_density == 0 && has_sentence(e);
            }
        }
        if (take)
            nd_el_append(all, e);
    }
    return all;
}

static bool is_block(GumboTag t)
{
    switch (t) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_B:
    case GUMBO_TAG_I:
    case GUMBO_TAG_U:
    case GUMBO_TAG_S:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_CODE:
    case GUMBO_TAG_KBD:
    case GUMBO_TAG_SAMP:
    case GUMBO_TAG_VAR:
    case GUMBO_TAG_TT:
    case GUMBO_TAG_CITE:
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_ACRONYM:
    case GUMBO_TAG_Q:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_MARK:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_DEL:
    case GUMBO_TAG_INS:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_WBR:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_RUBY:
    case GUMBO_TAG_RT:
    case GUMBO_TAG_RP:
    case GUMBO_TAG_DFN:
    case GUMBO_TAG_UNKNOWN:
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
    case GUMBO_TAG_LAST:
    case GUMBO_TAG_STRIKE:
        return false;
    default:
        return true;
    }
}

static void write_text(struct nd_buf *out, struct nd_el *top)
{
    struct nd_flow f = {.out = out, .from = out->len};
    for (struct nd_el *e = top; e;) {
        if (nd_el_is_text(e))
            nd_flow_text(&f, e->text, strlen(e->text));
        else if (e->tag == GUMBO_TAG_BR)
            nd_flow_line(&f);
        else if (is_block(e->tag))
            nd_flow_block(&f);
        f.keep |= e->tag == GUMBO_TAG_PRE && e->first;
        if (e->first) {
            e = e->first;
            continue;
        }
        for (;; e = e->parent) { /* what ends here */
            if (is_block(e->tag))
                nd_flow_block(&f);
            if (e->tag == GUMBO_TAG_TD || e->tag == GUMBO_TAG_TH)
                f.blank = true;
            if (e->tag == GUMBO_TAG_PRE)
                f.keep = false;
            if (e == top || e->next)
                break;
        }
        e = e == top ? NULL : e->next;
    }
}

static struct nd_el *attempt(const GumboNode *body, struct nd_str title, unsigned number,
                             struct nd_arena *arena)
{
    bool unlikely = number < 1, weigh = number < 2, conditionally = number < 3;
    struct nd_el *top[TOP], *root = nd_el_tree(body, unlikely, title, arena);
    if (!root)
        return NULL;
    give_points(root, weigh);
    size_t n = candidates(root, top);
    struct nd_el *best = n && top[0] != root ? widen(top[0], top, n, root) : root;
    best = gather(best, arena);
    nd_el_trim(best, title, weigh, conditionally);
    return best;
}

/* Characters that are no links. */
static size_t read_chars(const struct nd_el *e)
{
    struct nd_measure m;
    nd_el_measure(&m, e);
    return m.chars > m.link_chars ? m.chars - m.link_chars : 0;
}

/* The one article element of a page, else its main element. NULL where there is none, or several. */
static const GumboNode *sole(const GumboNode *body)
{
    const GumboNode *found[2] = {NULL, NULL};
    unsigned count[2] = {0, 0};
    for (const GumboNode *n = body; n; n = nd_html_step(body, n, true)) {
        bool article = nd_html_is(n, GUMBO_TAG_ARTICLE);
        if (article || nd_html_is(n, GUMBO_TAG_MAIN)) {
            found[!article] = n;
            count[!article]++;
        }
    }
    return count[0] == 1 ? found[0] : !count[0] && count[1] == 1 ? found[1] : NULL;
}

int nd_html_main(struct nd_buf *out, const GumboNode *root, struct nd_str title,
                 struct nd_str byline, struct nd_arena *arena)
{
    const GumboNode *body = root;
    struct nd_el *best = NULL;
    size_t most = 0;
    (void)byline;
    while (body && !nd_html_is(body, GUMBO_TAG_BODY))
        body = nd_html_step(root, body, !nd_html_is(body, GUMBO_TAG_HEAD));
    if (!body)
        return 0;
    for (unsigned i = 0; i < TRIES && most < CHARS_MIN; i++) {
        size_t chars;
        struct nd_el *e = attempt(body, title, i, arena);
        if (!e)
            break;
        chars = read_chars(e);
        if (!best || chars > most + most / 4) { /* a little more is something beside it */
            most = chars;
            best = e;
        }
        /* a short text is all that its element has */
        const GumboNode *only = i ? NULL : sole(body);
        e = only && most < CHARS_MIN ? attempt(only, title, 0, arena) : NULL;
        chars = e ? read_chars(e) : 0;
        if (chars >= SHORT_MIN && chars + chars / 2 > most) {
            best = e;
            break;
        }
    }
    if (best)
        write_text(out, best);
    return nd_buf_code(out);
}
