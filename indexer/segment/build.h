/* build.h: makes one segment: token stream, columns, texts and the glass database of a run of articles.
 * Call order:  nd_build_new nd_build_add* nd_build_finish (or nd_build_abandon)
 * Invariants:  what a segment holds is a function of each article alone, and of their order; nothing is
 *              readable as a segment before finish has returned.
 * Terms:       Z stems of title, lead and body (wdf: occurrences, those in the title ND_TITLE_WEIGHT times, in the
 *              lead ND_LEAD_WEIGHT times), joined hyphen chains too; S stems of the title (wdf: occurrences).
 *              Without wdf: A XSRC XSEC XTAG folded values, L language (its code, and the tag as declared,
 *              folded), U url (a long one hashed), H host in lower case without "www.", Q id, Y M D dates by
 *              precision, XNONE:field for what is absent. XPER XORG XLOC XMISC entity ids (wdf: mentions).
 *              Complete segments have each word in lower case too, with positions.
 * Signature:   ND_COL_SIGNATURE: 8 x u32. Each run of 5 words of the body gives a 64-bit hash of the hashes of
 *              their folded keys; its three highest bits choose one of 8 places, and a place keeps the least of
 *              the low halves that fall to it. A place that none falls to takes the value of the next one
 *              that has one. All zero under ND_SIGNATURE_WORDS words. Equal places / 8 estimates the likeness.
 * Threads:     one owner.   Used by: worker.c, merge. */
#ifndef ND_SEGMENT_BUILD_H
#define ND_SEGMENT_BUILD_H

#include "base/hash.h"
#include "record/article.h"
#include "record/schema.h"
#include "record/stream.h"
#include "record/text.h"

enum {
    ND_SIGNATURE_WORDS = 30,  /* words of the body below which it has no signature */
    ND_SIGNATURE_PLACES = 8,
    ND_SHINGLE = 5            /* words of a run */
};

struct nd_build;

struct nd_build_options {
    enum nd_codec codec; /* 0: zstd */
    bool complete;       /* plain word terms, positions and term lists too, for stock Xapian tools */
};

/* One article with what was found out about it; everything is borrowed for the call. */
struct nd_build_article {
    const struct nd_article *article;
    const struct nd_tokens *tokens; /* of title, lead and body, in that order, by field */
    unsigned lang;                  /* enum nd_lang of the analysis */
    const struct nd_mention *mentions;
    size_t mentions_n;
    struct nd_str json;             /* its JSON without origin; {NULL, 0}: made here */
    struct nd_hash128 content;      /* of that JSON */
    uint32_t revision, first_revision; /* of this version; in which its id first came in */
    uint64_t version;               /* a version number as given, 0 none */
    int64_t indexed;                /* UTC seconds when its id first came in */
};

/* Bytes of the files written. */
struct nd_build_sizes {
    uint64_t stream, columns, text, glass, total;
    uint32_t docs;
};

/* Begin a segment.
 * dir: the folder, which is made; it must not be there.   Fails: ND_IO, ND_NOMEM. */
int nd_build_new(struct nd_build **out, const char *dir, const struct nd_build_options *options,
                 struct nd_error *err);
/* Add the next article; docids follow the order of calls, from 1.
 * Fails: ND_NOMEM, ND_LIMIT, ND_IO, ND_INTERNAL; the builder is then only good to be abandoned. */
int nd_build_add(struct nd_build *b, const struct nd_build_article *x, struct nd_error *err);
/* Bytes of memory that it holds, with what finishing will take. */
size_t nd_build_bytes(const struct nd_build *b);
uint32_t nd_build_docs(const struct nd_build *b);
/* Write everything, fsync each file and the folder, free b. sizes: may be NULL.
 * Fails: as nd_build_add; the folder is then removed. */
int nd_build_finish(struct nd_build *b, struct nd_build_sizes *sizes, struct nd_error *err);
/* Give up: remove the folder, free b. NULL is allowed. */
void nd_build_abandon(struct nd_build *b);

#endif
