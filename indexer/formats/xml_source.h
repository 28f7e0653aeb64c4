/* xml_source.h: the bytes of an XML file as whole tokens of clean UTF-8, for xml.c alone.
 * A token ends behind a tag, a comment, a CDATA section or an instruction; the text before it is part of it. Document types
 * and XML declarations are left out, entities of HTML and of the document's own are put in, stray & and < and control
 * characters are mended.
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_XML_SOURCE_H
#define INDEXER_FORMATS_XML_SOURCE_H

#include "base/buf.h"
#include "formats/charset.h"
#include "input/stream.h"

enum nd_xml_token_kind {
    ND_XML_TAG,     /* start tag or end tag */
    ND_XML_OTHER,   /* text alone, part of a comment or a CDATA section */
    ND_XML_DOCUMENT /* an XML declaration: a document begins */
};

struct nd_xml_entity {
    struct nd_buf name, value;
};

enum {
    ND_XML_ENTITIES = 64, /* of a document */
    ND_XML_VALUE = 256    /* bytes of one */
};

struct nd_xml_source {
    struct nd_stream *in;
    struct nd_converter *converter; /* NULL: UTF-8 that is well-formed as it comes */
    struct nd_charset set;
    uint64_t *repairs;
    int state;              /* enum state of xml_source.c: inside what the next piece begins */
    char quote;             /* of the attribute value it begins in */
    unsigned brackets;      /* of the document type */
    struct nd_buf raw, out; /* a piece in UTF-8; the token */
    struct nd_buf doctype;
    struct nd_xml_entity entities[ND_XML_ENTITIES];
    size_t entities_n;
    size_t raw_at;                   /* bytes of raw that are used */
    uint64_t piece_start, piece_end; /* of raw in the stream */
    uint64_t tag_start;              /* of the last tag that began */
    bool any;                        /* something but blanks has come */
};

int nd_xml_source_init(struct nd_xml_source *s, struct nd_stream *in, struct nd_str charset,
                       uint64_t *repairs, struct nd_error *err);
void nd_xml_source_free(struct nd_xml_source *s);
/* The next token, in s->out. s->tag_start is where a tag began in the stream, s->piece_end where it ends.
 * Return: 0, ND_DONE, ND_NOMEM, ND_LIMIT a tag is too long. */
int nd_xml_source_next(struct nd_xml_source *s, enum nd_xml_token_kind *kind, struct nd_error *err);

#endif
