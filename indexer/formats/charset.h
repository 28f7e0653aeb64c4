/* charset.h: which character set bytes are in, and their UTF-8.
 * Order of belief: byte order mark, what the transport says, what the text itself declares, its bytes. A declaration that
 * the bytes contradict is not believed.
 * Call order:  nd_charset_guess, then nd_charset_open nd_charset_add* nd_charset_close
 * Threads: one owner per converter.   Uses: uchardet, iconv. */
#ifndef INDEXER_FORMATS_CHARSET_H
#define INDEXER_FORMATS_CHARSET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>

enum {
    ND_CHARSET_MAX = 40,      /* bytes of a name, with NUL */
    ND_CHARSET_SAMPLE = 65536 /* bytes that detection looks at */
};

enum nd_charset_markup { /* where a declaration may be found */
    ND_CHARSET_PLAIN,
    ND_CHARSET_XML, /* <?xml encoding="..."?> */
    ND_CHARSET_HTML /* <meta charset=...>, <meta http-equiv content="...charset=..."> */
};

struct nd_charset {
    char name[ND_CHARSET_MAX]; /* as iconv knows it; "UTF-8" for what needs no conversion */
    unsigned bom;              /* bytes of the byte order mark to pass over */
    unsigned unit;             /* bytes of an ASCII character: 1, 2 or 4 */
    bool big;                  /* of units of 2 and 4: most significant byte first */
};

/* Tell the character set of a text by its first bytes.
 * transport: what a header says, may be absent. complete: p[0..n) is all of the text.
 * Never: fails; what cannot be told is UTF-8 where well-formed, else windows-1252. */
void nd_charset_guess(struct nd_charset *out, const char *p, size_t n, bool complete,
                      struct nd_str transport, enum nd_charset_markup markup);

struct nd_converter;

/* Fails: ND_NOMEM; ND_INPUT iconv does not know the name. */
int nd_charset_open(struct nd_converter **out, const struct nd_charset *set, struct nd_error *err);
void nd_charset_close(struct nd_converter *c);
/* Append p[0..n) as well-formed UTF-8; a character cut at the end waits for the next call unless it is the last.
 * *repairs grows by the ill-formed sequences that became U+FFFD. Fails: ND_NOMEM, ND_LIMIT. */
int nd_charset_add(struct nd_converter *c, struct nd_buf *out, const char *p, size_t n, bool last,
                   uint64_t *repairs);
/* All of it in one go, the byte order mark left out. Fails: as above. */
int nd_charset_convert(struct nd_buf *out, const struct nd_charset *set, const char *p, size_t n,
                       uint64_t *repairs, struct nd_error *err);

#endif
