/* docdata.h: the data of a document (the result line) from a segment's table, without libxapian.
 * Source:      the docdata table of Xapian's glass format, 1.4.
 * Threads:     one owner, that of the checksums.   Used by: common/xap. */
#ifndef ND_RECORD_DOCDATA_H
#define ND_RECORD_DOCDATA_H

#include "base/buf.h"
#include "record/tablesums.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Append the data of a document. Nothing where it has none.
 * Fails: ND_CORRUPT, ND_IO, ND_NOMEM; ND_LIMIT where out is full. */
int nd_docdata_get(struct nd_buf *out, struct nd_tablesums *t, uint32_t docid,
                   struct nd_error *err);

#ifdef __cplusplus
}
#endif

#endif
