/* Names: where they stand in the articles, and which ids a query means. The mentions are read from what `newsdex tag`
 * prints, with byte places; which of them a query means is found out here by comparing words. */
#include "oracle.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const types[] = {"person", "org", "place", "misc"};

static unsigned type_of(json_t *o)
{
    const char *s = json_string_value(json_object_get(o, "type"));
    for (unsigned i = 0; s && i < NAME_KINDS; i++)
        if (strcmp(s, types[i]) == 0)
            return i;
    fprintf(stderr, "oracle: a name of type '%s'\n", s ? s : "?");
    exit(3);
}

/* The number of a name, made if it is new. */
static uint32_t name_number(struct corpus *c, unsigned type, const char *id)
{
    size_t size = strlen(id) + 3;
    char *key = need(size);
    snprintf(key, size, "%u:%s", type, id);
    uint32_t k = number_of(&c->ids, key);
    free(key);
    if (k == c->names.n) {
        GROW(c->names);
        struct name *n = &c->names.v[c->names.n++];
        n->type = type;
        n->id = copy_of(id, strlen(id));
        n->words = value_words(id);
    }
    return k;
}

static void add_form(struct name *n, const char *form)
{
    for (size_t i = 0; i < n->printed.n; i++)
        if (strcmp(n->printed.v[i], form) == 0)
            return;
    GROW(n->printed);
    n->printed.v[n->printed.n++] = copy_of(form, strlen(form));
    GROW(n->forms);
    n->forms.v[n->forms.n++] = value_words(form);
}

void mentions_read(struct corpus *c, struct article *a, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *o = json_array_get(list, i);
        const char *field = json_string_value(json_object_get(o, "field"));
        const char *id = json_string_value(json_object_get(o, "id")), *form = json_string_value(json_object_get(o, "name"));
        size_t start = (size_t)json_integer_value(json_object_get(o, "start"));
        size_t end = (size_t)json_integer_value(json_object_get(o, "end")), first = 0, last;
        unsigned f = !field ? TEXTS : *field == 't' ? TITLE : *field == 'l' ? LEAD : BODY;
        while (first < a->tokens.n && (a->tokens.v[first].field != f || a->tokens.v[first].end <= start))
            first++;
        for (last = first; last + 1 < a->tokens.n && a->tokens.v[last + 1].field == f && a->tokens.v[last + 1].start < end;)
            last++;
        if (!id || !form || first >= a->tokens.n || a->tokens.v[first].field != f ||
            a->tokens.v[first].start > start) {
            fprintf(stderr, "oracle: a name of '%s' has no place in the text\n", a->id);
            exit(3);
        }
        uint32_t k = name_number(c, type_of(o), id);
        add_form(&c->names.v[k], form);
        GROW(a->mentions);
        a->mentions.v[a->mentions.n++] = (struct mention){(uint32_t)first, (uint32_t)last, k};
        c->mentions++;
    }
}

static const char *end_form(char *out, size_t room, unsigned type, const char *id, const char *form)
{
    snprintf(out, room, "%u:%s:%s", type, id, form);
    return out;
}

/* Is a name printed in a form in the articles of a layout? What is printed elsewhere alone is not known there. */
static bool is_printed(const struct corpus *c, const struct layout *l, uint32_t name, const char *form)
{
    char key[2048];
    for (size_t f = 0; f < l->n; f++) {
        uint32_t end = name;
        for (size_t i = 0; i < l->folder[f].n; i++)
            if (l->folder[f].v[i].from == name)
                end = l->folder[f].v[i].to;
        end_form(key, sizeof key, c->names.v[end].type, c->names.v[end].id, form);
        if (has_name(&l->folder[f].forms, key))
            return true;
    }
    return false;
}

static void folder_read(struct corpus *c, const char *path, struct links *out)
{
    FILE *in = fopen(path, "r");
    char *line = NULL, room_of[2048];
    size_t room = 0;
    ssize_t n;
    if (!in) {
        fprintf(stderr, "oracle: cannot read '%s'\n", path);
        exit(3);
    }
    while ((n = getline(&line, &room, in)) > 0) {
        json_t *o = json_loadb(line, (size_t)n, JSON_ALLOW_NUL, NULL);
        json_t *others = json_object_get(o, "ids");
        const char *id = json_string_value(json_object_get(o, "id"));
        const char *form;
        json_t *count;
        json_object_foreach(json_object_get(o, "forms"), form, count)
            number_of(&out->forms, end_form(room_of, sizeof room_of, type_of(o), id ? id : "", form));
        for (size_t i = 0; id && i < json_array_size(others); i++) {
            const char *from = strchr(json_string_value(json_array_get(others, i)), ':'); /* type:id */
            GROW(*out);
            out->v[out->n].from = name_number(c, type_of(o), from ? from + 1 : "");
            out->v[out->n++].to = name_number(c, type_of(o), id);
        }
        json_decref(o);
    }
    free(line);
    fclose(in);
}

void links_read(struct corpus *c, const char *paths)
{
    GROW(c->layouts);
    struct layout *l = &c->layouts.v[c->layouts.n++];
    while (*paths && l->n < 2) {
        size_t n = strcspn(paths, ",");
        char *path = copy_of(paths, n);
        folder_read(c, path, &l->folder[l->n++]);
        free(path);
        paths += n + (paths[n] == ',');
    }
}

/* Do the words of a part stand in those of the whole, neighbours in order? */
static bool within(const char *whole, const char *part)
{
    char *w = need(strlen(whole) + 3), *p = need(strlen(part) + 3);
    snprintf(w, strlen(whole) + 3, " %s ", whole);
    snprintf(p, strlen(part) + 3, " %s ", part);
    bool yes = *part && strstr(w, p);
    free(w);
    free(p);
    return yes;
}

static bool fits(const struct corpus *c, const struct node *q, const struct layout *l, uint32_t name,
                 const char *want)
{
    const struct name *n = &c->names.v[name];
    bool yes = q->whole ? strcmp(n->words, want) == 0 : within(n->words, want);
    for (size_t i = 0; !q->whole && !yes && i < n->forms.n; i++)
        yes = strcmp(n->forms.v[i], want) == 0 && (!l || is_printed(c, l, name, n->printed.v[i]));
    return yes;
}

/* The ids that a query means in a layout. */
static void meant(struct corpus *c, const struct node *q, const struct layout *l, uint8_t *out)
{
    const char *comma = strchr(q->text, ',');
    char *want[2] = {value_words(q->text), NULL};
    if (comma && comma[1] && !strchr(comma + 1, ',')) { /* Last, First */
        size_t size = strlen(q->text) + 2;
        char *turned = need(size);
        snprintf(turned, size, "%s %.*s", comma + 1, (int)(comma - q->text), q->text);
        want[1] = value_words(turned);
        free(turned);
    }
    for (size_t i = 0; i < c->names.n; i++)
        for (size_t k = 0; k < 2 && want[k]; k++)
            out[i] |= (q->n >> c->names.v[i].type & 1) && fits(c, q, l, (uint32_t)i, want[k]);
    for (size_t f = 0; l && f < l->n; f++) {
        uint8_t *before = need(c->names.n);
        memcpy(before, out, c->names.n);
        for (size_t i = 0; i < l->folder[f].n; i++)
            out[l->folder[f].v[i].from] |= before[l->folder[f].v[i].to];
        free(before);
    }
    free(want[0]);
    free(want[1]);
}

const uint8_t *names_of(struct corpus *c, struct node *q)
{
    if (!q->fits[0]) {
        q->fits[0] = need(c->names.n);
        meant(c, q, c->layouts.n ? &c->layouts.v[0] : NULL, q->fits[0]);
    }
    return q->fits[0];
}

bool names_agree(struct corpus *c, const struct node *q)
{
    uint8_t *first = need(c->names.n), *other = need(c->names.n);
    bool same = true;
    if (c->layouts.n)
        meant(c, q, &c->layouts.v[0], first);
    for (size_t i = 1; same && i < c->layouts.n; i++) {
        memset(other, 0, c->names.n);
        meant(c, q, &c->layouts.v[i], other);
        same = c->names.n == 0 || memcmp(first, other, c->names.n) == 0;
    }
    free(first);
    free(other);
    return same;
}
