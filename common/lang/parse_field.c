/* field:value in all its forms. */
#include "lang/parse_in.h"

#include "tool/option.h"

#include <string.h>

static int unknown_field(struct nd_parser *p, const struct nd_lexeme *t)
{
    const char *s = nd_p_text(p);
    size_t n = 0, k = 0, len = t->to - t->from;
    const struct nd_field *f = nd_schema_table(&n);
    const char *names[160];
    for (size_t i = 0; i < n && k + 8 < sizeof names / sizeof names[0]; i++) {
        names[k++] = f[i].name;
        for (const char *a = f[i].alias; *a && k < sizeof names / sizeof names[0];) {
            size_t m = strcspn(a, " ");
            const char *copy = nd_arena_copy(p->arena, a, m);
            if (copy)
                names[k++] = copy;
            a += m + strspn(a + m, " ");
        }
    }
    const char *near = nd_nearest(names, k, s + t->from, len);
    int code =
        nd_p_refuse(p, t->from, t->to, "unknown field '%s'", nd_p_show(p, t->from, t->to, 40));
    if (near)
        nd_hint(p->err, "did you mean '%s'? 'newsq fields' lists all", near);
    else
        nd_hint(p->err, "'newsq fields' lists all; to look for the text itself put it in quotes");
    return code;
}

static int empty_value(struct nd_parser *p, const struct nd_field *f, size_t start, size_t end)
{
    int code = nd_p_refuse(p, start, end, "'%s:' has no value", f->name);
    nd_hint(p->err,
            "write the value right behind the colon: %s; to look for the text itself put it "
            "in quotes",
            f->example);
    return code;
}

/* f:@FILE, the name being lexeme t. */
static int list(struct nd_parser *p, const struct nd_field *f, size_t start,
                const struct nd_lexeme *t, struct nd_node **out)
{
    struct nd_str name;
    int code = nd_p_inside(p, t, &name);
    if (code)
        return code;
    if (t->kind != ND_L_PHRASE && t->kind != ND_L_WORD)
        name.n = 0;
    if (name.n == 0) {
        code = nd_p_refuse(p, start, t->end > start ? t->end : start + 1,
                           "@ lacks the name of a file");
        nd_hint(p->err, "%s:@names.txt looks for any of the file's lines", f->name);
        return code;
    }
    if (f->kind == ND_KIND_DATE || f->kind == ND_KIND_NUMBER || f->kind == ND_KIND_QUERY) {
        code = nd_p_refuse(p, start, t->end, "'%s' takes no file of values", f->name);
        nd_hint(p->err, "fields of words, names and values do: person:@names.txt");
        return code;
    }
    code = nd_p_node(p, out, ND_N_LIST, start, t->end);
    if (!code) {
        (*out)->field = f;
        (*out)->text = name;
    }
    return code;
}

/* A whole number in s[0..n), signless. Return: false if it is none. */
static bool whole_number(const char *s, size_t n, int64_t *out)
{
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9' || v > (INT64_MAX - 9) / 10)
            return false;
        v = v * 10 + (s[i] - '0');
    }
    *out = v;
    return n > 0;
}

static int number_value(struct nd_parser *p, const struct nd_field *f, const struct nd_lexeme *t,
                        struct nd_str v, struct nd_node *node)
{
    const char *dots = memmem(v.p, v.n, "..", 2);
    bool ok;
    node->lo = INT64_MIN;
    node->hi = INT64_MAX;
    if (!dots) {
        ok = whole_number(v.p, v.n, &node->lo);
        node->hi = node->lo;
    } else {
        size_t a = (size_t)(dots - v.p), b = v.n - a - 2;
        ok = (a || b) && (!a || whole_number(v.p, a, &node->lo)) &&
             (!b || whole_number(dots + 2, b, &node->hi));
    }
    if (!ok) {
        int code = nd_p_refuse(p, t->from, t->to, "'%s' is not a number or a range of numbers",
                               nd_p_show(p, t->from, t->to, 40));
        nd_hint(p->err, "write %s:100, %s:100..500, %s:100.. or %s:..500", f->name, f->name,
                f->name, f->name);
        return code;
    }
    if (node->lo > node->hi) {
        int code = nd_p_refuse(p, t->from, t->to, "the range ends before it starts");
        nd_hint(p->err, "write %s:%lld..%lld", f->name, (long long)node->hi, (long long)node->lo);
        return code;
    }
    return 0;
}

static int date_value(struct nd_parser *p, const struct nd_lexeme *t, struct nd_str v,
                      struct nd_node *node)
{
    struct nd_error inner = {0};
    int code = nd_date_range(&node->range, v.p, v.n, p->options->today, &inner);
    if (!code)
        return 0;
    if (code != ND_QUERY)
        return nd_fail(p->err, code, "%s", inner.msg);
    bool span = inner.end > inner.start && inner.end <= t->to - t->from;
    nd_p_refuse(p, span ? t->from + inner.start : t->from, span ? t->from + inner.end : t->to, "%s",
                inner.msg);
    nd_hint(p->err, "%s", inner.hint);
    return code;
}

static bool has_letter(struct nd_str v)
{
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = (unsigned char)v.p[i];
        if (c >= 0x80 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
            return true;
    }
    return false;
}

/* What a word value may not look like. */
static int check_name(struct nd_parser *p, const struct nd_field *f, const struct nd_lexeme *t,
                      struct nd_str v)
{
    int code = 0;
    const char *shown = nd_p_show(p, t->from, t->to, 40);
    if (!has_letter(v)) {
        code = nd_p_refuse(p, t->start, t->end, "no word in '%s'", shown);
        nd_hint(p->err, "'%s' takes words: %s", f->name, f->example);
    } else if (t->kind == ND_L_WORD && v.p[0] == '-') {
        code = nd_p_refuse(p, t->from, t->from + 1, "the minus belongs before the field");
        nd_hint(p->err, "write -%s:%.*s", f->name, (int)strlen(shown) - 1, shown + 1);
    } else if (t->kind == ND_L_WORD && memchr(v.p, '~', v.n)) {
        code = nd_p_refuse(p, t->from, t->to, "~ works on words of the text, not on '%s'", f->name);
        nd_hint(p->err, "leave it out, or put the value in quotes");
    } else if (t->kind == ND_L_WORD && memmem(v.p, v.n, "..", 2)) {
        code = nd_p_refuse(p, t->from, t->to, "'%s' has no ranges", f->name);
        nd_hint(p->err,
                "dates and numbers do: date:2023-01..2023-06; put a value with dots in quotes");
    }
    return code;
}

int nd_p_value(struct nd_parser *p, const struct nd_field *f, const struct nd_lexeme *t, bool whole,
               struct nd_node **out)
{
    const char *s = nd_p_text(p);
    size_t n = t->to - t->from;
    struct nd_str v;
    int code = nd_p_inside(p, t, &v);
    if (code)
        return code;
    if (t->kind != ND_L_WORD && t->kind != ND_L_PHRASE) {
        code = nd_p_refuse(p, t->start, t->end, "a value of '%s' is expected here", f->name);
        nd_hint(p->err, "for example %s", f->example);
        return code;
    }
    if (t->tilde) {
        code = nd_p_refuse(p, t->to, t->end, "~ works on words of the text, not on '%s'", f->name);
        nd_hint(p->err, "leave it out");
        return code;
    }
    if (nd_lex_skip(v.p, v.n, 0) == v.n)
        return empty_value(p, f, t->start, t->end);
    if (t->kind == ND_L_WORD && s[t->from] == '@') {
        struct nd_lexeme name = *t;
        name.from++;
        return list(p, f, t->start, &name, out);
    }
    enum nd_node_kind kind = ND_N_VALUE;
    if (t->kind == ND_L_WORD && n == 4 && memcmp(v.p, "none", 4) == 0 && f->kind != ND_KIND_QUERY)
        kind = ND_N_NONE;
    else if (t->kind == ND_L_WORD && n == 1 && v.p[0] == '*' && f->kind != ND_KIND_QUERY)
        kind = ND_N_ANYOF;
    else if (f->kind == ND_KIND_EXACT)
        kind = ND_N_TERM;
    else if (f->kind == ND_KIND_DATE)
        kind = ND_N_DATE;
    else if (f->kind == ND_KIND_NUMBER)
        kind = ND_N_NUMBER;
    else if (f->kind == ND_KIND_ENTITY)
        kind = ND_N_ENTITY;
    else if (f->kind == ND_KIND_QUERY)
        kind = ND_N_SAVED;
    if (kind == ND_N_VALUE || kind == ND_N_ENTITY)
        code = check_name(p, f, t, v);
    if (!code)
        code = nd_p_node(p, out, kind, t->start, t->end);
    if (code)
        return code;
    (*out)->field = f;
    if (kind == ND_N_NUMBER)
        return number_value(p, f, t, v, *out);
    if (kind == ND_N_DATE)
        return date_value(p, t, v, *out);
    if (kind != ND_N_NONE && kind != ND_N_ANYOF)
        (*out)->text = v;
    (*out)->whole = whole && (kind == ND_N_VALUE || kind == ND_N_ENTITY);
    return 0;
}

/* title:word, title:"...", title:( ), title:f( ). */
static int text_value(struct nd_parser *p, const struct nd_field *f, const struct nd_lexeme *name,
                      struct nd_unit *u)
{
    if (p->scope) {
        int code = nd_p_refuse(p, name->start, name->end, "'%s:' inside '%s:( )'", f->name,
                               p->scope->name);
        nd_hint(p->err, "close the bracket first: %s:(...) AND %s:...", p->scope->name, f->name);
        return code;
    }
    int code = nd_p_peek(p);
    if (code)
        return code;
    struct nd_lexeme t = p->tok;
    if (t.start != name->end || t.kind == ND_L_END || t.kind == ND_L_CLOSE || t.kind == ND_L_COMMA)
        return empty_value(p, f, name->start, name->end);
    if (t.kind == ND_L_MINUS || t.kind == ND_L_NOT) {
        code = nd_p_refuse(p, t.start, t.end, "NOT belongs before the field");
        nd_hint(p->err, "write NOT %s:... or -%s:...", f->name, f->name);
        return code;
    }
    if (t.kind == ND_L_FIELD) {
        code = nd_p_refuse(p, t.start, t.end, "a field as the value of '%s:'", f->name);
        nd_hint(p->err, "write AND between them, or put text with a colon in quotes");
        return code;
    }
    if (name->whole && t.kind != ND_L_WORD) {
        code = nd_p_refuse(p, name->start, t.end, "%s:= takes one word", f->name);
        nd_hint(p->err, "%s:=train is the word itself; %s:\"...\" a phrase, which is exact anyway",
                f->name, f->name);
        return code;
    }
    struct nd_unit kid = {0};
    if (name->whole) {
        nd_p_take(p);
        code = nd_p_word(p, &t, true, &kid.node);
    } else {
        p->scope = f;
        code = nd_p_atom(p, &kid);
        p->scope = NULL;
    }
    if (!code)
        code = nd_p_node(p, &u->node, ND_N_SCOPE, name->start, p->done);
    if (code)
        return code;
    u->node->field = f;
    return nd_p_kids(p, u->node, &kid.node, 1);
}

static int group_value(struct nd_parser *p, const struct nd_field *f, const struct nd_lexeme *name,
                       size_t open, struct nd_node **out)
{
    if (name->whole && f->kind == ND_KIND_VALUE) {
        int code = nd_p_refuse(p, name->start, open + 1, "%s:= takes one value", f->name);
        nd_hint(p->err, "write (%s:=\"A\" OR %s:=\"B\")", f->name, f->name);
        return code;
    }
    p->group = f;
    p->lx.values = true;
    int code = nd_p_bracket(p, out, open);
    p->lx.values = false;
    p->group = NULL;
    return code;
}

int nd_p_field(struct nd_parser *p, struct nd_unit *u)
{
    struct nd_lexeme name = p->tok, t;
    const struct nd_field *f = nd_schema_find(nd_p_text(p) + name.from, name.to - name.from);
    if (!f)
        return unknown_field(p, &name);
    const char *s = nd_p_text(p);
    if (p->lx.at < p->lx.n && s[p->lx.at] == '@') {
        p->lx.at++;
        int code = nd_lex_value(&p->lx, &t, true, p->err);
        p->done = t.end;
        return code ? code : list(p, f, name.start, &t, &u->node);
    }
    struct nd_lexer before = p->lx;
    int code = nd_lex_value(&p->lx, &t, f->kind == ND_KIND_EXACT, p->err);
    if (f->kind == ND_KIND_TEXT) {
        bool one = !code && t.kind == ND_L_WORD && t.to - t.from == 1 && s[t.from] == '*';
        bool none = !code && t.kind == ND_L_WORD && t.to - t.from == 4 &&
                    memcmp(s + t.from, "none", 4) == 0;
        if (name.whole || (!one && !none)) {
            p->lx = before;
            return text_value(p, f, &name, u);
        }
    }
    if (code)
        return code;
    p->done = t.end;
    if (t.kind == ND_L_END)
        return empty_value(p, f, name.start, name.end);
    if (t.kind == ND_L_OPEN)
        return group_value(p, f, &name, t.start, &u->node);
    code = nd_p_value(p, f, &t, name.whole, &u->node);
    if (code)
        return code;
    u->node->start = name.start;
    u->name =
        t.kind == ND_L_WORD && (u->node->kind == ND_N_ENTITY ||
                                (u->node->kind == ND_N_VALUE && strcmp(f->name, "author") == 0));
    return 0;
}
