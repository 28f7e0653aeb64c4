/* newsml.h: is an item of NewsML-G2 what the standard says? Its structure, not its vocabulary.
 * Threads: no shared state. */
#ifndef INDEXER_FORMATS_NEWSML_H
#define INDEXER_FORMATS_NEWSML_H

#include "formats/newsxml.h"

/* Fails: ND_INPUT with what is missing or out of place. */
int nd_newsml_check(const struct nd_xml *item, struct nd_error *err);

#endif
