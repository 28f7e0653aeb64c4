/* xml.h: XML as a stream of small trees: the elements a reader asks for, one after the other.
 * Call order:  nd_xml_open nd_xml_next* nd_xml_close
 * Invariants:  memory is bounded by the largest element that is taken; no DTD is read: nothing is fetched or expanded
 *              but the short internal entities of a document, once; depth is at most ND_XML_DEPTH.
 * Any character set; stray &, names of HTML characters and control characters do no harm. Several documents may follow
 * each other in one file. After one that is not well-formed reading goes on at the next document or record.
 * Threads: one owner.   Uses: libxml2 (its push parser). */
#ifndef INDEXER_FORMATS_XML_H
#define INDEXER_FORMATS_XML_H

#include "base/arena.h"
#include "input/stream.h"

#include <stdbool.h>

enum {
    ND_XML_DEPTH = 200
};

struct nd_xml_attr {
    struct nd_str prefix, name, value;
    struct nd_xml_attr *next;
};

/* An element, or a run of text where name is absent. */
struct nd_xml {
    struct nd_str
        prefix; /* the usual one of its namespace ("dc", "atom", "nar"; xml.c has the list), else as written */
    struct nd_str name; /* without prefix */
    struct nd_str text; /* of a run of text */
    struct nd_xml_attr *attr;
    struct nd_xml *first, *last, *next, *parent;
};

enum nd_xml_want {
    ND_XML_ENTER, /* look at its children one by one */
    ND_XML_TAKE,  /* return it as a tree */
    ND_XML_RECORD, /* the same; it is one of the records of the file: its limits and failures are a record's */
    ND_XML_PASS /* of no use with all that is in it */
};

/* Asked for each element outside of those taken: what is to be done with it. It has its attributes, no children. */
typedef enum nd_xml_want nd_xml_ask(void *ctx, const struct nd_xml *element, unsigned depth);

struct nd_xml_options {
    nd_xml_ask *ask;
    void *ctx;
    bool recover;      /* go on after markup that is not well-formed, as well as it goes */
    size_t record_max; /* bytes of one element taken */
    uint64_t *repairs;
    struct nd_str charset; /* what a transport says, absent mostly */
};

struct nd_xml_in;

/* Fails: ND_NOMEM; ND_INPUT an unknown character set. */
int nd_xml_open(struct nd_xml_in **out, struct nd_stream *in, const struct nd_xml_options *options,
                struct nd_error *err);
void nd_xml_close(struct nd_xml_in *x);
/* The next element that is taken, in the arena. *offset and *length are its bytes in the stream.
 * Return: 0; ND_DONE; ND_INPUT not well-formed, or ND_LIMIT a record is too large or deep: ask again. */
int nd_xml_next(struct nd_xml_in *x, struct nd_xml **out, struct nd_arena *arena, uint64_t *offset,
                uint64_t *length, struct nd_error *err);

/* Is it an element of that name, in whatever namespace? */
bool nd_xml_is(const struct nd_xml *e, const char *name);
/* The first child element of a name, NULL if there is none; e may be NULL. */
const struct nd_xml *nd_xml_child(const struct nd_xml *e, const char *name);
/* The next sibling of the same name. */
const struct nd_xml *nd_xml_again(const struct nd_xml *e);
/* Down a path of child names, "contentMeta/headline". */
const struct nd_xml *nd_xml_path(const struct nd_xml *e, const char *path);
/* The next element in document order below `top`; at NULL the first below it. */
const struct nd_xml *nd_xml_walk(const struct nd_xml *top, const struct nd_xml *at);
/* The first element of a name anywhere below. */
const struct nd_xml *nd_xml_find(const struct nd_xml *e, const char *name);
/* An attribute, absent if it is not there. "xml:lang" asks for the prefix too. */
struct nd_str nd_xml_get(const struct nd_xml *e, const char *name);

/* All text below, as it is. Absent where e is NULL, or on lack of memory. */
struct nd_str nd_xml_text(const struct nd_xml *e, struct nd_arena *arena);
/* Text below as paragraphs parted by blank lines: p, headings, items, rows and breaks of NITF and XHTML part them.
 * skip: names of elements to leave out, " media table ", or NULL. */
struct nd_str nd_xml_paragraphs(const struct nd_xml *e, const char *skip, struct nd_arena *arena);
/* Append a tree as markup again, for what is XHTML inside XML. */
int nd_xml_markup(struct nd_buf *out, const struct nd_xml *e);

#endif
