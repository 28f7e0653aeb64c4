/* generate_in.h: what the generators share; nobody else includes it.
 *   generate.c pages in mdoc   generate_shell.c completions
 * Threads: no shared state. */
#ifndef ND_TOOL_GENERATE_IN_H
#define ND_TOOL_GENERATE_IN_H

#include "tool/generate.h"
#include "tool/option_in.h"

/* Append the completion of a program for one shell. */
void nd_generate_bash(struct nd_buf *out, const struct nd_program *program);
void nd_generate_zsh(struct nd_buf *out, const struct nd_program *program);
void nd_generate_fish(struct nd_buf *out, const struct nd_program *program);
/* Do all commands take the option? */
static inline bool nd_option_common(const struct nd_option *o)
{
    return o->commands[0] == '*';
}

#endif
