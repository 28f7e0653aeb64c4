/* Refusals that show both readings of what was typed, and the notes on quotes that a shell took. */
#include "lang/parse_in.h"

#include "text/utf8.h"

#include <string.h>

enum {
    PIECE = 40,   /* cells of one operand in a reading */
    READING = 230 /* bytes of one reading; a longer one is replaced by a general hint */
};

/* A reading that is being put together; sticky overflow. */
struct reading {
    char text[READING + 1];
    size_t n;
    bool over;
};

static void add(struct reading *r, const char *s)
{
    size_t k = strlen(s);
    if (r->over || k > READING - r->n) {
        r->over = true;
        return;
    }
    memcpy(r->text + r->n, s, k + 1);
    r->n += k;
}

static void add_span(struct nd_parser *p, struct reading *r, size_t start, size_t end, size_t cells)
{
    add(r, nd_p_show(p, start, end, cells));
}

/* The end of start..end without the blanks at its end. */
static size_t trim(const struct nd_parser *p, size_t start, size_t end)
{
    const char *s = nd_p_text(p);
    while (end > start &&
           (s[end - 1] == ' ' || s[end - 1] == '\n' || s[end - 1] == '\t' || s[end - 1] == '\r'))
        end--;
    return end;
}

/* The units with brackets around the runs that `tight` joins. */
static void group(struct nd_parser *p, struct reading *r, const struct nd_unit *u, size_t n,
                  bool tight_or)
{
    for (size_t i = 0; i < n;) {
        size_t j = i;
        while (j + 1 < n && (u[j + 1].op == ND_L_OR) == tight_or)
            j++;
        if (i > 0)
            add(r, tight_or ? " AND " : " OR ");
        if (j > i)
            add(r, "(");
        for (size_t k = i; k <= j; k++) {
            if (k > i)
                add(r, tight_or ? " OR " : " AND ");
            add_span(p, r, u[k].start, u[k].end, PIECE);
        }
        if (j > i)
            add(r, ")");
        i = j + 1;
    }
}

static void both(struct nd_parser *p, const struct reading *a, const struct reading *b,
                 const char *otherwise)
{
    if (a->over || b->over)
        nd_hint(p->err, "%s", otherwise);
    else
        nd_hint(p->err, "write %s, or write %s", a->text, b->text);
}

int nd_p_mixed(struct nd_parser *p, const struct nd_unit *u, size_t n)
{
    struct reading a = {.n = 0}, b = {.n = 0};
    if (n <= 16) {
        group(p, &a, u, n, false);
        group(p, &b, u, n, true);
    } else {
        a.over = true;
    }
    int code = nd_p_refuse(p, u[0].start, u[n - 1].end, "AND and OR are mixed without brackets");
    both(p, &a, &b, "put brackets around what belongs together: (a AND b) OR c, or a AND (b OR c)");
    return code;
}

int nd_p_beside(struct nd_parser *p, const struct nd_unit *u, size_t n)
{
    const struct nd_unit *x = &u[n - 2], *y = &u[n - 1];
    struct reading a = {.n = 0}, b = {.n = 0};
    size_t first = n - 2, start = x->start, end = y->end;
    if (!x->prox) { /* north korea w/5 russia */
        while (first > 0 && u[first - 1].bare && u[first].op == ND_L_END)
            first--;
        start = u[first].start;
        end = x->end;
        add(&b, y->first_bare ? "\"" : "(");
        for (size_t i = first; i < n - 1; i++) {
            add_span(p, &a, u[i].start, u[i].end, PIECE);
            add(&a, " AND ");
            add_span(p, &b, u[i].start, u[i].end, PIECE);
            add(&b, y->first_bare ? " " : " ADJ ");
        }
        add_span(p, &b, y->start, y->first_end, PIECE);
        add(&b, y->first_bare ? "\"" : ")");
        add_span(p, &b, y->first_end, y->end, 2 * PIECE);
        add(&a, "(");
        add_span(p, &a, y->start, y->end, 2 * PIECE);
        add(&a, ")");
    } else {
        add(&a, "(");
        add_span(p, &a, x->start, x->end, 2 * PIECE);
        add(&a, y->prox ? ") AND (" : ") AND ");
        add_span(p, &a, y->start, y->end, 2 * PIECE);
        add(&a, y->prox ? ")" : "");
        add_span(p, &b, x->start, x->last_start, 2 * PIECE);
        add(&b, x->last_bare ? "\"" : "(");
        add_span(p, &b, x->last_start, x->end, PIECE);
        add(&b, x->last_bare ? " " : " ADJ ");
        size_t stop = y->prox ? y->first_end : y->end;
        add_span(p, &b, y->start, stop, PIECE);
        add(&b, x->last_bare ? "\"" : ")");
        add_span(p, &b, stop, y->end, 2 * PIECE);
        start = y->prox ? x->last_start : y->start;
        end = y->prox ? y->first_end : y->end;
    }
    int code = nd_p_refuse(p, start, end, "'%s' stands beside a proximity without AND",
                           nd_p_show(p, start, end, PIECE));
    both(p, &a, &b, "write AND between them, or put the words of a phrase in quotes");
    return code;
}

int nd_p_two_ops(struct nd_parser *p, size_t start, size_t last, const struct nd_lexeme *x,
                 const struct nd_lexeme *y, size_t end)
{
    struct reading a = {.n = 0}, b = {.n = 0};
    add(&a, "(");
    add_span(p, &a, start, trim(p, start, y->start), 2 * PIECE);
    add(&a, ") ");
    add_span(p, &a, y->start, end, 2 * PIECE);
    add_span(p, &b, start, last, 2 * PIECE);
    add(&b, "(");
    add_span(p, &b, last, end, 2 * PIECE);
    add(&b, ")");
    int code = nd_p_refuse(p, start, end, "'%s' and '%s' are mixed without brackets",
                           nd_p_show(p, x->start, x->end, 20), nd_p_show(p, y->start, y->end, 20));
    both(p, &a, &b, "put brackets around what belongs together: (a w/5 b) w/3 c");
    return code;
}

/* The first part of an operand by which it cannot be near anything. */
static const struct nd_node *placeless(const struct nd_node *node)
{
    if (nd_node_near(node))
        return NULL;
    if (node->kind != ND_N_NOT)
        for (size_t i = 0; i < node->kids_n; i++) {
            const struct nd_node *bad = placeless(node->kids[i]);
            if (bad)
                return bad;
        }
    return node;
}

int nd_p_operand(struct nd_parser *p, const struct nd_unit *it, const struct nd_lexeme *op)
{
    const struct nd_node *bad = placeless(it->node);
    if (!bad)
        return 0;
    const char *o = nd_p_show(p, op->start, op->end, 20);
    if (bad->kind == ND_N_NOT) {
        int code = nd_p_refuse(p, bad->start, bad->end, "nothing but NOT in an operand of '%s'", o);
        nd_hint(p->err, "a NOT w/5 b finds an a that has no b within five words; "
                        "a AND NOT b leaves articles with b out");
        return code;
    }
    const char *what = nd_p_show(p, bad->start, bad->end, PIECE);
    int code =
        nd_p_refuse(p, bad->start, bad->end, "'%s' has no place in the text, so no distance", what);
    nd_hint(p->err, "join it with AND; proximity takes words, phrases, entities, OR and proximity");
    return code;
}

size_t nd_p_arg(const struct nd_parser *p, size_t at)
{
    size_t lo = 0, hi = p->options->args_n;
    while (lo < hi) { /* the last argument that starts at or before `at` */
        size_t mid = lo + (hi - lo) / 2;
        if (p->options->args[mid] <= at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo ? lo - 1 : p->options->args_n;
}

/* Bytes of argument i, without the blank that joins it to the next. */
static void arg_span(const struct nd_parser *p, size_t i, size_t *start, size_t *end)
{
    size_t n = p->lx.n;
    *start = p->options->args[i] < n ? p->options->args[i] : n;
    *end = i + 1 < p->options->args_n ? p->options->args[i + 1] : n + 1;
    *end = *end > *start ? *end - 1 : *start;
    if (*end > n)
        *end = n;
}

/* As a shell takes it: in single quotes. */
static void add_typed(struct reading *r, const char *s)
{
    add(r, "'");
    for (; *s; s++) {
        char one[2] = {*s, '\0'};
        add(r, *s == '\'' ? "'\\''" : one);
    }
    add(r, "'");
}

/* Words from..to with `between` between them, into r; at most 12. */
static void add_words(struct nd_parser *p, struct reading *r, size_t from, size_t to,
                      const char *between)
{
    const char *s = nd_p_text(p);
    size_t k = 0;
    for (size_t at = nd_lex_skip(s, to, from); at < to; at = nd_lex_skip(s, to, at)) {
        size_t end = at;
        while (end < to && !nd_lex_blank(s + end, to - end))
            end++;
        if (k++ == 12) {
            r->over = true;
            return;
        }
        if (k > 1)
            add(r, between);
        add_span(p, r, at, end, PIECE);
        at = end;
    }
}

int nd_p_name_words(struct nd_parser *p, const struct nd_unit *name)
{
    const char *s = nd_p_text(p);
    size_t start, stop, end = name->end, words;
    arg_span(p, nd_p_arg(p, name->start), &start, &stop);
    for (size_t at = nd_lex_skip(s, stop, end); at < stop; at = nd_lex_skip(s, stop, at)) {
        size_t to = at;
        while (to < stop && !nd_lex_blank(s + to, stop - to))
            to++;
        if (!nd_lex_plain(s + at, to - at, &words))
            break;
        end = at = to;
    }
    size_t value = name->start;
    while (value < name->end && s[value++] != ':')
        ;
    struct reading a = {.n = 0}, b = {.n = 0}, ta = {.n = 0}, tb = {.n = 0};
    add_span(p, &a, name->start, value, PIECE);
    add(&a, "\"");
    add_words(p, &a, value, end, " ");
    add(&a, "\"");
    add_words(p, &b, name->start, end, " AND ");
    add_typed(&ta, a.text);
    add_typed(&tb, b.text);
    int code = nd_p_refuse(p, name->start, end, "'%s' may be one name or separate words",
                           nd_p_show(p, name->start, end, 60));
    if (a.over || b.over || ta.over || tb.over)
        nd_hint(p->err, "put the name in double quotes and the whole in single ones, or write AND");
    else
        nd_hint(p->err, "for the name type %s, for separate words %s", ta.text, tb.text);
    return code;
}

int nd_p_shell_notes(struct nd_parser *p)
{
    struct nd_note **last = &p->out->notes;
    for (size_t i = 0; i < p->options->args_n; i++) {
        size_t start, end, words;
        arg_span(p, i, &start, &end);
        if (!nd_lex_plain(nd_p_text(p) + start, end - start, &words) || words < 2)
            continue;
        struct reading a = {.n = 0}, b = {.n = 0}, t = {.n = 0};
        add(&a, "\"");
        add_words(p, &a, start, end, " ");
        add(&a, "\"");
        add_typed(&t, a.text);
        add_words(p, &b, start, end, " AND ");
        struct nd_note *note = nd_arena_alloc(p->arena, sizeof *note);
        if (!note)
            return nd_p_nomem(p);
        if (a.over || b.over || t.over)
            note->text = "words without quotes are joined with AND; for a phrase put double quotes "
                         "inside the single ones: '\"...\"'";
        else
            note->text =
                nd_arena_printf(p->arena, "read as %s; for the phrase type %s", b.text, t.text);
        if (!note->text)
            return nd_p_nomem(p);
        *last = note;
        last = &note->next;
    }
    return 0;
}
