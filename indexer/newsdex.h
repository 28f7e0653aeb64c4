/* newsdex.h: what every command of newsdex is given, and the list of the commands.
 * Used by: main.c, cmd_*.c. */
#ifndef NEWSDEX_H
#define NEWSDEX_H

#include "base/arena.h"
#include "tool/diag.h"
#include "tool/option.h"

struct newsdex {
    struct nd_args args;
    struct nd_diag diag;
    struct nd_arena arena; /* lives as long as the command */
};

/* The program's tables: commands and options. */
const struct nd_program *newsdex_program(void);

/* Commands: each returns an exit status. */
int newsdex_add(void *tool);
int newsdex_info(void *tool);
int newsdex_convert(void *tool);
int newsdex_tag(void *tool);
int newsdex_entities(void *tool);
int newsdex_sniff(void *tool);
int newsdex_delete(void *tool);
int newsdex_merge(void *tool);
int newsdex_verify(void *tool);
int newsdex_rebuild(void *tool);

/* For a command that takes no arguments. Fails: ND_USAGE where there are some. */
int newsdex_no_words(const struct newsdex *t, struct nd_error *err);
/* Print err with the exit status of its code. */
int newsdex_failed(const struct newsdex *t, const struct nd_error *err);
/* The index folder: -d, else $NEWSDEX_INDEX where the command may use it; NULL after an error message. */
const char *newsdex_dir(const struct newsdex *t, bool environment, struct nd_error *err);
#endif
