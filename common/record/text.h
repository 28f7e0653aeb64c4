/* text.h: the stored articles of a segment, each compressed alone against a dictionary made from the
 * segment's own articles (kind "TEXT"): single-article access at the size of large blocks.
 * Sections (version 2): 1 codec byte and u32 dictionary count; 2 offsets u64 per article + 1; 3 a u8 dictionary
 * number per article, 255 for none (absent when there is at most one dictionary and all articles were compressed
 * with it); 4 compressed articles; 10.. the dictionaries.
 * An article is text whose frequent words are codes of one or two bytes (text_words.h), and then compressed; how both
 * and the dictionaries lie there stands in text_codec.h.
 * Codecs: 1 zstd with trained dictionary: a frame with its content's size, without checksum and dictionary id;
 * 2 raw deflate with preset dictionary (zlib).
 * Threads: one owner. */
#ifndef ND_RECORD_TEXT_H
#define ND_RECORD_TEXT_H

#include "base/buf.h"
#include "record/sections.h"

enum nd_codec {
    ND_CODEC_ZSTD = 1,
    ND_CODEC_DEFLATE = 2
};

enum {
    ND_TEXT_MAX = 256 << 20, /* bytes of one stored article */
    ND_TEXT_DICTS = 8
};

struct nd_texts;
int nd_texts_open(struct nd_texts **out, const char *path, struct nd_error *err);
void nd_texts_close(struct nd_texts *t);
/* As nd_sections_bound. */
void nd_texts_bound(struct nd_texts *t, size_t bytes);
/* As nd_stream_read_once. */
void nd_texts_read_once(struct nd_texts *t);
uint32_t nd_texts_docs(const struct nd_texts *t);
enum nd_codec nd_texts_codec(const struct nd_texts *t);
/* Append the stored article (its JSON) to out. Fails: ND_CORRUPT, ND_LIMIT, ND_NOMEM. */
int nd_texts_get(struct nd_texts *t, uint32_t docid, struct nd_buf *out, struct nd_error *err);

/* Writing: articles are kept until enough of them are there to make the dictionary (or finish), then
 * compressed as they come. */
struct nd_texts_writer;
int nd_texts_create(struct nd_texts_writer **out, const char *path, enum nd_codec codec,
                    struct nd_error *err);
/* Append the next article. Fails: ND_LIMIT past ND_TEXT_MAX, ND_NOMEM, ND_IO; w is then only good to abandon. */
int nd_texts_add(struct nd_texts_writer *w, const char *p, size_t n, struct nd_error *err);
size_t nd_texts_writer_bytes(const struct nd_texts_writer *w);
/* Write, fsync, free w; *size (may be NULL) is the file's length. */
int nd_texts_finish(struct nd_texts_writer *w, uint64_t *size, struct nd_error *err);
/* Give up: remove the file, free w. */
void nd_texts_abandon(struct nd_texts_writer *w);
/* Copy the articles of several files unchanged, with their dictionaries (at most ND_TEXT_DICTS; the same one is
 * kept once) to a new file, which is fsynced.
 * Fails: ND_LIMIT (too many dictionaries, or files of different codecs: compress the articles anew), ND_CORRUPT ... */
int nd_texts_concat(const char *out, const char *const *paths, size_t n, struct nd_error *err);

#endif
