/* Functions: atleast(n,q), caps(q), any(k,q,q), verbatim("...") and the others. */
#include "lang/parse_in.h"

#include "tool/option.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum form {
    FORM_QUERY,        /* caps(q) */
    FORM_NUMBER_QUERY, /* atleast(n,q) */
    FORM_WEIGHT_QUERY, /* boost(x,q) */
    FORM_LIST,         /* any(k,q,q,...) */
    FORM_TEXT          /* verbatim("...") */
};

enum takes {
    TAKES_ANY,   /* any query */
    TAKES_WORDS, /* whatever has places in the text, under AND OR NOT */
    TAKES_PLACE  /* one operand of proximity */
};

static const struct func {
    const char *name;
    enum nd_node_kind kind;
    enum form form;
    enum takes takes;
    uint32_t n;
    const char *usage;
} funcs[] = {
    {"atleast", ND_N_ATLEAST, FORM_NUMBER_QUERY, TAKES_PLACE, 0, "atleast(3,inflation)"},
    {"first", ND_N_FIRST, FORM_NUMBER_QUERY, TAKES_WORDS, 0, "first(50,inflation)"},
    {"caps", ND_N_CASE, FORM_QUERY, TAKES_WORDS, 'c', "caps(turkey)"},
    {"allcaps", ND_N_CASE, FORM_QUERY, TAKES_WORDS, 'a', "allcaps(aids)"},
    {"nocaps", ND_N_CASE, FORM_QUERY, TAKES_WORDS, 'n', "nocaps(apple)"},
    {"boost", ND_N_BOOST, FORM_WEIGHT_QUERY, TAKES_ANY, 0, "boost(2,title:inflation)"},
    {"any", ND_N_QUORUM, FORM_LIST, TAKES_ANY, 0, "any(2,oil,gas,coal)"},
    {"verbatim", ND_N_VERBATIM, FORM_TEXT, TAKES_ANY, 0, "verbatim(\"We'll see.\")"},
    {"quoted", ND_N_QUOTED, FORM_QUERY, TAKES_WORDS, 0, "quoted(inflation)"},
    {"unquoted", ND_N_UNQUOTED, FORM_QUERY, TAKES_WORDS, 0, "unquoted(inflation)"},
};

enum {
    FUNCS = sizeof funcs / sizeof funcs[0]
};

static int bad_call(struct nd_parser *p, const struct func *fn, size_t start, size_t end,
                    const char *what)
{
    int code = nd_p_refuse(p, start, end, "%s() %s", fn->name, what);
    nd_hint(p->err, "for example %s", fn->usage);
    return code;
}

/* The number that a function takes first, and the comma after it. */
static int first_number(struct nd_parser *p, const struct func *fn, size_t start, uint32_t *n,
                        double *x)
{
    const char *s = nd_p_text(p);
    size_t at = nd_lex_skip(s, p->lx.n, p->lx.at), from = at;
    bool weight = fn->form == FORM_WEIGHT_QUERY, point = false;
    while (at < p->lx.n && ((s[at] >= '0' && s[at] <= '9') || (weight && s[at] == '.' && !point))) {
        point |= s[at] == '.';
        at++;
    }
    size_t comma = nd_lex_skip(s, p->lx.n, at), len = at - from;
    if (len == 0 || comma >= p->lx.n || s[comma] != ',')
        return bad_call(p, fn, start, at > start ? at : start + 1,
                        "takes a number first, then a comma");
    char buf[24];
    if (len < sizeof buf) {
        memcpy(buf, s + from, len);
        buf[len] = '\0';
    }
    if (weight) {
        *x = len < sizeof buf ? strtod(buf, NULL) : 0;
        if (!(*x >= 0.001 && *x <= 1000))
            return bad_call(p, fn, from, at, "takes a weight of 0.001 to 1000");
    } else {
        unsigned long v = len < 10 ? strtoul(buf, NULL, 10) : 0;
        if (v < 1 || v > 1000000)
            return bad_call(p, fn, from, at, "takes a number of 1 to 1000000");
        *n = (uint32_t)v;
    }
    p->lx.at = p->done = comma + 1;
    return 0;
}

/* Proximity and counts were looked at when they were read: what they hold has a place, or is a condition. */
static bool near_kind(enum nd_node_kind kind)
{
    return kind == ND_N_NEAR || kind == ND_N_PRE || kind == ND_N_SAME || kind == ND_N_NOTNEAR ||
           kind == ND_N_ATLEAST;
}

/* The first part of a tree that a function cannot take; NULL if all is well. */
static const struct nd_node *unfit(const struct nd_node *node, enum takes takes)
{
    if (takes == TAKES_ANY || node->kind == ND_N_SAVED ||
        (takes == TAKES_PLACE && nd_node_near(node)))
        return NULL;
    bool logic = node->kind == ND_N_OR || node->kind == ND_N_AND || node->kind == ND_N_QUORUM ||
                 (takes == TAKES_WORDS && node->kind == ND_N_NOT);
    if (!logic)
        return nd_node_positional(node) || near_kind(node->kind) ? NULL : node;
    const struct nd_node *bad = NULL;
    for (size_t i = 0; i < node->kids_n && !bad; i++)
        bad = unfit(node->kids[i], takes);
    return bad;
}

static int check_argument(struct nd_parser *p, const struct func *fn, const struct nd_node *kid)
{
    const struct nd_node *bad = unfit(kid, fn->takes);
    if (!bad)
        return 0;
    if (bad->kind == ND_N_NOT) {
        int code = nd_p_refuse(p, bad->start, bad->end,
                               "%s() counts places in the text, NOT has none", fn->name);
        nd_hint(p->err, "NOT stands before %s, or beside a word inside it", fn->name);
        return code;
    }
    int code = nd_p_refuse(p, bad->start, bad->end, "'%s' has no place in the text",
                           nd_p_show(p, bad->start, bad->end, 40));
    nd_hint(p->err, "join it with AND outside: %s AND %s", fn->usage,
            nd_p_show(p, bad->start, bad->end, 40));
    return code;
}

static int arguments(struct nd_parser *p, const struct func *fn, const struct nd_lexeme *name,
                     struct nd_node *node)
{
    struct nd_node *kids[256];
    size_t n = 0;
    for (;;) {
        int code = nd_p_peek(p);
        if (code)
            return code;
        size_t start = p->tok.start;
        if (p->tok.kind == ND_L_CLOSE || p->tok.kind == ND_L_COMMA)
            return bad_call(p, fn, name->start, p->tok.end, "has an empty argument");
        if (p->tok.kind == ND_L_END)
            return bad_call(p, fn, name->start, name->end, "is never closed");
        if (n == sizeof kids / sizeof kids[0])
            return bad_call(p, fn, name->start, name->end, "takes at most 256 queries");
        if (fn->form == FORM_TEXT) {
            struct nd_lexeme t = p->tok;
            if (t.kind != ND_L_PHRASE || t.tilde)
                return bad_call(p, fn, t.start, t.end, "takes a text in quotes");
            nd_p_take(p);
            code = nd_p_inside(p, &t, &node->text);
            if (!code && nd_lex_skip(node->text.p, node->text.n, 0) == node->text.n)
                code = bad_call(p, fn, t.start, t.end, "takes a text that is not empty");
            if (!code)
                code = nd_p_peek(p);
        } else {
            code = nd_p_level(p, &kids[n], name->start, name->end);
            if (!code)
                code = check_argument(p, fn, kids[n]);
        }
        if (code)
            return code;
        if ((fn->kind == ND_N_QUOTED || fn->kind == ND_N_UNQUOTED) && kids[0]->kind == ND_N_WORD &&
            kids[0]->start == start && kids[0]->end - start == 7 &&
            memcmp(nd_p_text(p) + start, "nothing", 7) == 0) {
            if (fn->kind == ND_N_UNQUOTED)
                return bad_call(p, fn, start, kids[0]->end,
                                "takes words; 'nothing' stands for any quotation");
            kids[0]->kind = ND_N_NOTHING;
            kids[0]->text = (struct nd_str){NULL, 0};
        }
        n++;
        if (p->tok.kind == ND_L_CLOSE)
            break;
        if (p->tok.kind != ND_L_COMMA)
            return bad_call(p, fn, p->tok.start, p->tok.end,
                            "takes one text in quotes and nothing else");
        if (fn->form != FORM_LIST)
            return bad_call(p, fn, p->tok.start, p->tok.end, "takes no further argument");
        nd_p_take(p);
    }
    if (fn->form == FORM_LIST && node->n > n) {
        int code = nd_p_refuse(p, name->start, p->tok.end, "any() asks for %u of %zu", node->n, n);
        nd_hint(p->err, "the number is at most that of the queries: %s", fn->usage);
        return code;
    }
    return fn->form == FORM_TEXT ? 0 : nd_p_kids(p, node, kids, n);
}

int nd_p_func(struct nd_parser *p, struct nd_node **out)
{
    struct nd_lexeme name = p->tok;
    const char *s = nd_p_text(p) + name.from;
    size_t len = name.to - name.from;
    const char *names[FUNCS];
    const struct func *fn = NULL;
    for (size_t i = 0; i < FUNCS; i++) {
        names[i] = funcs[i].name;
        if (strlen(names[i]) == len && strncasecmp(names[i], s, len) == 0)
            fn = &funcs[i];
    }
    if (!fn) {
        const char *near = nd_nearest(names, FUNCS, s, len);
        int code = nd_p_refuse(p, name.from, name.to, "unknown function '%s'",
                               nd_p_show(p, name.from, name.to, 40));
        if (near)
            nd_hint(p->err,
                    "did you mean %s()? to search a word before a bracket put a blank between",
                    near);
        else
            nd_hint(p->err, "to search the word, put a blank or an operator before the bracket");
        return code;
    }
    int code = nd_p_deeper(p, name.start, name.end);
    if (code)
        return code;
    p->lx.calls++;
    code = nd_p_node(p, out, fn->kind, name.start, name.end);
    if (!code &&
        (fn->form == FORM_NUMBER_QUERY || fn->form == FORM_WEIGHT_QUERY || fn->form == FORM_LIST))
        code = first_number(p, fn, name.start, &(*out)->n, &(*out)->x);
    if (!code && fn->kind == ND_N_CASE)
        (*out)->n = fn->n;
    if (!code)
        code = arguments(p, fn, &name, *out);
    if (code)
        return code;
    p->lx.calls--;
    p->depth--;
    nd_p_take(p);
    (*out)->end = p->done;
    return 0;
}
