/* http.h: a stored HTTP response -> its body as it was meant.
 * Threads: no shared state.   Uses: zlib. */
#ifndef INDEXER_FORMATS_HTTP_H
#define INDEXER_FORMATS_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

struct nd_http {
    unsigned status;                                 /* 0: there is no status line */
    struct nd_str type, charset, transfer, encoding; /* of the headers, absent if not there */
    uint64_t length;                                 /* that it says, 0 if it does not */
    struct nd_str body;                              /* as it lies */
};

/* The value of a header in a block of them. */
struct nd_str nd_http_header(struct nd_str headers, const char *name);
/* Take a response apart; all is borrowed from p. */
void nd_http_parse(struct nd_http *h, const char *p, size_t n);
/* Undo chunks and compression, as far as the body is what its headers say; else it is taken as it lies.
 * out may be unused: *text is then borrowed from h. max: bytes of the result.
 * Fails: ND_INPUT a compression that is not known; ND_LIMIT, ND_NOMEM. */
int nd_http_body(const struct nd_http *h, struct nd_buf *chunks, struct nd_buf *out, size_t max,
                 struct nd_str *text, struct nd_error *err);

#endif
