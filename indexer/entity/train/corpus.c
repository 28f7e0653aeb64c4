#include "corpus.h"

#include "entity/crf.h"
#include "record/article.h"
#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

static int read_held(struct nd_corpus *c, const char *path)
{
    FILE *f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "cannot read '%s'\n", path);
        return -1;
    }
    char line[64];
    c->held_n = 1 << 16;
    c->held = calloc(c->held_n, 1);
    while (c->held && fgets(line, sizeof line, f)) {
        unsigned long v = strtoul(line, NULL, 10);
        if (v < c->held_n)
            c->held[v] = 1;
    }
    fclose(f);
    return c->held ? 0 : -1;
}

int nd_corpus_open(struct nd_corpus *c, const char *path, const char *held, int want_held)
{
    *c = (struct nd_corpus){.want_held = want_held};
    nd_buf_init(&c->doc.text, 1 << 30);
    if (held && read_held(c, held))
        return -1;
    size_t n = strlen(path);
    c->pipe = n > 3 && strcmp(path + n - 3, ".xz") == 0;
    if (c->pipe) {
        char command[4096];
        if (strchr(path, '\'') || snprintf(command, sizeof command, "xz -dc '%s'", path) >= 4096)
            return -1;
        c->f = popen(command, "r");
    } else {
        c->f = fopen(path, "r");
    }
    if (!c->f)
        fprintf(stderr, "cannot read '%s'\n", path);
    return c->f ? 0 : -1;
}

void nd_corpus_close(struct nd_corpus *c)
{
    if (c->f)
        c->pipe ? pclose(c->f) : fclose(c->f);
    free(c->line);
    free(c->held);
    nd_buf_free(&c->doc.text);
    free(c->doc.tokens);
    *c = (struct nd_corpus){0};
}

static int type_of(const char *tag)
{
    static const char *const names[4] = {"PER", "ORG", "LOC", "MISC"};
    if (tag[0] == 'O' || tag[0] == 0 || tag[1] != '-')
        return -1;
    for (int t = 0; t < 4; t++)
        if (strncmp(tag + 2, names[t], strlen(names[t])) == 0)
            return t;
    return -1;
}

/* ---- setting tokens as text ---- */

struct setter {
    bool quote, single; /* a quotation is open */
    bool glue;          /* the next token follows without a blank */
};

static bool is(const char *p, size_t n, const char *what)
{
    return strlen(what) == n && memcmp(p, what, n) == 0;
}

static bool one_of(const char *p, size_t n, const char *marks)
{
    return n == 1 && p[0] && strchr(marks, p[0]);
}

/* Does p[0..n) stand without a blank after the token before it? Sets s->glue for the one after it.
 * */
static bool attaches(struct setter *s, const char *p, size_t n, const char *before, size_t before_n)
{
    bool glue = s->glue;
    s->glue = false;
    if (one_of(p, n, "([{#@$") || is(p, n, "£") || is(p, n, "€") || is(p, n, "“") ||
        is(p, n, "«") || is(p, n, "``") || is(p, n, "‘")) {
        s->glue = true;
        return glue;
    }
    if (one_of(p, n, "\"")) {
        s->quote = !s->quote;
        s->glue = s->quote;
        return glue || !s->quote;
    }
    if (one_of(p, n, "'")) {
        bool owns = !s->single && before_n > 1 && before[before_n - 1] == 's';
        if (owns)
            return true;
        s->single = !s->single;
        s->glue = s->single;
        return glue || !s->single;
    }
    if (one_of(p, n, "/")) {
        s->glue = true;
        return true;
    }
    if (one_of(p, n, ".,;:!?)]}%") || is(p, n, "...") || is(p, n, "”") || is(p, n, "»") ||
        is(p, n, "''") || is(p, n, "’") || is(p, n, "n't") || is(p, n, "n’t"))
        return true;
    if (n > 1 && (p[0] == '\'' || memcmp(p, "\xe2\x80\x99", n < 3 ? n : 3) == 0) && before_n &&
        !(n > 2 && p[1] >= '0' && p[1] <= '9'))
        return true;
    return glue;
}

/* U . S . : letters and dots that are initials stand together. */
static bool initials(const struct nd_doc *d, const char *p, size_t n)
{
    if (d->n < 2 || n != 1 || p[0] < 'A' || p[0] > 'Z')
        return false;
    const struct nd_gold_token *dot = &d->tokens[d->n - 1], *letter = &d->tokens[d->n - 2];
    const char *t = d->text.data;
    return !dot->first && dot->end - dot->start == 1 && t[dot->start] == '.' &&
           letter->end - letter->start == 1 && t[letter->start] >= 'A' && t[letter->start] <= 'Z' &&
           letter->type == dot->type;
}

static int add_token(struct nd_doc *d, struct setter *s, char *p, size_t n, int type, bool begins,
                     bool first)
{
    struct nd_buf clean;
    nd_buf_init(&clean, 1 << 20);
    for (size_t i = 0; i < n; i++)
        if (p[i] == '_')
            p[i] = ' ';
    uint64_t repairs = 0;
    struct nd_buf whole;
    nd_buf_init(&whole, 1 << 20);
    int rc = nd_utf8_repair(&clean, p, n, &repairs);
    if (!rc)
        rc = nd_nfc(&whole, clean.data, clean.len);
    if (rc || whole.len == 0)
        goto out;
    if (first)
        *s = (struct setter){0};
    const char *before = d->n ? d->text.data + d->tokens[d->n - 1].start : "";
    size_t before_n = d->n ? d->tokens[d->n - 1].end - d->tokens[d->n - 1].start : 0;
    bool glue = attaches(s, whole.data, whole.len, before, before_n);
    glue = glue || (!first && initials(d, whole.data, whole.len));
    if (d->n)
        rc = first ? nd_buf_add(&d->text, "\n\n", 2) : glue ? 0 : nd_buf_byte(&d->text, ' ');
    if (d->n == d->cap) {
        size_t cap = d->cap ? d->cap * 2 : 1024;
        void *v = realloc(d->tokens, cap * sizeof *d->tokens);
        if (!v) {
            rc = ND_NOMEM;
            goto out;
        }
        d->tokens = v;
        d->cap = cap;
    }
    uint32_t at = (uint32_t)d->text.len;
    if (!rc)
        rc = nd_buf_add(&d->text, whole.data, whole.len);
    d->tokens[d->n++] =
        (struct nd_gold_token){at, (uint32_t)(at + whole.len), (int8_t)type, begins, first};
out:
    nd_buf_free(&clean);
    nd_buf_free(&whole);
    return rc;
}

static bool date_word(const char *p, size_t n)
{
    static const char *const words[] = {
        "January",   "February",  "March",   "April",    "May",      "June",   "July",
        "August",    "September", "October", "November", "December", "Monday", "Tuesday",
        "Wednesday", "Thursday",  "Friday",  "Saturday", "Sunday"};
    bool letters = false;
    for (size_t i = 0; i < n; i++)
        letters = letters || (p[i] | 32) >= 'a' || (unsigned char)p[i] >= 0x80;
    if (!letters)
        return true;
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        if (is(p, n, words[k]))
            return true;
    return false;
}

/* Names of the kind "other" that hold nothing but dates, numbers and marks become none. */
static void clean_dates(struct nd_doc *d)
{
    for (size_t i = 0; i < d->n;) {
        size_t from = i++;
        if (d->tokens[from].type != 3)
            continue;
        while (i < d->n && d->tokens[i].type == 3 && !d->tokens[i].begins)
            i++;
        bool dates = true;
        for (size_t k = from; k < i; k++)
            dates = dates && date_word(d->text.data + d->tokens[k].start,
                                       d->tokens[k].end - d->tokens[k].start);
        for (size_t k = from; dates && k < i; k++)
            d->tokens[k].type = -1;
    }
}

const struct nd_doc *nd_corpus_next(struct nd_corpus *c, bool clean)
{
    struct nd_doc *d = &c->doc;
    struct setter s = {0};
    bool first = true;
    ssize_t n;
    int before = -1;
    nd_buf_reset(&d->text);
    d->n = 0;
    while ((n = getline(&c->line, &c->line_cap, c->f)) >= 0) {
        while (n > 0 && (c->line[n - 1] == '\n' || c->line[n - 1] == '\r'))
            c->line[--n] = 0;
        if (strncmp(c->line, "-DOCSTART-", 10) == 0) {
            size_t number = c->number;
            if (c->started)
                c->number++;
            bool had = c->started && d->n > 0;
            c->started = true;
            bool held = c->held && number < c->held_n && c->held[number];
            if (had && (c->want_held < 0 || held == (c->want_held == 1))) {
                d->number = number;
                if (clean)
                    clean_dates(d);
                return d;
            }
            nd_buf_reset(&d->text);
            d->n = 0;
            first = true;
            continue;
        }
        c->started = true;
        char *tab = n ? memchr(c->line, '\t', (size_t)n) : NULL;
        if (!tab) {
            first = true;
            continue;
        }
        int type = type_of(tab + 1);
        bool begins = type >= 0 && (tab[1] == 'B' || first || before != type);
        if (add_token(d, &s, c->line, (size_t)(tab - c->line), type, begins, first))
            return NULL;
        before = type;
        first = false;
    }
    bool held = c->held && c->number < c->held_n && c->held[c->number];
    if (d->n == 0 || (c->want_held >= 0 && held != (c->want_held == 1)))
        return NULL;
    d->number = c->number;
    if (clean)
        clean_dates(d);
    return d;
}

/* A comma in a place parts two: "Vevey, Switzerland". The data has it both ways, mostly this. */
static bool parts_places(const struct nd_unit *u, int type)
{
    return type == ND_PLACE && u->len == 1 && u->p[0] == ',';
}

void nd_labels_of(const struct nd_unit *u, const int8_t *type, const uint8_t *begins, size_t n,
                  uint8_t *labels)
{
    for (size_t i = 0; i < n;) {
        size_t from = i++;
        labels[from] = 0;
        if (type[from] < 0 || parts_places(&u[from], type[from]))
            continue;
        while (i < n && type[i] == type[from] && !begins[i] && !(u[i].flags & ND_U_FIRST) &&
               !parts_places(&u[i], type[i]))
            i++;
        for (size_t k = from; k < i; k++) {
            unsigned part = i - from == 1 ? ND_PART_ONLY
                            : k == from   ? ND_PART_BEGIN
                            : k == i - 1  ? ND_PART_LAST
                                          : ND_PART_INSIDE;
            labels[k] = (uint8_t)nd_label((unsigned)type[from], part);
        }
    }
}

void nd_doc_labels(const struct nd_doc *d, const struct nd_unit *u, size_t n, uint8_t *labels)
{
    int8_t *type = malloc(n + 1);
    uint8_t *begins = calloc(n + 1, 1);
    size_t k = 0, last_name = SIZE_MAX;
    if (!type || !begins)
        exit(1);
    for (size_t i = 0; i < n; i++) {
        uint32_t a = u[i].at, b = a + (u[i].len ? u[i].len : 1u);
        type[i] = -1;
        while (k < d->n && d->tokens[k].end <= a)
            k++;
        for (size_t j = k; j < d->n && d->tokens[j].start < b; j++)
            if (d->tokens[j].type >= 0) {
                type[i] = d->tokens[j].type;
                size_t name = j;
                while (!d->tokens[name].begins && name > 0)
                    name--;
                begins[i] = name != last_name;
                last_name = name;
                break;
            }
    }
    nd_labels_of(u, type, begins, n, labels);
    free(type);
    free(begins);
}
