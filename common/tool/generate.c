/* Manual pages: lists of commands, options and fields in mdoc. */
#include "tool/generate_in.h"

#include "base/file.h"
#include "record/schema.h"

#include <stdio.h>
#include <string.h>

enum {
    PAGE_MAX = 4 << 20, /* bytes of a page */
    LONGEST = 400,      /* bytes of a help text */
    LINE = 70           /* escapes make it a little longer */
};

/* Text for a line of its own or the argument of a macro. */
static void put(struct nd_buf *out, const char *s, size_t n)
{
    if (n && (s[0] == '.' || s[0] == '\''))
        nd_buf_str(out, "\\&");
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\\')
            nd_buf_str(out, "\\e");
        else if (s[i] == '"')
            nd_buf_str(out, "\\(dq");
        else if (s[i] == '\'')
            nd_buf_str(out, "\\(aq");
        else if (s[i] == '~')
            nd_buf_str(out, "\\(ti");
        else if (s[i] == '^')
            nd_buf_str(out, "\\(ha");
        else if (s[i] == '-' && (i == 0 || s[i - 1] == ' ' || s[i - 1] == '-'))
            nd_buf_str(out, "\\-");
        else
            nd_buf_byte(out, (unsigned char)s[i]);
    }
}

/* A sentence: a help text with its capital and full stop, on lines of at most LINE bytes. */
static void put_sentence(struct nd_buf *out, const char *help)
{
    char text[LONGEST];
    size_t n = (size_t)snprintf(text, sizeof text, "%s.", help), line = 0;
    if (n >= sizeof text)
        n = sizeof text - 1;
    if (text[0] >= 'a' && text[0] <= 'z' && text[1] != ':')
        text[0] = (char)(text[0] - 'a' + 'A');
    for (size_t i = 0; i < n;) {
        size_t k = strcspn(text + i, " ");
        bool fits = line + k < LINE;
        if (line)
            nd_buf_byte(out, fits ? ' ' : '\n');
        line = fits ? line + k + 1 : k + 1;
        put(out, text + i, k);
        i += k + (text[i + k] == ' ');
    }
    nd_buf_byte(out, '\n');
}

/* Blank-separated words with commas. */
static void put_list(struct nd_buf *out, const char *macro, const char *words)
{
    for (const char *w = words; *w;) {
        size_t n = strcspn(w, " ");
        nd_buf_str(out, macro);
        put(out, w, n);
        w += n + strspn(w + n, " ");
        nd_buf_str(out, *w ? " ,\n" : "");
    }
}

static void man_commands(struct nd_buf *out, const struct nd_program *p)
{
    nd_buf_str(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < p->commands_n; i++) {
        const struct nd_command *c = &p->commands[i];
        nd_buf_printf(out, ".It Cm %s", c->name);
        if (c->arguments[0]) {
            nd_buf_str(out, " Ar \"");
            put(out, c->arguments, strlen(c->arguments));
            nd_buf_str(out, "\"");
        }
        nd_buf_byte(out, '\n');
        put_sentence(out, c->help);
        if (p->fallback && strcmp(p->fallback, c->name) == 0)
            nd_buf_str(out, "This is what happens where no command is named.\n");
    }
    nd_buf_str(out, ".El\n");
}

static void man_option(struct nd_buf *out, const struct nd_option *o)
{
    nd_buf_str(out, ".It ");
    if (o->letter)
        nd_buf_printf(out, "Fl %c , ", o->letter);
    nd_buf_printf(out, "Fl -%s", o->name);
    if (o->value) {
        nd_buf_str(out, " Ar \"");
        put(out, o->value, strlen(o->value));
        nd_buf_str(out, "\"");
    }
    nd_buf_byte(out, '\n');
    put_sentence(out, o->help);
    if (o->choices) {
        nd_buf_str(out, "The value is one of\n");
        put_list(out, ".Cm ", o->choices);
        nd_buf_str(out, " .\n");
    }
    if (!nd_option_common(o)) {
        nd_buf_str(out, "Taken by\n");
        put_list(out, ".Cm ", o->commands);
        nd_buf_str(out, " .\n");
    }
}

static void man_options(struct nd_buf *out, const struct nd_program *p)
{
    const struct nd_option *o;
    for (int common = 1; common >= 0; common--) {
        nd_buf_str(out, common ? "Every command takes\n.Bl -tag -width Ds\n"
                               : ".Pp\nSome commands take\n.Bl -tag -width Ds\n");
        for (size_t i = 0; (o = nd_option_at(p, i)); i++)
            if (nd_option_common(o) == common)
                man_option(out, o);
        nd_buf_str(out, ".El\n");
    }
}

static void man_fields(struct nd_buf *out)
{
    size_t n;
    const struct nd_field *f = nd_schema_table(&n);
    nd_buf_str(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < n; i++) {
        nd_buf_printf(out, ".It Cm %s", f[i].name);
        for (const char *a = f[i].alias; *a;) {
            size_t k = strcspn(a, " ");
            nd_buf_printf(out, " , Cm %.*s", (int)k, a);
            a += k + strspn(a + k, " ");
        }
        nd_buf_byte(out, '\n');
        put_sentence(out, f[i].help);
        nd_buf_str(out, "For example\n.Ql ");
        put(out, f[i].example, strlen(f[i].example));
        nd_buf_str(out, f[i].facet ? " .\nCounted by\n.Cm facet .\n" : " .\n");
    }
    nd_buf_str(out, ".El\n");
}

int nd_generate(struct nd_buf *out, const struct nd_program *program, const char *what,
                struct nd_error *err)
{
    if (strcmp(what, "man-commands") == 0)
        man_commands(out, program);
    else if (strcmp(what, "man-options") == 0)
        man_options(out, program);
    else if (strcmp(what, "man-fields") == 0)
        man_fields(out);
    else if (strcmp(what, "completion-bash") == 0)
        nd_generate_bash(out, program);
    else if (strcmp(what, "completion-zsh") == 0)
        nd_generate_zsh(out, program);
    else if (strcmp(what, "completion-fish") == 0)
        nd_generate_fish(out, program);
    else
        return nd_fail(err, ND_USAGE, "nothing to generate is called '%s'", what);
    return nd_buf_code(out);
}

int nd_generate_manual(struct nd_buf *out, const struct nd_program *program, struct nd_str page,
                       struct nd_error *err)
{
    static const char mark[] = ".\\\" generate: ";
    const size_t skip = sizeof mark - 1;
    int code = 0;
    for (size_t i = 0; i < page.n && !code;) {
        const char *line = page.p + i, *nl = memchr(line, '\n', page.n - i);
        size_t n = nl ? (size_t)(nl - line) : page.n - i;
        char what[40];
        i += n + 1;
        if (n >= skip && memcmp(line, mark, skip) == 0 && n - skip < sizeof what) {
            memcpy(what, line + skip, n - skip);
            what[n - skip] = '\0';
            code = nd_generate(out, program, what, err);
            continue;
        }
        nd_buf_add(out, line, n);
        nd_buf_byte(out, '\n');
    }
    return code ? code : nd_buf_code(out);
}

int nd_generate_asked(struct nd_buf *out, const struct nd_program *program, const char *what,
                      const char *page, struct nd_error *err)
{
    struct nd_buf text;
    if (!page)
        return nd_generate(out, program, what, err);
    nd_buf_init(&text, PAGE_MAX);
    int rc = nd_file_read(&text, page, err);
    if (!rc)
        rc = nd_generate_manual(out, program, (struct nd_str){text.data, text.len}, err);
    nd_buf_free(&text);
    return rc;
}
