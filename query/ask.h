/* ask.h: from the words of a command line (or a file) to a query that is ready to run.
 *     words, -f, -F, --within, --since, --until -> text -> parse -> tree -> lower -> plan -> match
 * Call order:  nd_ask_open (use index, lowered, match)* nd_ask_close
 * Threads:     one owner.   Used by: cmd_*. */
#ifndef NEWSQ_ASK_H
#define NEWSQ_ASK_H

#include "lang/lower.h"
#include "lang/match.h"
#include "lang/parse.h"
#include "newsq.h"

#include <stdbool.h>

struct nd_ask {
    struct newsq *tool;
    struct nd_arena *arena;
    struct nd_index *index;
    bool index_borrowed;
    struct nd_stemmers *stemmers;
    struct nd_str text;      /* of the query; --within parts follow on lines of their own */
    bool from_file, all;     /* the text is a file's; there was no query: all articles are meant */
    struct nd_node *root;
    struct nd_note *notes;   /* of the parser; lowered.notes has the rest */
    struct nd_lowered lowered;
    struct nd_match *match;
};

enum nd_ask_need {
    ND_ASK_QUERY,  /* a query must be given */
    ND_ASK_ANY     /* none means all articles */
};

/* Open the indexes of -d (or $NEWSDEX_INDEX). Fails: ND_USAGE, ND_MISSING, ... */
int nd_ask_index(struct newsq *t, struct nd_index **out, struct nd_error *err);

/* Make a query from the command line and get it ready. first_word: arguments before it are not of the query.
 * On failure the message has been printed, carets included, and *status is the exit status; a is closed.
 * Return: 0 or the failure. */
int nd_ask_open(struct nd_ask *a, struct newsq *t, size_t first_word, enum nd_ask_need need,
                int *status);
/* The same for a query text, on an index that stays the caller's; nothing is printed (batch).
 * --within, --since and --until apply. arena: for this query. */
int nd_ask_text(struct nd_ask *a, struct newsq *t, struct nd_index *index, struct nd_arena *arena,
                struct nd_str text, struct nd_error *err);
/* The same by the rules of this syntax, whatever --syntax says (a saved query's). */
int nd_ask_text_as(struct nd_ask *a, struct newsq *t, struct nd_index *index, struct nd_arena *arena,
                   struct nd_str text, enum nd_syntax syntax, struct nd_error *err);
/* What --syntax says. */
enum nd_syntax nd_ask_syntax(const struct newsq *t);
void nd_ask_close(struct nd_ask *a);

/* The closing facts of its answer: so many matches, so many of them or of their values shown. */
struct nd_answer nd_ask_answer(const struct nd_ask *a, uint64_t total, uint64_t shown);

/* How its saved queries and lists are found, for lowering another tree. */
struct nd_lower_options nd_ask_lowering(const struct nd_ask *a);

/* Print the notes of the query on stderr. */
void nd_ask_notes(const struct nd_ask *a);
/* Print how incomplete the answer is. Return: 5 if it is, else status. */
int nd_ask_status(const struct nd_ask *a, int status);

#endif
