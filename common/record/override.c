#include "record/override_in.h"

#include "base/file.h"
#include "record/value.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARENA_MAX = 512 << 20,
    FILE_MAX = 64 << 20,
    NONE = UINT32_MAX
};

static int no_memory(struct nd_error *err)
{
    return nd_fail(err, ND_NOMEM, "out of memory for the rules of names");
}

int nd_overrides_new(struct nd_overrides **out, struct nd_error *err)
{
    struct nd_overrides *o = *out = calloc(1, sizeof *o);
    if (!o)
        return no_memory(err);
    nd_arena_init(&o->arena, ARENA_MAX);
    nd_buf_init(&o->key, 1 << 20);
    if (nd_map_init(&o->names, ARENA_MAX) || nd_map_init(&o->others, ARENA_MAX) ||
        nd_map_init(&o->ids.map, ARENA_MAX)) {
        nd_overrides_free(o);
        *out = NULL;
        return no_memory(err);
    }
    return 0;
}

void nd_overrides_free(struct nd_overrides *o)
{
    if (!o)
        return;
    nd_map_free(&o->names);
    nd_map_free(&o->others);
    nd_map_free(&o->ids.map);
    for (size_t i = 0; i < o->files_n; i++)
        free(o->files[i]);
    free(o->rules);
    free(o->errors);
    free(o->first);
    free(o->last);
    free(o->others_rank);
    free(o->others_id);
    free(o->ids.rule);
    free(o->ids.split);
    free(o->ids.name);
    nd_buf_free(&o->key);
    nd_arena_free(&o->arena);
    free(o);
}

int override_key(struct nd_overrides *o, unsigned type, struct nd_str s)
{
    nd_buf_reset(&o->key);
    nd_buf_byte(&o->key, (unsigned char)type);
    nd_buf_add(&o->key, s.p, s.n);
    return nd_buf_code(&o->key);
}

/* Room for number i in arrays of u32 that are NONE where nothing was put. */
static int room(uint32_t **a, uint32_t **b, uint32_t **c, size_t *cap, size_t i)
{
    if (i < *cap)
        return 0;
    size_t more = *cap ? *cap * 2 : 64;
    uint32_t **v[] = {a, b, c};
    for (size_t k = 0; k < 3; k++) {
        if (!v[k])
            continue;
        uint32_t *p = realloc(*v[k], more * sizeof *p);
        if (!p)
            return ND_NOMEM;
        memset(p + *cap, 0xff, (more - *cap) * sizeof *p);
        *v[k] = p;
    }
    *cap = more;
    return 0;
}

static uint32_t first_of(struct nd_overrides *o, unsigned type, struct nd_str words)
{
    if (override_key(o, type, words))
        return NONE;
    uint32_t k = nd_map_find(&o->names, o->key.data, o->key.len);
    return k == ND_MAP_NONE ? NONE : o->first[k];
}

/* The first rule of a name that is (or is not) a split. */
static const struct nd_rule *rule_of(struct nd_overrides *o, unsigned type, struct nd_str words,
                                     bool split)
{
    for (uint32_t i = first_of(o, type, words); i != NONE; i = o->rules[i].next)
        if ((o->rules[i].kind == ND_RULE_SPLIT) == split)
            return &o->rules[i];
    return NULL;
}

/* Is another rule in the way of r? */
static int conflict(struct nd_overrides *o, const struct nd_rule *r, struct nd_error *err)
{
    for (uint32_t i = first_of(o, r->type, r->words); i != NONE; i = o->rules[i].next) {
        const struct nd_rule *x = &o->rules[i];
        bool split = r->kind == ND_RULE_SPLIT;
        if (x->file != r->file || (x->kind == ND_RULE_SPLIT) != split ||
            (split && (x->field != r->field || !nd_str_eq(x->value_fold, r->value_fold))))
            continue;
        nd_fail(err, ND_INPUT, "line %u already says what '%.*s' is", x->line,
                (int)(r->name.n < 80 ? r->name.n : 80), r->name.p);
        nd_hint(err, "the first line counts; take one of them out");
        return ND_INPUT;
    }
    if (r->kind == ND_RULE_REJECT || r->kind == ND_RULE_SPLIT)
        return 0;
    const struct nd_rule *x = r;
    for (size_t step = 0; x && x->kind != ND_RULE_REJECT; step++) {
        if (x->to_type == x->type && nd_str_eq(x->other_words, x->words))
            return 0; /* itself */
        if (step && x->to_type == r->type && nd_str_eq(x->other_words, r->words)) {
            nd_fail(err, ND_INPUT, "this goes in a circle with line %u", x->line);
            nd_hint(err, "decide which of the two names stays");
            return ND_INPUT;
        }
        if (step == ND_RULE_STEPS) {
            nd_fail(err, ND_INPUT, "a chain of more than %d rules", (int)ND_RULE_STEPS);
            nd_hint(err, "lead each name to the last one at once");
            return ND_INPUT;
        }
        x = rule_of(o, x->to_type, x->other_words, false);
    }
    return 0;
}

static void ask_letter(struct nd_overrides *o, unsigned type, struct nd_str words)
{
    unsigned char c = (unsigned char)(words.n ? words.p[0] : 0);
    o->letters[type][c / 8] |= (uint8_t)(1 << c % 8);
}

int override_add(struct nd_overrides *o, const struct nd_rule *r, struct nd_error *err)
{
    uint32_t k;
    int rc = conflict(o, r, err);
    if (rc)
        return rc;
    if (o->n == ND_RULES_MAX)
        return nd_fail(err, ND_LIMIT, "more than %d rules of names", (int)ND_RULES_MAX);
    if (o->n == o->cap) {
        size_t cap = o->cap ? o->cap * 2 : 64;
        struct nd_rule *v = realloc(o->rules, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        o->rules = v;
        o->cap = cap;
    }
    uint32_t number = (uint32_t)o->n;
    if (override_key(o, r->type, r->words) ||
        nd_map_intern(&o->names, o->key.data, o->key.len, &k) ||
        room(&o->first, &o->last, NULL, &o->first_cap, k))
        return no_memory(err);
    o->rules[number] = *r;
    o->rules[number].number = number;
    o->rules[number].next = NONE;
    o->n++;
    if (o->first[k] == NONE)
        o->first[k] = number;
    else
        o->rules[o->last[k]].next = number;
    o->last[k] = number;
    ask_letter(o, r->type, r->words);
    if (r->kind == ND_RULE_REJECT || r->kind == ND_RULE_TYPE)
        o->moved |= (uint8_t)(1 << r->type | 1 << r->to_type);
    if (r->kind == ND_RULE_REJECT)
        return 0;
    ask_letter(o, r->to_type, r->other_words);
    if (override_key(o, r->to_type, r->other_words) ||
        nd_map_intern(&o->others, o->key.data, o->key.len, &k))
        return no_memory(err);
    if (k >= o->others_cap) {
        size_t cap = o->others_cap ? o->others_cap * 2 : 64;
        uint64_t *rank = realloc(o->others_rank, cap * sizeof *rank);
        if (rank)
            o->others_rank = rank;
        struct nd_str *id = realloc(o->others_id, cap * sizeof *id);
        if (id)
            o->others_id = id;
        if (!rank || !id)
            return no_memory(err);
        memset(rank + o->others_cap, 0, (cap - o->others_cap) * sizeof *rank);
        memset(id + o->others_cap, 0, (cap - o->others_cap) * sizeof *id);
        o->others_cap = cap;
    }
    return 0;
}

static int add_error(struct nd_overrides *o, uint32_t file, uint32_t number, struct nd_str line,
                     const struct nd_error *e, struct nd_error *err)
{
    if (o->errors_n == o->errors_cap) {
        size_t cap = o->errors_cap ? o->errors_cap * 2 : 16;
        struct nd_rule_error *v = realloc(o->errors, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        o->errors = v;
        o->errors_cap = cap;
    }
    struct nd_str text = nd_arena_str(&o->arena, line.p, line.n < ND_RULE_LINE ? line.n : 200);
    if (!text.p)
        return no_memory(err);
    o->errors[o->errors_n++] =
        (struct nd_rule_error){.file = file, .line = number, .text = text, .err = *e};
    return 0;
}

int nd_overrides_text(struct nd_overrides *o, const char *name, const char *text, size_t n,
                      struct nd_error *err)
{
    uint32_t file = (uint32_t)o->files_n, number = 0;
    int rc = 0;
    if (file == sizeof o->files / sizeof *o->files)
        return nd_fail(err, ND_LIMIT, "too many files of rules");
    o->files[file] = strdup(name);
    if (!o->files[file])
        return no_memory(err);
    o->files_n++;
    size_t at = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (!rc && at < n) {
        const char *nl = memchr(text + at, '\n', n - at);
        size_t end = nl ? (size_t)(nl - text) : n;
        struct nd_str line = {text + at, end - at};
        struct nd_rule r;
        struct nd_error e = {0};
        at = end + 1;
        number++;
        rc = override_parse(o, line.p, line.n, &r, &e);
        if (!rc) {
            r.file = file;
            r.line = number;
            rc = override_add(o, &r, &e);
            if (rc == ND_INPUT)
                nd_span(&e, 0, line.n);
        }
        if (rc == ND_INPUT)
            rc = add_error(o, file, number, line, &e, err);
        else if (rc < 0 && err)
            *err = e;
        rc = rc == ND_DONE ? 0 : rc;
    }
    return rc;
}

int nd_overrides_read(struct nd_overrides *o, const char *path, struct nd_error *err)
{
    struct nd_buf b;
    struct nd_error e = {0};
    nd_buf_init(&b, FILE_MAX);
    int rc = nd_file_read(&b, path, &e);
    if (rc == ND_MISSING)
        rc = 0;
    else if (rc && err)
        *err = e;
    else if (!rc)
        rc = nd_overrides_text(o, path, b.data ? b.data : "", b.len, err);
    nd_buf_free(&b);
    return rc;
}

/* ---- which ids of an index the rules mean ---- */

static int id_number(struct nd_overrides *o, unsigned type, struct nd_str id, uint32_t *out)
{
    struct override_ids *ids = &o->ids;
    if (override_key(o, type, id) || nd_map_intern(&ids->map, o->key.data, o->key.len, out))
        return ND_NOMEM;
    return room(&ids->rule, &ids->split, &ids->name, &ids->cap, *out);
}

/* The rules of a name hold for an id. */
static int bind_id(struct nd_overrides *o, unsigned type, struct nd_str id, struct nd_str words,
                   bool count)
{
    const struct nd_rule *r = rule_of(o, type, words, false), *s = rule_of(o, type, words, true);
    uint32_t k;
    if (!r && !s)
        return 0;
    if (id_number(o, type, id, &k))
        return ND_NOMEM;
    if (r && o->ids.rule[k] == NONE)
        o->ids.rule[k] = r->number;
    if (s && o->ids.split[k] == NONE)
        o->ids.split[k] = s->number;
    for (uint32_t i = first_of(o, type, words); count && i != NONE; i = o->rules[i].next)
        o->rules[i].bound++;
    return 0;
}

static int offer(struct nd_overrides *o, unsigned type, struct nd_str words, struct nd_str id,
                 uint64_t rank)
{
    if (override_key(o, type, words))
        return ND_NOMEM;
    uint32_t k = nd_map_find(&o->others, o->key.data, o->key.len);
    if (k == ND_MAP_NONE || o->others_rank[k] >= rank)
        return 0;
    o->others_id[k] = nd_arena_str(&o->arena, id.p, id.n);
    o->others_rank[k] = rank;
    return o->others_id[k].p ? 0 : ND_NOMEM;
}

/* Could the words of s be those of a rule? By their first letter. */
static bool may_be(const struct nd_overrides *o, unsigned type, struct nd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c + 'a' - 'A');
        if (c >= 0x80)
            return true;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            return o->letters[type][c / 8] >> c % 8 & 1;
    }
    return false;
}

int nd_overrides_bind(struct nd_overrides *o, const struct nd_derived *d, struct nd_error *err)
{
    struct nd_buf a, b;
    struct nd_derived_row r;
    int rc = 0;
    nd_buf_init(&a, 1 << 20);
    nd_buf_init(&b, 1 << 20);
    for (uint32_t i = 0; !rc && o->n && i < d->n; i++) {
        if (nd_derived_row(d, i, &r))
            continue;
        bool by_id = may_be(o, r.type, r.id), by_name = may_be(o, r.type, r.name);
        if (!by_id && !by_name)
            continue;
        nd_buf_reset(&a);
        nd_buf_reset(&b);
        rc = nd_value_words(&a, r.id.p, r.id.n);
        if (!rc)
            rc = nd_value_words(&b, r.name.p, r.name.n);
        struct nd_str x = {a.data ? a.data : "", a.len}, y = {b.data ? b.data : "", b.len};
        uint64_t mentions = r.mentions;
        if (!rc)
            rc = bind_id(o, r.type, r.id, x, true);
        if (!rc)
            rc = offer(o, r.type, x, r.id, (uint64_t)2 << 32 | mentions);
        if (rc || nd_str_eq(x, y))
            continue;
        rc = bind_id(o, r.type, r.id, y, true);
        if (!rc)
            rc = offer(o, r.type, y, r.id, (uint64_t)1 << 32 | mentions);
    }
    nd_buf_free(&a);
    nd_buf_free(&b);
    return rc ? no_memory(err) : 0;
}

int nd_overrides_bound(struct nd_overrides *o, struct nd_error *err)
{
    int rc = 0;
    for (size_t i = 0; !rc && i < o->n; i++) {
        struct nd_rule *r = &o->rules[i];
        uint32_t k;
        if (r->kind == ND_RULE_REJECT)
            continue;
        rc = override_key(o, r->to_type, r->other_words);
        k = rc ? ND_MAP_NONE : nd_map_find(&o->others, o->key.data, o->key.len);
        if (k != ND_MAP_NONE && o->others_id[k].p)
            r->id = o->others_id[k];
        if (!rc)
            rc = id_number(o, r->to_type, r->id, &k);
        if (rc)
            break;
        uint32_t *name = &o->ids.name[k];
        bool sure = r->kind == ND_RULE_RENAME || r->kind == ND_RULE_SPLIT;
        if (*name == NONE || (sure && o->rules[*name].kind != ND_RULE_RENAME &&
                              o->rules[*name].kind != ND_RULE_SPLIT))
            *name = r->number;
        if (o->ids.rule[k] == NONE && o->ids.split[k] == NONE)
            rc = bind_id(o, r->to_type, r->id, r->other_words, false);
    }
    return rc ? no_memory(err) : 0;
}

/* ---- asking ---- */

bool nd_overrides_empty(const struct nd_overrides *o)
{
    return !o || o->n == 0;
}

const struct nd_rule *nd_overrides_rules(const struct nd_overrides *o, size_t *n)
{
    *n = o ? o->n : 0;
    return o ? o->rules : NULL;
}

const struct nd_rule_error *nd_overrides_errors(const struct nd_overrides *o, size_t *n)
{
    *n = o ? o->errors_n : 0;
    return o ? o->errors : NULL;
}

const char *nd_overrides_file(const struct nd_overrides *o, uint32_t file)
{
    return file < o->files_n ? o->files[file] : "";
}

bool nd_overrides_move(const struct nd_overrides *o, enum nd_entity_type type)
{
    return o && o->moved >> type & 1;
}

static uint32_t number_of(const struct nd_overrides *o, unsigned type, struct nd_str id)
{
    char key[1 + ND_TERM_MAX * 4];
    if (!o || id.n > sizeof key - 1)
        return ND_MAP_NONE;
    key[0] = (char)type;
    if (id.n)
        memcpy(key + 1, id.p, id.n);
    return nd_map_find(&o->ids.map, key, id.n + 1);
}

const struct nd_rule *nd_override_of(const struct nd_overrides *o, enum nd_entity_type type,
                                     struct nd_str id)
{
    uint32_t k = number_of(o, type, id);
    return k == ND_MAP_NONE || o->ids.rule[k] == NONE ? NULL : &o->rules[o->ids.rule[k]];
}

bool nd_override_touches(const struct nd_overrides *o, enum nd_entity_type type, struct nd_str id)
{
    uint32_t k = number_of(o, type, id);
    return k != ND_MAP_NONE && (o->ids.rule[k] != NONE || o->ids.split[k] != NONE);
}

bool nd_overrides_id(const struct nd_overrides *o, uint32_t i, enum nd_entity_type *type,
                     struct nd_str *id)
{
    if (!o || i >= o->ids.map.count)
        return false;
    struct nd_str key = nd_map_key(&o->ids.map, i);
    *type = (enum nd_entity_type)(unsigned char)key.p[0];
    *id = (struct nd_str){key.p + 1, key.n - 1};
    return true;
}

bool nd_overrides_split(const struct nd_overrides *o)
{
    for (size_t i = 0; o && i < o->n; i++)
        if (o->rules[i].kind == ND_RULE_SPLIT)
            return true;
    return false;
}

struct nd_str nd_override_name(const struct nd_overrides *o, enum nd_entity_type type,
                               struct nd_str id, bool *sure)
{
    uint32_t k = number_of(o, type, id);
    *sure = false;
    if (k == ND_MAP_NONE || o->ids.name[k] == NONE)
        return (struct nd_str){NULL, 0};
    const struct nd_rule *r = &o->rules[o->ids.name[k]];
    *sure = r->kind == ND_RULE_RENAME || r->kind == ND_RULE_SPLIT;
    return r->other;
}

static void add_splits(const struct nd_overrides *o, struct nd_override_end *out)
{
    uint32_t k = number_of(o, out->type, out->id);
    if (k == ND_MAP_NONE)
        return;
    for (uint32_t i = o->ids.split[k]; i != NONE && out->splits_n < ND_SPLITS_MAX;
         i = o->rules[i].next)
        if (o->rules[i].kind == ND_RULE_SPLIT)
            out->splits[out->splits_n++] = &o->rules[i];
}

static void step(struct nd_override_end *out, const struct nd_rule *by)
{
    out->steps[out->steps_n].type = out->type;
    out->steps[out->steps_n].id = out->id;
    out->steps[out->steps_n++].by = by;
}

static bool been(const struct nd_override_end *out, unsigned type, struct nd_str id)
{
    for (size_t i = 0; i < out->steps_n; i++)
        if (out->steps[i].type == type && nd_str_eq(out->steps[i].id, id))
            return true;
    return false;
}

void nd_override_walk(const struct nd_overrides *o, const struct nd_derived *d,
                      enum nd_entity_type type, struct nd_str id, struct nd_override_end *out)
{
    struct nd_derived_row r, to;
    out->rejected = false;
    out->type = type;
    out->id = id;
    out->rule = NULL;
    out->link = ND_DERIVED_NONE;
    out->splits_n = out->steps_n = 0;
    step(out, NULL);
    while (out->steps_n <= ND_RULE_STEPS) {
        add_splits(o, out);
        const struct nd_rule *rule = nd_override_of(o, out->type, out->id);
        if (rule) {
            out->rule = rule;
            out->rejected = rule->kind == ND_RULE_REJECT;
            if (out->rejected || (rule->to_type == out->type && nd_str_eq(rule->id, out->id)))
                return;
            bool end = been(out, rule->to_type, rule->id); /* by a link that goes the other way */
            out->type = rule->to_type;
            out->id = rule->id;
            if (end)
                return;
        } else {
            if (!d || nd_derived_find(d, out->type, out->id.p, out->id.n, &r) ==
                          ND_DERIVED_NO_LINK ||
                r.link == ND_DERIVED_NO_LINK || nd_derived_row(d, r.link, &to) ||
                been(out, to.type, to.id))
                return;
            out->link = r.why;
            out->id = to.id;
        }
        step(out, rule);
    }
}
