/* The articles as `newsdex convert` prints them, cut into numbered words. */
#include "oracle.h"

#include <jansson.h>
#include <libstemmer.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

void *need(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) {
        fprintf(stderr, "oracle: out of memory\n");
        exit(3);
    }
    return p;
}

void *grow(void *p, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return p;
    size_t more = *cap ? *cap * 2 : 16;
    p = realloc(p, more * size);
    if (!p) {
        fprintf(stderr, "oracle: out of memory\n");
        exit(3);
    }
    memset((char *)p + n * size, 0, (more - n) * size);
    *cap = more;
    return p;
}

char *copy_of(const char *s, size_t n)
{
    char *p = need(n + 1);
    memcpy(p, s, n);
    return p;
}

static uint64_t hash(const char *s)
{
    uint64_t h = 1469598103934665603u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return h ^ h >> 29;
}

uint32_t number_of(struct names *t, const char *s)
{
    if (t->n * 2 >= t->slots_n) {
        free(t->slots);
        t->slots_n = t->slots_n ? t->slots_n * 2 : 1024;
        t->slots = need(t->slots_n * sizeof *t->slots);
        for (size_t i = 0; i < t->n; i++) {
            size_t k = hash(t->v[i]) & (t->slots_n - 1);
            while (t->slots[k])
                k = (k + 1) & (t->slots_n - 1);
            t->slots[k] = (uint32_t)i + 1;
        }
    }
    size_t k = hash(s) & (t->slots_n - 1);
    for (; t->slots[k]; k = (k + 1) & (t->slots_n - 1))
        if (strcmp(t->v[t->slots[k] - 1], s) == 0)
            return t->slots[k] - 1;
    GROW(*t);
    t->v[t->n] = copy_of(s, strlen(s));
    t->slots[k] = (uint32_t)++t->n;
    return (uint32_t)t->n - 1;
}

bool has_name(const struct names *t, const char *s)
{
    if (!t->n)
        return false;
    for (size_t k = hash(s) & (t->slots_n - 1); t->slots[k]; k = (k + 1) & (t->slots_n - 1))
        if (strcmp(t->v[t->slots[k] - 1], s) == 0)
            return true;
    return false;
}

/* The languages that the samples have; number 0 is "no stemmer". */
static const struct {
    const char *code, *name;
} languages[] = {{"", NULL}, {"en", "english"}, {"de", "german"}, {"fr", "french"}, {"es", "spanish"},
                 {"ru", "russian"}, {"it", "italian"}, {"pt", "portuguese"}, {"nl", "dutch"}};

static unsigned language(const char *code)
{
    if (!code)
        return 1;
    for (unsigned i = 1; i < sizeof languages / sizeof languages[0]; i++)
        if (strncmp(code, languages[i].code, 2) == 0 && (code[2] == '\0' || code[2] == '-'))
            return i;
    return 0;
}

static char *stem(unsigned lang, const char *s)
{
    static struct sb_stemmer *made[LANGS];
    if (!languages[lang].name)
        return copy_of(s, strlen(s));
    if (!made[lang])
        made[lang] = sb_stemmer_new(languages[lang].name, NULL);
    if (!made[lang])
        return copy_of(s, strlen(s));
    const char *r = (const char *)sb_stemmer_stem(made[lang], (const sb_symbol *)s, (int)strlen(s));
    return copy_of(r, strlen(r));
}

uint32_t word_number(struct corpus *c, const char *key, bool acronym)
{
    uint32_t w = number_of(&c->keys, key);
    if (w == c->words.n) {
        GROW(c->words);
        c->words.n++;
        char *f = folded(key);
        c->words.v[w].fold = number_of(&c->folds, acronym ? key : f);
        c->words.v[w].acronym = acronym;
        free(f);
    }
    return w;
}

void stems_of(struct corpus *c, uint32_t word, unsigned lang, uint32_t out[2])
{
    struct word *w = &c->words.v[word];
    if (!w->stem[lang][0]) {
        const char *key = c->keys.v[word];
        char *f = folded(key);
        if (w->acronym) {
            w->stem[lang][0] = w->stem[lang][1] = number_of(&c->stems, key) + 1;
        } else {
            char *s = stem(lang, key), *a = folded(s), *b = stem(lang, f);
            w->stem[lang][0] = number_of(&c->stems, a) + 1;
            w->stem[lang][1] = number_of(&c->stems, b) + 1;
            free(s);
            free(a);
            free(b);
        }
        free(f);
    }
    out[0] = w->stem[lang][0] - 1;
    out[1] = w->stem[lang][1] - 1;
}

static void add_text(struct corpus *c, struct article *a, unsigned field, uint32_t *sentence,
                     uint32_t *paragraph)
{
    struct pieces p = {0};
    uint32_t begin = (uint32_t)a->tokens.n;
    pieces_of(&p, a->text[field], a->text_n[field]);
    for (size_t i = 0; i < p.n; i++) {
        const struct piece *w = &p.v[i];
        *sentence += w->brk > 0;
        *paragraph += w->brk > 1;
        GROW(a->tokens);
        uint32_t number = word_number(c, w->key, w->acronym);
        c->words.v[number].plain = true;
        c->words.v[number].count++;
        uint32_t at = (uint32_t)a->tokens.n;
        a->tokens.v[a->tokens.n++] = (struct token){number, *sentence, *paragraph, (uint32_t)w->start,
                                                    (uint32_t)w->end, (uint8_t)field, w->upper, w->capitals};
        char joined[KEY_MAX + 1];
        if (w->chain && joined_key(&p, i, joined)) {
            GROW(a->chains);
            a->chains.v[a->chains.n++] =
                (struct chain){at + 1 - w->chain, at, word_number(c, joined, false)};
        }
    }
    for (size_t i = 0; i < p.quotes.n; i++) {
        GROW(a->quotes);
        a->quotes.v[a->quotes.n++] = (struct stretch){begin + (uint32_t)p.quotes.v[i].first,
                                                      begin + (uint32_t)p.quotes.v[i].last};
    }
    free(p.quotes.v);
    free(p.v);
}

static char *text_of(json_t *o, const char *key, size_t *n)
{
    json_t *v = json_object_get(o, key);
    *n = v ? json_string_length(v) : 0;
    return v && json_is_string(v) ? copy_of(json_string_value(v), *n) : NULL;
}

static void add_value(struct values *list, json_t *v)
{
    if (!json_is_string(v))
        return;
    GROW(*list);
    list->v[list->n++] = copy_of(json_string_value(v), json_string_length(v));
}

static void add_values(struct values *list, json_t *v)
{
    add_value(list, v);
    for (size_t i = 0; json_is_array(v) && i < json_array_size(v); i++)
        add_value(list, json_array_get(v, i));
}

/* The days that a date as printed (2023, 2023-09, 2023-09-05T...) may be. */
static void days_of(const char *s, uint32_t *from, uint32_t *to)
{
    unsigned y = 0, m = 0, d = 0;
    *from = *to = 0;
    int n = s ? sscanf(s, "%4u-%2u-%2u", &y, &m, &d) : 0;
    if (n < 1)
        return;
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned last_month = n > 1 && m >= 1 && m <= 12 ? m : 12;
    unsigned last = days[last_month - 1];
    if (last_month == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
        last = 29;
    *from = y * 10000 + (n > 1 ? m : 1) * 100 + (n > 2 ? d : 1);
    *to = y * 10000 + last_month * 100 + (n > 2 ? d : last);
}

static void add_article(struct corpus *c, json_t *o)
{
    static const char *const texts[] = {"title", "lead", "body"};
    uint32_t sentence = 0, paragraph = 0;
    size_t n;
    GROW(c->articles);
    struct article *a = &c->articles.v[c->articles.n++];
    a->id = text_of(o, "id", &n);
    a->url = text_of(o, "url", &n);
    a->lang_code = text_of(o, "lang", &n);
    a->lang = language(a->lang_code);
    add_values(&a->source, json_object_get(o, "source"));
    add_values(&a->section, json_object_get(o, "section"));
    add_values(&a->authors, json_object_get(o, "authors"));
    add_values(&a->tags, json_object_get(o, "tags"));
    char *date = text_of(o, "published", &n);
    days_of(date, &a->from, &a->to);
    free(date);
    for (unsigned f = 0; f < TEXTS; f++) {
        a->text[f] = text_of(o, texts[f], &a->text_n[f]);
        if (a->text[f])
            add_text(c, a, f, &sentence, &paragraph);
    }
    mentions_read(c, a, json_object_get(o, "mentions"));
}

void corpus_read(struct corpus *c, const char *path)
{
    FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    if (!in) {
        fprintf(stderr, "oracle: cannot read '%s'\n", path);
        exit(3);
    }
    while ((n = getline(&line, &room, in)) > 0) {
        json_error_t why;
        json_t *o = json_loadb(line, (size_t)n, JSON_ALLOW_NUL, &why);
        if (!o || !json_is_object(o)) {
            fprintf(stderr, "oracle: '%s': %s\n", path, why.text);
            exit(3);
        }
        add_article(c, o);
        json_decref(o);
    }
    free(line);
    if (in != stdin)
        fclose(in);
}
