/* csv.h: rows of separated values: their dialect and their cells. Used by csv.c.
 * Call order:  nd_csv_sniff; nd_csv_init (nd_csv_row)* nd_csv_free.   Threads: one owner.   Uses: libcsv. */
#ifndef INDEXER_FORMATS_CSV_H
#define INDEXER_FORMATS_CSV_H

#include "base/buf.h"
#include "input/stream.h"

#include <csv.h>

enum {
    ND_CSV_COLUMNS = 4096
};

struct nd_csv_dialect {
    char delim, quote; /* quote 0: a quotation mark is a character like others */
    char end;          /* that ends a line: \n, or \r in files of old Macintosh programs */
    unsigned columns;  /* of the header */
    unsigned known;    /* of them, those that are known names of members of an article */
    bool text;         /* a title, lead or body is among them */
    unsigned regular;  /* percent of the rows in the sample that have as many columns */
    size_t skip;       /* bytes before the header: the line "sep=;" */
};

/* The dialect that fits the first bytes best. complete: they are all there is. */
void nd_csv_sniff(struct nd_csv_dialect *d, const char *p, size_t n, bool complete);

/* The rows of a stream. */
struct nd_csv {
    struct csv_parser parser;
    struct nd_csv_dialect dialect;
    struct nd_buf cells; /* the texts of the row, one after the other */
    size_t *ends;        /* of each in cells */
    size_t n, cap;       /* cells of the row */
    unsigned rows;       /* that ended in the line at hand */
    int failed;
    size_t max;      /* bytes of one row */
    uint64_t wasted; /* bytes looked at for the end of a quote that has none */
};

int nd_csv_init(struct nd_csv *c, const struct nd_csv_dialect *d, size_t max, struct nd_error *err);
void nd_csv_free(struct nd_csv *c);
/* The next row that is not empty; *offset and *length are its bytes.
 * Return: 0; ND_DONE; ND_INPUT a quote is not closed, ND_LIMIT too large: ask again for the next row; ND_NOMEM. */
int nd_csv_row(struct nd_csv *c, struct nd_stream *in, uint64_t *offset, uint64_t *length,
               struct nd_error *err);
/* The i-th cell of the row, borrowed until the next. */
struct nd_str nd_csv_cell(const struct nd_csv *c, size_t i);

#endif
