#include "formats/reader.h"

#include <string.h>

extern const struct nd_reader nd_reader_feed, nd_reader_newsml, nd_reader_nitf, nd_reader_mediawiki,
    nd_reader_rcv1, nd_reader_reuters, nd_reader_warc, nd_reader_html, nd_reader_json,
    nd_reader_wire, nd_reader_trec, nd_reader_mail, nd_reader_story, nd_reader_factiva,
    nd_reader_nexis, nd_reader_markdown, nd_reader_csv, nd_reader_xml, nd_reader_text;

const struct nd_reader *const *nd_readers(void)
{
    /* markup first: a page may have lines that look like another format */
    static const struct nd_reader *const table[] = {
        &nd_reader_feed,  &nd_reader_newsml,  &nd_reader_nitf,  &nd_reader_mediawiki,
        &nd_reader_rcv1,  &nd_reader_reuters, &nd_reader_warc,  &nd_reader_html,
        &nd_reader_json,  &nd_reader_wire,    &nd_reader_trec,  &nd_reader_mail,
        &nd_reader_story, &nd_reader_factiva, &nd_reader_nexis, &nd_reader_markdown,
        &nd_reader_csv,   &nd_reader_xml,     &nd_reader_text,  NULL};
    return table;
}

const struct nd_reader *nd_reader_named(const char *name)
{
    for (const struct nd_reader *const *r = nd_readers(); *r; r++)
        if (!strcmp((*r)->name, name))
            return *r;
    return NULL;
}
