/* html.h: HTML -> text and facts about a page.
 * Call order:  nd_html_parse (nd_html_*)* nd_html_free; or nd_html_fragment alone
 * Invariants:  memory is bounded (ND_HTML_MEMORY a page byte, at most); deeper markup than ND_HTML_DEPTH is flattened.
 * Threads: one owner.   Uses: gumbo, in an arena that is freed at once. */
#ifndef INDEXER_FORMATS_HTML_H
#define INDEXER_FORMATS_HTML_H

#include "formats/fieldmap.h"
#include "record/article.h"

#include <gumbo.h>

enum {
    ND_HTML_DEPTH = 400,           /* elements inside each other */
    ND_HTML_MAX = 32 * 1024 * 1024 /* bytes of a page */
};

struct nd_html {
    struct nd_arena arena; /* all of the tree */
    GumboOutput *out;
    struct nd_str text; /* what was parsed, borrowed or in the arena */
};

/* Parse UTF-8, borrowed until nd_html_free. Fails: ND_LIMIT too large or costly; ND_NOMEM. */
int nd_html_parse(struct nd_html *h, const char *p, size_t n, struct nd_error *err);
void nd_html_free(struct nd_html *h);

/* Does text hold tags or character references, so that it must be read as HTML? */
bool nd_html_looks(struct nd_str s);
/* Text of a piece of HTML, as paragraphs. What is no markup comes out as it is. Absent on failure. */
struct nd_str nd_html_fragment(struct nd_arena *arena, struct nd_str s);
/* The same in one line, for titles. */
struct nd_str nd_html_line(struct nd_arena *arena, struct nd_str s);

/* Fill an article from a page: facts from JSON-LD, OpenGraph, meta elements, then the page; the main text.
 * What the article has already stays. url: where it came from, may be absent.
 * Fails: ND_INPUT no text in it; ND_LIMIT, ND_NOMEM. */
int nd_html_article(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                    struct nd_str page, struct nd_error *err);

/* The next node in document order below top; down: look into it. For walks that do not recur. */
const GumboNode *nd_html_step(const GumboNode *top, const GumboNode *at, bool down);
/* An attribute's value, absent if it is not there. */
struct nd_str nd_html_attr(const GumboNode *e, const char *name);
/* Is it an element of that kind? */
bool nd_html_is(const GumboNode *n, GumboTag tag);
/* Children of an element or document; *count 0 for anything else. */
GumboNode **nd_html_children(const GumboNode *n, unsigned *count);
/* Append the text below a node, as paragraphs. skip: nodes to leave out, or NULL. */
typedef bool nd_html_skip(void *ctx, const GumboNode *n);
int nd_html_text(struct nd_buf *out, const GumboNode *top, nd_html_skip *skip, void *ctx);

/* Find the main text (html_text.c). title: of the page, to leave its heading out. Appends to out. */
int nd_html_main(struct nd_buf *out, const GumboNode *root, struct nd_str title,
                 struct nd_str byline, struct nd_arena *arena);

/* What a page says of itself (html_meta.c). All in the arena; absent where it says nothing. */
struct nd_page_facts {
    struct nd_str title, description, url, published, updated, section, lang, site;
    struct nd_str body; /* as JSON-LD has it */
    struct nd_strs authors, tags;
    bool is_article;
};
int nd_html_facts(struct nd_page_facts *f, const struct nd_html *h, struct nd_arena *arena);

#endif
