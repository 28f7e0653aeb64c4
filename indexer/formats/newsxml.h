/* newsxml.h: what the readers of news XML share: a reader around one record element, and NITF inside other formats.
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_NEWSXML_H
#define INDEXER_FORMATS_NEWSXML_H

#include "formats/fieldmap.h"
#include "formats/fill.h"
#include "formats/reader.h"
#include "formats/xml.h"

/* What a format adds: which elements are its records, and how one becomes an article. */
struct nd_newsxml {
    nd_xml_ask *ask; /* ctx is NULL */
    /* Return: 0; ND_DONE it is no article: pass on; ND_INPUT with the reason, ND_NOMEM. */
    int (*fill)(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                const struct nd_xml *e, struct nd_error *err);
    bool recover;
};

int nd_newsxml_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                    const struct nd_newsxml *format, struct nd_error *err);
int nd_newsxml_next(void *self, struct nd_article *out, struct nd_arena *arena,
                    struct nd_error *err);
void nd_newsxml_close(void *self);

/* Put a text where a member belongs, unless it is blank. Fails: ND_NOMEM. */
int nd_put(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map, const char *key,
           struct nd_str s);
/* Text in one line: runs of blanks as one. */
struct nd_str nd_xml_line(const struct nd_xml *e, struct nd_arena *arena);
/* Fill an article from a nitf element; what it has already stays, but gold is added. Fails: ND_NOMEM. */
int nd_nitf_fill(struct nd_article *a, struct nd_arena *arena, struct nd_fieldmap *map,
                 const struct nd_xml *nitf);
/* Text of XHTML or of any other markup, as paragraphs. */
struct nd_str nd_xhtml_text(const struct nd_xml *e, struct nd_arena *arena);

#endif
