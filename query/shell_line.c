#include "shell.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char nd_shell_own[] = "help quit back query more set unset save complete";

enum takes {
    TAKES_QUERY, /* QUERY, or the one at hand */
    TAKES_FIELD, /* FIELD, then the same */
    TAKES_ID,    /* ID, then the same */
    TAKES_IDS,
    TAKES_PERIOD, /* day, week, month, year if one is given, then a query */
    TAKES_NAME,   /* all of the rest is one word */
    TAKES_OTHER,  /* a query beside the one at hand */
    TAKES_WORDS,
    TAKES_NONE
};

static const struct {
    const char *name;
    enum takes takes;
} commands[] = {{"search", TAKES_QUERY}, {"count", TAKES_QUERY},   {"facet", TAKES_FIELD},
                {"hist", TAKES_PERIOD},  {"terms", TAKES_QUERY},   {"related", TAKES_NAME},
                {"like", TAKES_IDS},     {"compare", TAKES_OTHER}, {"story", TAKES_IDS},
                {"kwic", TAKES_QUERY},   {"show", TAKES_IDS},      {"explain", TAKES_QUERY},
                {"why", TAKES_ID},       {"fields", TAKES_NONE},   {"saved", TAKES_WORDS}};

const struct nd_shell_step *nd_shell_query(const struct nd_shell *s)
{
    return s->steps_n ? &s->steps[s->steps_n - 1] : NULL;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip(const char *p)
{
    while (blank(*p))
        p++;
    return p;
}

/* ---- refining ---- */

static const struct {
    const char *line, *joined;
    bool chain;
} joints[] = {{"AND NOT", "AND NOT", true}, {"AND", "AND", true}, {"OR", "OR", false},
              {"NOT", "AND NOT", true},     {"+", "AND", true},   {"-", "AND NOT", true}};

/* The joint that a line begins with; *rest is what follows. SIZE_MAX: none. */
static size_t joint_of(const char *line, const char **rest)
{
    line = skip(line);
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        size_t n = strlen(joints[i].line);
        bool sign = n == 1;
        if (strncmp(line, joints[i].line, n) == 0 && (sign || blank(line[n]) || !line[n])) {
            *rest = skip(line + n);
            return i;
        }
    }
    return SIZE_MAX;
}

bool nd_shell_refines(const char *line)
{
    const char *rest;
    return joint_of(line, &rest) != SIZE_MAX;
}

/* Does a text stay together without brackets: one word, one phrase, one field with its value, one pair of brackets? */
static bool together(const char *p)
{
    bool quoted = false, excludes = *p == '-';
    size_t open = 0;
    for (bool first = true; *p; p++, first = false) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && *p == '(' && !first && !open)
            return false;
        else if (!quoted && *p == '(')
            open++;
        else if (!quoted && *p == ')' && (!open || (--open == 0 && p[1])))
            return false;
        else if (!quoted && !open && blank(*p))
            return false;
    }
    return !quoted && !excludes && !open;
}

int nd_shell_refine(const struct nd_shell *s, struct nd_arena *arena, const char *line,
                    struct nd_shell_step *out, struct nd_error *err)
{
    const struct nd_shell_step *now = nd_shell_query(s);
    const char *rest = "";
    size_t j = joint_of(line, &rest);
    if (j == SIZE_MAX || !*rest) {
        nd_fail(err, ND_USAGE, "what is the query to be refined by?");
        nd_hint(err, "AND putin, NOT putin, + putin, - putin");
        return ND_USAGE;
    }
    if (!now) {
        nd_fail(err, ND_USAGE, "there is no query yet to refine");
        nd_hint(err, "type a query first; :help tells more");
        return ND_USAGE;
    }
    bool bare = (now->chain && joints[j].chain) || together(now->query), alone = together(rest);
    *out = (struct nd_shell_step){.chain = joints[j].chain};
    out->query =
        nd_arena_printf(arena, "%s%s%s %s %s%s%s", bare ? "" : "(", now->query, bare ? "" : ")",
                        joints[j].joined, alone ? "" : "(", rest, alone ? "" : ")");
    return out->query ? 0 : nd_fail(err, ND_NOMEM, "out of memory");
}

/* ---- words ---- */

/* The next word of *p, quotes taken off: '...' as it is, "..." with \" and \\. NULL at the end. */
static char *next_word(struct nd_arena *arena, const char **p, struct nd_error *err)
{
    const char *at = skip(*p);
    if (!*at) {
        *p = at;
        return NULL;
    }
    char *out = nd_arena_alloc(arena, strlen(at) + 1), quote = 0;
    size_t n = 0;
    if (!out) {
        nd_fail(err, ND_NOMEM, "out of memory");
        return NULL;
    }
    for (; *at && (quote || !blank(*at)); at++) {
        if (quote && *at == quote)
            quote = 0;
        else if (!quote && (*at == '"' || (*at == '\'' && n == 0)))
            quote = *at;
        else if (quote == '"' && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
            out[n++] = *++at;
        else
            out[n++] = *at;
    }
    out[n] = '\0';
    *p = at;
    return out;
}

int nd_shell_split(struct nd_arena *arena, const char *line, struct nd_strs *out,
                   struct nd_error *err)
{
    out->v = nd_arena_array(arena, strlen(line) / 2 + 2, sizeof *out->v);
    out->n = 0;
    if (!out->v)
        return nd_fail(err, ND_NOMEM, "out of memory");
    for (char *w; (w = next_word(arena, &line, err));)
        out->v[out->n++] = nd_str_of(w);
    return err->code == ND_NOMEM ? ND_NOMEM : 0;
}

const char *nd_shell_id(const struct nd_shell *s, const char *word)
{
    char *end;
    unsigned long n = strtoul(word, &end, 10);
    if (word[0] < '0' || word[0] > '9' || *end || !n || n > s->shown)
        return word;
    const char *p = s->ids.data;
    for (unsigned long i = 1; i < n && p < s->ids.data + s->ids.len; i++)
        p += strlen(p) + 1;
    return p < s->ids.data + s->ids.len ? p : word;
}

/* ---- arguments ---- */

struct making {
    const struct nd_shell *s;
    struct nd_arena *arena;
    struct nd_shell_argv *out;
    size_t cap;
    bool failed;
};

static void push(struct making *m, const char *text)
{
    if ((size_t)m->out->n + 1 >= m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 64;
        char **v = nd_arena_array(m->arena, cap, sizeof *v);
        if (!v) {
            m->failed = true;
            return;
        }
        if (m->out->n)
            memcpy(v, m->out->v, (size_t)m->out->n * sizeof *v);
        m->out->v = v;
        m->cap = cap;
    }
    char *copy = text ? nd_arena_copy(m->arena, text, strlen(text)) : NULL;
    m->failed = m->failed || !copy;
    m->out->v[m->out->n++] = copy;
}

/* newsq COMMAND and the options of the session that it takes. */
static void begin(struct making *m, const char *command)
{
    push(m, "newsq");
    push(m, command);
    for (size_t i = 0; i < m->s->options_n; i++) {
        const struct nd_shell_option *o = &m->s->options[i];
        if (!nd_option_fits(o->option, command))
            continue;
        push(m, o->text ? nd_arena_printf(m->arena, "--%s=%s", o->option->name, o->text)
                        : nd_arena_printf(m->arena, "--%s", o->option->name));
    }
}

static int end(struct making *m, struct nd_error *err)
{
    if (m->failed)
        return nd_fail(err, ND_NOMEM, "out of memory");
    m->out->v[m->out->n] = NULL;
    return 0;
}

int nd_shell_search(const struct nd_shell *s, struct nd_arena *arena, const char *query,
                    uint64_t offset, struct nd_shell_argv *out, struct nd_error *err)
{
    struct making m = {.s = s, .arena = arena, .out = out};
    *out = (struct nd_shell_argv){0};
    begin(&m, "search");
    if (offset)
        push(&m, nd_arena_printf(arena, "--offset=%" PRIu64, offset));
    push(&m, "--");
    push(&m, query);
    return end(&m, err);
}

/* Options at *p, as typed. */
static int options(struct making *m, const char *command, const char **p, struct nd_error *err)
{
    for (const char *at = skip(*p); at[0] == '-' && at[1] && !blank(at[1]); at = skip(*p)) {
        char *w = next_word(m->arena, p, err);
        if (!w)
            return err->code;
        if (strcmp(w, "--") == 0)
            return 0;
        push(m, w);
        const struct nd_option *o = nd_option_named(newsq_program(), command, w);
        if (!o || o->type == ND_OPT_FLAG || (w[1] == '-' ? strchr(w, '=') != NULL : w[2] != '\0'))
            continue;
        w = next_word(m->arena, p, err);
        if (w)
            push(m, w);
    }
    return 0;
}

static bool period(const char *p, size_t n)
{
    static const char *const names[] = {"day", "week", "month", "year"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && memcmp(names[i], p, n) == 0)
            return true;
    return false;
}

static int no_command(const char *name, struct nd_error *err)
{
    const char *names[64];
    char own[sizeof nd_shell_own > 128 ? 256 : 128];
    size_t n = 0, at = 0;
    nd_fail(err, ND_USAGE, "no command ':%s'", name);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        names[n++] = commands[i].name;
    for (const char *p = nd_shell_own; *p && n < 64;) {
        size_t k = strcspn(p, " ");
        memcpy(own + at, p, k);
        own[at + k] = '\0';
        names[n++] = own + at;
        at += k + 1;
        p += k + (p[k] == ' ');
    }
    const char *near = nd_nearest(names, n, name, strlen(name));
    if (near)
        nd_hint(err, "did you mean ':%s'? :help lists all", near);
    else
        nd_hint(err, ":help lists all; a query that begins with a colon is typed behind :search");
    return ND_USAGE;
}

/* The words that take N ids: hits by their numbers. */
static int ids(struct making *m, const char **p, size_t most, struct nd_error *err)
{
    char *w;
    for (size_t i = 0; i < most && (w = next_word(m->arena, p, err)); i++)
        push(m, nd_shell_id(m->s, w));
    return err->code;
}

int nd_shell_command(const struct nd_shell *s, struct nd_arena *arena, const char *name,
                     const char *rest, struct nd_shell_argv *out, struct nd_error *err)
{
    struct making m = {.s = s, .arena = arena, .out = out};
    const struct nd_shell_step *now = nd_shell_query(s);
    size_t c = 0;
    *out = (struct nd_shell_argv){0};
    while (c < sizeof commands / sizeof *commands && strcmp(commands[c].name, name) != 0)
        c++;
    if (c == sizeof commands / sizeof *commands)
        return no_command(name, err);
    enum takes takes = commands[c].takes;
    const char *first = skip(rest);
    bool other = takes == TAKES_WORDS || takes == TAKES_NONE; /* their options may stand anywhere */
    begin(&m, name);
    int rc = options(&m, name, &rest, err);
    first = skip(rest);
    size_t n = strcspn(first, " \t");
    const char *field = NULL;
    if (!rc && takes == TAKES_PERIOD && period(first, n)) {
        push(&m, "--per");
        push(&m, next_word(arena, &rest, err));
        rc = options(&m, name, &rest, err);
    } else if (!rc && (takes == TAKES_FIELD || takes == TAKES_ID) && *first) {
        field = next_word(arena, &rest, err);
        rc = options(&m, name, &rest, err);
    }
    if (!rc && other) {
        for (char *w; (w = next_word(arena, &rest, err));)
            push(&m, w);
        return err->code ? err->code : end(&m, err);
    }
    push(&m, "--");
    if (!rc && field)
        push(&m, takes == TAKES_ID ? nd_shell_id(s, field) : field);
    if (!rc && takes == TAKES_IDS) {
        rc = ids(&m, &rest, SIZE_MAX, err);
    } else if (!rc && takes == TAKES_NAME) {
        struct nd_strs words;
        rc = nd_shell_split(arena, rest, &words, err);
        char *all = nd_arena_alloc(arena, strlen(rest) + words.n + 1);
        if (!all)
            return nd_fail(err, ND_NOMEM, "out of memory");
        size_t at = 0;
        for (size_t i = 0; !rc && i < words.n; i++) {
            if (i)
                all[at++] = ' ';
            memcpy(all + at, words.v[i].p, words.v[i].n);
            at += words.v[i].n;
        }
        if (at)
            push(&m, all);
    } else if (!rc && takes == TAKES_OTHER) {
        if (!now || !*skip(rest)) {
            nd_fail(err, ND_USAGE, now ? "compare with what?" : "there is no query yet to compare");
            nd_hint(err, ":compare QUERY sets it beside the one at hand");
            return ND_USAGE;
        }
        push(&m, now->query);
        push(&m, skip(rest));
    } else if (!rc && *skip(rest)) {
        push(&m, skip(rest));
    } else if (!rc && now) {
        push(&m, now->query);
    }
    return rc ? rc : end(&m, err);
}
