/* Help and the check of the tables. */
#include "tool/option.h"
#include "tool/option_in.h"
#include "tool/term.h"

#include "text/utf8.h"

#include <string.h>

enum {
    LEFT_MAX = 28, /* cells of the column of names */
    ROW = 400
};

/* A row: name in the left column, help beside it, wrapped. */
static void row(struct nd_buf *out, const char *left, const char *help, size_t width,
                size_t columns)
{
    size_t n = nd_width(left, strlen(left));
    nd_buf_printf(out, "  %s", left);
    if (n > width)
        nd_buf_printf(out, "\n%*s", (int)(width + 4), "");
    else
        nd_buf_printf(out, "%*s", (int)(width - n + 2), "");
    struct nd_buf wrapped;
    nd_buf_init(&wrapped, 1 << 17);
    nd_term_wrap(&wrapped, help, strlen(help), width + 4, columns);
    size_t skip = 0;
    while (skip < wrapped.len && skip < width + 4 && wrapped.data[skip] == ' ')
        skip++;
    if (wrapped.len > skip)
        nd_buf_add(out, wrapped.data + skip, wrapped.len - skip);
    if (!wrapped.len || wrapped.data[wrapped.len - 1] != '\n')
        nd_buf_byte(out, '\n');
    nd_buf_free(&wrapped);
}

static void option_left(char left[ROW], const struct nd_option *o)
{
    char letter[8] = "    ";
    if (o->letter)
        snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(left, ROW, "%s--%s%s%s%s", letter, o->name, o->value ? " " : "",
             o->value ? o->value : "", o->type == ND_OPT_LIST ? " ..." : "");
}

static bool shown_for(const struct nd_option *o, const struct nd_command *command)
{
    if (!command)
        return strcmp(o->commands, "*") == 0;
    return nd_in_list(o->commands, command->name, strlen(command->name));
}

int nd_help(struct nd_buf *out, const struct nd_program *pr, const struct nd_command *command,
            size_t columns)
{
    size_t width = 0;
    char left[ROW];
    const struct nd_option *o;
    if (command) {
        nd_buf_printf(out, "%s %s: %s\n\nusage: %s %s [OPTION]... %s\n", pr->name, command->name,
                      command->help, pr->name, command->name, command->arguments);
    } else {
        nd_buf_printf(out, "%s: %s\n\nusage: %s COMMAND [OPTION]... [ARGUMENT]...\n", pr->name,
                      pr->summary, pr->name);
        if (pr->fallback)
            nd_buf_printf(out, "       %s [OPTION]... QUERY   means %s %s\n", pr->name, pr->name,
                          pr->fallback);
        nd_buf_str(out, "\ncommands:\n");
        for (size_t i = 0; i < pr->commands_n; i++) {
            snprintf(left, sizeof left, "%s %s", pr->commands[i].name, pr->commands[i].arguments);
            size_t n = strlen(left);
            width = n > width && n <= LEFT_MAX ? n : width;
        }
        for (size_t i = 0; i < pr->commands_n; i++) {
            snprintf(left, sizeof left, "%s %s", pr->commands[i].name, pr->commands[i].arguments);
            row(out, left, pr->commands[i].help, width, columns);
        }
    }
    nd_buf_str(out, command ? "\noptions:\n" : "\noptions of every command:\n");
    width = 0;
    for (size_t i = 0; (o = nd_option_at(pr, i)); i++) {
        option_left(left, o);
        if (shown_for(o, command) && strlen(left) > width && strlen(left) <= LEFT_MAX)
            width = strlen(left);
    }
    for (size_t i = 0; (o = nd_option_at(pr, i)); i++) {
        if (!shown_for(o, command))
            continue;
        char help[ROW];
        option_left(left, o);
        if (o->type == ND_OPT_CHOICE)
            snprintf(help, sizeof help, "%s (%s)", o->help, o->choices);
        else
            snprintf(help, sizeof help, "%s", o->help);
        row(out, left, help, width, columns);
    }
    if (!command)
        nd_buf_printf(out, "\n'%s COMMAND --help' lists the options of a command.\n", pr->name);
    return nd_buf_code(out);
}

/* Do two options share a command? */
static bool overlap(const struct nd_program *pr, const struct nd_option *a,
                    const struct nd_option *b)
{
    for (size_t i = 0; i < pr->commands_n; i++) {
        const char *c = pr->commands[i].name;
        if (nd_in_list(a->commands, c, strlen(c)) && nd_in_list(b->commands, c, strlen(c)))
            return true;
    }
    return false;
}

static bool bad_help(const char *help)
{
    return !help || !*help ||
           (help[0] >= 'A' && help[0] <= 'Z' && help[1] >= 'a' && help[1] <= 'z') ||
           help[strlen(help) - 1] == '.';
}

static int check_option(const struct nd_program *pr, const struct nd_option *o,
                        struct nd_error *err)
{
    if (!o->name || !*o->name || o->name[0] == '-')
        return nd_fail(err, ND_INTERNAL, "%s: an option without a name", pr->name);
    if (bad_help(o->help))
        return nd_fail(err, ND_INTERNAL, "%s: bad help of option '%s'", pr->name, o->name);
    if ((o->type == ND_OPT_FLAG) != (o->value == NULL))
        return nd_fail(err, ND_INTERNAL, "%s: option '%s' and the name of its value", pr->name,
                       o->name);
    if ((o->type == ND_OPT_CHOICE) != (o->choices != NULL))
        return nd_fail(err, ND_INTERNAL, "%s: option '%s' and its choices", pr->name, o->name);
    if (!o->commands || !*o->commands)
        return nd_fail(err, ND_INTERNAL, "%s: option '%s' of no command", pr->name, o->name);
    for (const char *a = o->commands; *a && strcmp(o->commands, "*") != 0;) {
        size_t m = strcspn(a, " ");
        bool known = false;
        for (size_t i = 0; i < pr->commands_n; i++)
            known |= strlen(pr->commands[i].name) == m && memcmp(pr->commands[i].name, a, m) == 0;
        if (!known)
            return nd_fail(err, ND_INTERNAL, "%s: option '%s' of the unknown command '%.*s'",
                           pr->name, o->name, (int)m, a);
        a += m + strspn(a + m, " ");
    }
    return 0;
}

int nd_program_check(const struct nd_program *pr, struct nd_error *err)
{
    bool fallback = pr->fallback == NULL;
    for (size_t i = 0; i < pr->commands_n; i++) {
        const struct nd_command *c = &pr->commands[i];
        if (bad_help(c->help) || !c->arguments)
            return nd_fail(err, ND_INTERNAL, "%s: bad help of command '%s'", pr->name, c->name);
        fallback |= pr->fallback && strcmp(pr->fallback, c->name) == 0;
        for (size_t j = 0; j < i; j++)
            if (strcmp(pr->commands[j].name, c->name) == 0)
                return nd_fail(err, ND_INTERNAL, "%s: two commands '%s'", pr->name, c->name);
    }
    if (!fallback)
        return nd_fail(err, ND_INTERNAL, "%s: no command '%s' to fall back on", pr->name,
                       pr->fallback);
    for (size_t i = 0; i < pr->options_n; i++) {
        const struct nd_option *o = &pr->options[i];
        int code = check_option(pr, o, err);
        if (code)
            return code;
        for (size_t j = 0; j < i; j++) {
            const struct nd_option *b = &pr->options[j];
            bool name = strcmp(o->name, b->name) == 0, letter = o->letter && o->letter == b->letter;
            bool flag = (o->type == ND_OPT_FLAG) != (b->type == ND_OPT_FLAG);
            if ((name || letter) && (overlap(pr, o, b) || flag))
                return nd_fail(err, ND_INTERNAL, "%s: options '%s' and '%s' collide", pr->name,
                               o->name, b->name);
        }
    }
    return 0;
}
