/* newsq.h: what every command of newsq is given, and the list of the commands.
 * Used by: main.c, cmd_*.c, ask.c. */
#ifndef NEWSQ_H
#define NEWSQ_H

#include "base/arena.h"
#include "render/render.h"
#include "tool/diag.h"
#include "tool/option.h"
#include "tool/term.h"

/* What a list of hits gives who asked for it, besides showing it: the shell's numbers. */
struct nd_listed {
    struct nd_buf ids; /* each ended by NUL, in order */
    uint64_t n, total; /* hits; matches (or stories) in all */
};

struct newsq {
    struct nd_args args;
    struct nd_diag diag;
    struct nd_term term;   /* standard output */
    struct nd_arena arena; /* lives as long as the command */
    bool typed;            /* the words did not come through a shell that takes quotes away */
    struct nd_listed *listed;  /* NULL: nobody asks */
};

/* The program's tables: commands and options. */
const struct nd_program *newsq_program(void);

/* What main does with a command line, by a t that is new. Return: the exit status. */
int newsq_run(struct newsq *t, int argc, char **argv);

/* Commands: each returns an exit status. */
int newsq_search(void *tool);
int newsq_count(void *tool);
int newsq_facet(void *tool);
int newsq_hist(void *tool);
int newsq_terms(void *tool);
int newsq_related(void *tool);
int newsq_like(void *tool);
int newsq_compare(void *tool);
int newsq_story(void *tool);
int newsq_kwic(void *tool);
int newsq_show(void *tool);
int newsq_explain(void *tool);
int newsq_why(void *tool);
int newsq_fields(void *tool);
int newsq_saved(void *tool);
int newsq_batch(void *tool);
int newsq_shell(void *tool);

/* Print err. Return: the exit status of its code. */
int newsq_failed(const struct newsq *t, const struct nd_error *err);

/* The renderer that --format, -l, -c and -0 ask for. Fails: ND_USAGE. */
int newsq_renderer(const struct newsq *t, const struct nd_renderer **out, struct nd_error *err);

/* Set up a renderer's state by --columns, --excel, -0 and the terminal. Fails: ND_USAGE (no such column). */
int newsq_render(const struct newsq *t, struct nd_render *r, struct nd_buf *out, struct nd_error *err);

/* Tell of a hit that is listed. */
static inline void newsq_tell(const struct newsq *t, struct nd_str id)
{
    if (!t->listed)
        return;
    nd_buf_add(&t->listed->ids, id.p, id.n);
    nd_buf_byte(&t->listed->ids, 0);
    t->listed->n++;
}

/* Write out what out holds to standard output and empty it.
 * Return: 0; ND_DONE where the reader has gone (a closed pipe: stop quietly); ND_IO. */
int newsq_write(struct nd_buf *out, struct nd_error *err);

#endif
