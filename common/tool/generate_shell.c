/* Completions: commands, options, values of options, fields and saved queries. */
#include "tool/generate_in.h"

#include "record/schema.h"

#include <string.h>

static bool takes(const struct nd_command *c, const char *what)
{
    return strstr(c->arguments, what) != NULL;
}

static bool any_takes(const struct nd_program *p, const char *what)
{
    for (size_t i = 0; i < p->commands_n; i++)
        if (takes(&p->commands[i], what))
            return true;
    return false;
}

static bool of_command(const struct nd_option *o, const struct nd_command *c)
{
    return nd_in_list(o->commands, c->name, strlen(c->name));
}

/* Is the value a path? */
static const char *path_kind(const struct nd_option *o)
{
    if (!o->value)
        return "";
    return strcmp(o->value, "DIR") == 0 ? "dir" : strcmp(o->value, "FILE") == 0 ? "file" : "";
}

/* Text inside single quotes of a shell. quote: how it writes one. also: characters that get a backslash. */
static void put_text(struct nd_buf *out, const char *s, const char *quote, const char *also)
{
    for (; *s; s++) {
        if (*s == '\'')
            nd_buf_str(out, quote);
        else {
            if (strchr(also, *s))
                nd_buf_byte(out, '\\');
            nd_buf_byte(out, (unsigned char)*s);
        }
    }
}

/* The fields: facets alone, or all with a colon behind. */
static void put_fields(struct nd_buf *out, bool facets)
{
    size_t n;
    const struct nd_field *f = nd_schema_table(&n);
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        if (facets && !f[i].facet)
            continue;
        nd_buf_printf(out, "%s%s%s", first ? "" : " ", f[i].name, facets ? "" : ":");
        first = false;
    }
}

static void put_commands(struct nd_buf *out, const struct nd_program *p, const char *between)
{
    for (size_t i = 0; i < p->commands_n; i++)
        nd_buf_printf(out, "%s%s", i ? between : "", p->commands[i].name);
}

/* The verbs that a command's help lists behind its colon ("... : add list show"). */
static const char *verbs(const struct nd_command *c)
{
    const char *colon = takes(c, "VERB") ? strrchr(c->help, ':') : NULL;
    return colon ? colon + 1 + (colon[1] == ' ') : NULL;
}

/* A branch of the case over "COMMAND OPTION" for an option with a value. */
static void bash_value(struct nd_buf *out, const struct nd_option *o)
{
    const char *kind = path_kind(o), *w = nd_option_common(o) ? "*" : o->commands;
    nd_buf_str(out, "    ");
    for (bool first = true; *w; first = false) {
        size_t n = strcspn(w, " ");
        const char *any = *w == '*' ? "*'" : "'";
        int shown = *w == '*' ? 0 : (int)n;
        nd_buf_printf(out, "%s%s%.*s --%s'", first ? "" : " | ", any, shown, w, o->name);
        if (o->letter)
            nd_buf_printf(out, " | %s%.*s -%c'", any, shown, w, o->letter);
        w += n + strspn(w + n, " ");
    }
    nd_buf_str(out, ")\n        ");
    if (o->choices)
        nd_buf_printf(out, "mapfile -t COMPREPLY < <(compgen -W '%s' -- \"$cur\")\n", o->choices);
    else if (strcmp(kind, "dir") == 0)
        nd_buf_str(out, "mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
                        "        compopt -o filenames 2>/dev/null\n");
    else if (strcmp(kind, "file") == 0)
        nd_buf_str(out, "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
                        "        compopt -o filenames 2>/dev/null\n");
    else
        nd_buf_str(out, ":\n");
    nd_buf_str(out, "        return\n        ;;\n");
}

static void bash_command(struct nd_buf *out, const struct nd_program *p, const struct nd_command *c)
{
    const struct nd_option *o;
    nd_buf_printf(out, "    %s)\n        options='", c->name);
    for (size_t i = 0, k = 0; (o = nd_option_at(p, i)); i++)
        if (of_command(o, c))
            nd_buf_printf(out, "%s--%s", k++ ? " " : "", o->name);
    nd_buf_str(out, "'\n");
    if (verbs(c))
        nd_buf_printf(out, "        [ \"$words_n\" -eq 0 ] && values='%s' && saved=no\n", verbs(c));
    else if (takes(c, "FIELD")) {
        nd_buf_str(out, "        [ \"$words_n\" -eq 0 ] && values='");
        put_fields(out, true);
        nd_buf_str(out, "' && saved=no\n");
    }
    if (takes(c, "FILE"))
        nd_buf_str(out, "        files=yes\n");
    if (takes(c, "VERB"))
        nd_buf_printf(out,
                      "        [ \"$words_n\" -eq 1 ] && saved=no && values=$(%s saved list "
                      "2>/dev/null | cut -f1)\n",
                      p->name);
    nd_buf_str(out, "        ;;\n");
}

void nd_generate_bash(struct nd_buf *out, const struct nd_program *p)
{
    const struct nd_option *o;
    nd_buf_printf(out, "# bash completion for %s; generated from the tables of the program\n",
                  p->name);
    nd_buf_printf(out, "# shellcheck shell=bash\n_%s() {\n", p->name);
    nd_buf_str(out, any_takes(p, "QUERY") ? "    local saved=yes\n" : "");
    nd_buf_str(out, "    local cur prev command='' i word options='' values='' files=no words_n=0\n"
                    "    local words=(\"${COMP_WORDS[@]}\") cword=$COMP_CWORD\n"
                    "    if declare -F _get_comp_words_by_ref >/dev/null; then\n"
                    "        _get_comp_words_by_ref -n =: words cword\n"
                    "    fi\n"
                    "    cur=${words[cword]} prev=${words[cword - 1]}\n"
                    "    COMPREPLY=()\n"
                    "    for ((i = 1; i < cword; i++)); do\n"
                    "        word=${words[i]}\n"
                    "        case $word in\n");
    nd_buf_str(out, "        -*=*) ;;\n        ");
    bool first = true;
    for (size_t i = 0; (o = nd_option_at(p, i)); i++) {
        size_t k = 0; /* options of different commands may have one name */
        while (k < i && (!nd_option_at(p, k)->value || strcmp(nd_option_at(p, k)->name, o->name) != 0))
            k++;
        if (!o->value || k < i)
            continue;
        nd_buf_printf(out, "%s--%s", first ? "" : " | ", o->name);
        if (o->letter)
            nd_buf_printf(out, " | -%c", o->letter);
        first = false;
    }
    nd_buf_str(out, ") i=$((i + 1)) ;;\n        -*) ;;\n        ");
    put_commands(out, p, " | ");
    nd_buf_str(out,
               ")\n            if [ -z \"$command\" ]; then command=$word; else words_n=$((words_n "
               "+ 1)); fi\n"
               "            ;;\n        *) words_n=$((words_n + 1)) ;;\n        esac\n    done\n");
    nd_buf_printf(out, "    case \"${command:-%s} $prev\" in\n",
                  p->fallback ? p->fallback : "none");
    for (size_t i = 0; (o = nd_option_at(p, i)); i++)
        if (o->value)
            bash_value(out, o);
    nd_buf_str(out, "    esac\n");
    nd_buf_printf(out, "    case ${command:-%s} in\n", p->fallback ? p->fallback : "none");
    for (size_t i = 0; i < p->commands_n; i++)
        bash_command(out, p, &p->commands[i]);
    nd_buf_str(out, "    *) options='--help --version' ;;\n    esac\n");
    nd_buf_str(out,
               "    if [ -z \"$command\" ] && [ \"$words_n\" -eq 0 ]; then\n        values=\"");
    put_commands(out, p, " ");
    nd_buf_str(out, " $values\"\n    fi\n");
    if (any_takes(p, "QUERY")) {
        nd_buf_str(out, "    if [ \"$saved\" = yes ]; then\n        values=\"$values ");
        put_fields(out, false);
        nd_buf_printf(out,
                      "\"\n        case $cur in\n        query:*) values=$(%s saved list "
                      "2>/dev/null | cut -f1 "
                      "| sed 's/^/query:/') ;;\n        esac\n    fi\n",
                      p->name);
    }
    nd_buf_str(out,
               "    case $cur in\n    -*) mapfile -t COMPREPLY < <(compgen -W \"$options\" -- "
               "\"$cur\") ;;\n"
               "    *) mapfile -t COMPREPLY < <(compgen -W \"$values\" -- \"$cur\") ;;\n    esac\n"
               "    if [ \"$files\" = yes ] && [ \"${#COMPREPLY[@]}\" -eq 0 ]; then\n"
               "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
               "        compopt -o filenames 2>/dev/null\n    fi\n"
               "    [ \"${#COMPREPLY[@]}\" -eq 1 ] && [[ ${COMPREPLY[0]} == *: ]] && compopt -o "
               "nospace 2>/dev/null\n"
               "    declare -F __ltrim_colon_completions >/dev/null && __ltrim_colon_completions "
               "\"$cur\"\n"
               "    return 0\n}\n");
    nd_buf_printf(out, "complete -F _%s %s\n", p->name, p->name);
}

static void zsh_option(struct nd_buf *out, const struct nd_option *o)
{
    char brackets[] = "[]:";
    nd_buf_str(out, "                ");
    if (o->letter)
        nd_buf_printf(out, "%s'(-%c --%s)'{-%c,--%s}'", o->type == ND_OPT_LIST ? "\\*" : "",
                      o->letter, o->name, o->letter, o->name);
    else
        nd_buf_printf(out, "'%s--%s", o->type == ND_OPT_LIST ? "*" : "", o->name);
    nd_buf_byte(out, '[');
    put_text(out, o->help, "'\\''", brackets);
    nd_buf_byte(out, ']');
    if (o->value) {
        nd_buf_byte(out, ':');
        put_text(out, o->value, "'\\''", brackets);
        nd_buf_byte(out, ':');
        if (o->choices)
            nd_buf_printf(out, "(%s)", o->choices);
        else if (strcmp(path_kind(o), "dir") == 0)
            nd_buf_str(out, "_files -/");
        else if (strcmp(path_kind(o), "file") == 0)
            nd_buf_str(out, "_files");
    }
    nd_buf_str(out, "' \\\n");
}

void nd_generate_zsh(struct nd_buf *out, const struct nd_program *p)
{
    const struct nd_option *o;
    nd_buf_printf(
        out, "#compdef %s\n# zsh completion for %s; generated from the tables of the program\n",
        p->name, p->name);
    nd_buf_printf(out,
                  "_%s() {\n    local -a commands fields\n    local command=''\n    commands=(\n",
                  p->name);
    for (size_t i = 0; i < p->commands_n; i++) {
        nd_buf_printf(out, "        '%s:", p->commands[i].name);
        put_text(out, p->commands[i].help, "'\\''", "");
        nd_buf_str(out, "'\n");
    }
    nd_buf_str(out, "    )\n    fields=(");
    put_fields(out, false);
    nd_buf_str(out, ")\n    if ((CURRENT == 2)) && [[ ${words[2]} != -* ]]; then\n"
                    "        _describe -t commands command commands\n");
    if (p->fallback)
        nd_buf_str(out, "        compadd -S '' -- $fields\n");
    nd_buf_str(out, "        return\n    fi\n    case ${words[2]} in\n    ");
    put_commands(out, p, " | ");
    nd_buf_printf(
        out, ") command=${words[2]} ;;\n    *) command=%s ;;\n    esac\n    case $command in\n",
        p->fallback ? p->fallback : "none");
    for (size_t i = 0; i < p->commands_n; i++) {
        const struct nd_command *c = &p->commands[i];
        nd_buf_printf(out, "    %s)\n        _arguments -s \\\n", c->name);
        for (size_t k = 0; (o = nd_option_at(p, k)); k++)
            if (of_command(o, c))
                zsh_option(out, o);
        nd_buf_printf(out, "                '1:command:(%s)' \\\n", c->name);
        if (verbs(c))
            nd_buf_printf(out, "                '2:verb:(%s)' \\\n", verbs(c));
        else if (takes(c, "FIELD")) {
            nd_buf_str(out, "                '2:field:(");
            put_fields(out, true);
            nd_buf_str(out, ")' \\\n");
        }
        if (takes(c, "FILE"))
            nd_buf_str(out, "                '*:file:_files'\n");
        else if (takes(c, "QUERY"))
            nd_buf_str(out, "                '*:query:{compadd -S \"\" -- $fields}'\n");
        else
            nd_buf_str(out, "                '*: :'\n");
        nd_buf_str(out, "        ;;\n");
    }
    nd_buf_printf(out,
                  "    esac\n}\nif [ \"$funcstack[1]\" = _%s ]; then\n    _%s \"$@\"\nelse\n    "
                  "compdef _%s %s\nfi\n",
                  p->name, p->name, p->name, p->name);
}

void nd_generate_fish(struct nd_buf *out, const struct nd_program *p)
{
    const struct nd_option *o;
    nd_buf_printf(
        out, "# fish completion for %s; generated from the tables of the program\nset -l commands ",
        p->name);
    put_commands(out, p, " ");
    nd_buf_printf(out, "\ncomplete -c %s -f\n", p->name);
    for (size_t i = 0; i < p->commands_n; i++) {
        const struct nd_command *c = &p->commands[i];
        nd_buf_printf(out,
                      "complete -c %s -n \"not __fish_seen_subcommand_from $commands\" -a %s -d '",
                      p->name, c->name);
        put_text(out, c->help, "\\'", "");
        nd_buf_str(out, "'\n");
        if (takes(c, "FILE"))
            nd_buf_printf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -F\n", p->name,
                          c->name);
        if (verbs(c))
            nd_buf_printf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -a '%s'\n",
                          p->name, c->name, verbs(c));
        if (takes(c, "FIELD")) {
            nd_buf_printf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -a '", p->name,
                          c->name);
            put_fields(out, true);
            nd_buf_str(out, "'\n");
        }
    }
    if (any_takes(p, "QUERY")) {
        nd_buf_printf(out, "complete -c %s -n \"not __fish_seen_subcommand_from fields show\" -a '",
                      p->name);
        put_fields(out, false);
        nd_buf_str(out, "'\n");
    }
    for (size_t i = 0; (o = nd_option_at(p, i)); i++) {
        nd_buf_printf(out, "complete -c %s", p->name);
        if (!nd_option_common(o)) {
            bool fallback =
                p->fallback && nd_in_list(o->commands, p->fallback, strlen(p->fallback));
            nd_buf_printf(out, " -n \"__fish_seen_subcommand_from %s%s\"", o->commands,
                          fallback ? "; or not __fish_seen_subcommand_from $commands" : "");
        }
        if (o->letter)
            nd_buf_printf(out, " -s %c", o->letter);
        nd_buf_printf(out, " -l %s", o->name);
        if (o->value)
            nd_buf_str(out, path_kind(o)[0] ? " -r -F" : " -x");
        if (o->choices)
            nd_buf_printf(out, " -a '%s'", o->choices);
        nd_buf_str(out, " -d '");
        put_text(out, o->help, "\\'", "");
        nd_buf_str(out, "'\n");
    }
}
