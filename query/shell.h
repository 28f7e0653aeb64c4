/* shell.h: newsq shell: lines in, answers out, one query that is refined step by step.
 *     line -> nd_shell_read -> arguments of a command of newsq -> a child process -> answer, hits
 * Each answer is a process of its own: an interrupt ends the answer and not the session, and the index is the newest.
 * Threads: one owner.   Used by: cmd_shell, shell_*. */
#ifndef NEWSQ_SHELL_H
#define NEWSQ_SHELL_H

#include "newsq.h"

#include "record/article.h"

enum {
    ND_SHELL_LINE = 1 << 20, /* most bytes of a line */
    ND_SHELL_STEPS = 1000,
    ND_SHELL_OFFERS = 500,   /* completions for one place */
    ND_SHELL_IDS = 64 << 20, /* most bytes of ids that are kept by number */
    ND_SHELL_HEAD = 16       /* bytes before the ids of an answer: two numbers */
};

/* An option that holds for the session: by the command line, by :set. */
struct nd_shell_option {
    const struct nd_option *option;
    char *text; /* owned; NULL for flags */
};

/* A step of refining. */
struct nd_shell_step {
    char *query; /* owned: all of it */
    bool chain;  /* parts joined by AND and AND NOT alone: one more needs no brackets around it */
    bool known;  /* total is known */
    uint64_t total;
};

struct nd_shell {
    struct newsq *t;
    struct nd_shell_option *options; /* owned */
    size_t options_n;
    struct nd_shell_step *steps; /* owned; the last is the query at hand */
    size_t steps_n;
    struct nd_buf ids; /* of the hits listed last, each ended by NUL */
    uint64_t shown;    /* how many these are */
    bool more;         /* they are the query's, so that :more can go on */
    bool leave;
    int worst; /* exit status of the session */
};

struct nd_shell_offers {
    size_t from;         /* byte of the line where what is offered begins */
    struct nd_strs list; /* in the order in which they are shown; arena memory */
};

/* ---- shell_line.c: what a line says. No state but the session's ---- */

/* The query at hand, NULL if there is none. */
const struct nd_shell_step *nd_shell_query(const struct nd_shell *s);
/* Is the line a refinement (AND x, OR x, NOT x, AND NOT x, + x, - x)? */
bool nd_shell_refines(const char *line);
/* The query at hand with the refinement. Fails: ND_USAGE (nothing to refine), ND_NOMEM. */
int nd_shell_refine(const struct nd_shell *s, struct nd_arena *arena, const char *line,
                    struct nd_shell_step *out, struct nd_error *err);
/* The words of a line as a shell reads them: parted by blanks, '...' and "..." kept together and taken off. */
int nd_shell_split(struct nd_arena *arena, const char *line, struct nd_strs *out,
                   struct nd_error *err);
/* Arguments for newsq: argv[0..argc), NULL behind. Arena memory. */
struct nd_shell_argv {
    char **v;
    int n;
};
/* What `:NAME REST` is for newsq: its options, those of the session, its words, the query at hand where REST has none.
 * Fails: ND_USAGE, ND_NOMEM. */
int nd_shell_command(const struct nd_shell *s, struct nd_arena *arena, const char *name,
                     const char *rest, struct nd_shell_argv *out, struct nd_error *err);
/* A search for this text with the options of the session; offset: leave out so many hits. */
int nd_shell_search(const struct nd_shell *s, struct nd_arena *arena, const char *query,
                    uint64_t offset, struct nd_shell_argv *out, struct nd_error *err);
/* The id of hit number `word` of the last list; the word itself if it is none. */
const char *nd_shell_id(const struct nd_shell *s, const char *word);
/* Does the shell have a command of this name by itself (:help, :back, ...)? All such names, blank-separated. */
extern const char nd_shell_own[];

/* ---- shell_set.c: options that hold for the session ---- */

/* Keep an option: another value of a list, or the value in place of the old one. Fails: ND_NOMEM. */
int nd_shell_keep(struct nd_shell *s, const struct nd_option *o, const char *text,
                  struct nd_error *err);
/* :set REST, or with off :unset REST. Fails: ND_USAGE, ND_NOMEM. */
int nd_shell_set(struct nd_shell *s, struct nd_arena *arena, const char *rest, bool off,
                 struct nd_error *err);

/* ---- shell_answer.c: an answer is a process of its own ---- */

struct nd_shell_answer {
    int status;        /* exit status; -1: ended by a signal */
    bool told;         /* the rest is known */
    uint64_t n, total; /* hits listed, matches */
    struct nd_buf ids; /* ND_SHELL_HEAD bytes, then an id after the other, each ended by NUL */
};
/* Run it; free out->ids. Fails: ND_IO (no process); how the command ended is in out. */
int nd_shell_answer(const struct nd_shell *s, const struct nd_shell_argv *argv,
                    struct nd_shell_answer *out, struct nd_error *err);
/* nd_shell_complete, apart from the session: damage of an index cannot end it. ctx: the session. Return: 0, ND_IO, ND_NOMEM. */
int nd_shell_offers_apart(void *ctx, struct nd_shell_offers *out, struct nd_arena *arena,
                          const char *line, size_t n);

/* ---- shell_complete.c: what could stand at the end of a line ---- */

/* Cost: for names and values a count over all articles. */
int nd_shell_complete(struct nd_shell_offers *out, const struct nd_shell *s, struct nd_arena *arena,
                      const char *line, size_t n, struct nd_error *err);

/* ---- shell_edit.c: lines from a terminal by libedit, from elsewhere as they come ---- */

struct nd_shell_edit;
/* offer: what Tab asks; called in between. history: file, NULL for none. */
int nd_shell_edit_new(struct nd_shell_edit **out, bool terminal, const char *history,
                      int (*offer)(void *ctx, struct nd_shell_offers *out, struct nd_arena *arena,
                                   const char *line, size_t n),
                      void *ctx, struct nd_error *err);
void nd_shell_edit_free(struct nd_shell_edit *e);
/* Can lines be edited? */
bool nd_shell_edit_rich(const struct nd_shell_edit *e);
/* The next line without its end, good until the next call. A line that was given up (Ctrl-C) is "".
 * Return: 0; ND_DONE at the end; ND_LIMIT (too long, dropped). */
int nd_shell_edit_line(struct nd_shell_edit *e, const char *prompt, const char **line,
                       struct nd_error *err);

#endif
