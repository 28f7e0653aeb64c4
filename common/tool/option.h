/* option.h: THE option tables drive parser, --help, man pages, completions and "did you mean".
 * A program has one table of commands and one of options; an option names the commands that take it.
 * Rules (DESIGN 11): options may follow arguments; long ones `--name value` or `--name=value`; short ones stand
 * alone (`-n 5`, `-n5`, no clusters); any other `-word` is refused with "write NOT word, or put -- before
 * the query"; `--` ends options; a lone `-` is an argument.
 * Threads: no shared state. */
#ifndef ND_TOOL_OPTION_H
#define ND_TOOL_OPTION_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

enum nd_option_type {
    ND_OPT_FLAG,
    ND_OPT_TEXT,   /* any text */
    ND_OPT_COUNT,  /* a whole number >= 0, or "all" = UINT64_MAX where all is true */
    ND_OPT_SIZE,   /* 512M, 2GiB, bytes */
    ND_OPT_CHOICE, /* one of choices, blank-separated */
    ND_OPT_LIST    /* text, may be repeated: all are kept */
};

struct nd_option {
    char letter;            /* 0 if it has no short form */
    const char *name;       /* without -- */
    enum nd_option_type type;
    const char *value;      /* name of the value in help: "DIR"; NULL for flags */
    const char *choices;    /* ND_OPT_CHOICE */
    bool all;               /* ND_OPT_COUNT: takes `all` */
    const char *commands;   /* blank-separated names of commands, "*" for every one */
    const char *help;       /* one line, lower case, no full stop */
};

struct nd_command {
    const char *name;
    const char *arguments;  /* "QUERY", "FILE..." */
    const char *help;       /* one line */
    int (*run)(void *tool); /* returns an exit status */
};

struct nd_program {
    const char *name, *summary;
    const struct nd_command *commands;
    size_t commands_n;
    const struct nd_option *options;
    size_t options_n;
    const char *fallback;   /* command meant when the first argument names none (newsq: search); NULL if one must */
};

/* A parsed command line; all memory is the arena's or argv's. */
struct nd_args {
    const struct nd_program *program;
    const struct nd_command *command;
    struct nd_str *words;   /* arguments that are no options, without the command's name */
    size_t words_n;
    bool dashes;            /* -- was given */
    bool named;             /* the command was typed, not the fallback */
    struct nd_option_value {
        const struct nd_option *option;
        struct nd_str text;
        uint64_t number;
        struct nd_option_value *next;
    } *values;              /* in the order given */
};

/* Parse argv. Fails: ND_USAGE with a hint (nearest option or command). `--help` and `--version` are the
 * caller's: they are flags that every program has. UTF-8 is checked. */
int nd_args_parse(struct nd_args *out, struct nd_arena *arena, const struct nd_program *program,
                  int argc, char **argv, struct nd_error *err);

/* Was the option given; its last text (NULL if not); its last number or fallback. */
bool nd_args_has(const struct nd_args *a, const char *name);
const char *nd_args_text(const struct nd_args *a, const char *name);
uint64_t nd_args_number(const struct nd_args *a, const char *name, uint64_t fallback);
/* All texts of an option, in order: *n of them, arena memory. */
const char **nd_args_list(const struct nd_args *a, struct nd_arena *arena, const char *name, size_t *n);

/* Does a command take the option? */
bool nd_option_fits(const struct nd_option *o, const char *command);
/* The option that a typed word (-n, -n5, --name, --name=value) means to a command, NULL if none. */
const struct nd_option *nd_option_named(const struct nd_program *program, const char *command,
                                        const char *word);
/* Append the help of a command (or of the program where command is NULL), columns wide. */
int nd_help(struct nd_buf *out, const struct nd_program *program, const struct nd_command *command,
            size_t columns);
/* The entry of words[0..n) nearest to p within two edits or a plural, NULL if none is near. */
const char *nd_nearest(const char *const *words, size_t n, const char *p, size_t len);
/* Look for contradictions in the tables (double names, unknown commands, missing help); for unit tests.
 * Return: 0, or ND_INTERNAL with the first one named. */
int nd_program_check(const struct nd_program *program, struct nd_error *err);

#endif
