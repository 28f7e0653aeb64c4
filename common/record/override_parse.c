#include "record/override_in.h"

#include "record/value.h"
#include "text/utf8.h"

#include <string.h>

/* A line and how far it is read. */
struct line {
    struct nd_overrides *o;
    const char *p;
    size_t n, at;
    struct nd_error *err;
};

static const char *const kinds[] = {"alias", "reject", "rename", "type", "split"};

const char *nd_rule_kind_name(enum nd_rule_kind kind)
{
    return kinds[kind];
}

static void blanks(struct line *l)
{
    while (l->at < l->n && (l->p[l->at] == ' ' || l->p[l->at] == '\t'))
        l->at++;
    if (l->at < l->n && l->p[l->at] == '#')
        l->at = l->n;
}

static int bad(struct line *l, size_t start, size_t end, const char *hint, const char *msg)
{
    nd_fail(l->err, ND_INPUT, "%s", msg);
    nd_hint(l->err, "%s", hint);
    if (end <= start)
        end = start + 1;
    nd_span(l->err, start, end);
    return ND_INPUT;
}

static size_t bare_end(const struct line *l)
{
    size_t i = l->at;
    while (i < l->n && l->p[i] != ' ' && l->p[i] != '\t' && l->p[i] != '#' && l->p[i] != '=' &&
           l->p[i] != '"' && !(l->p[i] == '-' && i + 1 < l->n && l->p[i + 1] == '>'))
        i += l->p[i] == '\\' && i + 1 < l->n ? 2 : 1;
    return i;
}

static const char *const shapes[] = {
    "write alias person \"A\" = \"B\"", "write reject org \"A\"",
    "write rename place \"A\" -> \"B\"", "write type \"A\" person -> org",
    "write split person \"A\" when source \"VALUE\" as \"B\""};

/* A name, in quotes or bare. what: for the message. */
static int name(struct line *l, const char *hint, const char *what, struct nd_str *out)
{
    struct nd_buf text;
    blanks(l);
    size_t start = l->at, end;
    bool quoted = start < l->n && l->p[start] == '"', closed = !quoted;
    if (start < l->n && (unsigned char)l->p[start] == 0xe2 && l->n - start > 2 &&
        (unsigned char)l->p[start + 1] == 0x80 && (unsigned char)l->p[start + 2] >= 0x98)
        return bad(l, start, start + 3, "put straight double quotes (\") around names",
                   "a curly quotation mark");
    nd_buf_init(&text, ND_RULE_LINE);
    end = quoted ? l->n : bare_end(l);
    size_t i = start + quoted;
    for (; i < end; i++) {
        if (quoted && l->p[i] == '"') {
            closed = true;
            i++;
            break;
        }
        if (l->p[i] == '\\' && i + 1 < l->n)
            i++;
        nd_buf_byte(&text, (unsigned char)l->p[i]);
    }
    l->at = i;
    *out = nd_arena_str(&l->o->arena, text.data ? text.data : "", text.len);
    nd_buf_free(&text);
    if (!out->p)
        return nd_fail(l->err, ND_NOMEM, "out of memory");
    if (!closed)
        return bad(l, start, l->n, "close it with \"", "a quotation mark is open");
    if (!out->n) {
        char msg[80];
        snprintf(msg, sizeof msg, "%s is missing", what);
        return bad(l, start, l->at, hint, msg);
    }
    return 0;
}

static int words_of(struct line *l, size_t start, struct nd_str s, struct nd_str *out)
{
    struct nd_buf b;
    nd_buf_init(&b, 1 << 20);
    int rc = nd_value_words(&b, s.p, s.n);
    if (!rc) {
        *out = nd_arena_str(&l->o->arena, b.data ? b.data : "", b.len);
        rc = out->p ? 0 : ND_NOMEM;
    }
    nd_buf_free(&b);
    if (rc)
        return nd_fail(l->err, ND_NOMEM, "out of memory");
    return out->n ? 0 : bad(l, start, l->at, "a name has letters or digits", "no word in the name");
}

static int folded(struct line *l, struct nd_str s, struct nd_str *out)
{
    struct nd_buf b;
    nd_buf_init(&b, 1 << 20);
    int rc = nd_value_fold(&b, s.p, s.n);
    if (!rc)
        *out = nd_arena_str(&l->o->arena, b.data ? b.data : "", b.len);
    nd_buf_free(&b);
    return rc || !out->p ? nd_fail(l->err, ND_NOMEM, "out of memory") : 0;
}

static int type(struct line *l, const char *hint, enum nd_entity_type *out)
{
    blanks(l);
    size_t start = l->at, end = bare_end(l);
    for (unsigned t = 0; t < ND_ENTITY_TYPES; t++) {
        struct nd_str s = nd_entity_type_name((enum nd_entity_type)t);
        if (s.n == end - start && memcmp(s.p, l->p + start, s.n) == 0) {
            l->at = end;
            *out = (enum nd_entity_type)t;
            return 0;
        }
    }
    if (start == end)
        return bad(l, start, end, hint, "the type is missing: person, org, place or misc");
    return bad(l, start, end, "types are person, org, place, misc", "no such type");
}

static int sign(struct line *l, const char *hint, const char *want)
{
    size_t n = strlen(want);
    char msg[80];
    blanks(l);
    if (l->n - l->at >= n && memcmp(l->p + l->at, want, n) == 0) {
        l->at += n;
        return 0;
    }
    snprintf(msg, sizeof msg, "'%s' is missing", want);
    return bad(l, l->at, bare_end(l), hint, msg);
}

static int condition(struct line *l, const char *hint, struct nd_rule *r)
{
    static const char *const fields[] = {"source", "section", "author", "tag", "lang"};
    int rc = sign(l, hint, "when");
    if (rc)
        return rc;
    blanks(l);
    size_t start = l->at, end = bare_end(l);
    const struct nd_field *f = nd_schema_find(l->p + start, end - start);
    bool known = false;
    for (size_t i = 0; f && i < sizeof fields / sizeof *fields; i++)
        known = known || strcmp(f->name, fields[i]) == 0;
    if (!known)
        return bad(l, start, end, "fields are source, section, author, tag, lang",
                   start == end ? "the field is missing" : "no such field for a split");
    l->at = end;
    r->field = f;
    rc = name(l, hint, "the value of the field", &r->value);
    if (!rc)
        rc = folded(l, r->value, &r->value_fold);
    return rc ? rc : sign(l, hint, "as");
}

int override_parse(struct nd_overrides *o, const char *p, size_t n, struct nd_rule *out,
                   struct nd_error *err)
{
    struct line l = {.o = o, .p = p, .n = n, .err = err};
    struct nd_rule r = {.next = UINT32_MAX};
    size_t k = 0;
    while (l.n && (p[l.n - 1] == '\r' || p[l.n - 1] == ' ' || p[l.n - 1] == '\t'))
        l.n--;
    if (n > ND_RULE_LINE)
        return bad(&l, 0, 20, "a rule is one short line", "the line is too long");
    size_t valid = nd_utf8_valid(p, l.n);
    if (valid != l.n)
        return bad(&l, valid, valid + 1, "save the file as UTF-8", "this is not UTF-8");
    blanks(&l);
    if (l.at == l.n)
        return ND_DONE;
    size_t start = l.at, end = bare_end(&l), first;
    while (k < sizeof kinds / sizeof *kinds &&
           (strlen(kinds[k]) != end - start || memcmp(kinds[k], p + start, end - start) != 0))
        k++;
    if (k == sizeof kinds / sizeof *kinds)
        return bad(&l, start, end, "rules are alias, reject, rename, type, split", "no such rule");
    r.kind = (enum nd_rule_kind)k;
    l.at = end;
    int rc = r.kind == ND_RULE_TYPE ? 0 : type(&l, shapes[k], &r.type);
    r.to_type = r.type;
    first = l.at;
    if (!rc)
        rc = name(&l, shapes[k], "the name", &r.name);
    if (!rc)
        rc = words_of(&l, first, r.name, &r.words);
    if (!rc && r.kind == ND_RULE_TYPE) {
        rc = type(&l, shapes[k], &r.type);
        if (!rc)
            rc = sign(&l, shapes[k], "->");
        if (!rc)
            rc = type(&l, shapes[k], &r.to_type);
        r.other = r.name;
    } else if (!rc && r.kind == ND_RULE_SPLIT) {
        rc = condition(&l, shapes[k], &r);
    } else if (!rc && r.kind != ND_RULE_REJECT) {
        rc = sign(&l, shapes[k], r.kind == ND_RULE_ALIAS ? "=" : "->");
    }
    first = l.at;
    if (!rc && r.kind != ND_RULE_REJECT && r.kind != ND_RULE_TYPE)
        rc = name(&l, shapes[k], "the other name", &r.other);
    if (!rc && r.kind != ND_RULE_REJECT) {
        rc = words_of(&l, first, r.other, &r.other_words);
        if (!rc)
            rc = folded(&l, r.other, &r.id);
    }
    blanks(&l);
    if (!rc && l.at < l.n)
        rc = bad(&l, l.at, l.n, shapes[k], "this is too much");
    if (!rc && r.kind == ND_RULE_TYPE && r.type == r.to_type)
        rc = bad(&l, start, l.n, "leave the line out", "both types are the same");
    if (!rc)
        *out = r;
    return rc;
}

int nd_rule_quote(struct nd_buf *out, struct nd_str s)
{
    nd_buf_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            nd_buf_byte(out, '\\');
        nd_buf_byte(out, (unsigned char)s.p[i]);
    }
    return nd_buf_byte(out, '"');
}

int nd_rule_print(struct nd_buf *out, const struct nd_rule *r)
{
    const char *kind = kinds[r->kind], *type_name = nd_entity_type_name(r->type).p;
    nd_buf_str(out, kind);
    if (r->kind != ND_RULE_TYPE)
        nd_buf_printf(out, " %s", type_name);
    nd_buf_byte(out, ' ');
    nd_rule_quote(out, r->name);
    switch (r->kind) {
    case ND_RULE_ALIAS:
    case ND_RULE_RENAME:
        nd_buf_str(out, r->kind == ND_RULE_ALIAS ? " = " : " -> ");
        nd_rule_quote(out, r->other);
        break;
    case ND_RULE_TYPE:
        nd_buf_printf(out, " %s -> %s", type_name, nd_entity_type_name(r->to_type).p);
        break;
    case ND_RULE_SPLIT:
        nd_buf_printf(out, " when %s ", r->field->name);
        nd_rule_quote(out, r->value);
        nd_buf_str(out, " as ");
        nd_rule_quote(out, r->other);
        break;
    default:
        break;
    }
    return nd_buf_code(out);
}
