/* textual.h: what the readers of formats made of lines share: bytes -> UTF-8, a file -> its records, one reader around
 * both. A format adds how a record begins and how one becomes an article.
 * Call order:  nd_textual_open nd_textual_next* nd_textual_close; or nd_decode_open (nd_cut | nd_decode_text)*
 *              nd_decode_close
 * Invariants:  memory is bounded by the largest record; a record keeps its exact bytes for an origin, but in UTF-16 and
 *              UTF-32, where its place is estimated.
 * Threads: one owner. */
#ifndef INDEXER_FORMATS_TEXTUAL_H
#define INDEXER_FORMATS_TEXTUAL_H

#include "formats/charset.h"
#include "formats/fieldmap.h"
#include "formats/reader.h"

/* The character set of a member, told by its first bytes. */
struct nd_decode {
    struct nd_stream *in; /* to read from: the member's, or `wide` */
    struct nd_stream *raw, wide;
    struct nd_charset set;
    struct nd_converter *converter;
    struct nd_buf block, text;
    uint64_t wide_given; /* bytes of UTF-8 made so far */
    uint64_t *repairs;
};

/* Tell the set, pass over a byte order mark. Fails: ND_INPUT, ND_NOMEM. Close it in any case. */
int nd_decode_open(struct nd_decode *d, struct nd_stream *in, uint64_t *repairs,
                   struct nd_error *err);
void nd_decode_close(struct nd_decode *d);
/* Bytes of a record -> UTF-8, borrowed from them or until the next call. A record that is not in the file's set is
 * looked at alone. Fails: ND_NOMEM. */
int nd_decode_text(struct nd_decode *d, struct nd_str raw, struct nd_str *out,
                   struct nd_error *err);
/* Where an offset of d->in is in the member. */
uint64_t nd_decode_place(const struct nd_decode *d, uint64_t offset);

/* Does this line begin a record? blank: the line before it is blank, or there is none; before: the last line that is
 * not. */
typedef bool nd_cut_begins(struct nd_str line, bool blank, struct nd_str before);
/* Does the line behind one that looks like a beginning bear it out? */
typedef bool nd_cut_confirms(struct nd_str next);
/* The next record: from here to the next line that begins one (NULL: to the end of the file); confirms may be NULL. Taken, good until
 * the next peek. Return: 0; ND_DONE; ND_LIMIT it has more than max bytes and is passed over; ND_NOMEM. */
int nd_cut(struct nd_stream *in, size_t max, nd_cut_begins *begins, nd_cut_confirms *confirms,
           struct nd_str *out, struct nd_error *err);
/* The next line of *text, without its end; *text moves behind it. Return: false where nothing is left. */
bool nd_next_line(struct nd_str *text, struct nd_str *line);

struct nd_textual_format {
    nd_cut_begins *begins;     /* NULL: the file is one record */
    nd_cut_confirms *confirms; /* NULL: begins knows */
    /* text: of the record, borrowed until the next; raw bytes if .raw. in has the names of file and member.
     * Return: 0; ND_DONE it is no article: pass on; ND_INPUT with the reason, ND_NOMEM. */
    int (*fill)(struct nd_article *a, struct nd_arena *arena, const struct nd_reading *how,
                const struct nd_stream *in, struct nd_str text, struct nd_error *err);
    bool raw; /* records have character sets of their own */
};

int nd_textual_open(void **out, struct nd_stream *in, const struct nd_reading *reading,
                    const struct nd_textual_format *format, struct nd_error *err);
int nd_textual_next(void *self, struct nd_article *out, struct nd_arena *arena,
                    struct nd_error *err);
void nd_textual_close(void *self);

#endif
