/* generate.h: manual pages and shell completions out of the tables of a program, so that they never say anything
 * else than the program does.
 * Used by: the hidden `--generate` of both programs, at build time.
 * Threads: no shared state. */
#ifndef ND_TOOL_GENERATE_H
#define ND_TOOL_GENERATE_H

#include "tool/option.h"

/* Append a part. what:
 *   man-commands, man-options, man-fields      lists in mdoc
 *   completion-bash, completion-zsh, completion-fish
 * Fails: ND_USAGE for any other. */
int nd_generate(struct nd_buf *out, const struct nd_program *program, const char *what,
                struct nd_error *err);
/* What `--generate what [page]` asks for: a part, or with page (a file) that page of the manual. */
int nd_generate_asked(struct nd_buf *out, const struct nd_program *program, const char *what,
                      const char *page, struct nd_error *err);
/* Append the manual page of which `page` is the text, a line `.\" generate: WHAT` replaced by that part. */
int nd_generate_manual(struct nd_buf *out, const struct nd_program *program, struct nd_str page,
                       struct nd_error *err);

#endif
