/* html_tree.h: a page's body as a tree that can be judged and cut: what html_text.c finds the main text in.
 * The method is that of reader views in browsers: paragraphs give points to what is around them (Arc90's Readability, 2010).
 * All in one arena. Used by html_text.c and html_trim.c alone.
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_HTML_TREE_H
#define INDEXER_FORMATS_HTML_TREE_H

#include "formats/html.h"

struct nd_el {
    GumboTag tag;        /* GUMBO_TAG_LAST: text */
    const char *text;    /* of text */
    const GumboNode *of; /* the element in the page; NULL for one made here */
    struct nd_el *parent, *first, *last, *prev, *next;
    const char *class_name, *id; /* "" where there is none */
    double score;
    bool scored, data_table;
};

/* What is below an element. Characters, runs of blanks as one. */
struct nd_measure {
    size_t chars, commas, link_chars, heading_chars, list_chars;
    unsigned p, img, li, input, embed, elements;
    double link_density;
};

/* Copy what can be seen of a body. unlikely: leave out what by its names is no main text. */
struct nd_el *nd_el_tree(const GumboNode *body, bool unlikely, struct nd_str title,
                         struct nd_arena *arena);
/* The next in document order below top. */
struct nd_el *nd_el_step(const struct nd_el *top, struct nd_el *at, bool down);
/* Take an element out of the tree. Return: what comes after it in document order below top. */
struct nd_el *nd_el_remove(const struct nd_el *top, struct nd_el *e);
void nd_el_append(struct nd_el *parent, struct nd_el *e);
void nd_el_measure(struct nd_measure *m, const struct nd_el *e);
bool nd_el_is_text(const struct nd_el *e);
bool nd_el_blank(const struct nd_el *text);
/* Is there nothing to read in it? */
bool nd_el_empty(const struct nd_el *e);
bool nd_el_inside(const struct nd_el *e, GumboTag tag, unsigned levels);
/* Do its names speak for or against main text? 25, 0, -25 for each of class and id. */
int nd_el_weight(const struct nd_el *e);
/* Does one of the words (parted by |, in lower case) occur in the text? */
bool nd_has_word(const char *text, const char *words);

/* Cut what is no text out of the main text (html_trim.c). conditionally: also what looks like lists of links. */
void nd_el_trim(struct nd_el *top, struct nd_str title, bool weigh, bool conditionally);
/* Without blanks at the ends, runs of them as one. Absent where nothing is left. */
struct nd_str nd_html_squeezed(struct nd_str s, struct nd_arena *arena);
/* Text of an element in one line. */
struct nd_str nd_html_node_line(const GumboNode *n, struct nd_arena *arena);
/* A title element's text without the name of the site. root: of the page, for its headings. */
struct nd_str nd_html_own_title(const GumboNode *root, struct nd_str whole, struct nd_arena *arena);
/* Are the two titles the same but for little? */
bool nd_titles_alike(struct nd_str a, struct nd_str b);
/* Text below, in one line, cut at max bytes. */
size_t nd_el_line(const struct nd_el *e, char *out, size_t max);

#endif
