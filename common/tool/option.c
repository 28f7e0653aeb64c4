#include "tool/option.h"
#include "tool/option_in.h"

#include "text/utf8.h"

#include <string.h>

static const struct nd_option everywhere[] = {
    {0, "help", ND_OPT_FLAG, NULL, NULL, false, "*", "show this help"},
    {0, "version", ND_OPT_FLAG, NULL, NULL, false, "*", "show the version"},
};

/* What the parser carries along. */
struct line {
    struct nd_args *out;
    struct nd_arena *arena;
    const struct nd_program *program;
    int argc;
    char **argv;
    struct nd_error *err;
    struct nd_option_value **last;
};

/* A word of argv for a message: control characters escaped, cut to what fits. */
static const char *show(const struct line *l, const char *p, size_t n)
{
    struct nd_buf b;
    nd_buf_init(&b, 1000);
    bool whole = n <= 200;
    n = nd_width_cut(p, whole ? n : 200, 60);
    nd_printable(&b, p, n, true);
    if (p[n] && !whole)
        nd_buf_str(&b, "…");
    const char *s = nd_arena_copy(l->arena, b.len ? b.data : "", b.len);
    nd_buf_free(&b);
    return s ? s : "?";
}

static const char *show_all(const struct line *l, const char *p)
{
    return show(l, p, strlen(p));
}

bool nd_in_list(const char *list, const char *name, size_t n)
{
    if (strcmp(list, "*") == 0)
        return true;
    for (const char *a = list; *a;) {
        size_t m = strcspn(a, " ");
        if (m == n && memcmp(a, name, n) == 0)
            return true;
        a += m + strspn(a + m, " ");
    }
    return false;
}

const struct nd_option *nd_option_at(const struct nd_program *program, size_t i)
{
    if (i < program->options_n)
        return &program->options[i];
    for (size_t k = 0, j = i - program->options_n; k < sizeof everywhere / sizeof everywhere[0];
         k++) {
        bool own = false; /* a program's own row of that name comes first */
        for (size_t m = 0; m < program->options_n && !own; m++)
            own = strcmp(program->options[m].name, everywhere[k].name) == 0;
        if (!own && j-- == 0)
            return &everywhere[k];
    }
    return NULL;
}

/* The option of a long name or letter that the command takes (any, where command is NULL). */
static const struct nd_option *find(const struct line *l, const char *name, size_t n, char letter,
                                    const struct nd_command *command)
{
    const struct nd_option *o;
    for (size_t i = 0; (o = nd_option_at(l->program, i)); i++) {
        bool hit = name ? strlen(o->name) == n && memcmp(o->name, name, n) == 0
                        : letter && o->letter == letter;
        if (hit && (!command || nd_in_list(o->commands, command->name, strlen(command->name))))
            return o;
    }
    return NULL;
}

static bool counts(const struct nd_option *o)
{
    return o->type == ND_OPT_COUNT || o->type == ND_OPT_SIZE;
}

/* Is arg an option, as opposed to a word; *glued is its value in the same argument. */
static const struct nd_option *option_of(const struct line *l, const char *arg, const char **glued,
                                         const struct nd_command *command)
{
    *glued = NULL;
    if (arg[0] != '-' || !arg[1])
        return NULL;
    if (arg[1] == '-') {
        size_t n = strcspn(arg + 2, "=");
        if (arg[2 + n])
            *glued = arg + 3 + n;
        return find(l, arg + 2, n, 0, command);
    }
    const struct nd_option *o = find(l, NULL, 0, arg[1], command);
    if (!o || !arg[2])
        return o;
    /* only numbers may be glued on: everything else could be a word that is to be excluded */
    bool number =
        counts(o) && ((arg[2] >= '0' && arg[2] <= '9') || (o->all && strcmp(arg + 2, "all") == 0));
    if (!number)
        return NULL;
    *glued = arg + 2;
    return o;
}

static int bad_value(const struct line *l, const char *text, const char *name)
{
    return nd_fail(l->err, ND_USAGE, "'%s' is not a value of option '%s'", text, name);
}

static bool whole(const char *s, uint64_t *out, const char **end)
{
    uint64_t v = 0;
    const char *p = s;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (v > (UINT64_MAX - 9) / 10)
            return false;
        v = v * 10 + (uint64_t)(*p - '0');
    }
    *out = v;
    *end = p;
    return p > s;
}

/* 512M, 2GiB, 1000: powers of 1024. */
static bool size_of(const char *s, uint64_t *out)
{
    static const char units[] = "KMGT";
    const char *p;
    if (!whole(s, out, &p))
        return false;
    if (*p) {
        char c = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
        const char *u = strchr(units, c);
        if (u) {
            unsigned shift = 10 * (unsigned)(u - units + 1);
            if (*out > UINT64_MAX >> shift)
                return false;
            *out <<= shift;
            p++;
            if (*p == 'i')
                p++;
        }
        if (*p == 'B' || *p == 'b')
            p++;
    }
    return *p == '\0';
}

static int check_value(const struct line *l, const struct nd_option *o, const char *name,
                       const char *text, uint64_t *number)
{
    const char *shown = show_all(l, text), *end;
    int code;
    *number = 0;
    switch (o->type) {
    case ND_OPT_COUNT:
        if (o->all && strcmp(text, "all") == 0) {
            *number = UINT64_MAX;
            return 0;
        }
        if (whole(text, number, &end) && !*end)
            return 0;
        code = bad_value(l, shown, name);
        nd_hint(l->err, o->all ? "give a whole number or all: %s 20" : "give a whole number: %s 20",
                name);
        return code;
    case ND_OPT_SIZE:
        if (size_of(text, number))
            return 0;
        code = bad_value(l, shown, name);
        nd_hint(l->err, "give a size: %s 512M, %s 2G", name, name);
        return code;
    case ND_OPT_CHOICE:
        if (*text && nd_in_list(o->choices, text, strlen(text)))
            return 0;
        code = bad_value(l, shown, name);
        const char *names[64];
        size_t n = 0;
        for (const char *a = o->choices; *a && n < 64;) {
            size_t m = strcspn(a, " ");
            const char *copy = nd_arena_copy(l->arena, a, m);
            if (copy)
                names[n++] = copy;
            a += m + strspn(a + m, " ");
        }
        const char *near = nd_nearest(names, n, text, strlen(text));
        if (near)
            nd_hint(l->err, "did you mean '%s'? it takes one of: %s", near, o->choices);
        else
            nd_hint(l->err, "it takes one of: %s", o->choices);
        return code;
    default:
        return 0;
    }
}

static int keep(struct line *l, const struct nd_option *o, const char *text, uint64_t number)
{
    struct nd_option_value *v = nd_arena_alloc(l->arena, sizeof *v);
    if (!v)
        return nd_fail(l->err, ND_NOMEM, "out of memory for the command line");
    v->option = o;
    v->text = text ? nd_str_of(text) : (struct nd_str){NULL, 0};
    v->number = number;
    *l->last = v;
    l->last = &v->next;
    return 0;
}

/* Refuse -word or --word that is no option here. */
static int refuse(const struct line *l, const char *arg)
{
    bool lng = arg[1] == '-';
    size_t n = lng ? strcspn(arg, "=") : strlen(arg);
    const char *name = show(l, arg, n), *word = arg + 1 + lng;
    const struct nd_command *c = l->out->command;
    const struct nd_option *o = lng      ? find(l, arg + 2, n - 2, 0, NULL)
                                : arg[2] ? NULL
                                         : find(l, NULL, 0, arg[1], NULL);
    if (o) {
        nd_fail(l->err, ND_USAGE, "'%s' is no option of '%s %s'", name, l->program->name, c->name);
        nd_hint(l->err, "it belongs to: %s", o->commands);
        return ND_USAGE;
    }
    const char *names[128], *near = NULL;
    if (lng) {
        size_t k = 0;
        for (size_t i = 0; k < 128 && (o = nd_option_at(l->program, i)); i++)
            if (nd_in_list(o->commands, c->name, strlen(c->name)))
                names[k++] = o->name;
        near = nd_nearest(names, k, arg + 2, n - 2);
    }
    nd_fail(l->err, ND_USAGE, "unknown option '%s'", name);
    const struct nd_option *letter = lng ? NULL : find(l, NULL, 0, arg[1], c);
    if (near)
        nd_hint(l->err, "did you mean '--%s'? '%s %s --help' lists all", near, l->program->name,
                c->name);
    else if (letter && letter->type != ND_OPT_FLAG)
        nd_hint(l->err, "write NOT %s, or put -- before the query; as an option write -%c %s",
                show_all(l, word), arg[1], show_all(l, arg + 2));
    else if (l->program->fallback)
        nd_hint(l->err, "write NOT %s, or put -- before the query", show_all(l, word));
    else
        nd_hint(l->err, "'%s %s --help' lists all; a file of that name is written ./%s",
                l->program->name, c->name, name);
    return ND_USAGE;
}

/* One option at argv[*i]; *i moves past its value. */
static int take(struct line *l, int *i)
{
    const char *arg = l->argv[*i], *glued;
    const struct nd_option *o = option_of(l, arg, &glued, l->out->command);
    if (!o)
        return refuse(l, arg);
    size_t n = arg[1] == '-' ? strcspn(arg, "=") : 2;
    const char *name = show(l, arg, n);
    if (o->type == ND_OPT_FLAG) {
        if (!glued)
            return keep(l, o, NULL, 1);
        int code = nd_fail(l->err, ND_USAGE, "option '%s' takes no value", name);
        nd_hint(l->err, "write %s alone", name);
        return code;
    }
    const char *text = glued;
    if (!text) {
        const char *next = *i + 1 < l->argc ? l->argv[*i + 1] : NULL;
        if (!next || (next[0] == '-' && next[1] == '-')) {
            int code = nd_fail(l->err, ND_USAGE, "option '%s' needs a value", name);
            nd_hint(l->err, arg[1] == '-' ? "write %s %s or %s=%s" : "write %s %s", name, o->value,
                    name, o->value);
            return code;
        }
        text = next;
        ++*i;
    }
    uint64_t number;
    int code = check_value(l, o, name, text, &number);
    return code ? code : keep(l, o, text, number);
}

static const struct nd_command *command_of(const struct nd_program *program, const char *name)
{
    for (size_t i = 0; name && i < program->commands_n; i++)
        if (strcmp(program->commands[i].name, name) == 0)
            return &program->commands[i];
    return NULL;
}

/* The first word names no command: the fallback, unless it nearly names one. */
static int guess(struct line *l, const char *word, bool dashes)
{
    const struct nd_program *pr = l->program;
    const char *names[64];
    size_t n = 0, len = strlen(word);
    for (size_t i = 0; i < pr->commands_n && n < 64; i++)
        names[n++] = pr->commands[i].name;
    const char *near = nd_nearest(names, n, word, len);
    l->out->command = command_of(pr, pr->fallback);
    if (l->out->command) {
        size_t m = near ? strlen(near) : 0;
        bool close = near && !dashes && len > 1 &&
                     (nd_edits(near, m, word, len) <= 1 || nd_plural(near, m, word, len));
        if (!close)
            return 0;
        nd_fail(l->err, ND_USAGE, "'%s' is not a command", show_all(l, word));
        nd_hint(l->err, "did you mean '%s %s ...'? to look for the word: %s %s %s ...", pr->name,
                near, pr->name, pr->fallback, show_all(l, word));
        return ND_USAGE;
    }
    nd_fail(l->err, ND_USAGE, "unknown command '%s'", show_all(l, word));
    if (near)
        nd_hint(l->err, "did you mean '%s %s'? '%s --help' lists all", pr->name, near, pr->name);
    else
        nd_hint(l->err, "'%s --help' lists all", pr->name);
    return ND_USAGE;
}

/* Find the command, which may stand behind options. *at: its place in argv, 0 if it is not named. */
static int find_command(struct line *l, int *at)
{
    bool dashes = false, asked = false;
    const char *word = NULL, *glued;
    *at = 0;
    for (int i = 1; i < l->argc && !word; i++) {
        const char *arg = l->argv[i];
        if (strcmp(arg, "--") == 0) {
            dashes = true;
            word = i + 1 < l->argc ? l->argv[i + 1] : NULL;
            break;
        }
        if (arg[0] != '-' || !arg[1]) {
            word = arg;
            *at = i;
            break;
        }
        const struct nd_option *o = option_of(l, arg, &glued, NULL);
        if (o && o->type != ND_OPT_FLAG && !glued)
            i++;
        asked |= o && (strcmp(o->name, "help") == 0 || strcmp(o->name, "version") == 0);
    }
    if (word && !dashes && (l->out->command = command_of(l->program, word)))
        return 0;
    *at = 0;
    if (word && (!asked || l->program->fallback))
        return guess(l, word, dashes);
    l->out->command = command_of(l->program, l->program->fallback);
    if (l->out->command || asked)
        return 0;
    nd_fail(l->err, ND_USAGE, "no command");
    nd_hint(l->err, "'%s --help' lists all", l->program->name);
    return ND_USAGE;
}

int nd_args_parse(struct nd_args *out, struct nd_arena *arena, const struct nd_program *program,
                  int argc, char **argv, struct nd_error *err)
{
    static const struct nd_command none = {"", "", "", NULL};
    *out = (struct nd_args){.program = program};
    struct line l = {out, arena, program, argc, argv, err, &out->values};
    for (int i = 1; i < argc; i++) {
        size_t n = strlen(argv[i]), good = nd_utf8_valid(argv[i], n);
        if (good == n)
            continue;
        nd_fail(err, ND_USAGE, "argument %d is not UTF-8: byte 0x%02X at %zu", i,
                (unsigned char)argv[i][good], good + 1);
        nd_hint(err, "arguments are UTF-8 whatever the locale; convert it with iconv");
        return ND_USAGE;
    }
    out->words = nd_arena_array(arena, (size_t)argc + 1, sizeof *out->words);
    if (!out->words)
        return nd_fail(err, ND_NOMEM, "out of memory for the command line");
    int at, code = find_command(&l, &at);
    if (code)
        return code;
    bool given = out->command != NULL;
    out->named = at > 0;
    if (!given)
        out->command = &none; /* --help of the program */
    for (int i = 1; i < argc; i++) {
        if (i == at)
            continue;
        const char *arg = argv[i];
        if (!out->dashes && strcmp(arg, "--") == 0) {
            out->dashes = true;
        } else if (out->dashes || arg[0] != '-' || !arg[1]) {
            out->words[out->words_n++] = nd_str_of(arg);
        } else if ((code = take(&l, &i))) {
            return code;
        }
    }
    if (!given)
        out->command = NULL;
    return 0;
}

bool nd_option_fits(const struct nd_option *o, const char *command)
{
    return nd_in_list(o->commands, command, strlen(command));
}

const struct nd_option *nd_option_named(const struct nd_program *program, const char *command,
                                        const char *word)
{
    struct line l = {.program = program};
    const char *glued;
    return option_of(&l, word, &glued, command_of(program, command));
}

/* The last value given of an option. */
static const struct nd_option_value *last_of(const struct nd_args *a, const char *name)
{
    const struct nd_option_value *found = NULL;
    for (const struct nd_option_value *v = a->values; v; v = v->next)
        if (strcmp(v->option->name, name) == 0)
            found = v;
    return found;
}

bool nd_args_has(const struct nd_args *a, const char *name)
{
    return last_of(a, name) != NULL;
}

const char *nd_args_text(const struct nd_args *a, const char *name)
{
    const struct nd_option_value *v = last_of(a, name);
    return v ? v->text.p : NULL;
}

uint64_t nd_args_number(const struct nd_args *a, const char *name, uint64_t fallback)
{
    const struct nd_option_value *v = last_of(a, name);
    return v ? v->number : fallback;
}

const char **nd_args_list(const struct nd_args *a, struct nd_arena *arena, const char *name,
                          size_t *n)
{
    size_t k = 0;
    for (const struct nd_option_value *v = a->values; v; v = v->next)
        k += strcmp(v->option->name, name) == 0;
    const char **list = nd_arena_array(arena, k + 1, sizeof *list);
    *n = 0;
    for (const struct nd_option_value *v = a->values; list && v; v = v->next)
        if (strcmp(v->option->name, name) == 0)
            list[(*n)++] = v->text.p;
    return list;
}
