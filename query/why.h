/* why.h: why an article answers a query, part by part: its score (why_score.c), its names (why_entity.c).
 * cmd_why.c opens the query and the article, calls each part in the order of its table, and prints what they wrote.
 * A part writes to out, in text or as JSON lines; one that has nothing to say writes nothing.
 * Used by: cmd_why. */
#ifndef NEWSQ_WHY_H
#define NEWSQ_WHY_H

#include "ask.h"
#include "record/article.h"

struct nd_why {
    struct nd_ask *ask;
    size_t segment;
    uint32_t docid;
    const struct nd_article *article;
    bool matches; /* the article is among the query's matches; spans can be asked for even if not */
    bool all;     /* no query was given: everything about the article */
    bool json;
    struct nd_buf *out;
};

/* The mentions that the query's names stand for, without a query all: where, what, and the evidence. */
int nd_why_entity(const struct nd_why *w, struct nd_error *err);

/* The score, part by part; nothing without a query, or where it does not match. */
int nd_why_score(const struct nd_why *w, struct nd_error *err);

#endif
