#include "formats/fill.h"
#include "formats/markdown.h"

#include <string.h>
#include <yaml.h>

/* The object or array that is being filled, one a level. */
struct level {
    struct nd_json *node, *tail;
    struct nd_str key; /* of an object, when its value is to come */
    bool keyed;
};

struct nd_json *nd_front_add(struct nd_json *parent, struct nd_json **tail, struct nd_arena *arena,
                             struct nd_str key, enum nd_json_kind kind, struct nd_str text)
{
    struct nd_json *v = nd_arena_alloc(arena, sizeof *v);
    if (!v)
        return NULL;
    *v = (struct nd_json){.kind = kind, .key = key, .text = text};
    if (*tail)
        (*tail)->next = v;
    else
        parent->first = v;
    *tail = v;
    return v;
}

static bool is_word(struct nd_str s, const char *words)
{
    char spaced[12];
    if (!s.n || s.n > 8)
        return false;
    spaced[0] = ' ';
    for (size_t i = 0; i < s.n; i++)
        spaced[i + 1] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + 32) : s.p[i];
    memcpy(spaced + s.n + 1, " ", 2);
    return strstr(words, spaced) != NULL;
}

/* A plain scalar may be no text: yes, null. */
static void settle(struct nd_json *v, bool plain)
{
    if (!plain)
        return;
    if (is_word(v->text, " true yes on ")) {
        v->kind = ND_JSON_BOOL;
        v->truth = true;
    } else if (is_word(v->text, " false no off ")) {
        v->kind = ND_JSON_BOOL;
    } else if (!v->text.n || is_word(v->text, " null ~ ")) {
        v->kind = ND_JSON_NULL;
    }
}

struct building {
    struct level at[ND_JSON_DEPTH];
    unsigned depth;
    struct nd_json *root;
    struct nd_arena *arena;
};

/* A value where one is due. Return: 0; ND_DONE it was a key; ND_NOMEM. */
static int put(struct building *b, enum nd_json_kind kind, struct nd_str text, struct nd_json **out)
{
    *out = NULL;
    if (!b->depth) {
        struct nd_json *v = nd_arena_alloc(b->arena, sizeof *v);
        if (!v)
            return ND_NOMEM;
        *v = (struct nd_json){.kind = kind, .text = text};
        b->root = b->root ? b->root : v;
        *out = v;
        return 0;
    }
    struct level *l = &b->at[b->depth - 1];
    if (l->node->kind == ND_JSON_OBJECT && !l->keyed) {
        l->key = text;
        l->keyed = true;
        if (kind == ND_JSON_STRING)
            return ND_DONE;
        l->key = (struct nd_str){0}; /* a key that is no text: its value has no name */
    } else {
        l->keyed = false;
    }
    struct nd_str key = l->node->kind == ND_JSON_OBJECT ? l->key : (struct nd_str){0};
    *out = nd_front_add(l->node, &l->tail, b->arena, key, kind, text);
    return *out ? 0 : ND_NOMEM;
}

static int event(struct building *b, const yaml_event_t *e, struct nd_error *err)
{
    struct nd_json *v;
    struct nd_str text = {0};
    int rc = 0;
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        text = nd_arena_str(b->arena, (const char *)e->data.scalar.value, e->data.scalar.length);
        rc = text.p ? put(b, ND_JSON_STRING, text, &v) : ND_NOMEM;
        if (!rc)
            settle(v, e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE);
        return rc == ND_DONE ? 0 : rc;
    case YAML_ALIAS_EVENT:
        rc = put(b, ND_JSON_NULL, text, &v);
        return rc == ND_DONE ? 0 : rc;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        if (b->depth == ND_JSON_DEPTH)
            return nd_fail(err, ND_LIMIT, "the front matter is nested deeper than %d",
                           ND_JSON_DEPTH);
        rc = put(b, e->type == YAML_MAPPING_START_EVENT ? ND_JSON_OBJECT : ND_JSON_ARRAY, text, &v);
        if (rc)
            return rc;
        b->at[b->depth++] = (struct level){.node = v};
        return 0;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        if (b->depth)
            b->depth--;
        if (b->depth) /* what it was the key of, if it was one, is over */
            b->at[b->depth - 1].keyed = b->at[b->depth - 1].keyed && !b->at[b->depth - 1].key.p;
        return 0;
    default:
        return 0;
    }
}

int nd_front_yaml(struct nd_json **out, struct nd_arena *arena, struct nd_str text,
                  struct nd_error *err)
{
    struct building b = {.arena = arena};
    yaml_parser_t parser;
    int rc = 0;
    bool more = true;
    *out = NULL;
    if (!yaml_parser_initialize(&parser))
        return nd_fail(err, ND_NOMEM, "out of memory for a front matter");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
    while (more && !rc) {
        yaml_event_t e;
        if (!yaml_parser_parse(&parser, &e)) {
            rc = nd_fail(err, ND_INPUT, "the front matter is not YAML: %.100s in line %zu",
                         parser.problem ? parser.problem : "unknown", parser.problem_mark.line + 1);
            break;
        }
        more = e.type != YAML_STREAM_END_EVENT && e.type != YAML_DOCUMENT_END_EVENT;
        rc = event(&b, &e, err);
        yaml_event_delete(&e);
    }
    yaml_parser_delete(&parser);
    if (rc)
        return rc == ND_NOMEM ? nd_fail(err, rc, "out of memory for a front matter") : rc;
    if (!b.root) {
        b.root = nd_arena_alloc(arena, sizeof *b.root);
        if (!b.root)
            return nd_fail(err, ND_NOMEM, "out of memory for a front matter");
        b.root->kind = ND_JSON_OBJECT;
    }
    if (b.root->kind != ND_JSON_OBJECT)
        return nd_fail(err, ND_INPUT, "the front matter is no mapping");
    *out = b.root;
    return 0;
}
