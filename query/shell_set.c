/* :set and :unset: options that hold for the session. */
#include "shell.h"

#include <stdlib.h>
#include <string.h>

static const struct nd_option *session_option(const char *name)
{
    const struct nd_program *p = newsq_program();
    for (size_t i = 0; i < p->options_n; i++)
        if (strcmp(p->options[i].name, name) == 0 && nd_option_fits(&p->options[i], "shell"))
            return &p->options[i];
    return NULL;
}

static void drop_option(struct nd_shell *s, const struct nd_option *o)
{
    size_t k = 0;
    for (size_t i = 0; i < s->options_n; i++)
        if (s->options[i].option == o)
            free(s->options[i].text);
        else
            s->options[k++] = s->options[i];
    s->options_n = k;
}

int nd_shell_keep(struct nd_shell *s, const struct nd_option *o, const char *text,
                  struct nd_error *err)
{
    if (o->type != ND_OPT_LIST)
        drop_option(s, o);
    struct nd_shell_option *v = realloc(s->options, (s->options_n + 1) * sizeof *v);
    char *copy = text ? strdup(text) : NULL;
    if (v)
        s->options = v;
    if (!v || (text && !copy)) {
        free(copy);
        return nd_fail(err, ND_NOMEM, "out of memory");
    }
    v[s->options_n++] = (struct nd_shell_option){o, copy};
    return 0;
}

static int show_options(struct nd_shell *s, struct nd_error *err)
{
    struct nd_buf out;
    nd_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < s->options_n; i++)
        nd_buf_printf(&out, "%s%s%s\n", s->options[i].option->name, s->options[i].text ? " " : "",
                      s->options[i].text ? s->options[i].text : "");
    int rc = newsq_write(&out, err);
    nd_buf_free(&out);
    return rc < 0 ? rc : 0;
}

int nd_shell_set(struct nd_shell *s, struct nd_arena *arena, const char *rest, bool off,
                 struct nd_error *err)
{
    struct nd_strs w;
    int rc = nd_shell_split(arena, rest, &w, err);
    if (rc)
        return rc;
    if (!w.n)
        return show_options(s, err);
    const char *name = w.v[0].p + strspn(w.v[0].p, "-");
    const struct nd_option *o = session_option(name);
    bool flag = o && o->type == ND_OPT_FLAG;
    if (!o || strcmp(name, "help") == 0 || strcmp(name, "version") == 0) {
        nd_fail(err, ND_USAGE, "'%s' is nothing to be set", name);
        nd_hint(err, ":help shell lists the options");
        return ND_USAGE;
    }
    if (off) {
        drop_option(s, o);
        return 0;
    }
    if (w.n != (flag ? 1 : 2)) {
        nd_fail(err, ND_USAGE, flag ? "'%s' takes no value" : "'%s' takes a value", name);
        nd_hint(err, flag ? ":set %s; :unset %s" : ":set %s VALUE; :unset %s", name, name);
        return ND_USAGE;
    }
    /* the parser of options knows what a good value is */
    struct nd_args parsed;
    char *argv[] = {(char *)(uintptr_t) "newsq", (char *)(uintptr_t) "shell",
                    flag ? nd_arena_printf(arena, "--%s", name)
                         : nd_arena_printf(arena, "--%s=%s", name, w.v[1].p),
                    NULL};
    rc = argv[2] ? nd_args_parse(&parsed, arena, newsq_program(), 3, argv, err)
                 : nd_fail(err, ND_NOMEM, "out of memory");
    return rc ? rc : nd_shell_keep(s, o, flag ? NULL : w.v[1].p, err);
}
