/* sniff.h: which reader is for these bytes.   Threads: no shared state. */
#ifndef INDEXER_INPUT_SNIFF_H
#define INDEXER_INPUT_SNIFF_H

#include "formats/reader.h"

enum {
    ND_SNIFF_BYTES = 64 * 1024
};

/* Ask every reader for a bid on the first bytes; of equal bids the one whose extension the name has wins, then the
 * first of the table. Return: NULL where none wants them. */
const struct nd_reader *nd_sniff(const char *p, size_t n, const char *filename);
/* Does the name end in one of the extensions of a list " .a .b ", packing endings (.gz) left aside? */
int nd_sniff_named(const char *filename, const char *extensions);
/* Bytes of a name without its packing ending: "a.txt.gz" counts as far as "a.txt". */
size_t nd_sniff_bare(const char *filename);

#endif
