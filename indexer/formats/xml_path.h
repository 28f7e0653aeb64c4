/* xml_path.h: paths into a record of XML, as --map has them: title=head/title, body=content//p, id=@guid.
 * A path is steps below the record, parted by / or, at any depth, //. A step is the name of an element (its local name,
 * or PREFIX:NAME), or *, with [@a] or [@a=v] behind where an attribute is asked for; the last one may be an attribute,
 * @a. "." is the record itself.
 * Call order:  nd_xml_path_parse, then nd_xml_path_each.   Threads: no shared state. */
#ifndef INDEXER_FORMATS_XML_PATH_H
#define INDEXER_FORMATS_XML_PATH_H

#include "formats/xml.h"

enum {
    ND_XML_PATH_STEPS = 16
};

struct nd_xml_step {
    struct nd_str prefix, name; /* prefix absent: any; name absent: any */
    struct nd_str key, value;   /* of the attribute asked for, absent: none; value absent: any */
    bool deep;                  /* // is before it */
};

struct nd_xml_way { /* texts borrowed from the path */
    struct nd_xml_step step[ND_XML_PATH_STEPS];
    unsigned n;
    bool attribute; /* the last step is one */
};

/* Fails: ND_USAGE, with a hint. */
int nd_xml_path_parse(struct nd_xml_way *out, struct nd_str path, struct nd_error *err);

/* A place that a path leads to: an element, of an attribute the one that has it, and then its value. */
typedef int nd_xml_found(void *ctx, const struct nd_xml *e, struct nd_str value);
/* Call fn for every place in document order; what lies inside of a place is none of its own.
 * Return: 0, or what fn returned other than 0, at once.   Cost: nodes times steps, whatever the path. */
int nd_xml_path_each(const struct nd_xml_way *w, const struct nd_xml *record, nd_xml_found *fn,
                     void *ctx);

#endif
